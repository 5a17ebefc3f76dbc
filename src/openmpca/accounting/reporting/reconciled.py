"""What reconciling found, as rows of text: for the command line and for the pages, the same ones.

The Agency's statement of book inventories gives a row a figure, its list of unmatched transits a row a transit.
"""

from datetime import date
from typing import Final

from openmpca.accounting.reporting.reconcile import reconcile
from openmpca.accounting.reporting.transit_list import Stated
from openmpca.accounting.reporting.transits import reconcile_transits
from openmpca.nuclear.mass import format_grams

AGREES: Final = "agrees"
Rows = list[dict[str, object]]


def of_inventories(
    theirs: dict[str, dict[str, int]], day: date, known: int | None = None, *, tolerance: int = 0
) -> Rows:
    """Each figure of a statement of book inventories beside the book and what was acknowledged."""
    return [
        {
            "mba": each.mba,
            "weight": each.key,
            "theirs_g": format_grams(each.theirs),
            "book_g": format_grams(each.book),
            "acknowledged_g": format_grams(each.acknowledged),
            "difference_g": format_grams(each.difference),
            "class": each.kind,
            "why": each.why,
        }
        for each in reconcile(theirs, day, known, tolerance=tolerance)
    ]


def of_transits(listed: list[Stated], day: date, known: int | None = None, *, tolerance: int = 0) -> Rows:
    """Each row of a list of unmatched transits beside what we have of it, and what we have that it lacks."""
    return [
        {
            "row": each.row or "",
            "code": each.stated.code,
            "day": str(each.stated.day),
            "from": str(each.stated.shipper),
            "to": str(each.stated.receiver),
            "batch": each.stated.batch,
            "of": each.stated.category,
            "theirs_g": format_grams(each.stated.ug) if each.row else "",
            "ours_g": "" if each.ours is None else format_grams(each.ours),
            "statement": "" if each.statement is None else each.statement,
            "report": each.report,
            "class": each.kind,
            "differs": list(each.differs),
            "why": each.why,
        }
        for each in reconcile_transits(listed, day, known, tolerance=tolerance)
    ]
