"""The forms by which people enter what happened to material: one page for each operation, and the page of them all.

Rules kept here:

1. A form stands in one area; who may enter in several chooses it first. An area that may not be read is as none.
2. A form knows what its area is allowed, what it holds and where (`knowing`); what each field means is told at it.
3. Checking, stating, drafts: see `stating`.
"""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import operations
from openmpca.accounting.pages.correcting import texts_of
from openmpca.accounting.pages.fields import field
from openmpca.accounting.pages.knowing import Scene, areas, bases, weight_parts
from openmpca.accounting.pages.operations import OPERATIONS, Operation
from openmpca.accounting.pages.stating import Entry, Texts, answer, where_seen
from openmpca.accounting.pages.typed import Typed
from openmpca.accounting.statements import Change, Mba
from openmpca.pages.blocks import LINKS, Button, Choice, Field, Form, Link, Page, Table, Text
from openmpca.pages.routes import ROUTES, Asking, Go, NotFound, Open, Sent, address, page, place
from openmpca.record import clock
from openmpca.record.reading import stored
from openmpca.record.statements import Statement

_WEIGHTS = ("weights", "measured", "after")


@page("accounting/enter", title=gettext_lazy("Enter what happened"), needs=Open.READER, menu=15)
def enter(asking: Asking) -> Page:
    """All that can be entered, each with its form."""
    rows = [
        {
            "what": str(each.title),
            "codes": ", ".join(each.codes),
            "means": str(each.lead),
            LINKS: {"what": address(f"accounting/{each.path}")},
        }
        for each in OPERATIONS
    ]
    heads = {"what": _("What"), "codes": _("Codes"), "means": _("What it states")}
    ways = [
        Link(_("As last month"), address("accounting/again")),
        Link(_("Your drafts"), address("drafts")),
        *([Link(_("Bring in a table"), address("accounting/import"))] if "accounting/import" in ROUTES else []),
    ]
    return Page(_("Enter what happened"), [Table(rows, heads, name="operations")], links=ways)


def _declared(operation: Operation) -> Callable[..., Page | Go]:
    def entering(
        asking: Asking,
        mba: str = "",
        batch: str = "",
        shipment: int | None = None,
        receipt: int | None = None,
        like: int | None = None,
        draft: int | None = None,
        sent: Sent | None = None,
    ) -> Page | Go:
        area = _area(asking, operation, mba or str((sent or {}).get("mba", "")))
        if area is None:
            return _which_area(asking, operation)
        given = {"batch": batch, "shipment": str(shipment or ""), "receipt": str(receipt or "")}
        begin = {name: text for name, text in given.items() if text and name in operation.fields}
        begin |= _like(operation, area, like) if like is not None else {}
        return answer(asking, _entry(asking, operation, area, begin), sent, draft)

    entering.__qualname__ = f"entering_{operation.path}"
    entering.__doc__ = str(operation.lead)
    return entering


def _like(operation: Operation, area: Mba, number: int) -> dict[str, str]:
    """What an earlier change of the area says, but for its day, to be entered again."""
    try:
        found = stored(number).statement if 0 <= number < 1 << 62 else None
    except KeyError:
        found = None
    if not isinstance(found, Change) or found.mba != area.code:
        raise NotFound(_("There is no change %(number)s of this area.") % {"number": number})
    return as_before(operation, found)


def as_before(operation: Operation, found: Change) -> dict[str, str]:
    """What a change says that an operation takes, but for its day, its items and seals."""
    names = {*operation.fields, *operation.further} - {"day", "after_cutoff", "item_numbers", "seals"}
    return {name: text for name, text in texts_of(found).items() if text and name.partition(":")[0] in names}


def _area(asking: Asking, operation: Operation, mba: str) -> Mba | None:
    """The area that is named, or the only one there is."""
    found = areas(asking) if mba else areas(asking, operation.codes)
    if not mba:
        return found[0] if len(found) == 1 else None
    asking.must_cover("mba", mba)
    named = [each for each in found if each.code == mba]
    if not named:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba})
    return named[0]


def _which_area(asking: Asking, operation: Operation) -> Page:
    """The question in which area it happened."""
    above = [Link(_("Enter what happened"), address("accounting/enter"))]
    found = [Choice(each.code, f"{each.code} {each.name}") for each in areas(asking, operation.codes)]
    if not found:
        return Page(str(operation.title), [Text(_("There is no area in which you could enter this."))], above=above)
    kept = [
        Field(name, "", str(value), "hidden")
        for name, value in asking.request.GET.items()
        if name in ("batch", "shipment", "receipt", "draft")
    ]
    asked = Form(
        [field("mba", choices=found, required=True), *kept],
        [Button(_("Go on"), main=True)],
        address(f"accounting/{operation.path}"),
        "get",
        "area",
    )
    return Page(str(operation.title), [asked], str(operation.lead), above=above)


def _entry(asking: Asking, operation: Operation, area: Mba, begin: Texts) -> Entry:
    today = clock.day(clock.now_us())

    def make(typed: Typed) -> Sequence[Statement]:
        return operation.make(typed, Scene(asking, area, typed.day()))

    def fields(texts: Texts) -> list[Field]:
        scene = Scene(asking, area, Typed(texts).day())
        return [_field(operation, scene, name, texts) for name in operation.fields] + [
            _field(operation, scene, name, texts, further=True) for name in operation.further
        ]

    def after(made: Sequence[Statement]) -> str:
        return where_seen(area.code, str(getattr(made[0], "batch", "")))

    titles = {"what": str(operation.title), "mba": area.code}
    return Entry(
        title=_("%(what)s · %(mba)s") % titles,
        address=address(f"accounting/{operation.path}", mba=area.code),
        fields=fields,
        make=make,
        after=after,
        lead=str(operation.lead),
        begin={"day": today.isoformat(), **begin},
        above=[Link(_("Enter what happened"), address("accounting/enter"))],
    )


def _field(operation: Operation, scene: Scene, name: str, texts: Texts, further: bool = False) -> Field:
    value, needed = texts.get(name, ""), name in operation.needed
    if name in _WEIGHTS:
        held = _known_weights(operation, scene, texts)
        keys = scene.keys(list(held))
        return field(name, required=needed, parts=weight_parts(name, keys, texts, held))
    return field(
        name,
        value,
        required=needed,
        choices=_choices(operation, scene, name),
        suggestions=_suggestions(operation, scene, name),
        further=further,
    )


def _known_weights(operation: Operation, scene: Scene, texts: Texts) -> Mapping[str, int]:
    """What the batch holds, or the shipment or receipt that is named gives."""
    typed = Typed(texts)
    if "shipment" in operation.fields:
        shipped = scene.shipped(typed.number("shipment"))
        return operations.micrograms(shipped.weights) if shipped else {}
    if "receipt" in operation.fields:
        return _of_receipt(scene, typed.number("receipt"))
    return scene.held(typed.text("batch"), operation.pots)


def _of_receipt(scene: Scene, number: int | None) -> Mapping[str, int]:
    try:
        found = stored(number).statement if number is not None else None
    except KeyError:
        return {}
    weights = getattr(found, "weights", {}) if getattr(found, "mba", "") == scene.mba else {}
    return operations.micrograms(weights)


def _choices(operation: Operation, scene: Scene, name: str) -> list[Choice]:
    if name == "how" and operation.hows:
        return [Choice("", ""), *(Choice(how, str(text)) for how, text in operation.hows.items())]
    if name == "code":
        return [Choice("", ""), *scene.codes()]
    if name == "shipment":
        return [Choice("", _("none of our own State")), *scene.shipments()]
    return bases() if name == "basis" else []


def _suggestions(operation: Operation, scene: Scene, name: str) -> list[Choice]:
    if name == "batch" and operation.path not in ("receive", "gain", "change"):
        return scene.batches(operation.pots)
    known = {"counterpart": scene.others, "kmp": scene.kmps, "place": scene.places}
    return known[name]() if name in known else []


for _each in OPERATIONS:
    page(f"accounting/{_each.path}", title=_each.title, needs=place("mba"))(_declared(_each))
