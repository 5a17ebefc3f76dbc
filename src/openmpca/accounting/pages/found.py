"""The form of one batch at a physical inventory: as booked but for what is typed, a correction where it is taken in.

Rule kept here: what stands in a field as the book expects it tells nothing; weights are told all together, since a
weight that is left out was not found.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting.inventory.fields import apart
from openmpca.accounting.inventory.progress import Line, Progress
from openmpca.accounting.pages import taken
from openmpca.accounting.statements import Listed
from openmpca.pages import acting
from openmpca.pages.blocks import Button, Facts, Field, Form, Page
from openmpca.pages.routes import Asking, Sent
from openmpca.problems import Problem

WEIGHT: Final = "weight:"
BOOKED: Final = ("kmp", "description", "method", "uncertainty")
"""Fields that are as booked where they are blank."""
TEXTS: Final = ("place", "reason", "note")
LISTS: Final = ("item_numbers", "seals")


def asked_line(
    asking: Asking,
    progress: Progress,
    known: Line | None,
    batch: str,
    sent: Sent,
    problems: Sequence[Problem] = (),
    wrong: acting.Unfit | None = None,
) -> Page:
    """The page that asks what was found of a batch."""
    of = progress.inventory
    fields = [*_fields(known, batch, sent, wrong), *acting.fields(asking, sent, problems)]
    form = Form(fields, [Button(_("Take in"), main=True)], name="line")
    title = _("%(batch)s at the physical inventory of %(mba)s on %(day)s") if batch else _("A batch not on the list")
    told = {"batch": batch, "mba": of.mba, "day": of.day}
    facts = [Facts(_booked(known), name="booked", caption=_("As it stands"))] if known is not None else []
    return Page(title % told if batch else title, [*facts, form], above=taken.above(asking, of))


def _booked(known: Line) -> dict[str, object]:
    line = known.told
    facts: dict[str, object] = {
        _("State"): taken.state(known),
        _("KMP"): line.kmp,
        _("Place"): line.place,
        _("Description"): line.description,
        _("Items"): line.items,
        _("Item numbers"): line.item_numbers,
        _("Seals"): line.seals,
        _("Basis"): line.basis,
    }
    return facts | {f"{key}, g": text for key, text in line.weights.items()}


def _fields(known: Line | None, batch: str, sent: Sent, wrong: acting.Unfit | None) -> Iterator[Field]:
    stood = known.told if known is not None else None
    texts = _standing(stood) | _not_as_booked(known)
    errors = {wrong.name: str(wrong)} if wrong else {}

    def typed(name: str) -> str:
        return str(sent.get(name, "")) if sent else texts.get(name, "")

    if not batch:
        yield Field("batch", _("Batch"), typed("batch"), required=True)
    if known is not None and known.found is not None:
        yield Field("reason", _("Why it is corrected"), typed("reason"), required=True)
    keys = list(stood.weights) if stood is not None else []
    if keys:
        parts = [Field(WEIGHT + key, f"{key}, g", typed(WEIGHT + key)) for key in keys]
        yield Field("weights", _("Weights found"), parts=parts)
    yield Field(
        "more",
        _("Further weights, one a line") if keys else _("Weights, one a line"),
        typed("more"),
        "lines",
        help=_("The weight key, = and the grams."),
        example="E/U235=197.0",
        error=errors.get("more", ""),
        further=bool(keys),
    )
    yield Field("items", _("Items"), typed("items"), "number", error=errors.get("items", ""))
    several = _("Set apart by semicolons.")
    yield Field("item_numbers", _("Item numbers"), typed("item_numbers"), help=several)
    yield Field("seals", _("Seals"), typed("seals"), help=several)
    yield Field("place", _("Place"), typed("place"))
    yield Field("measured", _("It was measured here"), typed("measured"), "checkbox")
    yield from _further(typed, errors)


def _further(typed: Callable[[str], str], errors: dict[str, str]) -> Iterator[Field]:
    blank = _("Blank: as booked.")
    yield Field("kmp", _("Key measurement point"), typed("kmp"), help=blank, further=True)
    source = "Code 10, 430"
    yield Field("description", _("Material description"), typed("description"), help=blank, source=source, further=True)
    yield Field("method", _("Method of measurement"), typed("method"), help=blank, further=True)
    yield Field("uncertainty", _("Uncertainty"), typed("uncertainty"), help=blank, example="5 %", further=True)
    yield Field("holdup", _("It is hold-up"), typed("holdup"), "checkbox", further=True)
    day = _("Where it was counted on another day than that of the cut-off.")
    wrong = errors.get("counted", "")
    yield Field("counted", _("Counted on"), typed("counted"), "date", help=day, error=wrong, further=True)
    yield Field("note", _("Note"), typed("note"), further=True)


def _standing(line: Listed | None) -> dict[str, str]:
    """What the fields of a line hold, as texts."""
    if line is None:
        return {}
    found = {WEIGHT + key: text for key, text in line.weights.items()}
    found["place"] = line.place
    found |= {name: "; ".join(getattr(line, name)) for name in LISTS}
    return found | {"items": str(line.items or ""), "holdup": "yes" if line.holdup else ""}


def _not_as_booked(known: Line | None) -> dict[str, str]:
    """What was taken in otherwise than booked, of the fields that are blank where it was not."""
    if known is None or known.found is None:
        return {}
    told = {name: (getattr(known.found, name), getattr(known.expected, name, "")) for name in BOOKED}
    return {name: found for name, (found, expected) in told.items() if found != expected}


def told_of(known: Line | None, sent: Sent) -> tuple[dict[str, object], bool]:
    """What a form tells of a batch beside what is expected, and whether it was measured. Raises `acting.Unfit`."""
    expected = known.expected if known is not None else None
    stood = _standing(expected)
    said = {name: str(value).strip() for name, value in sent.items()}
    told: dict[str, object] = {}
    for name in (*TEXTS, *LISTS):
        if name in said and said[name] != stood.get(name, ""):
            told[name] = apart(said[name]) if name in LISTS else said[name]
    told |= {name: said[name] for name in BOOKED if said.get(name)}
    if said.get("items", "") != stood.get("items", ""):
        told["items"] = _whole(said.get("items", ""))
    weights = _weights(said)
    if weights != (dict(expected.weights) if expected is not None else {}):
        told["weights"] = weights
    if bool(said.get("holdup")) != bool(stood.get("holdup")):
        told["holdup"] = bool(said.get("holdup"))
    if said.get("counted"):
        told["counted"] = acting.day(sent, "counted")
    if known is not None and known.statement is not None:
        told["corrects"] = known.statement
    return told, bool(said.get("measured"))


def _weights(said: dict[str, str]) -> dict[str, str]:
    """The weights told, by key."""
    typed = {name.removeprefix(WEIGHT): text for name, text in said.items() if name.startswith(WEIGHT) and text}
    for each in said.get("more", "").splitlines():
        key, equals, grams = each.partition("=")
        if each.strip() and not equals:
            raise acting.Unfit("more", _("'%(line)s' does not read KEY=GRAMS.") % {"line": each})
        if each.strip():
            typed[key.strip()] = grams.strip()
    return typed


def _whole(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise acting.Unfit("items", _("'%(text)s' is no number of items.") % {"text": text})
    return int(text or 0)
