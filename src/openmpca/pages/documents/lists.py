"""A list of a page on paper: its title, how it is filtered, the times of the question, and its table as it is shown.

A list of more cells than paper is good for is refused with a way out: it would take many seconds and hundreds of
sheets.
"""

from typing import Final

import msgspec
from django.utils.translation import gettext as _

from openmpca.pages.blocks import Page, Table
from openmpca.pages.documents.paper import Paper, Part, TooLong, facts, of_columns
from openmpca.pages.documents.printing import printed
from openmpca.pages.routes import Asking
from openmpca.pages.times import NAMES

MOST_CELLS: Final = 24_000
_OF_THE_FORM: Final = ("as", "table", "step")


def in_pdf(asking: Asking, page: Page, table: Table) -> bytes:
    """A list as PDF. Raises `TooLong`."""
    if len(table.rows) * len(table.heads) > MOST_CELLS:
        told = _("This list has %(rows)s rows, too many for paper. Narrow it, or take the spreadsheet.")
        raise TooLong(told % {"rows": len(table.rows)})
    part = msgspec.structs.replace(
        of_columns(table.columns, len(table.rows)),
        caption=str(table.caption),
        empty=str(table.empty) or _("Nothing here."),
    )
    return printed(Paper(str(page.title), str(page.lead), [Part(facts=facts(_asked(asking))), part]))


def _asked(asking: Asking) -> dict[str, object]:
    """The filter and the times that were asked for."""
    asked = asking.request.GET.items()
    kept = [f"{name}={value}" for name, value in asked if value and name not in (*NAMES, *_OF_THE_FORM)]
    words = {"as_of": _("as of"), "known_at": _("as known at"), "as_reported": _("as reported")}
    given = {words[name]: value for name, value in asking.times.given.items()}
    return {_("Filter"): kept, **given, words["as_of"]: asking.times.as_of}
