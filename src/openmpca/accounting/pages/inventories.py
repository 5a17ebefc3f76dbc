"""Physical inventories in the browser: the list of them, the beginning of one, hold-up from one to the next."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.differences import Inventory, inventories
from openmpca.accounting.inventory.holdup import holdup
from openmpca.accounting.pages.asked import areas, must_know, view_of
from openmpca.accounting.pages.words import HOLDUP, word
from openmpca.nuclear.mass import format_grams
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Button, Choice, Field, Form, Link, Page, Row, Table
from openmpca.pages.routes import Answer, Asking, Sent, page, place
from openmpca.record.record import Refused


@page("accounting/inventories", title=gettext_lazy("Physical inventory"), needs=place("mba"), menu=65)
def listed(asking: Asking, mba: str = "") -> Page:
    """The physical inventories up to the asked day, the last first, and what stands of each."""
    found = [
        each
        for each in inventories(mba or None, asking.times.known_at)
        if each.day <= asking.times.as_of and asking.reach.covers(f"mba:{each.mba}")
    ]
    heads = {
        "inventory": _("Inventory"),
        "mba": _("MBA"),
        "day": _("Day"),
        "sort": _("What"),
        "lines": _("Lines"),
        "closing": _("Closed by"),
    }
    rows = [_row(asking, each) for each in reversed(found)]
    table = Table(rows, heads, name="inventories", empty=_("There is no physical inventory."))
    action = Link(_("Begin a physical inventory"), asking.to("accounting/inventory-begin", mba=mba))
    title = _("Physical inventories of %(mba)s") % {"mba": mba} if mba else _("Physical inventories")
    links = [
        Link(_("Material balance"), asking.to("accounting/balance", mba=mba)),
        Link(_("Hold-up"), asking.to("accounting/holdup", mba=mba)),
    ]
    return Page(title, [table], action=action, links=links)


def _row(asking: Asking, each: Inventory) -> Row:
    to = asking.to("accounting/inventory", number=each.number)
    closing = asking.to("record/statement", number=each.closing) if each.closing is not None else ""
    return {
        "inventory": each.number,
        "mba": each.mba,
        "day": each.day,
        "sort": _("opening") if each.opening else _("physical inventory"),
        "lines": len(each.numbers),
        "closing": each.closing if each.closing is not None else _("open"),
        LINKS: {"inventory": to, "day": to, "lines": to, "closing": closing},
    }


@page("accounting/inventory-begin", title=gettext_lazy("Begin a physical inventory"), needs=place("mba"))
def begin(asking: Asking, mba: str = "", sent: Sent | None = None) -> Answer:
    """Freeze the book of an area at the cut-off of a day; what is in it then is to be found."""
    if sent is None:
        return _beginning(asking, mba, {})
    code = str(sent.get("mba", "")).strip() or mba
    asking.must_cover("mba", code)
    try:
        note = str(sent.get("note", "")).strip()
        made = taking.freeze(code, acting.day(sent, "day"), acting.act(asking, sent), note=note)
    except Refused as refused:
        shown = _beginning(asking, mba, sent)
        return refused_as(refused.problems, shown)
    except acting.Unfit as unfit:
        return replace(_beginning(asking, mba, sent, str(unfit)), status=422)
    to = asking.to("accounting/inventory", number=next(iter(made.numbers), 0))
    return acting.gone(made, to, _("The physical inventory is begun: tick what is found."))


def _beginning(asking: Asking, mba: str, sent: Sent, wrong: str = "") -> Page:
    codes = areas(asking, view_of(asking))
    said = str(sent.get("mba", "")) or mba
    day = str(sent.get("day", "")) or asking.times.as_of.isoformat()
    fields = [
        Field("mba", _("MBA"), said, choices=[Choice(each, each) for each in codes], required=True),
        Field(
            "day",
            _("Day of the cut-off"),
            day,
            "date",
            required=True,
            error=wrong,
            help=_("The inventory is as of 24:00 of this day. Changes may go on meanwhile."),
            source="INFCIRC/153, 62-67",
        ),
        Field("note", _("Note"), str(sent.get("note", ""))),
        *acting.fields(asking, sent),
    ]
    form = Form(fields, [Button(_("Begin"), main=True)], name="begin")
    above = [Link(_("Physical inventories"), asking.to("accounting/inventories", mba=mba))]
    return Page(_("Begin a physical inventory"), [form], above=above)


@page("accounting/holdup", title=gettext_lazy("Hold-up"), needs=place("mba"))
def held_up(asking: Asking, mba: str = "") -> Page:
    """The estimates of hold-up of an area against what was cleaned out; without an area those of all."""
    view = view_of(asking)
    if mba:
        must_know(asking, view, mba)
    codes = [mba] if mba else areas(asking, view)
    rows = [_of_holdup(asking, code, row) for code in codes for row in _holdup(asking, code)]
    heads = {
        "mba": _("MBA"),
        "batch": _("Batch"),
        "day": _("Day"),
        "event": _("What"),
        "key": _("Of"),
        "amount_g": _("Amount, g"),
        "estimated_g": _("Estimated before, g"),
        "method": _("Method"),
        "uncertainty": _("Uncertainty"),
        "into": _("Into"),
        "number": _("Statement"),
    }
    title = _("Hold-up of %(mba)s") % {"mba": mba} if mba else _("Hold-up")
    table = Table(rows, heads, name="holdup", empty=_("No hold-up is listed."))
    return Page(title, [table], above=[Link(_("Physical inventories"), asking.to("accounting/inventories", mba=mba))])


def _holdup(asking: Asking, mba: str) -> list[dict[str, object]]:
    return [row for row in holdup(mba, asking.times.known_at).to_dicts() if row["day"] <= asking.times.as_of]


def _of_holdup(asking: Asking, mba: str, row: dict[str, object]) -> Row:
    masses = {
        f"{name}_g": None if row[of] is None else format_grams(int(str(row[of])))
        for name, of in (("amount", "ug"), ("estimated", "estimated"))
    }
    told = {name: value for name, value in row.items() if name not in ("ug", "estimated")}
    links = {
        "batch": asking.to("accounting/batch", batch=row["batch"], mba=mba),
        "number": asking.to("record/statement", number=row["number"]),
    }
    if row["into"]:
        links["into"] = asking.to("accounting/batch", batch=row["into"], mba=mba)
    return {**told, "mba": mba, **masses, "event": word(asking, HOLDUP, str(row["event"])), LINKS: links}
