"""Verification names whatever was done to a stored record behind its back."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from openmpca.record import commands
from openmpca.record.record import head
from openmpca.record.statements import Party
from openmpca.record.verify import verify
from tests.state import BEGINNING, State, alone, at, founded

TABLES = ("record_statement", "record_tile")


def grown(count: int = 300) -> Any:
    """A founded record with ``count`` more statements: one full tile and an end."""
    act = founded()
    parties = [Party(day=BEGINNING, code=f"P{n}", name=f"Holder {n}", note="seen") for n in range(count)]
    commands.state(parties, alone(act), when=at("2001-01-01"))
    return act


def behind_its_back(state: State, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Do what a holder of the machine can: drop the triggers and write."""
    raw = state.raw()
    for table in TABLES:
        if state.vendor == "sqlite":
            for name in ("no_delete", "no_update"):
                raw.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
        else:
            raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for sql, parameters in statements:
        raw.execute(sql if state.vendor == "sqlite" else sql.replace("?", "%s"), parameters)
    raw.close()


def test_an_untouched_record_holds(each_state_home: State) -> None:
    grown()
    found = verify()
    assert found.problems == []
    assert (found.size, found.root) == head()
    assert found.withheld == 0


def test_any_changed_byte_of_a_body_is_named(state_home: State) -> None:
    grown()
    chance = random.Random(1)
    raw = state_home.raw()
    bodies = dict(raw.execute("SELECT number, body FROM record_statement").fetchall())
    raw.close()
    for _ in range(60):
        number = chance.randrange(len(bodies))
        body = bytearray(bodies[number].encode())
        place = chance.randrange(len(body))
        body[place] = (body[place] + chance.randrange(1, 256)) % 256
        change = "UPDATE record_statement SET body = CAST(? AS TEXT) WHERE number = ?"
        behind_its_back(state_home, (change, (bytes(body), number)))
        found = verify()
        assert found.problems, (number, place)
        assert found.problems[0].record == f"statement {number}"
        behind_its_back(state_home, (change, (bodies[number].encode(), number)))
    assert verify().holds


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("DELETE FROM record_statement WHERE number = 100", "statement 100"),
        ("DELETE FROM record_statement WHERE number = 306", "statement 306"),
        ("UPDATE record_statement SET kind = 'record.person' WHERE number = 50", "statement 50"),
        ("UPDATE record_statement SET recorded_us = recorded_us + 1 WHERE number = 50", "statement 50"),
        ("INSERT INTO record_statement SELECT 307, kind, recorded_us, entry, body FROM record_statement"
         " WHERE number = 306", "statement 307"),
        ("INSERT INTO record_statement SELECT -1, kind, recorded_us, entry, body FROM record_statement"
         " WHERE number = 306", "statement -1"),
        ("DELETE FROM record_tile", "tile 0/0"),
        ("INSERT INTO record_tile SELECT 0, 1, hashes FROM record_tile", "tile 0/1"),
        ("UPDATE record_head SET recorded_us = recorded_us + 1", "head"),
        ("UPDATE record_head SET root = entry FROM record_statement WHERE number = 0", "head"),
        ("UPDATE record_head SET frontier = root", "head"),
        ("UPDATE record_head SET size = size - 1", "statement 306"),
        ("UPDATE record_head SET size = size + 1", "statement 307"),
    ],
)  # fmt: skip
def test_what_was_done_to_rows_is_named(each_state_home: State, tampering: str, named: str) -> None:
    grown()
    behind_its_back(each_state_home, (tampering, ()))
    found = verify()
    assert found.problems[0].record == named, found.problems


def swap(one: int, two: int) -> list[tuple[str, tuple[Any, ...]]]:
    move = "UPDATE record_statement SET number = ? WHERE number = ?"
    return [(move, (-5, one)), (move, (one, two)), (move, (two, -5))]


def test_swapped_rows_are_named(each_state_home: State) -> None:
    grown()
    behind_its_back(each_state_home, *swap(40, 41))
    assert verify().problems[0].record == "statement 40"


def test_rows_swapped_where_no_tile_covers_them_are_seen(each_state_home: State) -> None:
    grown()
    behind_its_back(each_state_home, *swap(300, 301))
    found = verify()
    assert found.problems[0].record == "head"
    assert "from 256 on" in found.problems[0].message


def test_a_statement_rewritten_with_its_entry_is_named(each_state_home: State) -> None:
    grown()
    copied = "UPDATE record_statement SET {0} = (SELECT {0} FROM record_statement WHERE number = 20) WHERE number = 21"
    behind_its_back(each_state_home, (copied.format("entry"), ()), (copied.format("body"), ()))
    assert verify().problems[0].record == "statement 21"


def test_a_record_that_grew_begins_with_an_earlier_checkpoint(each_state_home: State) -> None:
    act = grown(260)
    checkpoint = head()
    commands.state([Party(day=BEGINNING, code="Z", name="Z")], alone(act), when=at("2002-01-01"))
    assert verify(checkpoint).holds
    assert verify((0, b"\0" * 32)).problems[0].rule == 36


def shorten(state: State) -> None:
    """Cut the end off, consistently: rows, tiles, head."""
    from openmpca.record.record import read_leaves
    from openmpca.tlog import merkle
    from openmpca.tlog.frontier import Frontier

    leaves = read_leaves(0, 200)
    edge = Frontier.from_bytes(0, b"").extended(leaves).to_bytes()
    behind_its_back(
        state,
        ("DELETE FROM record_statement WHERE number >= 200", ()),
        ("DELETE FROM record_tile", ()),
        ("UPDATE record_head SET size = 200, root = ?, frontier = ?", (merkle.root(leaves), edge)),
    )


def rewrite(state: State) -> None:
    """Another history of the same length, consistent in itself."""
    raw = state.raw()
    raw.close()
    behind_its_back(
        state,
        ("DELETE FROM record_statement", ()),
        ("DELETE FROM record_tile", ()),
        ("DELETE FROM record_head", ()),
        ("DELETE FROM record_personname", ()),
        *((f"DELETE FROM {table}", ()) for table in ("record_party", "record_person", "record_grant")),
    )
    grown()


@pytest.mark.parametrize("tampering", [shorten, rewrite])
def test_only_an_expected_checkpoint_shows_a_consistent_forgery(
    each_state_home: State, tampering: Callable[[State], None]
) -> None:
    grown()
    checkpoint = head()
    tampering(each_state_home)
    assert verify().holds
    found = verify(checkpoint)
    assert [each.rule for each in found.problems] == [36]


def test_many_statements_are_verified_in_worker_processes(
    each_state_home: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.record import verify as verification

    monkeypatch.setattr(verification, "MANY", 300)
    monkeypatch.setattr(verification, "AT_ONCE", 300)
    grown(1000)
    behind_its_back(each_state_home, ("UPDATE record_statement SET kind = 'x' WHERE number = 900", ()))
    counted: list[int] = []
    found = verify(progress=counted.append)
    assert [each.record for each in found.problems] == ["statement 900"]
    assert sum(counted) == found.size == 1007
    assert found.root == head()[1]
