"""What the texts of a log are written with: base64, decimals and names, each in one spelling only.

Rules:

1.  Base64 is standard and padded, and is what `base64_of` would write: no other character, no bits left over.
2.  A decimal is ASCII digits without sign or leading zero, and below 2^63.
3.  A name is not empty, is valid UTF-8, and holds no Unicode space, no plus sign and no control character. Names are
    compared as they stand: no case folding, no normalisation, so a look-alike is another name.
4.  Text holds no control character below U+0020 but the line feed, and can be written as UTF-8.

Source: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0.
"""

import re
from binascii import Error as BadBase64
from binascii import a2b_base64, b2a_base64

LIMIT = 1 << 63

_DECIMAL = re.compile("0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


class LineError(ValueError):
    """A piece of a line is not in its one spelling."""


def base64_of(plain: bytes) -> str:
    return b2a_base64(plain, newline=False).decode()


def bytes_of(text: str) -> bytes:
    """The bytes that `base64_of` writes as this text. Raises LineError for any other text."""
    try:
        plain = a2b_base64(text, strict_mode=True)
    except (BadBase64, ValueError) as error:
        raise LineError(f"not base64: {shown(text)}") from error
    if base64_of(plain) != text:
        raise LineError(f"not base64 in its one spelling: {shown(text)}")
    return plain


def decimal_of(text: str) -> int:
    """The number from 0 to 2^63 - 1 that is written as this text."""
    if not _DECIMAL.fullmatch(text) or int(text) >= LIMIT:
        raise LineError(f"not a decimal number below 2^63: {shown(text)}")
    return int(text)


def check_name(name: str) -> None:
    """Raise LineError where no key can have this name."""
    check_text(name)
    if not name or "+" in name or any(map(str.isspace, name)):
        raise LineError(f"not the name of a key: {shown(name)}")


def check_text(text: str) -> None:
    """Raise LineError for control characters other than line feeds, and for what UTF-8 cannot write."""
    if _CONTROL.search(text):
        raise LineError("there is a control character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise LineError("there is what is no character") from error


def shown(text: str) -> str:
    """A text as a message may show it: its beginning, with nothing that a terminal would obey."""
    return ascii(text if len(text) <= 80 else f"{text[:80]}...")
