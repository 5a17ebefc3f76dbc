"""The words that stand over the columns of the room's lists, and beside its facts, each with its unit.

The sign of a unit (g, kg) is the same in every language and ends a head (`record/layout.py`, rule 1).
"""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from openmpca.accounting.book_rows import column
from openmpca.accounting.figures import ITEMS

HEADS: Final[dict[str, Any]] = {
    "about": gettext_lazy("Corrects"),
    "account": gettext_lazy("Account"),
    "agreement_in_force": gettext_lazy("Agreement in force"),
    "answered": gettext_lazy("Answered"),
    "area": gettext_lazy("Area"),
    "batch": gettext_lazy("Batch"),
    "batches": gettext_lazy("Batches"),
    "basis": gettext_lazy("Basis"),
    "categories": gettext_lazy("Categories"),
    "category": gettext_lazy("Category"),
    "code": gettext_lazy("Code"),
    "codes": gettext_lazy("Allowed codes"),
    "country": pgettext_lazy("country", "State"),
    "custodian": gettext_lazy("Custodian"),
    "day": gettext_lazy("Day"),
    "description": gettext_lazy("Description"),
    "due": gettext_lazy("Due"),
    "effect": gettext_lazy("Effect"),
    "element": gettext_lazy("Element"),
    "enrichment_class": gettext_lazy("Enrichment class"),
    "ended": gettext_lazy("Ended"),
    "facility": gettext_lazy("Facility"),
    "follow_up": gettext_lazy("Batches keep their names"),
    "for_party": gettext_lazy("Party that answers"),
    "forms": gettext_lazy("Allowed forms"),
    "holder": gettext_lazy("Holder"),
    "holdup": gettext_lazy("Hold-up"),
    "inventory": gettext_lazy("Of inventory"),
    "item_numbers": gettext_lazy("Items"),
    "items": gettext_lazy("Items"),
    "items_only": gettext_lazy("Items only"),
    "kind": gettext_lazy("Kind"),
    "kmp": gettext_lazy("KMP"),
    "level": gettext_lazy("Level"),
    "mba": gettext_lazy("MBA"),
    "meaning": gettext_lazy("Meaning"),
    "measured_at": gettext_lazy("Measured at"),
    "method": gettext_lazy("Method"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "number": gettext_lazy("Statement"),
    "obligation": gettext_lazy("Obligation"),
    "operator_code": gettext_lazy("Operator's code"),
    "operator_text": gettext_lazy("Operator's text"),
    "organisation": gettext_lazy("Organisation"),
    "other_side": gettext_lazy("Other side"),
    "outside_facilities": gettext_lazy("Outside facilities"),
    "own": gettext_lazy("Our own"),
    "owner": gettext_lazy("Owner"),
    "place": gettext_lazy("Place"),
    "precision": gettext_lazy("Decimals in reports"),
    "profile": gettext_lazy("Form of reports"),
    "programme": gettext_lazy("Programme"),
    "protocol_in_force": gettext_lazy("Protocol in force"),
    "reference_only": gettext_lazy("Foreign, for reference"),
    "reported_as": gettext_lazy("Reported as"),
    "seals": gettext_lazy("Seals"),
    "sent": gettext_lazy("Sent"),
    "since": gettext_lazy("Since"),
    "small_quantities": gettext_lazy("Small quantities"),
    "sort": gettext_lazy("Sort"),
    "standing": gettext_lazy("Standing"),
    "statement": gettext_lazy("Statement"),
    "title": gettext_lazy("Title"),
    "uncertainty": gettext_lazy("Uncertainty"),
    "unified": gettext_lazy("Uranium unified"),
    "unit": gettext_lazy("Unit"),
    "unverified": gettext_lazy("Unverified"),
    "weight": gettext_lazy("Of"),
    "weights": gettext_lazy("Weights"),
    "what": gettext_lazy("What"),
    "where": gettext_lazy("Where"),
    "within": gettext_lazy("Within"),
}


def heads(names: Iterable[str]) -> dict[str, str]:
    """The heads of columns by name."""
    return {name: str(HEADS[name]) for name in names}


def of_nuclide(nuclide: str) -> str:
    """The head of a column of a nuclide: the element, an isotope, items."""
    if nuclide == ITEMS:
        return _("items")
    return f"{nuclide or _('element')} g"


def of_nuclides(nuclides: Iterable[str]) -> dict[str, str]:
    """The heads of columns of nuclides."""
    return {column(each): of_nuclide(each) for each in nuclides}


def of_keys(keys: Iterable[str]) -> dict[str, str]:
    """The heads of columns by weight key: ``E g``, ``E/U235 g``, items under ``E/#``."""
    found = {}
    for key in keys:
        category, _slash, nuclide = key.rpartition("/")
        found[key] = _("%(category)s items") % {"category": category} if nuclide == ITEMS else f"{key} g"
    return found
