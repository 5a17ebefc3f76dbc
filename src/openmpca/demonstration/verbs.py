"""The verbs of scenario files: what a block may do, with which fields, and what is wrong with a block before it is
played.

Each verb is a struct: its fields are those of the block. `state` takes every kind of statement; the others are the
operations of the accounting room under the names by which an accountant knows them. Fields that a verb does not name
itself are those of the statements it makes, for all of them; lists such as ``each`` say what differs from one to the
next.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_type_hints

import msgspec

from openmpca.demonstration.beginnings import Found, Open, People, State, kind_named
from openmpca.demonstration.inventories import Close, Taking
from openmpca.demonstration.movements import Correct, Delete, Discharge, Move, Rebatch, Receive, Ship
from openmpca.demonstration.reports import Answered, Report, Send, Text
from openmpca.demonstration.scenario import REFERENCE, Block, Checking
from openmpca.demonstration.verb import Fields, Verb
from openmpca.record.statements import KINDS, Statement

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
