"""The fields of all forms of accounting, each told once: what it means, where that comes from, an example.

Rules kept here:

1. A field of a form has the name of the field of the statement, so a problem of a rule finds it.
2. Meaning, source and example stand here and nowhere else; a form says only which fields it has.

Sources: the statements' own docstrings; Model Subsidiary Arrangement Code 10 by label number; INFCIRC/153 by paragraph.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from openmpca.pages.blocks import Choice, Field


class Words(NamedTuple):
    """What a field is called, what it means, where that is from, an example, and how it is typed."""

    label: Any
    help: Any
    source: Any = ""
    example: str = ""
    kind: str = "text"


_RECORD: Final = _("The record's own.")

WORDS: Final[dict[str, Words]] = {
    "mba": Words(
        _("Material balance area"),
        _("The area whose book changes. Material enters and leaves it only by inventory changes."),
        "INFCIRC/153, 110",
        "ZZA1",
    ),
    "day": Words(
        _("Day"),
        _("The day on which it happened or was established, not the day on which it is typed."),
        "Code 10, 412",
        "2026-03-29",
        "date",
    ),
    "batch": Words(
        _("Batch"),
        _(
            "The identifier of a portion of material that is accounted as one unit. It is used for no other batch;"
            " a name of its own for reports stands in the field Name."
        ),
        "INFCIRC/153, 100; Code 10, 446",
        "CRR41-51",
    ),
    "name": Words(
        _("Name on reports"),
        _("The name of the batch on reports, where that differs from its identifier. At most 16 characters."),
        "Code 10, 446",
        "CORE-26A",
    ),
    "code": Words(
        _("Inventory change"),
        _("What happened, as a code of two letters. Only those that the area is allowed are offered."),
        "Code 10, 411; INFCIRC/153, 107",
        "RF",
    ),
    "weights": Words(
        _("Weights, g"),
        _(
            "The mass of each element, and of each isotope that is accounted, in grams. What is blank is not given,"
            " which is not zero. Where all of them may stay blank, all that the batch holds is meant."
        ),
        _("Code 10, 600 to 800"),
        "9581.25",
        "decimal",
    ),
    "measured": Words(
        _("Measured by the receiver, g"),
        _(
            "What you measured yourself. The receipt stays on the shipper's data; what differs is stated beside it as a"
            " shipper/receiver difference (DI). Give every weight that the shipper gave, or none."
        ),
        "Code 10, 411 (DI)",
        "9578.5",
        "decimal",
    ),
    "after": Words(
        _("Weights after, g"),
        _("What the batch holds after irradiation. Loss and production follow from what the book has before."),
        "Code 10, 411 (LN, NP)",
        "8210",
        "decimal",
    ),
    "items": Words(
        _("Number of items"),
        _("How many items, such as assemblies or drums, it is. 0 for bulk material."),
        "Code 10, 470",
        "11",
        "number",
    ),
    "counterpart": Words(
        _("Other side"),
        _("Where it goes to or comes from: State and area, or the State alone where its area is not known."),
        _("Code 10, 370 and 372"),
        "YY/YYB1",
    ),
    "shipment": Words(
        _("Shipment that is received"),
        _("A shipment of our own State that is on its way here. Its data are taken over, nothing is typed again."),
        "Code 10, 447",
        "1204",
    ),
    "shipper_batch": Words(
        _("Shipper's batch"),
        _("The name that the shipper gave the batch; UNKNOWN where it is not known."),
        "Code 10, 447",
        "GSB0041",
    ),
    "receipt": Words(
        _("Receipt that was measured"),
        _("The number of the statement of the receipt whose material you measured."),
        _RECORD,
        "1207",
        "number",
    ),
    "into": Words(_("New batch"), _("The identifier of the batch that it becomes."), "Code 10, 411 (RP)", "MIX-7"),
    "batches": Words(
        _("Batches that are merged"),
        _("Their identifiers, one a line. All that they hold becomes one new batch."),
        "Code 10, 411 (RM)",
        "CAN-1",
        "lines",
    ),
    "parts": Words(
        _("New batches"),
        _("One a line: the identifier, a colon, and its weights by weight key; # gives the number of items."),
        "Code 10, 411 (RM, RP)",
        "CAN-2: E=40 E/U235=2 #=4",
        "lines",
    ),
    "since": Words(
        _("Reference date"),
        _("The day for which the weights in the book hold; decay is counted from it."),
        _("Decay data of ENSDF"),
        "2025-12-31",
        "date",
    ),
    "grown": Words(
        _("Daughters that are booked"),
        _("Nuclides that grow in by decay and are accounted here, set apart by commas."),
        _("National practice"),
        "Am241",
    ),
    "how": Words(_("What happens to it"), _("Each has a code of its own."), "Code 10, 411", ""),
    "kmp": Words(
        _("Key measurement point"),
        _("The point of the area at which the material is measured when it flows or is taken stock of."),
        "Code 10, 407; INFCIRC/153, 108",
        "1",
    ),
    "description": Words(
        _("Material description"),
        _("Four characters: physical form, chemical form, container, irradiation and quality."),
        "Code 10, 430",
        "BQ2F",
    ),
    "basis": Words(
        _("Measurement basis"),
        _(
            "By whom the weights were measured: M and T in this area, N and L in another one. T and L say that they"
            " were reported before."
        ),
        "Code 10, 469",
        "M",
    ),
    "place": Words(
        _("Place"),
        _("Where it stands: the innermost place known, such as a shelf of a store."),
        _RECORD,
        "STORE-2/S4",
    ),
    "item_numbers": Words(
        _("Item numbers"), _("Serial numbers of the items, set apart by commas."), _RECORD, "A41, A42"
    ),
    "seals": Words(_("Seals"), _("Numbers of the seals on it, set apart by commas."), _RECORD, "S-3301"),
    "method": Words(
        _("Measurement method"), _("The code of the method, where the facility attachment asks for it."), "Code 10, 469"
    ),
    "measured_at": Words(
        _("Measured at"), _("The point at which it was measured, if that is another one."), "Code 10, 469", "2"
    ),
    "uncertainty": Words(
        _("Uncertainty"),
        _("The standard uncertainty of the measurement, with its unit."),
        _("International target values"),
        "0.2 %",
    ),
    "obligation": Words(
        _("Obligation"),
        _("The set of obligation codes on the material, joined by +."),
        _("Agreements with suppliers"),
        "A+S",
    ),
    "given": Words(
        _("Obligation that is given"),
        _("The set of obligation codes under which the material stands until now, joined by +."),
        _("Agreements with suppliers"),
        "A+S",
    ),
    "taken": Words(
        _("Obligation that is taken"),
        _("The set of obligation codes under which it stands from that day on, joined by +."),
        _("Agreements with suppliers"),
        "A",
    ),
    "programme": Words(_("Programme"), _("The programme that the material belongs to."), _("National practice"), "P1"),
    "owner": Words(_("Owner"), _("Who owns the material."), _("National practice"), "UTIL"),
    "document": Words(
        _("Document"),
        _("The number of the paper that it rests on: a licence, a transfer form."),
        "INFCIRC/153, 56",
        "TF-118",
    ),
    "operator_code": Words(
        _("Operator's code"), _("The operator's own description code, where it differs."), "Code 10, 435", "FA17X17"
    ),
    "operator_text": Words(
        _("Operator's text"), _("The operator's own description."), "Code 10, 436", "fuel assemblies"
    ),
    "reference_date": Words(
        _("Reference date"),
        _("The date for which the composition holds."),
        _("Decay data of ENSDF"),
        "2026-01-01",
        "date",
    ),
    "after_cutoff": Words(
        _("After the cut-off"),
        _("Tick it for what happened on the day of a physical inventory after the count."),
        "INFCIRC/153, 109",
        "",
        "checkbox",
    ),
    "parents": Words(_("Parents"), _("Batches that it came from, set apart by commas."), "Code 10, 411 (RP)", "CAN-1"),
    "note": Words(_("Note"), _("Whatever else is to be said; no figure depends on it."), _RECORD, "", "lines"),
    "reason": Words(
        _("Reason"),
        _("Why the statement is corrected or deleted. It goes on record."),
        "Code 10, 309",
        "a mistyped weight",
    ),
    "holdup": Words(
        _("Hold-up"), _("Tick it where the material is held up in equipment."), "INFCIRC/153, 112", "", "checkbox"
    ),
    "counted": Words(_("Counted"), _("The day on which it was counted."), "INFCIRC/153, 109", "2026-05-20", "date"),
}

FURTHER: Final = (
    "name",
    "kmp",
    "description",
    "basis",
    "place",
    "item_numbers",
    "seals",
    "method",
    "measured_at",
    "uncertainty",
    "obligation",
    "programme",
    "owner",
    "document",
    "operator_code",
    "operator_text",
    "after_cutoff",
    "note",
)
"""What may be said of every change besides what it takes; folded in forms."""


def field(
    name: str,
    value: str = "",
    *,
    required: bool = False,
    error: str = "",
    choices: Sequence[Choice] = (),
    suggestions: Sequence[Choice] = (),
    parts: Sequence[Field] = (),
    further: bool = False,
) -> Field:
    """A field of a form with its words."""
    words = WORDS[name]
    return Field(
        name,
        str(words.label),
        value,
        kind=words.kind,
        choices=choices,
        help=str(words.help),
        source=str(words.source),
        example=words.example,
        required=required,
        error=error,
        suggestions=suggestions,
        parts=parts,
        further=further,
    )
