"""Whether stored statements hold: each body against its commitment and against the columns beside it.

Pure: rows in, findings out, so that worker processes do it without a database.

Rules kept here:

1. The entry is recomputed from the body, held against every rule of a body (`tlog.disclosure`).
2. The columns kind and recorded_us say what the body says.
3. The envelope (kind, version, party, who prepared, when recorded) is never withheld.
"""

from typing import Any, NamedTuple

import msgspec

from openmpca.record import clock, workers
from openmpca.tlog.disclosure import DisclosureError, fields_and_entry_of
from openmpca.tlog.merkle import leaf_hash

ENVELOPE_SHOWN = ("kind", "version", "party", "prepared_by", "recorded")
WITHHOLDING = "record.withholding"
UNKNOWN_LEAF = bytes(32)


class Fault(NamedTuple):
    """What is wrong with one statement."""

    number: int
    field: str
    message: str


class Covered(NamedTuple):
    """A statement with withheld lines: how many, and the fields that it shows."""

    number: int
    lines: int
    shown: frozenset[str]


class Named(NamedTuple):
    """Fields that a withholding names."""

    number: int
    statement: int
    fields: tuple[str, ...]


class Withheld(msgspec.Struct, frozen=True):
    """What a withholding names."""

    statement: int
    fields: list[str]


class Held(NamedTuple):
    """What came of checking some statements: their leaf hashes joined, and what was found."""

    leaves: bytes
    faults: list[Fault]
    covered: list[Covered]
    named: list[Named]


def check(rows: list[tuple[Any, ...]]) -> Held:
    """Check rows of (number, kind, recorded_us, entry, body)."""
    held = Held(b"", [], [], [])
    leaves = []
    for number, kind, recorded_us, entry, text in rows:
        stored = bytes(entry) if isinstance(entry, (bytes, memoryview)) and len(entry) == 32 else b""
        try:
            body = _text(text)
            fields, computed = fields_and_entry_of(body)
        except DisclosureError as error:
            held.faults.append(Fault(number, "body", f"the body does not hold: {error}"))
            leaves.append(leaf_hash(stored) if stored else UNKNOWN_LEAF)
            continue
        if computed != stored:
            held.faults.append(Fault(number, "body", "the body is not what its entry commits to"))
        # The stored entry keeps a changed body from spoiling the tree too: one fault, told once.
        leaves.append(leaf_hash(stored or computed))
        _check_fields(number, _shown(kind), recorded_us, fields, _bare_lines(body), held)
    return held._replace(leaves=b"".join(leaves))


def check_apart(rows: list[tuple[Any, ...]]) -> Held:
    """The same in a worker process, which has nothing else to look after."""
    with workers.without_collecting():
        return check(rows)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return bytes(value).decode() if isinstance(value, (bytes, memoryview)) else ""
    except UnicodeDecodeError as error:
        raise DisclosureError(f"it is not UTF-8: {error}") from error


def _shown(value: object) -> object:
    """A column's text, also where it is none."""
    return bytes(value).decode(errors="backslashreplace") if isinstance(value, (bytes, memoryview)) else value


def _bare_lines(body: str) -> int:
    """How many lines of a body that holds are withheld: those that begin with no bracket. No value has a line feed."""
    return body.count("\n") - body.count("\n[") + (not body.startswith("["))


def _check_fields(
    number: int, kind: object, recorded_us: object, fields: dict[str, object], bare: int, held: Held
) -> None:
    if absent := [name for name in ENVELOPE_SHOWN if name not in fields]:
        held.faults.append(Fault(number, absent[0], "a line of the envelope is withheld or missing"))
        return
    if fields["kind"] != kind:
        held.faults.append(Fault(number, "kind", f"the column says {kind!r}, the body {fields['kind']!r}"))
    if _moment(fields["recorded"]) != recorded_us:
        held.faults.append(
            Fault(number, "recorded_us", f"the column says {recorded_us}, the body {fields['recorded']}")
        )
    if bare:
        held.covered.append(Covered(number, bare, frozenset(fields)))
    if fields["kind"] == WITHHOLDING:
        try:
            named = msgspec.convert(fields, Withheld)
        except msgspec.ValidationError as error:
            held.faults.append(Fault(number, "body", f"it is no withholding: {error}"))
        else:
            held.named.append(Named(number, named.statement, tuple(named.fields)))


def _moment(text: object) -> int:
    try:
        return clock.from_text(str(text))
    except ValueError:
        return -1
