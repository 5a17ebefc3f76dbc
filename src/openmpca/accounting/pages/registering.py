"""Stating the register on a page: a State, a facility, an area, a key measurement point, a place, a holder.

Rules kept here:

1. One form for all sorts of things: which fields it has, `register_fields` tells; what is stated is the statement of
   that sort, as by `openmpca state`. Checking, stating once, drafts: see `stating`.
2. A change is the same thing stated again from a later day: the form then holds what stands on the day of the page.
3. What may not be read is not shown in a form; who may state it, the rules decide.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, get_type_hints

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.importing.fields import TABLES
from openmpca.accounting.importing.templates import FORMS, template_of
from openmpca.accounting.inventory.fields import LISTED_FIELDS
from openmpca.accounting.pages.register import THINGS, entries
from openmpca.accounting.pages.register_fields import FIELDS, FURTHER, words
from openmpca.accounting.pages.stating import Entry, Texts, answer
from openmpca.accounting.pages.typed import Typed
from openmpca.accounting.rules.areas import PROFILES
from openmpca.nuclear.categories import CATEGORIES
from openmpca.pages.blocks import LINKS, Choice, Field, Link, Page, Table
from openmpca.pages.routes import Asking, File, Go, NotFound, Open, Sent, address, page
from openmpca.record import entry
from openmpca.record.models import Party
from openmpca.record.statements import KINDS, Statement

PATH: Final = "accounting/register-entry"
ASKED: Final[dict[str, Any]] = {
    "country": gettext_lazy("Register a State"),
    "facility": gettext_lazy("Register a facility"),
    "mba": gettext_lazy("Register a material balance area"),
    "kmp": gettext_lazy("Register a key measurement point"),
    "place": gettext_lazy("Register a place"),
    "holder": gettext_lazy("Register a holder"),
}
OPENING: Final = "opening"
_YES, _NO = "yes", "no"
_KINDS: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page(PATH, title=gettext_lazy("Register"), needs=Open.READER)
def register_entry(
    asking: Asking,
    thing: str = "",
    code: str = "",
    mba: str = "",
    draft: int | None = None,
    sent: Sent | None = None,
) -> Page | Go:
    """State a thing of the register; with a code, the one that there is, to be changed from a day on."""
    if not thing:
        return _which(asking)
    if thing not in ASKED:
        raise NotFound(_("There is no %(thing)s in the register.") % {"thing": thing})
    return answer(asking, _entry(asking, thing, code, mba), sent, draft)


def _which(asking: Asking) -> Page:
    """The sorts of things that there are, each with its form."""
    rows = [
        {
            "what": str(told),
            "table": _("from a table"),
            LINKS: {"what": address(PATH, thing=thing), "table": _table(thing)},
        }
        for thing, told in ASKED.items()
    ]
    heads = {"what": _("What"), "table": _("Several at once")}
    above = [Link(_("Register"), asking.to("accounting/register"))]
    return Page(_("Register something"), [Table(rows, heads, name="things")], above=above)


def _table(thing: str) -> str:
    return address("accounting/import", kind=thing)


def _entry(asking: Asking, thing: str, code: str, mba: str) -> Entry:
    changed = _changed(asking, thing, code, mba) if code else {}
    title = _("Change %(code)s in the register") % {"code": code} if code else str(ASKED[thing])
    listed = asking.to("accounting/register", thing=thing)
    table = Link(_("Several at once, from a table"), _table(thing))
    told = _("It holds from its day on. A change is the same thing stated again from a later day.")
    return Entry(
        title=title,
        address=address(PATH, thing=thing, code=code, mba=mba),
        fields=lambda texts: [_field(asking, thing, name, texts) for name in FIELDS[thing]],
        make=_making(thing),
        after=lambda made: listed,
        lead=told,
        begin={**_begin(asking, thing, mba), **changed},
        above=[Link(_("Register"), asking.to("accounting/register")), Link(str(THINGS[thing]), listed), table],
    )


def _begin(asking: Asking, thing: str, mba: str) -> Texts:
    """What a new thing begins with: today, and what the statement takes where nothing is said."""
    given = {each.name: each.default for each in msgspec.structs.fields(_struct(thing)) if not each.required}
    found = {
        name: _said(value) for name, value in given.items() if isinstance(value, bool | str) and name not in FURTHER
    }
    first = {"day": asking.reach.day.isoformat(), "mba": mba}
    if thing == "country" and not entries(asking, "country", "", "", ended=False):
        first["own"] = _YES
    if thing == "mba" and len(known := entries(asking, "facility", "", "", ended=False)) == 1:
        first["facility"] = str(known[0]["code"])
    return {**found, **first}


def _struct(thing: str) -> type[Statement]:
    return KINDS[f"accounting.{thing}"].struct


def _changed(asking: Asking, thing: str, code: str, mba: str) -> Texts:
    """What stands of a thing on the day of the page (rule 2)."""
    for each in entries(asking, thing, mba, "", ended=True):
        if each["code"] == code and (not mba or each.get("mba", code) in (mba, code)):
            return {name: _said(each[name]) for name in FIELDS[thing] if name != "day"}
    raise NotFound(_("There is no %(thing)s %(code)s that you may read.") % {"thing": thing, "code": code})


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}:{text}" for name, text in value.items())
    return "" if value is None else str(value)


def _making(thing: str) -> Callable[[Typed], Sequence[Statement]]:
    kind, hints = f"accounting.{thing}", get_type_hints(_struct(thing))

    def make(typed: Typed) -> Sequence[Statement]:
        typed.day()
        typed.must_be_read()
        texts = {name: typed.text(name) for name in FIELDS[thing]}
        pairs = [f"{name}={_given(hints[name], text)}" for name, text in texts.items() if text]
        return entry.statements([entry.from_text(kind, pairs)], as_text=True)

    return make


def _given(hint: object, text: str) -> str:
    """A text as a command takes it."""
    if hint is bool:
        return {_YES: "true", _NO: "false"}.get(text, text)
    if hint in (list[str], dict[str, str]):
        return ",".join(":".join(part.strip() for part in each.split(":")) for each in text.split(","))
    return text


def _field(asking: Asking, thing: str, name: str, texts: Texts) -> Field:
    told = words(thing, name)
    needed = {each.name for each in msgspec.structs.fields(_struct(thing)) if each.required}
    return Field(
        name,
        str(told.label),
        texts.get(name, ""),
        told.kind,
        choices=_choices(asking, thing, name),
        help=str(told.help),
        source=str(told.source),
        example=told.example,
        required=name in needed,
        suggestions=_suggestions(thing, name),
        further=name in FURTHER,
    )


def _usual(thing: str, name: str) -> bool:
    """What holds where nothing is said of a yes or no."""
    return next(bool(each.default) for each in msgspec.structs.fields(_struct(thing)) if each.name == name)


def _choices(asking: Asking, thing: str, name: str) -> list[Choice]:
    if get_type_hints(_struct(thing))[name] is bool:
        usual = _("as usual: yes") if _usual(thing, name) else _("as usual: no")
        blank = [Choice("", usual)] if name in FURTHER else []
        return [*blank, Choice(_NO, _("no")), Choice(_YES, _("yes"))]
    if name == "profile":
        return [Choice(each, each) for each in PROFILES]
    if name == "for_party":
        parties = Party.objects.order_by("number").values_list("code", "name")
        return [Choice("", _("the authority")), *(Choice(code, f"{code}: {told}") for code, told in parties)]
    if name in ("mba", "facility"):
        known = entries(asking, name, "", "", ended=False)
        return [Choice("", ""), *(Choice(each["code"], f"{each['code']} {each['name']}") for each in known)]
    return []


def _suggestions(thing: str, name: str) -> list[Choice]:
    if name == "categories":
        return [Choice(each.code, each.name) for each in CATEGORIES.values()]
    return [Choice(each, each) for each in ("building", "room", "position")] if name == "level" else []


@page("accounting/template", title=gettext_lazy("Table to fill in"), needs=Open.READER)
def template(asking: Asking, kind: str = "change", form: str = ".xlsx") -> File:
    """An empty table to fill in, that says what its columns mean and which values they take."""
    if kind not in (*TABLES, OPENING) or form not in FORMS:
        raise NotFound(_("No table holds %(kind)s.") % {"kind": kind})
    made = FORMS[form](LISTED_FIELDS) if kind == OPENING else template_of(kind, form)
    return File(f"{kind}{form}", made, _KINDS[form])
