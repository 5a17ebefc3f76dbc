"""The register in the browser: States, facilities, areas, measurement points, places, holders, documents of any day.

Rules kept here:

1. Areas and what stands in them are shown to who may read them; a facility to who may read it or one of its areas;
   other States, and documents of the whole State, to who reads everything.
2. A document is shown to who may read its statement: it stays one of the area that it was of before.
3. The statement behind an entry is a link where it may be read.
"""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import code_lists
from openmpca.accounting import register as book
from openmpca.accounting.pages.asked import question, told_by_the_book
from openmpca.accounting.pages.heads import HEADS, heads
from openmpca.pages.blocks import LINKS, Choice, Field, Link, Page, Row, Table
from openmpca.pages.reach import readable_statement
from openmpca.pages.routes import Asking, NotFound, Open, page, place
from openmpca.record.reading import stored

THINGS: Final[dict[str, Any]] = {
    "country": gettext_lazy("States"),
    "facility": gettext_lazy("Facilities"),
    "mba": gettext_lazy("Areas"),
    "kmp": gettext_lazy("Key measurement points"),
    "place": gettext_lazy("Places"),
    "holder": gettext_lazy("Holders"),
    "document": gettext_lazy("Documents"),
}
FIRST: Final = ("country", "facility", "mba")
SAID: Final = ("title", "effect", "other_side", "meaning")
"""What the list of inventory changes says in words."""
_BLANK: Final[tuple[object, ...]] = ("", [], {}, False, None)


@page("accounting/register", title=gettext_lazy("Register"), needs=place("mba"), menu=80)
def register(asking: Asking, thing: str = "", mba: str = "", facility: str = "", ended: bool = False) -> Page:
    """What stands in the register on a day: all of one sort, or States, facilities and areas."""
    if thing and thing not in THINGS:
        raise NotFound(_("There is no %(thing)s in the register.") % {"thing": thing})
    wanted = [thing] if thing else [each for each in FIRST if not mba or each == "mba"]
    tables = [_table(asking, each, entries(asking, each, mba, facility, ended)) for each in wanted]
    choices = [Choice("", _("States, facilities, areas")), *(Choice(name, str(text)) for name, text in THINGS.items())]
    fields = [
        Field("thing", _("What"), thing, choices=choices),
        Field("mba", _("Of this area"), mba),
        Field("ended", _("Also what has ended"), "yes" if ended else "", "checkbox"),
    ]
    ways = [
        Link(str(text), asking.to("accounting/register", thing=name, mba=mba))
        for name, text in THINGS.items()
        if name not in wanted
    ]
    enter = Link(_("Register something"), asking.to("accounting/register-entry", thing=thing, mba=mba))
    return Page(
        _("Register"),
        [*tables, question(asking, "accounting/register", fields)],
        lead=told_by_the_book(asking),
        action=enter if thing != "document" else None,
        links=[*ways, Link(_("Codes and categories"), asking.to("accounting/codes"))],
    )


def entries(asking: Asking, thing: str, mba: str, facility: str, ended: bool) -> list[dict[str, Any]]:
    """The entries of one sort that may be read (rules 1 and 2)."""
    day, known = asking.times.as_of, asking.times.known_at
    found = _documents(asking, mba) if thing == "document" else book.entries(thing, day, known, mba=mba, ended=ended)
    own = _facilities(asking) if thing == "facility" else frozenset()
    readable = [each for each in found if _may_read(asking, thing, each, own)]
    return [each for each in readable if not facility or each.get("facility") == facility]


def _documents(asking: Asking, mba: str) -> list[dict[str, Any]]:
    return [
        {
            "due": each.document.due,
            "standing": each.standing,
            "code": each.document.code,
            "sort": each.document.sort,
            "title": each.document.title,
            "mba": each.document.mba,
            "facility": each.document.facility,
            "sent": each.document.sent,
            "answered": each.document.answered,
            "statement": each.number,
        }
        for each in book.documents(asking.times.as_of, asking.times.known_at)
        if mba in ("", each.document.mba)
    ]


def _facilities(asking: Asking) -> frozenset[str]:
    """The facilities of the areas that may be read."""
    areas = book.entries("mba", asking.times.as_of, asking.times.known_at, ended=True)
    return frozenset(str(each["facility"]) for each in areas if asking.reach.covers(f"mba:{each['code']}"))


def _may_read(asking: Asking, thing: str, entry: dict[str, Any], facilities: frozenset[str]) -> bool:
    if thing == "document":
        return readable_statement(asking.reach, stored(entry["statement"]))
    if thing == "country":
        return bool(entry["own"]) or asking.reach.everywhere
    if thing == "facility":
        return entry["code"] in facilities or asking.reach.covers(f"facility:{entry['code']}")
    return asking.reach.covers(f"mba:{entry['code' if thing == 'mba' else 'mba']}")


def _table(asking: Asking, thing: str, found: list[dict[str, Any]]) -> Table:
    told = {name for each in found for name, value in each.items() if value not in _BLANK}
    names = [name for name in (found[0] if found else ()) if name in told]
    rows: list[Row] = [{**each, LINKS: _leads(asking, thing, each)} for each in found]
    shown = heads(names)
    if thing == "mba" and "code" in shown:
        shown["code"] = str(HEADS["mba"])
    return Table(rows, shown, name=thing, caption=str(THINGS[thing]))


def _leads(asking: Asking, thing: str, entry: dict[str, Any]) -> dict[str, str]:
    led: dict[str, str] = {}
    area = entry["code"] if thing == "mba" else entry.get("mba")
    if area:
        led["code" if thing == "mba" else "mba"] = asking.to("accounting/mba", mba=area)
    facility = entry["code"] if thing == "facility" else entry.get("facility")
    if facility:
        to = asking.to("accounting/register", thing="mba", facility=facility)
        led["code" if thing == "facility" else "facility"] = to
    if thing == "place":
        led["code"] = asking.to("accounting/batches", mba=entry["mba"], place=entry["code"])
    if asking.reach.everywhere or thing not in FIRST:
        led["statement"] = asking.to("record/statement", number=entry["statement"])
    return led


@page("accounting/codes", title=gettext_lazy("Codes and categories"), needs=Open.PERSON)
def codes(asking: Asking) -> Page:
    """The codes of inventory changes with what they do to the balance, and the categories of material."""
    names = heads(["code", "title", "effect", "other_side", "meaning"])
    rows = [{**each, **{name: _(str(each[name])) for name in SAID}} for each in code_lists.changes()]
    changes = Table(rows, names, name="changes", caption=_("Inventory changes"))
    names = heads(["code", "name", "element", "reported_as", "unit", "weights", "unverified"])
    categories = Table(
        [
            {**each, "name": _(str(each["name"])), "element": _(str(each["element"]))}
            for each in code_lists.categories()
        ],
        names,
        name="categories",
        caption=_("Categories"),
    )
    return Page(_("Codes and categories"), [changes, categories])
