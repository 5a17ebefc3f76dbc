"""What is said of a field of a form where the form itself says nothing: no field is without its meaning and source.

Rules kept here:

1. What a form says of its field stands; only what it leaves out is taken from here, by the field's name, or by what
   stands before the first hyphen of it.
2. What has no source of its own is the record's own, and a day has an example.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from openmpca.pages.blocks import Field


class Help(NamedTuple):
    """What a field means, and an example of what is typed."""

    meaning: Any
    example: str = ""


DAY: Final = "2026-03-29"
HELP: Final[dict[str, Help]] = {
    "answer": Help(_("Whether the receiver took the report as it is, or returned it.")),
    "approve": Help(_("Ticked: who holds this role may approve.")),
    "batch": Help(_("The identifier of the batch, as its label says it."), "CRR41-51"),
    "code": Help(_("The short code by which it is called everywhere; it never changes."), "ZZA1"),
    "comma": Help(_("The sign between the whole grams and the decimals in this column.")),
    "counted": Help(_("The day on which it was counted."), DAY),
    "custodian": Help(_("The person who keeps it."), "mira"),
    "date": Help(_("In which order year, month and day stand in this column.")),
    "day": Help(_("The day from which it holds, or on which it was done or happened."), DAY),
    "deputy_for": Help(_("In whose place the person acts, where it is a deputy."), "mira"),
    "description": Help(
        _("Four characters: physical form, chemical form, container, irradiation and quality."), "BQ2F"
    ),
    "ended": Help(_("Whether it is no longer in use from that day on.")),
    "field": Help(_("What this column of the file holds.")),
    "file": Help(_("A file on your machine."), "2026-03.xlsx"),
    "for_party": Help(_("The party for which the person acts.")),
    "forms": Help(_("The first characters of the descriptions that the area may have, set apart by commas."), "BQ, GQ"),
    "handle": Help(_("The short name with which the person signs in."), "mira"),
    "holdup": Help(_("Tick it where the material is held up in equipment.")),
    "item_numbers": Help(_("Serial numbers of the items."), "A41; A42"),
    "items": Help(_("How many items, such as assemblies or drums, it is. 0 for bulk material."), "11"),
    "kind": Help(_("What each row of the table states.")),
    "kmp": Help(_("The point of the area at which it was measured or taken stock of."), "A"),
    "list": Help(_("The list as it was printed or saved, with what was found."), "list.xlsx"),
    "may": Help(_("Whether a program that has the token may state something, or reads only.")),
    "mba": Help(_("The code of the material balance area."), "ZZA1"),
    "measured": Help(_("Tick it where the weights were measured here at this inventory, not taken over.")),
    "method": Help(_("The code of the method of measurement."), "DA"),
    "name": Help(_("Its name, as people call it."), "Mira Solano"),
    "note": Help(_("Whatever else is to be said; no figure depends on it."), "see TF-118"),
    "of": Help(_("To what it belongs, or of what it is a part."), "SRA"),
    "party": Help(_("The party for which you act now.")),
    "persons": Help(_("One person, or two: one who prepares and another who approves.")),
    "place": Help(_("Where it stands: the innermost place known, such as a shelf of a store."), "STORE-2/S4"),
    "prepare": Help(_("Ticked: who holds this role may prepare.")),
    "reason": Help(_("Why it is done. It goes on record."), "a mistyped weight"),
    "remarks": Help(_("What the receiver remarked, by the number of the entry."), "3=date"),
    "role": Help(_("What somebody may do. The page of grants tells who holds which role.")),
    "scope": Help(_("Everything, a facility, or an area."), "mba:ZZA1"),
    "seals": Help(_("Numbers of the seals on it."), "S-3301"),
    "sheet": Help(_("The name of the sheet, where a spreadsheet has several."), "March"),
    "text": Help(_("The text, letter for letter."), "NONE"),
    "uncertainty": Help(_("The standard uncertainty of the measurement, with its unit."), "0.2 %"),
    "unit": Help(_("The unit in which the masses of this column are written.")),
    "until": Help(_("The last day on which it holds; blank is without an end."), "2026-12-31"),
}


def helped(field: "Field") -> "Field":
    """A field with its meaning, its source and an example, as far as it left them out."""
    if field.kind == "hidden":
        return field
    known = HELP.get(field.name) or HELP.get(field.name.partition("-")[0]) or Help("")
    example = field.example or (DAY if field.kind == "date" else known.example)
    if field.choices or field.kind == "checkbox":
        example = field.example
    meaning = str(field.help or known.meaning)
    source = str(field.source) or (gettext("The record's own.") if meaning else "")
    return replace(field, help=meaning, source=source, example=example)
