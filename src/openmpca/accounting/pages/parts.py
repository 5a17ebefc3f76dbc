"""Long lists in parts: how many lines a page shows at once, which they are, and the ways to the others.

Rules kept here:

1. A page shows a part and says of how many; as a file, and to programs, a list is whole.
"""

from typing import Any, Final

from django.utils.translation import gettext as _

from openmpca.pages.blocks import Link
from openmpca.pages.routes import Asking

SHOWN: Final = 100


def at_once() -> int:
    """How many lines a page shows at once."""
    return SHOWN


def whole(asking: Asking) -> bool:
    """Whether the whole of a list is asked for (rule 1)."""
    return asking.as_json or "as" in asking.request.GET


def told(begin: int, shown: int, count: int) -> str:
    """Which lines of how many are shown; empty where it is all of them."""
    if shown >= count:
        return ""
    return _("Lines %(first)d to %(last)d of %(all)d.") % {"first": begin + 1, "last": begin + shown, "all": count}


def ways(asking: Asking, path: str, begin: int, count: int, **parameters: Any) -> list[Link]:
    """The ways to the part before and to the part after."""

    def to(at: int) -> str:
        return asking.to(path, **parameters, begin=at)

    earlier = [Link(_("Earlier"), to(max(0, begin - SHOWN)))] if begin else []
    return earlier + ([Link(_("More"), to(begin + SHOWN))] if begin + SHOWN < count else [])
