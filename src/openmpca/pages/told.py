"""What rules found, in the reader's language: a message is known again by the text that it was made from.

Rules are held against the book in modules that know no languages, often by columns of a million rows, so a message is
English when it comes here, and its values stand in it. The texts of which messages are made are listed beside the
catalogues, ``{0} has no place {1}.``; the one that fits best gives the values back, and its translation takes them.

Rules kept here:

1. The text with the most letters of its own that fits the whole message is the one it was made from, else each of its
   sentences is looked for; a short text that is no sentence takes no value with a blank in it.
2. A value that is itself made from a text is told so too; any other value, codes above all, stays letter for letter.
3. A message that no text fits is shown as it is. A test of each room's rules sees to it that there is none.

Source: decision 17.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from django.utils.translation import get_language, gettext

_VALUE: Final = re.compile(r"\{\d+\}")
_SENTENCE: Final = re.compile(r"(?<=[.;:?]) (?=\S)")
_WORD: Final = re.compile(r"[a-z]{2,}")
_ENDS: Final = ".;:"
_BLANK: Final = re.compile(r"\s")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SHORT: Final = 4
_DEEPEST: Final = 4
_KEPT: Final = 2048


class _Form(NamedTuple):
    """A text of which messages are made: how many letters it has, its parts around the values, what may stand there."""

    text: str
    letters: int
    parts: list[str]
    with_blanks: bool

    def values(self, message: str) -> list[str] | None:
        """The values in a message of this form, in order; None where it is not of it.

        Each part is taken where it first stands, which finds a fit wherever there is one, in one pass over the message.
        """
        first, *middle = self.parts
        if not message.startswith(first):
            return None
        if not middle:
            return [] if message == first else None
        last, at, found = middle.pop(), len(first), []
        for part in middle:
            begin = message.find(part, at)
            if begin < 0:
                return None
            found.append(message[at:begin])
            at = begin + len(part)
        if len(message) - len(last) < at or not message.endswith(last):
            return None
        found.append(message[at : len(message) - len(last)])
        return found if self.with_blanks or not any(map(_BLANK.search, found)) else None


def worded(message: str) -> str:
    """A message in the reader's language; as it is where that is English, or nothing is known of it.

    >>> worded("ZZA1 has no place S-4.")
    'ZZA1 has no place S-4.'
    """
    language = get_language() or "en"
    return message if language == "en" else _told(str(message), language, 0)


def is_known(message: str) -> bool:
    """Whether a message is made from texts that can be translated.

    >>> is_known("ZZA1 has no place S-4."), is_known("Something that nobody says.")
    (True, False)
    """
    if _form_of(message) is not None:
        return True
    parts = [each.rstrip(_ENDS) for each in _SENTENCE.split(message)]
    return all(not _WORD.search(each) or _form_of(each) is not None for each in parts)


@lru_cache(maxsize=_KEPT)
def _told(message: str, language: str, depth: int) -> str:
    form = _form_of(message)
    if form is not None:
        return _filled(form, message, language, depth)
    first, *rest = _SENTENCE.split(message, maxsplit=1)
    if rest:
        return f"{_told(first, language, depth)} {_told(rest[0], language, depth)}"
    bare = message.rstrip(_ENDS)
    return _told(bare, language, depth) + message[len(bare) :] if bare != message else message


def _filled(form: _Form, message: str, language: str, depth: int) -> str:
    """The translation of a form with the values of a message."""
    values = form.values(message.strip()) or []
    if depth < _DEEPEST:
        values = [_told(each, language, depth + 1) if each else "" for each in values]
    said = _VALUE.sub(lambda place: values[int(place[0][1:-1])], gettext(form.text))
    before, after = (" " * message.startswith(" "), " " * message.endswith(" "))
    return f"{before}{said}{after}"


def _form_of(message: str) -> _Form | None:
    """The text that a message was made from."""
    bare = message.strip()
    fitting = (each for each in _forms() if each.values(bare) is not None)
    return next(fitting, None) if _LETTER.search(bare) else None


@cache
def _forms() -> tuple[_Form, ...]:
    """Every text, those with most letters first."""
    return tuple(sorted(_listed(), key=lambda form: (-form.letters, form.text)))


def _listed() -> Iterator[_Form]:
    for text in json.loads(files("openmpca.locale").joinpath("messages.json").read_text(encoding="utf-8")):
        parts = _VALUE.split(text)
        letters = sum(len(_LETTER.findall(each)) for each in parts)
        yield _Form(text, letters, parts, letters >= _SHORT or text.endswith("."))
