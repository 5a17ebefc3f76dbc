"""Bytes to elements and back, without loss: the ground that the reader and the writer stand on.

An element is ``NNN:content#``. Whatever stands before its label is kept as its *lead*. Two mistakes are met often and
are mended in the reading, never in the bytes: a missing ``#`` (the element ends where a line begins with a label) and
text without a label (an element whose label is empty). Any byte sequence has one reading, and writing it gives the same
bytes again: characters outside the encoding travel as surrogates (PEP 383). Source: SG-FM-1172, section 3.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import msgspec

from openmpca.formats.code10.profile import Profile

END: Final = b"#"
CHUNK: Final = 1 << 16

_LAYOUT: Final = str.maketrans("", "", "\t\r\n")

_LINE_LABEL: Final = re.compile(rb"[\r\n][ \t\r\n]*([0-9]{3}):")
_BLANK: Final = re.compile(rb"\s*")
_RESUME: Final = re.compile(rb"[#\s]001:")


class Element(msgspec.Struct, frozen=True):
    """A label and its content.

    ``label`` is empty for text that has none. ``closed`` is false where the ``#`` is missing. ``lead`` is what stood
    before the label; nothing (None) means: as the profile separates elements.
    """

    label: str
    content: str
    closed: bool = True
    lead: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One record: its elements in their order, and what stood after the last of them (None: as the profile says)."""

    elements: tuple[Element, ...]
    tail: str | None = None

    def contents(self) -> dict[str, str]:
        """Label to content; of a label that is repeated the first."""
        return {element.label: element.content for element in reversed(self.elements)}


class Token(msgspec.Struct, frozen=True):
    """Bytes up to the next ``#`` (which is left off), or, at the end of the input, what is left (``closed`` false).

    ``overlong``: more bytes than an element may have; they are skipped and not in ``text``.
    """

    text: bytes
    offset: int
    closed: bool = True
    overlong: bool = False


def chunks_of(source: Iterable[bytes] | BinaryIO) -> Iterator[bytes]:
    """Pieces of at most 64 KiB of a stream (never a whole line at once), or the pieces of an iterable as they come."""
    if hasattr(source, "read"):
        while piece := source.read(CHUNK):
            yield piece
    else:
        yield from source


class Lexer:
    """Cuts an input at each ``#``; memory stays below one piece and ``limit`` bytes.

    An element longer than ``limit`` is skipped, up to the next label 001 that follows a ``#`` or a white space; the
    reader may set ``skipping`` to have the same done from where it is.
    """

    def __init__(self, source: Iterable[bytes] | BinaryIO, limit: int) -> None:
        self.source = source
        self.limit = limit
        self.skipping = False
        self._buffer = b""
        self._place = 0
        self._passed = 0

    def __iter__(self) -> Iterator[Token]:
        for piece in chunks_of(self.source):
            self._passed += max(0, self._place - 1)
            self._buffer = self._buffer[max(0, self._place - 1) :] + piece
            self._place = min(self._place, 1)
            while (token := self._next()) is not None:
                yield token
        if self._place < len(self._buffer) and not self.skipping:
            yield Token(self._buffer[self._place :], self._passed + self._place, closed=False)

    def _next(self) -> Token | None:
        """The next token in the buffer, or nothing where more bytes are needed."""
        if self.skipping:
            self._resume()
        start = self._place
        if self.skipping:
            return None
        end = self._buffer.find(END, start, start + self.limit + 1)
        if end >= 0:
            self._place = end + 1
            return Token(self._buffer[start:end], self._passed + start)
        if len(self._buffer) <= start + self.limit:
            return None
        self.skipping = True
        self._place = min(len(self._buffer), _past_label(self._buffer, start))
        return Token(b"", self._passed + start, overlong=True)

    def _resume(self) -> None:
        """Go to the next label 001, or to the last bytes that could begin one."""
        found = _RESUME.search(self._buffer, max(0, self._place - 1))
        self._place = found.start() + 1 if found else max(self._place, len(self._buffer) - 4)
        self.skipping = not found


def _past_label(buffer: bytes, place: int) -> int:
    """Where to go on behind the beginning of an overlong element, so that its own label is not met again."""
    blank = _BLANK.match(buffer, place)
    return (blank.end() if blank else place) + 4


def element_starts(text: bytes) -> list[int]:
    """Where in the text of a token labels begin: at its first colon, and wherever a line begins with a label.

    >>> element_starts(b"470:11"), element_starts(b"470:11\\n001:OI/ZZ;7"), element_starts(b"nothing")
    ([0], [0, 7], [])
    """
    colon = text.find(b":")
    label = text[max(0, colon - 3) : colon] if colon >= 3 else b""
    starts = []
    if label.isdigit() and not text[max(0, colon - 4) : colon - 3].isdigit():
        starts.append(colon - 3)
    first = colon + 1 if starts else 0
    starts.extend(match.start(1) for match in _LINE_LABEL.finditer(text, first))
    return starts


def elements_of(token: Token, profile: Profile) -> tuple[list[Element], str]:
    """The elements in a token, and the text left over (at the end of the input only). Leads are as found."""
    text = token.text
    if token.closed and text[3:4] == b":" and text[:3].isdigit() and text.count(b":") == 1:
        return [Element(text[:3].decode(), decode(text[4:], profile), lead="")], ""
    starts = element_starts(text)
    if not starts:
        return ([], decode(text, profile)) if not token.closed else ([Element("", decode(text, profile), lead="")], "")
    found: list[Element] = []
    lead = text[: starts[0]]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body = text[start + 4 : end]
        closed = token.closed and end == len(text)
        content = body if closed else body.rstrip()
        label = decode(text[start : start + 3], profile)
        found.append(Element(label, decode(content, profile), closed, decode(lead, profile)))
        lead = body[len(content) :]
    return found, decode(lead, profile)


def element_bytes(element: Element, separator: str, profile: Profile) -> bytes:
    """The bytes of an element; ``separator`` is its lead where it brings none.

    Raises ValueError where the content would read as more than this element: nothing typed into a text can forge one.
    """
    content = encode(element.content, profile)
    if END in content or (element.label and _LINE_LABEL.search(content)):
        raise ValueError(f"the content of label {element.label} would read as more than one element")
    lead = encode(separator if element.lead is None else element.lead, profile)
    label = encode(f"{element.label}:", profile) if element.label else b""
    return lead + label + content + (END if element.closed else b"")


def decode(raw: bytes, profile: Profile) -> str:
    """Text of bytes; bytes outside the encoding become surrogates, so that nothing is lost."""
    return raw.decode(profile.encoding, errors="surrogateescape")


def encode(text: str, profile: Profile) -> bytes:
    """Bytes of text; ValueError (UnicodeEncodeError) where the profile's encoding has no such character."""
    return text.encode(profile.encoding, errors="surrogateescape")


def is_foreign(text: str) -> bool:
    """Whether a text holds bytes outside the encoding or control characters (line ends and tabs are none)."""
    return not text.translate(_LAYOUT).isprintable()
