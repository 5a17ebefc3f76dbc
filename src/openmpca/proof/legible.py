"""Texts of others as a terminal may show them: what is read is what stands there, character by character.

Rules kept here:

1. What a terminal would obey, or an eye could miss, is written as its number: controls, formats, whatever Unicode calls
   default-ignorable, and the signs that are blank without being spaces.
2. Marks that combine stand on a letter, two at most; a further one, or one on anything else, is written as its number.
   So no digit is struck through, and no heap of accents covers the lines around.
3. Letters that are written from right to left are written as their numbers, because a terminal puts the digits beside
   them, even those of the next column, in another order. JSON output has such texts as they are.

Source: Unicode, DerivedCoreProperties (Default_Ignorable_Code_Point) and annex 9 (bidirectional text).
"""

import re
from itertools import chain
from typing import Final
from unicodedata import bidirectional, category

MOST_MARKS: Final = 2
_RIGHT_TO_LEFT: Final = ("R", "AL", "AN")
_ENCLOSING: Final = "Me"

# Those that Python calls printable: the others are controls, formats or not assigned.
_IGNORABLE: Final = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)
_BLANK: Final = ((0x2800, 0x2800), (0x13441, 0x13442), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159))
_UNSEEN: Final = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in chain(_IGNORABLE, _BLANK)) + "]"
)


def visible(text: str) -> str:
    """The text on one line, with every character of it visible.

    >>> visible("9\\u202e581\\nPROVEN")
    '9\\\\u202e581\\\\u000aPROVEN'
    """
    if text.isascii() and text.isprintable():
        return text
    made: list[str] = []
    marks = MOST_MARKS
    for each in text:
        kind = category(each)
        if not _stands(each) or (kind[0] == "M" and (marks == MOST_MARKS or kind == _ENCLOSING)):
            made.append(_escaped(each))
            marks = MOST_MARKS
        else:
            made.append(each)
            marks = marks + 1 if kind[0] == "M" else 0 if kind[0] == "L" else MOST_MARKS
    return "".join(made)


def _stands(character: str) -> bool:
    """Whether it is seen where it stands."""
    return (
        character.isprintable() and _UNSEEN.match(character) is None and bidirectional(character) not in _RIGHT_TO_LEFT
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
