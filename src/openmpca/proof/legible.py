"""Texts of others as a terminal may show them: what is read is what stands there, character by character.

Rules kept here:

1. What a terminal would obey, or an eye could miss, is written as its number: controls, formats, whatever Unicode calls
   default-ignorable, and the signs that are blank without being spaces.
2. Marks that combine stand on a letter, two at most; a further one, or one on anything else, is written as its number.
   So no digit is struck through, and no heap of accents covers the lines around.
3. Letters that are written from right to left, Arabic, Hebrew, Persian, Urdu, stand as they are. A terminal puts digits
   beside them, even those of the next column, in another order; so marks that are ours, and show nothing, stand
   around such words. JSON output has them without marks.
4. What looks like another letter only by its form, presentation forms and mathematical Arabic, is written as its
   number; so are digits of Arabic where the text has no letter of it, or other digits too, and signs of that direction
   that are no letters.

Source: Unicode, DerivedCoreProperties (Default_Ignorable_Code_Point) and annex 9 (bidirectional text).
"""

import re
from itertools import chain
from typing import Final
from unicodedata import bidirectional, category, decomposition

MOST_MARKS: Final = 2
_RIGHT_TO_LEFT: Final = ("R", "AL")
_LEFT_TO_RIGHT_MARK: Final = "\u200e"
_ARABIC_DIGIT: Final = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_DIGIT: Final = re.compile("[0-9]")
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

_LETTERS: Final = "[\\u0590-\\u08ff\\U00010800-\\U00010fff\\U0001e800-\\U0001eeff][\\u0300-\\u036f]*"
_RUN: Final = re.compile(rf"(?:{_LETTERS})+(?: (?:{_LETTERS})+)*")
"""Words that are written from right to left, one after the other."""


def visible(text: str) -> str:
    """The text on one line, with every character of it visible.

    >>> visible("9\\u202e581\\nPROVEN")
    '9\\\\u202e581\\\\u000aPROVEN'
    """
    if text.isascii() and text.isprintable():
        return text
    made: list[str] = []
    marks, counted = MOST_MARKS, _counts_in_arabic(text)
    for each in text:
        kind = category(each)
        unfit = _ARABIC_DIGIT.match(each) and not counted
        if unfit or not _stands(each) or (kind[0] == "M" and (marks == MOST_MARKS or kind == _ENCLOSING)):
            made.append(_escaped(each))
            marks = MOST_MARKS
        else:
            made.append(each)
            marks = marks + 1 if kind[0] == "M" else 0 if kind[0] == "L" else MOST_MARKS
    return _RUN.sub(rf"{_LEFT_TO_RIGHT_MARK}\g<0>{_LEFT_TO_RIGHT_MARK}", "".join(made))


def _counts_in_arabic(text: str) -> bool:
    """Whether digits of Arabic may stand: among its letters, and no others beside them."""
    return _DIGIT.search(text) is None and any(bidirectional(each) == "AL" for each in text)


def _stands(character: str) -> bool:
    """Whether it is seen where it stands, and is what it looks like."""
    if not character.isprintable() or _UNSEEN.match(character) is not None:
        return False
    if bidirectional(character) in _RIGHT_TO_LEFT:
        shaped = decomposition(character).startswith("<") or "\ufb1d" <= character <= "\ufefc"
        return category(character)[0] == "L" and not shaped
    return bidirectional(character) != "AN" or _ARABIC_DIGIT.match(character) is not None


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
