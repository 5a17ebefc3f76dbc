"""What statements would do, as blocks that stand beside a form: postings, balances, MUF, entries due in reports.

The rows are those of the command line (`figures.rows_of`, `consequences.owing`).
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from openmpca.accounting import figures
from openmpca.accounting.consequences import Owed, owing
from openmpca.accounting.preview import Preview, preview
from openmpca.pages.blocks import Block, Table
from openmpca.record.statements import Statement

BALANCE = ("before", "after")


def would_do(statements: Sequence[Statement]) -> list[Block]:
    """What statements of accounting would do to the book as it is now."""
    return tables(preview(statements))


def tables(shown: Preview, owed: Sequence[Owed] = ()) -> list[Block]:
    """Balances before and after, MUF and entries due where there are some, and the postings."""
    found: list[Block] = []
    if shown.balances.height or not shown.muf.height:
        found.append(_balances(shown))
    if shown.muf.height:
        found.append(_muf(shown))
    if owed:
        found.append(due(owed))
    return [*found, _postings(shown)]


def _balances(shown: Preview) -> Table:
    heads = {
        "mba": _("MBA"),
        "batch": _("Batch"),
        "weight": _("Weight"),
        "before": _("Before, g"),
        "after": _("After, g"),
    }
    rows = figures.rows_of(shown.balances, BALANCE)
    return Table(rows, heads, name="balances", caption=_("Balance of the batches"), empty=_("No balance changes."))


def _muf(shown: Preview) -> Table:
    heads = {
        "mba": _("MBA"),
        "day": _("Closed on"),
        "weight": _("MUF"),
        "before": _("Before, g"),
        "after": _("After, g"),
    }
    return Table(figures.rows_of(shown.muf, BALANCE), heads, name="muf", caption=_("MUF of closed periods"))


def _postings(shown: Preview) -> Table:
    heads = {
        "mba": _("MBA"),
        "account": _("Account"),
        "day": _("Day"),
        "batch": _("Batch"),
        "weight": _("Weight"),
        "ug": _("g"),
    }
    rows = figures.rows_of(shown.postings, ["ug"])
    return Table(rows, heads, name="postings", caption=_("Postings"), empty=_("Nothing moves."))


def due(owed: Sequence[Owed]) -> Table:
    """The entries that corrections of reports owe."""
    heads = {
        "mba": _("MBA"),
        "report": _("Report"),
        "until": _("Until"),
        "status": _("Entry status"),
        "replaces": _("Replaces"),
        "code": _("Code"),
        "batch": _("Batch"),
    }
    return Table(owing(owed), heads, name="due", caption=_("Entries that it makes due in reports"))
