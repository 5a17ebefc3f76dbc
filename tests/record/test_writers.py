"""Many writers at once, writers that wait, writers that are killed."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from openmpca.record import commands, turn
from openmpca.record.home import home
from openmpca.record.known import query
from openmpca.record.models import Row
from openmpca.record.rebuild import rebuild
from openmpca.record.record import head, writing
from openmpca.record.statements import Grant, Party
from openmpca.record.verify import verify
from tests.state import BEGINNING, State, alone, founded

ROOT = Path(__file__).resolve().parents[2]


def writer(state: State, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.record.writer", *arguments],
        cwd=ROOT,
        env=state.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def test_eight_writers_at_once_lose_nothing_and_leave_no_gap(each_state_home: State) -> None:
    founded()
    writers = [writer(each_state_home, "one", f"W{n}", "8") for n in range(8)]
    assert [each.wait(timeout=120) for each in writers] == [0] * 8
    assert head()[0] == 7 + 8 * 8
    codes = query("SELECT code FROM record_party WHERE number > 0", [], {"code": str})["code"]
    assert sorted(codes) == sorted(f"W{n}-{each}" for n in range(8) for each in range(8))
    assert verify().holds
    assert rebuild().problems == []


@pytest.mark.parametrize("after", [0, 1])
def test_a_writer_that_is_killed_leaves_nothing(each_state_home: State, after: int) -> None:
    act = founded()
    before = head()
    killed = writer(each_state_home, "many", "K", "200")
    assert killed.stdout is not None
    for _ in range(after + 1):
        assert killed.stdout.readline() == "writing\n"
        if after == 0:
            break
    killed.kill()
    killed.wait(timeout=60)
    size = head()[0]
    assert size in (before[0], before[0] + 200)
    assert Row.objects.count() == size
    made = commands.state([Party(day=BEGINNING, code="after", name="After")], alone(act))
    assert list(made.numbers) == [size]
    assert verify(before).holds
    assert rebuild().problems == []


def test_two_who_approve_at_once_record_once(each_state_home: State) -> None:
    act = founded()
    granting = Grant(day=BEGINNING, person="boris", for_party="SRA", role="reader")
    made = commands.state([granting], alone(act))
    writers = [writer(each_state_home, "approve", str(made.proposal)) for _ in range(3)]
    said = [each.communicate(timeout=60)[0] for each in writers]
    assert sorted(said) == ["", *["closed\n"] * 2]
    assert head()[0] == 8


def test_who_waits_is_told_for_whom(each_state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "TELL_AFTER", 0.3)
    act = founded()
    heard: list[str] = []
    done = threading.Event()

    def wait() -> None:
        from django.db import connections

        try:
            commands.state([Party(day=BEGINNING, code="W", name="Waits")], alone(act, "boris"))
            done.set()
        finally:
            connections.close_all()

    turn.announce_to(heard.append)
    waiting = threading.Thread(target=wait)
    with writing(alone(act)):
        waiting.start()
        while not heard and waiting.is_alive():
            waiting.join(0.05)
    waiting.join(30)
    assert done.is_set()
    assert len(heard) == 1
    assert heard[0].startswith("Waiting: anna has been writing since ")
    assert not (home() / turn.NOTE).exists()


def test_who_waits_for_too_long_gives_up(each_state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "TELL_AFTER", 0.1)
    monkeypatch.setattr(turn, "GIVE_UP_AFTER", 0.3)
    act = founded()
    gave_up: list[BaseException] = []

    def wait() -> None:
        from django.db import connections

        try:
            commands.state([Party(day=BEGINNING, code="W", name="Waits")], alone(act, "boris"))
        except turn.Busy as error:
            gave_up.append(error)
        finally:
            connections.close_all()

    with writing(alone(act)):
        (home() / turn.NOTE).unlink()
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(30)
    assert str(gave_up[0]) == "Nothing was recorded: somebody else is writing. Try again when that has ended."


def test_a_reader_neither_waits_for_a_writer_nor_sees_a_part(each_state_home: State) -> None:
    act = founded()
    before = head()
    seen: list[tuple[int, int]] = []

    def read() -> None:
        from django.db import connections

        seen.append((head()[0], Row.objects.count()))
        connections.close_all()

    from openmpca.record.frames import segments

    with writing(alone(act)) as opened:
        opened.append(segments([Party(day=BEGINNING, code="P", name="P")])[0])
        reading = threading.Thread(target=read)
        reading.start()
        reading.join(10)
        assert not reading.is_alive()
    assert seen == [(before[0], before[0])]
    assert head()[0] == before[0] + 1
