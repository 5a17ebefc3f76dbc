"""The fields of the register's forms, each told once: what it means, where that comes from, an example.

A field has the name of the field of the statement, so a problem of a rule finds it. What a field means may differ from
one sort of thing to another: the code of a State is not that of an area.

Sources: the statements' own docstrings; INFCIRC/153 by paragraph; Code 10 by label number.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from openmpca.accounting.pages.fields import Words

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "country": ("code", "name", "day", "own", "agreement_in_force", "protocol_in_force", "small_quantities", "note"),
    "facility": ("code", "name", "day", "for_party", "outside_facilities", "ended", "note"),
    "mba": (
        "code",
        "name",
        "facility",
        "day",
        "categories",
        "unified",
        "profile",
        "precision",
        "country",
        "codes",
        "forms",
        "follow_up",
        "items_only",
        "reference_only",
        "custodian",
        "ended",
        "note",
    ),
    "kmp": ("mba", "code", "name", "inventory", "day", "ended"),
    "place": ("mba", "code", "name", "within", "kmp", "level", "custodian", "day", "ended"),
    "holder": ("mba", "code", "name", "for_party", "day", "ended", "note"),
}
"""What each sort of thing is told, in order."""

FURTHER: Final = frozenset(
    {
        "protocol_in_force",
        "note",
        "outside_facilities",
        "ended",
        "precision",
        "country",
        "codes",
        "forms",
        "follow_up",
        "items_only",
        "reference_only",
        "custodian",
        "level",
    }
)
"""What stands folded."""

_OF_ALL: Final[dict[str, Words]] = {
    "name": Words(_("Name"), _("What it is called."), "", "Research reactor"),
    "day": Words(
        _("From"),
        _("The first day on which it stands so. A change is the same thing stated again from a later day."),
        _("The record's own."),
        "2024-12-02",
        "date",
    ),
    "note": Words(_("Note"), _("Whatever else is to be said; no figure depends on it."), "", "", "lines"),
    "ended": Words(_("It has ended"), _("From that day on it is no longer there; what it was stays on record.")),
    "for_party": Words(
        _("Party that answers"),
        _("The party whose persons act for it. Blank is the authority."),
        "INFCIRC/153, 7",
        "NEC",
    ),
    "mba": Words(
        _("Material balance area"), _("The area in which it stands. Areas are registered first."), "INFCIRC/153, 110"
    ),
    "custodian": Words(_("Custodian"), _("Who keeps the material there, in words."), "", "Store keeper"),
    "kmp": Words(_("Key measurement point"), _("The point of inventory at which the place lies."), "Code 10, 407", "A"),
}

_OF_ONE: Final[dict[tuple[str, str], Words]] = {
    ("country", "code"): Words(
        _("Code of the State"), _("Two capital letters, as they stand first in every report."), "Code 10, 001", "XN"
    ),
    ("country", "own"): Words(
        _("Our own State"), _("The State whose record this is. Others are where material comes from and goes to.")
    ),
    ("country", "agreement_in_force"): Words(
        _("Safeguards agreement in force since"),
        _("The initial report is due 30 days after the month of that day."),
        "INFCIRC/153, 62",
        "2024-12-02",
        "date",
    ),
    ("country", "protocol_in_force"): Words(
        _("Additional protocol in force since"),
        _("From it the days of declarations follow."),
        "INFCIRC/540",
        "",
        "date",
    ),
    ("country", "small_quantities"): Words(
        _("Small quantities protocol"), _("Whether most provisions are held in abeyance."), "GOV/INF/276"
    ),
    ("facility", "code"): Words(
        _("Code of the facility"),
        _("Four characters, as the Agency gave them; a - stands where a letter of an area would."),
        "Code 10, 207",
        "XNR-",
    ),
    ("facility", "outside_facilities"): Words(
        _("Location outside facilities"), _("Whether it is a location outside facilities."), "INFCIRC/153, 49"
    ),
    ("mba", "code"): Words(
        _("Code of the area"), _("Four characters, as the Agency gave them."), "Code 10, 307", "XNR1"
    ),
    ("mba", "name"): Words(_("Name"), _("What it is called."), "", "Reactor and store"),
    ("mba", "facility"): Words(
        _("Facility"),
        _("The facility of which it is a part. Facilities are registered first."),
        "INFCIRC/153, 46",
        "XNR-",
    ),
    ("mba", "categories"): Words(
        _("Categories"),
        _("The categories of material that its book has, set apart by commas; blank allows all. Masses are grams."),
        _("Code 10, 600 to 800"),
        "E, P",
    ),
    ("mba", "unified"): Words(
        _("Uranium unified"),
        _("Whether all uranium stands in one category (U), whatever its enrichment."),
        "Code 10, 630",
    ),
    ("mba", "profile"): Words(
        _("Form of reports"), _("To whom its reports go, and in which form of Code 10."), _("Subsidiary arrangements")
    ),
    ("mba", "precision"): Words(
        _("Decimals in reports"),
        _("By category, set apart by commas; the book itself is exact to the microgram."),
        "Code 10, 600",
        "E:1, P:2",
    ),
    ("mba", "country"): Words(
        _("State in which it lies"), _("Blank is the own one. Another one where it is foreign."), "Code 10, 372", "XX"
    ),
    ("mba", "codes"): Words(
        _("Allowed codes"),
        _("The inventory changes that may happen here, set apart by commas; blank allows all."),
        "Code 10, 411",
        "RF, SF, LN",
    ),
    ("mba", "forms"): Words(
        _("Allowed forms"),
        _("The first letters of material descriptions, set apart by commas; blank allows all."),
        "Code 10, 430",
    ),
    ("mba", "follow_up"): Words(
        _("Batches keep their names"), _("Whether a batch is named the same from report to report."), "Code 10, 446"
    ),
    ("mba", "items_only"): Words(
        _("Items only"), _("Whether everything is counted as items, so that no MUF is expected."), "INFCIRC/153, 113"
    ),
    ("mba", "reference_only"): Words(
        _("Foreign, for reference"), _("An area abroad, that only ships or receives: it has no book here.")
    ),
    ("kmp", "code"): Words(
        _("Code of the point"),
        _("One or two characters: by custom digits for points of flow, letters for those of inventory."),
        "Code 10, 407",
        "A",
    ),
    ("kmp", "name"): Words(_("Name"), _("What it is called."), "", "Fresh store"),
    ("kmp", "inventory"): Words(
        _("Of inventory"),
        _("Yes: material is taken stock of here. No: it is measured here when it flows. An area has both."),
        "INFCIRC/153, 108",
    ),
    ("place", "code"): Words(_("Code of the place"), _("Short; labels and lists name it."), "", "STORE-1/S2"),
    ("place", "name"): Words(_("Name"), _("What it is called."), "", "Shelf 2"),
    ("place", "within"): Words(
        _("Within"), _("The code of the place around it; blank where there is none."), "", "STORE-1"
    ),
    ("place", "level"): Words(_("Level"), _("What sort of place: building, room, position."), "", "position"),
    ("holder", "code"): Words(_("Code of the holder"), _("Short, one for each holder of small amounts."), "", "H12"),
    ("holder", "name"): Words(_("Name"), _("May be withheld later."), "", "University hospital"),
}


def words(thing: str, name: str) -> Words:
    """What a field of a sort of thing means."""
    return _OF_ONE.get((thing, name)) or _OF_ALL[name]
