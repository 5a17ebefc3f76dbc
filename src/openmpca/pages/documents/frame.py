"""What stands around every paper: the State, its banner, the record it was printed from, the language."""

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from openmpca.pages import state
from openmpca.record import clock, record


class Frame(msgspec.Struct):
    """The frame of a paper, its words in the reader's language; ``made_us`` is when the record was last written."""

    state: str
    banner: str
    record: str
    root: str
    page: str
    words: dict[str, str]
    language: str
    rtl: bool
    made_us: int


def frame() -> Frame:
    """The frame of a paper that is printed now, in the language in force."""
    size, root = record.head()
    made = record.last_us()
    told = _("Printed from the record of %(size)s statements, last written %(time)s, with the root")
    return Frame(
        state=state.name(root),
        banner=state.banner(root),
        record=told % {"size": size, "time": f"{clock.to_text(made)[:16].replace('T', ' ')} UTC"},
        root=root.hex(),
        page=_("Page {page} of {pages}"),
        words={"name": _("Full name"), "signature": _("Signature"), "date": _("Date")},
        language=(translation.get_language() or "en").partition("-")[0],
        rtl=translation.get_language_bidi(),
        made_us=made,
    )
