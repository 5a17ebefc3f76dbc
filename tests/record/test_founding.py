"""Founding a record, and who may then act."""

import pytest

from openmpca.record import commands
from openmpca.record.record import Refused, head
from openmpca.record.statements import Founding, Party
from tests.state import BEGINNING, State, alone, at, founded


def test_a_record_is_founded_with_its_first_party_and_people(each_state_home: State) -> None:
    founded()
    size, root = head()
    assert size == 1 + 6
    assert len(root) == 32


def test_a_record_is_founded_once(each_state_home: State) -> None:
    act = founded()
    again = Founding(day=BEGINNING, of_party="X", name="X", persons=["p"])
    with pytest.raises(Refused, match="14"):
        commands.state([again], alone(act))


def test_what_is_recorded_later_has_a_later_time(each_state_home: State) -> None:
    act = founded()
    made = commands.state([Party(day=BEGINNING, code="OP", name="Operator")], alone(act), when=at("1999-01-01"))
    from openmpca.record.reading import stored

    assert stored(made.numbers[0]).recorded == "2000-01-01T00:00:00.000000Z"
