"""What one enters about material, each declared once: its words, its fields, the statements that it makes.

The statements are those of `accounting.operations`, as on the command line. A field is needed where the statement
cannot be made without it; everything else the rules judge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from openmpca.accounting import accounts, operations
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.pages.fields import FURTHER
from openmpca.accounting.pages.knowing import Scene
from openmpca.accounting.pages.typed import Typed, wrong
from openmpca.accounting.statements import Change, Exchange, Placement
from openmpca.nuclear.changes import ACCOUNT_GROUPS
from openmpca.record.reading import stored
from openmpca.record.record import Refused
from openmpca.record.statements import Statement

Make = Callable[[Typed, Scene], Sequence[Statement]]
Hows = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One thing that people enter: where, in which words, the codes it states, its fields, how it is stated.

    ``hows`` are the answers of a field of that name; ``pots`` the accounts whose batches are offered.
    """

    path: str
    title: Any
    lead: Any
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    make: Make
    needed: frozenset[str] = frozenset({"batch"})
    further: tuple[str, ...] = FURTHER
    hows: Hows | None = None
    pots: tuple[str, ...] = (MAIN,)


def _more(typed: Typed, names: Sequence[str] = FURTHER) -> dict[str, Any]:
    return typed.given(names)


def _moved(typed: Typed) -> dict[str, int] | None:
    return typed.weights(items=typed.number("items"))


def _read(typed: Typed) -> None:
    """What could not be read is told before the book is asked."""
    typed.must_be_read()


def _receive(typed: Typed, scene: Scene) -> Sequence[Statement]:
    shipment, day, measured = typed.number("shipment"), typed.day(), typed.weights("measured")
    data, items, more = (
        typed.weights(needed=shipment is None),
        typed.number("items"),
        _more(typed, (*FURTHER, "shipper_batch")),
    )
    batch = typed.text("batch", needed=shipment is None)
    sender = typed.text("counterpart", needed=shipment is None)
    if items is not None:
        more["items"] = items
    _read(typed)
    if shipment is not None:
        if scene.shipped(shipment) is None:
            raise Refused([wrong(_("No shipment %(number)s comes to this area.") % {"number": shipment}, "shipment")])
        lot = {"weights": operations.grams(data)} if data else {}
        return operations.receive_with_measurement(
            shipment, day, scene.view, batch=batch, measured=measured, **lot, **more
        )
    home = operations.at_home(sender, scene.view)
    receiving = operations.receive_before_its_shipment if home else operations.receive_from_abroad
    return receiving(scene.mba, batch, sender, day, data or {}, measured=measured, **more)


def _ship(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, to, day = typed.text("batch", needed=True), typed.text("counterpart", needed=True), typed.day()
    moved, more = _moved(typed), _more(typed)
    _read(typed)
    return operations.ship(scene.mba, batch, to, day, scene.view, weights=moved, **more)


def _takes_off(how: str = "") -> Make:
    """Off the inventory, or back to it: in one way, or in the way that the field ``how`` says."""

    def make(typed: Typed, scene: Scene) -> Sequence[Statement]:
        batch, day, moved, more = typed.text("batch", needed=True), typed.day(), _moved(typed), _more(typed)
        chosen = how or typed.text("how", needed=True)
        _read(typed)
        if chosen in operations.GOES:
            return operations.take_off(chosen, scene.mba, batch, day, scene.view, weights=moved, **more)
        if chosen in operations.RETURNS:
            return operations.bring_back(chosen, scene.mba, batch, day, scene.view, weights=moved, **more)
        raise Refused([wrong(_("%(how)s is none of those offered.") % {"how": chosen}, "how")])

    return make


def _gain(typed: Typed, scene: Scene) -> Sequence[Statement]:
    return _change_of("GA", typed, scene)


def _any(typed: Typed, scene: Scene) -> Sequence[Statement]:
    return _change_of(typed.text("code", needed=True), typed, scene)


def _change_of(code: str, typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, day, moved = typed.text("batch", needed=True), typed.day(), typed.weights(needed=True)
    more = _more(typed, (*FURTHER, "items", "counterpart", "shipper_batch", "parents", "reference_date"))
    _read(typed)
    weights = operations.grams(moved or {})
    return [Change(day=day, mba=scene.mba, code=code, batch=batch, weights=weights, **more)]


def _discharge(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, day = typed.text("batch", needed=True), typed.day()
    after, more = typed.weights("after", needed=True), _more(typed)
    _read(typed)
    return operations.discharge(scene.mba, batch, after or {}, day, scene.view, **more)


def _decay(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, since, day = typed.text("batch", needed=True), typed.day("since"), typed.day()
    typed.text("since", needed=True)
    grown, more = typed.names("grown"), _more(typed)
    _read(typed)
    return operations.decay(scene.mba, batch, since, day, scene.view, grown=grown, **more)


def _split(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, parts, day, more = typed.text("batch", needed=True), typed.parts(), typed.day(), _more(typed)
    _read(typed)
    return operations.split(scene.mba, batch, parts, day, scene.view, **more)


def _merge(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batches, into = typed.names("batches", needed=True), typed.text("into", needed=True)
    day, more = typed.day(), _more(typed)
    _read(typed)
    return operations.merge(scene.mba, batches, into, day, scene.view, **more)


def _rename(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, into = typed.text("batch", needed=True), typed.text("into", needed=True)
    day, more = typed.day(), _more(typed)
    _read(typed)
    return operations.rebatch(scene.mba, batch, into, day, scene.view, **more)


def _measure(typed: Typed, scene: Scene) -> Sequence[Statement]:
    number, day = typed.number("receipt", needed=True), typed.day()
    measured, more = typed.weights("measured", needed=True), _more(typed)
    _read(typed)
    try:
        receipt = stored(number or 0).statement
    except KeyError:
        receipt = None
    if not isinstance(receipt, Change) or receipt.code not in ("RD", "RF") or receipt.mba != scene.mba:
        raise Refused([wrong(_("Statement %(number)s is no receipt of this area.") % {"number": number}, "receipt")])
    found = operations.difference(receipt, measured)
    if not found:
        raise Refused([wrong(_("The measurement is what the shipper gave: nothing differs."), "measured")])
    return [msgspec.structs.replace(each, day=day, **more) for each in found]


def _move(typed: Typed, scene: Scene) -> Sequence[Statement]:
    batch, place, day = typed.text("batch", needed=True), typed.text("place", needed=True), typed.day()
    more = _more(typed, ("kmp", "item_numbers", "seals", "note"))
    _read(typed)
    return [Placement(day=day, mba=scene.mba, batch=batch, place=place, **more)]


def _exchange(typed: Typed, scene: Scene) -> Sequence[Statement]:
    given, taken = typed.text("given", needed=True), typed.text("taken", needed=True)
    moved, day, more = typed.weights(needed=True), typed.day(), _more(typed, ("document", "note"))
    _read(typed)
    weights = operations.grams(moved or {})
    return [Exchange(day=day, mba=scene.mba, given=given, taken=taken, weights=weights, **more)]


def _pots(code: str) -> tuple[str, ...]:
    return accounts.group(ACCOUNT_GROUPS[code])


_MOVED: Final = ("batch", "day", "weights", "items")
_NEW: Final = frozenset({"batch", "weights"})

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "receive",
        later("Receive"),
        later("On the shipper's data. What you measured yourself is stated beside it as a difference."),
        ("RD", "RF"),
        ("shipment", "batch", "counterpart", "shipper_batch", "day", "weights", "items", "measured"),
        _receive,
        frozenset(),
    ),
    Operation(
        "ship",
        later("Ship"),
        later("A batch, or some of it, leaves for another area or another State."),
        ("SD", "SF"),
        ("batch", "counterpart", "day", "weights", "items"),
        _ship,
        frozenset({"batch", "counterpart"}),
    ),
    Operation(
        "measure",
        later("Measure a receipt"),
        later("What you measured after the receipt: the difference to the shipper's data (DI)."),
        ("DI",),
        ("receipt", "day", "measured"),
        _measure,
        frozenset({"receipt", "measured"}),
    ),
    Operation(
        "produce",
        later("Nuclear loss and production"),
        later("From the weights after irradiation follow loss, production and change of category."),
        ("LN", "NP"),
        ("batch", "day", "after"),
        _discharge,
        frozenset({"batch", "after"}),
    ),
    Operation(
        "decay",
        later("Loss by decay"),
        later("What a batch lost by radioactive decay since the day for which its weights hold."),
        ("LN",),
        ("batch", "since", "day", "grown"),
        _decay,
        frozenset({"batch", "since"}),
    ),
    Operation(
        "split",
        later("Split"),
        later("New batches out of one; what is not given to them stays where it is."),
        ("RM", "RP"),
        ("batch", "parts", "day"),
        _split,
        frozenset({"batch", "parts"}),
    ),
    Operation(
        "merge",
        later("Merge"),
        later("All that several batches hold becomes one."),
        ("RM", "RP"),
        ("batches", "into", "day"),
        _merge,
        frozenset({"batches", "into"}),
    ),
    Operation(
        "rename",
        later("Give a batch another identifier"),
        later("All that it holds goes on under the new one."),
        ("RM", "RP"),
        ("batch", "into", "day"),
        _rename,
        frozenset({"batch", "into"}),
    ),
    Operation(
        "move",
        later("Move"),
        later("A batch now stands at another place of the same area. No mass changes."),
        (),
        ("batch", "place", "day"),
        _move,
        frozenset({"batch", "place"}),
        further=("kmp", "item_numbers", "seals", "note"),
    ),
    Operation(
        "discard",
        later("Discard or terminate"),
        later("Material leaves the inventory for good: measured and discarded, or no longer under safeguards."),
        ("LD", "TU"),
        ("how", *_MOVED),
        _takes_off(),
        frozenset({"batch", "how"}),
        hows={"discard": later("LD measured discard"), "terminate": later("TU termination of safeguards")},
    ),
    Operation(
        "waste",
        later("Retained waste"),
        later("To retained waste, or back from it."),
        ("TW", "FW"),
        ("how", *_MOVED),
        _takes_off(),
        frozenset({"batch", "how"}),
        hows={"retain": later("TW to retained waste"), "retrieve": later("FW back from retained waste")},
        pots=(MAIN, *_pots("FW")),
    ),
    Operation(
        "exempt",
        later("Exempt"),
        later("Material is exempted from safeguards, or comes under them again."),
        ("EU", "EQ", "DU", "DQ"),
        ("how", *_MOVED),
        _takes_off(),
        frozenset({"batch", "how"}),
        hows={
            "exempt-use": later("EU exempted for its use"),
            "exempt-quantity": later("EQ exempted as a small quantity"),
            "de-exempt-use": later("DU under safeguards again, use"),
            "de-exempt-quantity": later("DQ under safeguards again, quantity"),
        },
        pots=(MAIN, *_pots("DU"), *_pots("DQ")),
    ),
    Operation(
        "lose",
        later("Accidental loss"),
        later("Known material is lost: what and how much."),
        ("LA",),
        _MOVED,
        _takes_off("lose"),
    ),
    Operation(
        "gain",
        later("Accidental gain"),
        later("Material is found that no record explains."),
        ("GA",),
        _MOVED,
        _gain,
        _NEW,
    ),
    Operation(
        "exchange",
        later("Exchange obligations"),
        later("Material of one set of obligations becomes that of another. Nothing moves; it takes two persons."),
        (),
        ("given", "taken", "day", "weights"),
        _exchange,
        frozenset({"given", "taken", "weights"}),
        further=("document", "note"),
    ),
    Operation(
        "change",
        later("Any other change"),
        later("One inventory change with all its fields."),
        (),
        ("code", *_MOVED, "counterpart", "shipper_batch", "parents", "reference_date"),
        _any,
        _NEW | {"code"},
    ),
)
