"""Derived tables can be thrown away, are made anew from the record, and are held against it."""

import pytest

from openmpca.record import commands, tables, versions
from openmpca.record.known import query
from openmpca.record.models import Setting
from openmpca.record.rebuild import rebuild
from openmpca.record.record import head
from openmpca.record.rooms import derived_models
from openmpca.record.statements import Duty, Grant, GrantEnd, Party, Person, Withholding
from tests.state import BEGINNING, State, alone, at, founded


def busy_state() -> None:
    """A record with a statement of every kind of the record's own room."""
    act = founded()
    later = at("2001-01-01")
    commands.state([Party(day=BEGINNING, code="OP", name="Operator", note="private")], alone(act), when=later)
    commands.state([Person(day=BEGINNING, person="clara", of="OP")], alone(act), when=later)
    commands.state([Grant(day=BEGINNING, person="clara", for_party="OP", role="officer")], act, when=later)
    commands.state([GrantEnd(day=BEGINNING, grant=9)], alone(act), when=later)
    commands.state(
        [Duty(day=BEGINNING, of="record.party", persons=1, prepare=["administrator"], approve=[])], act, when=later
    )
    commands.withhold(Withholding(day=BEGINNING, statement=7, fields=["note"], reason="asked"), act, when=later)


def test_rebuilt_tables_are_the_stored_ones(each_state_home: State) -> None:
    busy_state()
    made = rebuild()
    assert made.problems == []
    assert (made.size, made.root) == head()


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE record_grant SET role = 'reader' WHERE number = 9", "record_grant number=9 person=clara role=reader"),
        ("UPDATE record_party SET name = 'Another' WHERE number = 7", "record_party number=7"),
        ("DELETE FROM record_duty", "record_duty number=11"),
        (
            "INSERT INTO record_person SELECT 12, person, party FROM record_person WHERE number = 8",
            "record_person number=12 person=clara",
        ),
        ("DROP TABLE record_withheld", "record_withheld"),
    ],
)
def test_the_first_row_that_differs_is_named(each_state_home: State, tampering: str, named: str) -> None:
    busy_state()
    raw = each_state_home.raw()
    raw.execute(tampering)
    raw.close()
    assert [each.record for each in rebuild().problems] == [named]


def test_replacing_puts_the_rebuilt_tables_in_place(each_state_home: State) -> None:
    busy_state()
    tables.drop()
    Setting.objects.all().delete()
    assert not versions.derived_by_this()
    assert len(rebuild(replace=True).problems) == len(derived_models())
    assert versions.derived_by_this()
    assert rebuild().problems == []
    tables_with_indexes = query("SELECT count(*) FROM record_grant", [], {"rows": int})
    assert tables_with_indexes["rows"][0] == 9


def test_nothing_of_the_scratch_is_left(each_state_home: State) -> None:
    busy_state()
    rebuild()
    assert not list(each_state_home.folder.glob("scratch-*"))
    if each_state_home.vendor == "postgresql":
        left = query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'openmpca%%'", [], {"name": str})
        assert left.height == 0
