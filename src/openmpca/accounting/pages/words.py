"""Words for what the queries call by a code: shown in the reader's language, sent as the code in JSON and lists."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from openmpca.pages.routes import Asking

DUE: Final[Mapping[str, object]] = {"late": _("late"), "due": _("due"), "waiting": _("waiting for an answer")}
REPORT: Final[Mapping[str, object]] = {
    "made": _("made, not sent"),
    "sent": _("sent"),
    "acknowledged": _("acknowledged"),
    "returned": _("returned"),
    "received": _("brought in"),
}
TRANSIT: Final[Mapping[str, object]] = {
    "shipped": _("shipped"),
    "in transit": _("in transit"),
    "received": _("received"),
    "received, no word of the shipper": _("received, no word of the shipper"),
    "received before shipped": _("received before shipped"),
    "partly matched": _("partly matched"),
    "differs": _("differs"),
    "matched": _("matched"),
    "overdue": _("overdue"),
}
SORT: Final[Mapping[str, object]] = {"I": "ICR", "P": "PIL", "M": "MBR", "T": _("textual report")}
HOLDUP: Final[Mapping[str, object]] = {"estimate": _("estimate"), "clean-out": _("clean-out")}
DIFFERENCE: Final[Mapping[str, object]] = {
    "missing": _("missing"),
    "unexpected": _("unexpected"),
    "mass": _("mass"),
    "items": _("items"),
    "place": _("place"),
    "seals": _("seals"),
    "item numbers": _("item numbers"),
}


def word(asking: Asking, words: Mapping[str, object], code: str) -> str:
    """A code in words on a page; the code itself where a program reads."""
    return code if asking.for_programs else str(words.get(code, code))
