"""The correction wizard: a statement as it stands, its fields to be changed, what that does; deletion likewise.

Rules kept here:

1. Nothing is edited: a correction is a statement of the same kind that names the one it replaces, with a reason.
2. Only what was changed is changed. What was cleared is not given any more.
3. Before anything is stated one sees the balances before and after, the MUF of closed periods that moves, the report
   entries that it makes due, and the corrections that it makes due on the other side of a shipment.
4. A statement beyond the reach of who asks, and one that cannot be corrected so, answer alike: there is none.

Source: Code 10, label 309; `accounting.operations`, rule 4.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import operations
from openmpca.accounting.batch_history import fate
from openmpca.accounting.pages.fields import FURTHER, WORDS, field
from openmpca.accounting.pages.heads import HEADS, heads
from openmpca.accounting.pages.knowing import Scene, areas, bases, weight_parts
from openmpca.accounting.pages.stating import Entry, Texts, answer, where_seen
from openmpca.accounting.pages.typed import Typed
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change, Listed
from openmpca.accounting.transit.following import proposed_corrections
from openmpca.pages.blocks import Block, Choice, Facts, Field, Link, Page, Table, Text
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, address, page
from openmpca.record.reading import stored
from openmpca.record.statements import Statement

PAIR: Final = "pair"
_OF_CHANGE: Final = ("day", "code", "batch", "weights", "items", "counterpart", "shipper_batch", "shipment", "parents")
_OF_LINE: Final = ("batch", "weights", "items", "holdup", "counted")
_NEEDED: Final = frozenset({"day", "code", "batch", "reason"})


@page("accounting/correct", title=gettext_lazy("Correct"), needs=Open.READER)
def correct(asking: Asking, number: int, draft: int | None = None, sent: Sent | None = None) -> Page | Go:
    """Correct an inventory change, or a line of a physical inventory."""
    stood = _stood(asking, number)
    begin = texts_of(stood)
    names = [each for each in _names(stood) if each in stood.__struct_fields__]

    def make(typed: Typed) -> Sequence[Statement]:
        found = _corrected(typed, number, begin, names)
        together = [each for each in found.due if _covered(asking, each)] if typed.text(PAIR) else []
        return [found.statement, *together]

    def beside(made: Sequence[Statement]) -> list[Block]:
        return _other_side(asking, made)

    def fields(texts: Texts) -> list[Field]:
        return _fields(asking, stood, names, texts)

    title = _("Correct statement %(number)s") % {"number": number}
    return answer(asking, _entry("correct", title, number, stood, fields, make, begin, beside), sent, draft)


@page("accounting/delete", title=gettext_lazy("Delete"), needs=Open.READER)
def delete(asking: Asking, number: int, draft: int | None = None, sent: Sent | None = None) -> Page | Go:
    """Delete a change or a listed line that should not have been stated."""
    stood = _stood(asking, number)

    def make(typed: Typed) -> Sequence[Statement]:
        reason = typed.text("reason", needed=True)
        typed.must_be_read()
        return operations.delete(number, reason, View.of(operations.LATEST))

    def fields(texts: Texts) -> list[Field]:
        return [field("reason", texts.get("reason", ""), required=True)]

    title = _("Delete statement %(number)s") % {"number": number}
    return answer(asking, _entry("delete", title, number, stood, fields, make, {}), sent, draft)


def _stood(asking: Asking, number: int) -> Change | Listed:
    """The statement, where it is one that is corrected so and within the reach (rule 4)."""
    try:
        found = stored(number).statement if 0 <= number < 1 << 62 else None
    except KeyError:
        found = None
    if not isinstance(found, Change | Listed) or not _covered(asking, found):
        raise NotFound(_("There is no statement %(number)s that you could correct.") % {"number": number})
    return found


def _covered(asking: Asking, each: Change | Listed) -> bool:
    return asking.reach.covers(f"mba:{each.mba}")


def _entry(
    verb: str,
    title: str,
    number: int,
    stood: Change | Listed,
    fields: Callable[[Texts], list[Field]],
    make: Callable[[Typed], Sequence[Statement]],
    begin: Texts,
    beside: Callable[[Sequence[Statement]], list[Block]] = lambda made: [],
) -> Entry:
    other = ("delete", _("Delete it instead")) if verb == "correct" else ("correct", _("Correct it instead"))
    return Entry(
        title=title,
        address=address(f"accounting/{verb}", number=number),
        fields=fields,
        make=make,
        after=lambda made: where_seen(stood.mba, stood.batch),
        begin=begin,
        told=_as_it_stands(number, stood),
        beside=beside,
        above=[
            Link(_("Statement %(number)s") % {"number": number}, address("record/statement", number=number)),
            Link(other[1], address(f"accounting/{other[0]}", number=number)),
        ],
    )


def _as_it_stands(number: int, stood: Change | Listed) -> list[Block]:
    facts = {name: text for name, text in texts_of(stood).items() if text}
    told: list[Block] = [Text(_("It no longer stands: %(fate)s.") % {"fate": fate(number)}, name="fate")]
    return [
        *(told if fate(number) else []),
        Facts({"mba": stood.mba, **facts}, caption=_("As it stands"), name="stands", heads=_said_as(facts)),
    ]


def _said_as(names: Iterable[str]) -> dict[str, str]:
    """What the fields of a statement are called: as in lists, else as in forms; a weight by its key."""
    weights = {name: f"{name.partition(':')[2]}, g" for name in names if name.startswith("weights:")}
    return {name: str(words.label) for name, words in WORDS.items()} | heads(HEADS) | weights


def _names(stood: Change | Listed) -> tuple[str, ...]:
    own = _OF_CHANGE if isinstance(stood, Change) else _OF_LINE
    return (*own, *FURTHER, "reference_date")


def texts_of(stood: Change | Listed) -> dict[str, str]:
    """The fields of a statement as they are typed."""
    found: dict[str, str] = {}
    for name in _names(stood):
        value = getattr(stood, name, None)
        if name == "weights":
            found |= {f"weights:{key}": text for key, text in stood.weights.items()}
        elif isinstance(value, list):
            found[name] = ", ".join(map(str, value))
        elif isinstance(value, bool):
            found[name] = "yes" if value else ""
        else:
            found[name] = "" if value in (None, 0) else str(value)
    return found


def _corrected(typed: Typed, number: int, begin: Texts, names: Sequence[str]) -> operations.Correction:
    reason = typed.text("reason", needed=True)
    changed = _changed(typed, begin, names)
    typed.must_be_read()
    return operations.correct(number, reason, changed, View.of(operations.LATEST))


def _changed(typed: Typed, begin: Texts, names: Sequence[str]) -> dict[str, Any]:
    """The fields that are typed otherwise than they stood; a cleared one has what it has when it is not given."""
    plain = [each for each in names if each != "weights" and typed.text(each) != begin.get(each, "").strip()]
    changed = {**{name: _default(name) for name in plain}, **typed.given(plain)}
    if any(typed.text(each) != begin.get(each, "") for each in {*begin, *typed.texts} if each.startswith("weights:")):
        changed["weights"] = operations.grams(typed.weights(needed=True) or {})
    return changed


def _default(name: str) -> Any:
    for each in (*msgspec.structs.fields(Change), *msgspec.structs.fields(Listed)):
        if each.name == name and not each.required:
            return each.default if each.default is not msgspec.NODEFAULT else []
    return ""


def _fields(asking: Asking, stood: Change | Listed, names: Sequence[str], texts: Texts) -> list[Field]:
    scene = next((Scene(asking, each, stood.day) for each in areas(asking) if each.code == stood.mba), None)
    shown = [field("reason", texts.get("reason", ""), required=True)]
    shown += [_field(scene, stood, name, texts) for name in names]
    if isinstance(stood, Change) and stood.code in ("SD", "RD"):
        label = _("Correct the other side with it, as far as you may")
        shown.append(Field(PAIR, label, texts.get(PAIR, ""), "checkbox", help=_("The receipt and its difference.")))
    return shown


def _field(scene: Scene | None, stood: Change | Listed, name: str, texts: Texts) -> Field:
    value = texts.get(name, "")
    if name == "weights":
        keys = [*stood.weights, *(scene.keys() if scene else [])]
        return field(name, parts=weight_parts(name, keys, texts, {}))
    suggested: Mapping[str, Callable[[], list[Choice]]] = (
        {"kmp": scene.kmps, "place": scene.places, "code": scene.codes} if scene else {}
    )
    return field(
        name,
        value,
        required=name in _NEEDED,
        choices=bases() if name == "basis" else [],
        suggestions=suggested[name]() if name in suggested else [],
        further=name in FURTHER and not value,
    )


def _other_side(asking: Asking, made: Sequence[Statement]) -> list[Block]:
    """The corrections that it makes due on the other side of a shipment, and that are not stated with it."""
    first = made[0]
    due = proposed_corrections(first, View.of(operations.LATEST)) if isinstance(first, Change) else []
    rows = [
        {"mba": each.mba, "code": each.code, "batch": each.batch, "corrects": each.corrects, "weights": each.weights}
        for each in due
        if each not in made and _covered(asking, each)
    ]
    heads = {
        "mba": _("MBA"),
        "code": _("Code"),
        "batch": _("Batch"),
        "corrects": _("Corrects statement"),
        "weights": _("Weights, g"),
    }
    caption = _("Due on the other side")
    return [Table(rows, heads, name="other_side", caption=caption)] if rows else []
