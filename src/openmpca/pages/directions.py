"""Figures, days and codes within a text that is read from right to left: each stays as it is written.

After an Arabic letter the bidirectional algorithm takes digits for Arabic ones, and what stands between them, a hyphen
of a day or a thin space between thousands, turns round: 2025-10-01 is read as 01-10-2025. So each is set apart by
isolates, which show nothing. Cells of tables, codes and fields have their direction from the page itself.

Source: Unicode annex 9, rules W2 and W4; HTML, ``bdi``.
"""

import re
from typing import Final

from django.utils.translation import get_language_bidi

_BEGIN: Final = "\u2066"
_END: Final = "\u2069"
_RUN: Final = re.compile(
    r"(?<!\w)[\u2212+\u00b1-]?\d[\w\u2009.,:/#\u2013-]*(?<![.,:])|\b[A-Z][A-Z0-9]*(?:[-/.;:][A-Za-z0-9]+)+-?", re.ASCII
)


def isolated(text: str) -> str:
    """A text whose figures, days and codes cannot turn round; where one reads from left to right, as it is.

    >>> isolated("2025-10-01 to 2025-10-31")
    '2025-10-01 to 2025-10-31'
    """
    return _RUN.sub(f"{_BEGIN}\\g<0>{_END}", text) if get_language_bidi() else text
