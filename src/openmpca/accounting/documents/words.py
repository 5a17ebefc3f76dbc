"""The words of documents: heads of columns, sorts of report, names of areas and people as they stand on paper.

Official codes (areas, changes, key measurement points, descriptions) are never translated.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.register import mba, register
from openmpca.accounting.statements import Facility
from openmpca.record.models import PersonName

HEADS: Final[dict[str, Any]] = {
    "basis": gettext_lazy("Basis"),
    "batch": gettext_lazy("Batch"),
    "code": gettext_lazy("Code"),
    "day": gettext_lazy("Day"),
    "description": gettext_lazy("Description"),
    "entry": gettext_lazy("Entry"),
    "from": gettext_lazy("From"),
    "item_numbers": gettext_lazy("Item numbers"),
    "items": gettext_lazy("Items"),
    "kmp": gettext_lazy("KMP"),
    "measurement": gettext_lazy("Measurement"),
    "place": gettext_lazy("Place"),
    "refers_to": gettext_lazy("Refers to"),
    "seals": gettext_lazy("Seals"),
    "statement": gettext_lazy("Statement"),
    "status": gettext_lazy("Status"),
    "to": gettext_lazy("To"),
}
SORTS: Final[dict[str, Any]] = {
    "I": gettext_lazy("Inventory change report (ICR)"),
    "P": gettext_lazy("Physical inventory listing (PIL)"),
    "M": gettext_lazy("Material balance report (MBR)"),
    "T": gettext_lazy("Textual report"),
}
STATES: Final[dict[str, Any]] = {
    "made": gettext_lazy("made"),
    "received": gettext_lazy("received"),
    "sent": gettext_lazy("sent"),
    "acknowledged": gettext_lazy("acknowledged"),
    "returned": gettext_lazy("returned"),
}


def heads(names: Iterable[str]) -> dict[str, str]:
    """The heads of columns by name; a weight key with its unit is its own head."""
    return {name: str(HEADS.get(name, name)) for name in names}


def day(on: date | None) -> str:
    """A day as every language writes it here."""
    return "" if on is None else on.isoformat()


def period(begin: date | None, end: date | None) -> str:
    """A period, or the one day of it."""
    if begin is None or begin == end:
        return day(end)
    return _("%(begin)s to %(end)s") % {"begin": day(begin), "end": day(end)}


def area(code: str, on: date, known: int | None = None) -> str:
    """An area by code and name."""
    found = mba(code, on, known)
    return _coded(code, found.fields.name if found else "")


def facility_of(code: str, on: date, known: int | None = None) -> str:
    """The facility of an area by code and name."""
    found = mba(code, on, known)
    if found is None:
        return ""
    facilities = register(Facility, on, known, code=found.fields.facility, ended=True)
    return _coded(found.fields.facility, facilities[0].fields.name if facilities else "")


def _coded(code: str, name: str) -> str:
    return f"{code} · {name}" if name and name != code else code


def person(identifier: str) -> str:
    """The name of a person, as far as this machine knows it."""
    found = PersonName.objects.filter(person=identifier).values_list("name", flat=True).first()
    return str(found or "")


def weighed(weights: Mapping[str, str]) -> dict[str, str]:
    """Weights in grams under the heads of their columns."""
    return {f"{key} g": text for key, text in weights.items()}
