"""Padding: what can be seen from outside does not tell a quiet period from a busy one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.proof.signing import checkpoints, padding
from openmpca.record import reading
from openmpca.record.rebuild import rebuild
from openmpca.record.record import Refused, head, read_leaves
from openmpca.record.verify import verify
from tests.proof.signing import grow, keyed
from tests.record.test_command_line import Run, at_home, run  # noqa: F401  fixtures
from tests.state import State, alone, sqlite_state

PAD = 32


@contextmanager
def another_state(template: Path, folder: Path) -> Iterator[State]:
    with sqlite_state(template, folder) as state:
        yield state


def seen_from_outside(busy: list[int]) -> list[tuple[int, int]]:
    """What a partner sees of weeks in which so much was stated: the size of each checkpoint, the length of its text."""
    act = keyed()
    seen = []
    for week, count in enumerate(busy):
        grow(act, [f"W{week}-{n}" for n in range(count)])
        size = padding.fill(alone(act), PAD)
        made = checkpoints.make(size=size)
        entries = read_leaves(0, made.checkpoint.size)
        assert len(set(entries)) == len(entries)
        seen.append((made.checkpoint.size, len(made.checkpoint.text())))
    return seen


def test_a_quiet_week_and_a_busy_week_look_alike(sqlite_file: Path, tmp_path: Path) -> None:
    with another_state(sqlite_file, tmp_path / "quiet"):
        quiet = seen_from_outside([0, 0, 0, 0])
    with another_state(sqlite_file, tmp_path / "busy"):
        busy = seen_from_outside([20, 32, 1, 31])
    assert quiet == busy
    assert [size for size, _ in quiet] == [PAD, 2 * PAD, 3 * PAD, 4 * PAD]


@given(st.integers(0, 10**9), st.integers(0, 10**4), st.integers(1, 10**4))
def test_the_next_size_is_a_multiple_above_the_last_and_covers_the_record(signed: int, more: int, pad: int) -> None:
    wanted = padding.target(signed, signed + more, pad)
    assert wanted % pad == 0
    assert wanted > signed
    assert wanted >= signed + more
    assert wanted - max(signed, signed + more) <= pad


def test_what_others_state_meanwhile_waits_for_the_next_checkpoint(each_state_home: State) -> None:
    act = keyed()
    size = padding.fill(alone(act), PAD)
    grow(act, ["A", "B"])
    made = checkpoints.make(size=size)
    assert (made.checkpoint.size, head()[0]) == (PAD, PAD + 2)
    assert verify().holds
    assert checkpoints.make(size=padding.fill(alone(act), PAD)).checkpoint.size == 2 * PAD
    assert rebuild().problems == []


def test_a_size_that_the_record_has_not_reached_is_not_signed(state_home: State) -> None:
    keyed()
    with pytest.raises(Refused):
        checkpoints.make(size=1000)


def test_fillers_stay_out_of_the_list_of_statements(state_home: State) -> None:
    act = keyed()
    grow(act, ["A"])
    padding.fill(alone(act), PAD)
    listed = reading.last(20)
    assert listed[-1].fields.get("code") == "A"
    assert all(each.kind.name != padding.FILLER for each in listed)
    assert len(reading.last(5, kind=padding.FILLER)) == 5


def test_nothing_is_filled_up_where_nothing_may_be_signed(state_home: State) -> None:
    act = keyed()
    checkpoints.make()
    checkpoints.signed_file().write_bytes(b"rubbish")
    before = head()
    with pytest.raises(Refused):
        padding.fill(alone(act), PAD)
    assert head() == before


def test_the_command_pads_as_configured(at_home: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    at_home.text("key", "new", "log", "--name", "sra.example/openmpca", "--by", "anna")
    at_home.text("approve", "1", "--by", "boris")
    monkeypatch.setenv("OPENMPCA_PAD", "16")
    assert at_home.json("checkpoint", "--by", "anna")[1]["size"] == 16
    assert at_home.json("checkpoint", "--by", "anna")[1]["size"] == 32
    assert len(at_home.json("log")[1]) == 2
