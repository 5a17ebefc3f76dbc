"""Verbs that move material: receive, ship, rebatch, discharge, move; and those that put right what was stated."""

from collections.abc import Mapping
from datetime import date

import msgspec

from openmpca.accounting.statements import Change, Deletion, Placement
from openmpca.demonstration.playing import Playing, change_of, made_of
from openmpca.demonstration.verb import Fields, Verb, Weights
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.nuclear.transformation import transformation
from openmpca.record.reading import by_kind, stored
from openmpca.record.statements import Statement


class Receive(Verb, frozen=True):
    """Receipts, booked on the shipper's data; ``measured`` gives what the receiver found, which makes a difference
    (DI).

    ``shipped`` names the shipments of a block, whose data are taken over; else ``each`` gives batch and weights. From
    another State (``counterpart`` in another country) it is RF, else RD.
    """

    makes = Change
    each_of = ("each",)

    shipped: list[int] = []
    each: list[Fields] = []
    measured: dict[str, Weights] = {}
    code: str = ""

    def play(self, playing: Playing, shared: Fields) -> None:
        """State receipts and differences in one act."""
        received = [_as_shipped(number, shared) for number in self.shipped] or self.each
        receipts, differences = list[Statement](), list[Statement]()
        for one in received:
            code = self.code or ("RD" if self.shipped else "RF")
            receipt = made_of(Change, {"basis": "N"}, shared, one, code=code)
            assert isinstance(receipt, Change)  # noqa: S101  made_of gives the struct it is asked for
            receipts.append(receipt)
            if (found := self.measured.get(receipt.batch)) and (less := _less(receipt.weights, found)):
                differences.append(_difference(receipt, less))
        playing.state([*receipts, *differences])


def _as_shipped(number: int, shared: Fields) -> Fields:
    shipment = change_of(number)
    own = stored(_own_country()).fields["code"]
    return {
        "batch": shipment.batch,
        "shipper_batch": shipment.name or shipment.batch,
        "weights": shipment.weights,
        "items": shipment.items,
        "description": shipment.description,
        "item_numbers": shipment.item_numbers,
        "seals": shipment.seals,
        "obligation": shipment.obligation,
        "counterpart": f"{own}/{shipment.mba}",
        "shipment": number,
    }


def _own_country() -> int:
    """The statement that registered the own State."""
    return next(each.number for each in by_kind("accounting.country") if each.fields.get("own"))


def _less(booked: Weights, found: Weights) -> Weights:
    gone = {key: parse_grams(text) - parse_grams(found.get(key, text)) for key, text in booked.items()}
    return {key: format_grams(ug) for key, ug in gone.items()} if any(gone.values()) else {}


def _difference(receipt: Change, weights: Weights) -> Change:
    return msgspec.structs.replace(
        receipt,
        code="DI",
        weights=weights,
        items=0,
        basis="M",
        counterpart="",
        shipper_batch="",
        shipment=None,
        item_numbers=[],
        seals=[],
        obligation="",
    )


class Ship(Verb, frozen=True):
    """Whole ``batches`` leave as they stand on the book, or ``each`` says how much of which. Abroad (``abroad``) it
    is SF.
    """

    makes = Change
    each_of = ("each",)

    batches: list[str] = []
    each: list[Fields] = []
    abroad: bool = False

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the shipments in one act."""
        held = playing.held(shared["mba"], shared["day"]) if self.batches else {}
        given = [*({"batch": batch, **_whole(*held[batch])} for batch in self.batches), *self.each]
        code = "SF" if self.abroad else "SD"
        playing.state([made_of(Change, {"basis": "T"}, shared, one, code=code) for one in given])


def _whole(weights: Mapping[str, int], items: int) -> Fields:
    return {"weights": {key: format_grams(ug) for key, ug in weights.items()}, "items": items}


class Rebatch(Verb, frozen=True):
    """Material goes from the batches of ``out`` into those of ``into``: RM and RP, the same mass on both sides."""

    makes = Change
    each_of = ("out", "into")

    out: list[Fields]
    into: list[Fields]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State decreases and increases in one act; the new batches name the ones they come from."""
        parents = [one["batch"] for one in self.out]
        less = [made_of(Change, {"basis": "T"}, shared, one, code="RM") for one in self.out]
        more = [made_of(Change, {"basis": "M", "parents": parents}, shared, one, code="RP") for one in self.into]
        playing.state([*less, *more])


class Discharge(Verb, frozen=True):
    """Irradiated batches: ``each`` gives what is left (``after``); nuclear loss and production follow from the book
    before.

    They then stand at ``to_place``, when that is said.
    """

    makes = Change
    each_of = ("each",)

    each: list[Fields]
    to_place: str = ""

    def play(self, playing: Playing, shared: Fields) -> None:
        """State loss, production and the new place in one act."""
        mba, day = shared["mba"], shared["day"]
        held = playing.held(mba, day)
        changes, moves = list[Statement](), list[Statement]()
        for one in self.each:
            weights, items = held[one["batch"]]
            after = {key: parse_grams(text) for key, text in one["after"].items()}
            for due in transformation(weights, after, day):
                written = {key: format_grams(ug) for key, ug in due.weights.items()}
                own = {key: value for key, value in one.items() if key != "after"}
                changes.append(
                    made_of(Change, {"basis": "M"}, shared, own, code=due.code, weights=written, items=items)
                )
            if self.to_place:
                moves.append(Placement(day=day, mba=mba, batch=one["batch"], place=self.to_place))
        playing.state([*changes, *moves])


class Move(Verb, frozen=True):
    """Batches of an area now stand at another place of it; no mass changes."""

    day: date
    mba: str
    batches: list[str]
    place: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the placements in one act."""
        playing.state([Placement(day=self.day, mba=self.mba, batch=batch, place=self.place) for batch in self.batches])


class Correct(Verb, frozen=True):
    """Statement ``of`` is replaced by one that differs ``to`` what is right, for a ``reason``."""

    of: int
    to: Fields
    reason: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the correction, of the same kind as what it corrects."""
        old = stored(self.of)
        kept = {**old.fields, "reported": ""} if "reported" in old.kind.struct.__struct_fields__ else old.fields
        playing.state([made_of(old.kind.struct, kept, self.to, corrects=self.of, reason=self.reason)])


class Delete(Verb, frozen=True):
    """Statement ``of`` should not have been stated, for a ``reason``."""

    of: int
    reason: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the deletion."""
        mba = str(stored(self.of).fields["mba"])
        playing.state([Deletion(day=playing.today, mba=mba, corrects=self.of, reason=self.reason)])
