"""The verbs of scenario files: what a block may do, with which fields, and through which command it is done.

Each verb is a struct: its fields are those of the block. `state` takes every kind of statement; the others are the operations
of the accounting room under the names by which an accountant knows them. Fields that a verb does not name itself (``...`` below)
are those of the statements it makes, for all of them; lists such as ``each`` say what differs from one to the next.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Final, get_type_hints

import msgspec

from openmpca.accounting import inventory

from openmpca.accounting.differences import Inventory
from openmpca.accounting.inventory_fields import NO, YES, Row
from openmpca.accounting.reporting import commands as reporting
from openmpca.accounting.statements import Answer, Change, Deletion, Listed, Placement, Sending
from openmpca.accounting.tick_list import expected_lines
from openmpca.demonstration.playing import Playing, call, change_of, made_of
from openmpca.demonstration.reports import make_due
from openmpca.demonstration.scenario import REFERENCE, Block, Checking
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.nuclear.transformation import transformation
from openmpca.record import commands
from openmpca.record.reading import stored
from openmpca.record.statements import KINDS, Founding, Grant, Person, Statement

Fields = dict[str, Any]
Weights = dict[str, str]


class Verb(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all verbs share; ``makes`` is the kind of statement whose fields a block may give for all that it makes."""

    makes: ClassVar[type[Statement] | None] = None
    each_of: ClassVar[tuple[str, ...]] = ()

    def play(self, playing: Playing, shared: Fields) -> None:
        """State what the block says."""
        raise NotImplementedError


class Found(Verb):
    """The record begins: the first party with its first persons, as ``{id, handle, name}``, and the roles they hold."""

    day: date
    party_code: str
    party_name: str
    persons: list[dict[str, str]]
    roles: list[str] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """Found the record as that of a demonstration."""
        founding = Founding(
            day=self.day,
            of_party=self.party_code,
            name=self.party_name,
            persons=[each["id"] for each in self.persons],
            roles=self.roles,
            demonstration=True,
        )
        names = {each["id"]: (each["handle"], each["name"]) for each in self.persons}
        playing.took(commands.found_record(founding, names, when=playing.when))


class People(Verb):
    """Persons of a party are introduced, as ``{id, handle, name, role, scope}``, and get their grants."""

    day: date
    of: str
    persons: list[dict[str, str]]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State persons and grants in one act, and keep their names beside the record."""
        known: list[Statement] = [Person(day=self.day, person=each["id"], of=self.of) for each in self.persons]
        grants: list[Statement] = [
            Grant(day=self.day, person=each["id"], for_party=self.of, role=each["role"], scope=each.get("scope", "*"))
            for each in self.persons
            if each.get("role")
        ]
        playing.state([*known, *grants])
        call((each["id"], each["handle"], each["name"]) for each in self.persons)


class State(Verb):
    """Any kind of statement (``kind``, the room's name may be left out); its fields, and ``each`` for several."""

    kind: str
    each: list[Fields] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """State them in one act."""
        struct = KINDS[kind_named(self.kind)].struct
        playing.state([made_of(struct, shared, one) for one in self.each or [{}]])


class Receive(Verb):
    """Receipts, booked on the shipper's data; ``measured`` gives what the receiver found, which makes a difference (DI).

    ``shipped`` names the shipments of a block, whose data are taken over; else ``each`` gives batch and weights. From another
    State (``counterpart`` in another country) it is RF, else RD.
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
    own = stored(stored_country()).fields["code"]
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


def stored_country() -> int:
    """The statement that registered the own State."""
    from openmpca.record.reading import by_kind

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


class Ship(Verb):
    """Whole ``batches`` leave as they stand on the book, or ``each`` says how much of which. Abroad (``abroad``) it is SF."""

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


class Rebatch(Verb):
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


class Discharge(Verb):
    """Irradiated batches: ``each`` gives what is left (``after``); nuclear loss and production follow from the book before.

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


class Move(Verb):
    """Batches of an area now stand at another place of it; no mass changes."""

    day: date
    mba: str
    batches: list[str]
    place: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the placements in one act."""
        playing.state([Placement(day=self.day, mba=self.mba, batch=batch, place=self.place) for batch in self.batches])


class Correct(Verb):
    """Statement ``of`` is replaced by one that differs ``to`` what is right, for a ``reason``."""

    of: int
    to: Fields
    reason: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the correction, of the same kind as what it corrects."""
        old = stored(self.of)
        kept = {**old.fields, "reported": ""} if "reported" in old.kind.struct.__struct_fields__ else old.fields
        playing.state([made_of(old.kind.struct, kept, self.to, corrects=self.of, reason=self.reason)])


class Delete(Verb):
    """Statement ``of`` should not have been stated, for a ``reason``."""

    of: int
    reason: str

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the deletion."""
        mba = str(stored(self.of).fields["mba"])
        playing.state([Deletion(day=playing.today, mba=mba, corrects=self.of, reason=self.reason)])


class Open(Verb):
    """The opening inventory of an area: ``each`` is a line of it."""

    makes = Listed
    each_of = ("each",)

    each: list[Fields]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the inventory, its lines and its closing, which two persons sign."""
        lines = [made_of(Listed, {"basis": "M"}, shared, one, inventory=-1) for one in self.each]
        typed = [line for line in lines if isinstance(line, Listed)]
        playing.took(inventory.open_area(shared["mba"], shared["day"], typed, playing.act(), when=playing.when))


class Taking(Verb):
    """A physical inventory of an area: everything is found as booked, but for the lines of ``but`` and what is ``missing``.

    Its block names the inventory first and its lines after it. Lines may tell what was held up in equipment.
    """

    makes = Listed
    each_of = ("but",)

    day: date
    mba: str
    but: list[Fields] = []
    missing: list[str] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """Freeze the book, then take in what was found."""
        act = playing.act()
        frozen = playing.took(inventory.freeze(self.mba, self.day, act, when=playing.when))
        taking = Inventory.of(frozen.numbers[0])
        rows = list(self._rows(taking, shared))
        playing.took(inventory.take(taking.number, rows, act, whole=True, when=playing.when))

    def _rows(self, taking: Inventory, shared: Fields) -> Iterator[Row]:
        told = {one["batch"]: one for one in self.but}
        expected = expected_lines(taking)
        for place, batch in enumerate(sorted({*expected, *told}), 1):
            line = expected.get(batch) or Listed(day=self.day, mba=self.mba, inventory=taking.number, batch=batch)
            if batch in told:
                basis = {"basis": "M"} if "weights" in told[batch] else {}
                fields = {**msgspec.structs.asdict(line), **basis, **shared, **told[batch]}
                line = msgspec.convert(fields, Listed)
            yield Row(row=place, line=line, found=NO if batch in self.missing else YES)


class Close(Verb):
    """The balance of an area is closed on physical inventory ``of``."""

    of: int

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the closing, which two persons sign."""
        lines = Inventory.of(self.of).numbers
        playing.took(inventory.close(self.of, playing.act(), empty=not lines, when=playing.when))


class Report(Verb):
    """Every report that is due in some ``areas`` for periods that ended by ``until`` is made, in the order in which they are due."""

    areas: list[str]
    until: date
    encoder: str = ""
    note: str = ""
    sorts: tuple[str, ...] = ("I", "P", "M")

    def play(self, playing: Playing, shared: Fields) -> None:
        """Make them through the room's command."""
        for stated in make_due(self.areas, self.until, self.sorts, playing, self.encoder, self.note):
            playing.took(stated)


class Text(Verb):
    """A textual report of an area: a special report, an explanation. ``about`` is the number of the report it speaks of."""

    mba: str
    day: date
    text: str
    about: int | None = None

    def play(self, playing: Playing, shared: Fields) -> None:
        """Make it through the room's command."""
        wanted = reporting.Wanted(
            mba=self.mba, sort="T", end=self.day, day=playing.today, note=self.text, about=self.about
        )
        made = reporting.make_report(wanted, playing.act(), when=playing.when)
        playing.took(made.stated)
        playing.problems += made.problems


class Send(Verb):
    """Reports are sent."""

    day: date
    reports: list[int]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State that they were."""
        playing.state([Sending(day=self.day, mba=_area(number), of=number) for number in self.reports])


class Answered(Verb):
    """Reports are answered: acknowledged, or returned with ``remarks`` by entry number (0: on the whole report)."""

    day: date
    reports: list[int]
    acknowledged: bool = True
    remarks: dict[str, str] = {}

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the answers."""
        playing.state(
            [
                Answer(
                    day=self.day,
                    mba=_area(number),
                    of=number,
                    acknowledged=self.acknowledged,
                    remarks=self.remarks,
                )
                for number in self.reports
            ]
        )


def _area(report: int) -> str:
    return str(stored(report).fields["mba"])


VERBS: Final[dict[str, type[Verb]]] = {
    "found": Found,
    "people": People,
    "state": State,
    "receive": Receive,
    "ship": Ship,
    "rebatch": Rebatch,
    "discharge": Discharge,
    "move": Move,
    "correct": Correct,
    "delete": Delete,
    "open": Open,
    "take inventory": Taking,
    "close": Close,
    "report": Report,
    "write": Text,
    "send": Send,
    "answer": Answered,
}


def kind_named(name: str) -> str:
    """The full name of a kind: `change` is `accounting.change`, `grant` is `record.grant`."""
    return next((f"{room}.{name}" for room in ("accounting", "record") if f"{room}.{name}" in KINDS), name)


def split(block_fields: Fields, verb: type[Verb]) -> tuple[Fields, Fields]:
    """The fields of the verb itself, and those that go to each statement it makes."""
    own = set(verb.__struct_fields__)
    shared_too = verb is State or verb.makes is not None
    mine = {key: value for key, value in block_fields.items() if key in own or not shared_too}
    return mine, {key: value for key, value in block_fields.items() if key not in mine}


class Verbs(Checking):
    """Finds what is wrong with the fields of a block before anything is played."""

    def problems(self, block: Block) -> list[tuple[str, str]]:
        """Pairs of field and fault."""
        verb = VERBS.get(block.head.do)
        if verb is None:
            return [("do", f"There is no verb {block.head.do!r}; there are: {', '.join(VERBS)}.")]
        mine, shared = split(block.fields, verb)
        try:
            made = msgspec.convert(_numbered(mine), verb)
        except msgspec.ValidationError as error:
            return [_fault(error)]
        struct = verb.makes
        if isinstance(made, State):
            kind = KINDS.get(kind_named(made.kind))
            if kind is None:
                return [("kind", f"There is no kind {made.kind!r}.")]
            struct = kind.struct
        return list(_of_statements(struct, shared, mine, verb)) if struct else []


def _of_statements(
    struct: type[Statement], shared: Fields, mine: Fields, verb: type[Verb]
) -> Iterator[tuple[str, str]]:
    known = {*struct.__struct_fields__, "after"}
    lists = ("each",) if verb is State else verb.each_of
    given = [("", shared), *((f"{name} {at}", one) for name in lists for at, one in enumerate(mine.get(name, []), 1))]
    hints = get_type_hints(struct)
    for where, fields in given:
        for key, value in fields.items():
            if key not in known:
                yield f"{where} {key}".strip(), f"A {struct.__name__.lower()} has no field {key}."
            elif key in hints and (told := _unfit(_numbered(value), hints[key])):
                yield f"{where} {key}".strip(), told


def _unfit(value: object, hint: object) -> str:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        return f"{str(error).partition(' - at')[0]}."
    return ""


def _numbered(value: Any) -> Any:
    """A value with a number in the place of each name, to see whether it would fit."""
    if isinstance(value, str) and REFERENCE.fullmatch(value):
        return 0
    if isinstance(value, Mapping):
        return {key: _numbered(each) for key, each in value.items()}
    return [_numbered(each) for each in value] if isinstance(value, list) else value


def _fault(error: msgspec.ValidationError) -> tuple[str, str]:
    message, _, path = str(error).partition(" - at `$.")
    return path.rstrip("`"), f"{message}."


Player = Callable[[Playing, Fields], None]
