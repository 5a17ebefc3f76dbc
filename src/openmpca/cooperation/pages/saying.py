"""Stating anything of this room: one form for every kind, made from what the marks of its fields say.

Rules kept here:

1. What is checked beside the form is what the record's rules say; nothing is recorded by looking.
2. Who asks may have fields filled in by the page that leads here; nothing is hidden, and all can be changed.
3. What is suggested is what who asks may read (`asked`).
4. A statement of this room is its party's alone until it names who may read it: the form says so and asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, get_args, get_type_hints

import msgspec
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.marks import EVERYBODY, PARTY, Introduces, Marked, Names, OneOf, marked
from openmpca.cooperation.pages.asked import claims_of, codes
from openmpca.cooperation.pages.words import EXAMPLES, HEADS, meaning, of_field
from openmpca.cooperation.statements import ROOM, Said
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Choice, Field, Form, Page
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors
from openmpca.record import commands, entry, kinds
from openmpca.record.models import Party
from openmpca.record.record import Refused
from openmpca.record.statements import KINDS, Statement

SHOWN_OF_A_SORT: Final = 500
_SETTING: Final = frozenset({"day", "release", "replaces"})


@page("cooperation/say", title=gettext_lazy("State something"), needs=Open.WHOLE)
def say(asking: Asking, kind: str, given: str = "", sent: Sent | None = None) -> Page | Go:
    """The form of a kind; what is sent is checked or stated."""
    if kind not in KINDS or not issubclass(KINDS[kind].struct, Said):
        raise NotFound(_("There is no kind %(kind)s.") % {"kind": kind})
    if sent is None:
        filled = dict(line.partition("=")[::2] for line in given.splitlines())
        return _shown(asking, kind, {"day": asking.reach.day.isoformat(), **filled})
    looking = sent.get("step") != "state"
    try:
        stated = _stated(kind, sent)
        if not looking and KINDS[kind].persons > 1:
            must_be_fresh(asking)
        made = commands.state([stated], acting.act(asking, sent), dry_run=looking)
    except Refused as refused:
        return refused_as(refused.problems, _shown(asking, kind, sent, refused.problems))
    if looking:
        return _shown(asking, kind, sent, made.problems)
    number = made.numbers[0] if made.numbers else 0
    return acting.gone(
        made, asking.to("record/statement", number=number), _("Recorded as statement %(first)s.") % {"first": number}
    )


def _stated(kind: str, sent: Sent) -> Statement:
    """The statement that a form holds. Raises `Refused` with what cannot be read."""
    hints = get_type_hints(KINDS[kind].struct)
    fields = {name: value for name in hints if (value := _value(hints[name], str(sent.get(name, "")))) is not None}
    return entry.statements([entry.Given(kind, fields)], as_text=True)[0]


def _value(hint: Any, text: str) -> object:
    """What is typed in a field, as the record's own reader takes it; None where nothing is."""
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    if hint in (list[str], list[int]):
        return lines or None
    if hint == dict[str, str]:
        return {key.strip(): value.strip() for key, _sign, value in (each.partition("=") for each in lines)} or None
    return text.strip() or None


def _shown(asking: Asking, kind: str, given: Mapping[str, Any], problems: list[Problem] | None = None) -> Page:
    at = {each.field: worded(each.message) for each in reversed(errors(list(problems or ())))}
    own = [replace(each, error=at.get(each.name, "")) for each in _fields(asking, kind, given)]
    form = Form(
        [*own, *acting.fields(asking, given, problems or ())],
        [Button(_("Check"), "check"), Button(_("State"), "state", main=True)],
        name="say",
        check="check",
    )
    meant = kinds.meaning(KINDS[kind])
    title = gettext(meant).split("\n")[0].rstrip(".").replace("`", "")
    lead = _("Only your party reads it until it is released to others.")
    return Page(title, [acting.checked(form, problems)], lead=lead)


def _fields(asking: Asking, kind: str, given: Mapping[str, Any]) -> Iterator[Field]:
    struct = KINDS[kind].struct
    hints, marks, claims = get_type_hints(struct), {each.name: each for each in marked(struct)}, claims_of(asking)
    needed = {each.name for each in msgspec.structs.fields(struct) if each.required}
    names = [name for name in struct.__struct_fields__ if name not in _SETTING]
    for name in ["day", *names, "release", "replaces"]:
        made = Field(
            name,
            of_field(HEADS, kind, name) or name,
            str(given.get(name, "")),
            _sort(hints[name]),
            help=meaning(kind, name),
            example=of_field(EXAMPLES, kind, name),
            required=name in needed,
            further=name == "replaces",
        )
        yield _offering(made, marks.get(name), claims, required=name in needed)


def _sort(hint: Any) -> str:
    """What sort of field takes a value."""
    plain = (
        next((each for each in get_args(hint) if each is not type(None)), hint)
        if type(None) in get_args(hint)
        else hint
    )
    if plain in (list[str], list[int], dict[str, str]):
        return "lines"
    return {"date": "date", "int": "number"}.get(getattr(plain, "__name__", ""), "text")


def _offering(field: Field, mark: Marked | None, claims: Claims, *, required: bool) -> Field:
    """A field with what may be chosen or is suggested for it (rule 3)."""
    if field.name == "release":
        return replace(field, suggestions=[Choice(EVERYBODY, _("all parties")), *_parties()])
    own = mark.own if mark is not None else None
    if isinstance(own, OneOf) and field.kind == "text":
        blank = [] if required else [Choice("", "")]
        return replace(field, choices=[*blank, *(Choice(each, worded(each)) for each in own.words)])
    if isinstance(own, Names):
        return replace(field, suggestions=_things(claims, own))
    if own == PARTY:
        return replace(field, suggestions=_parties())
    if isinstance(own, Introduces):
        return replace(field, suggestions=[])
    return field


def _things(claims: Claims, mark: Names) -> Sequence[Choice]:
    found = [mark_text(mark, sort, code) for sort in mark.sorts for code in codes(claims, sort)]
    return [Choice(each, each) for each in found[:SHOWN_OF_A_SORT]]


def mark_text(mark: Names, sort: str, code: str) -> str:
    """How a thing is written in a field with such a mark."""
    return f"{sort}:{code}" if len(mark.sorts) > 1 else code


def _parties() -> list[Choice]:
    rows = Party.objects.order_by("code").values_list("code", "name")
    return [Choice(code, f"{code}: {name}") for code, name in rows]


def room_kinds() -> list[str]:
    """The kinds that this form states, in order."""
    return [each for each in KINDS if each.startswith(f"{ROOM}.")]
