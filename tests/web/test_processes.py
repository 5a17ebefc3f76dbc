"""Several processes serve at one address; what keeps others out is counted for all of them."""

import os
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from openmpca.web import processes
from openmpca.web.counters import Counters
from tests.browser.serving import served
from tests.state import State, founded
from tests.web.test_both_databases import each_site

__all__ = ["each_site"]
SOON = 60.0


@contextmanager
def another(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Any]]:
    """A further process at a socket at which nobody else serves; gives its port, and its place."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "openmpca.web.serving_settings")
    monkeypatch.setenv("OPENMPCA_HOME", str(state.folder))
    monkeypatch.setattr(processes, "SHORT", 0.0)
    places: list[Any] = []
    fill = processes._Place.fill

    def filled(place: Any) -> None:
        fill(place)
        places[:] = [place]

    monkeypatch.setattr(processes._Place, "fill", filled)
    counted = threading.Thread(target=time.sleep, args=(0.1,))
    counted.start()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with processes.beside(counted, [listening], 1, 2):
            until(lambda: places and places[0].process is not None)
            yield listening.getsockname()[1], places[0]
        assert not places[0].process.is_alive(), "it ended with the first"


def until(holds: Any) -> None:
    """Wait for something."""
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def asked(port: int) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=SOON) as answer:
        return answer.status, answer.headers


def test_a_process_that_dies_is_told_of_and_another_takes_its_place(
    founded_site: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with another(founded_site, monkeypatch) as (port, place):
        status, headers = asked(port)
        assert (status, headers["Connection"]) == (200, "close"), "the next request goes to who is free"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        first = place.process
        first.kill()
        until(lambda: place.process not in (first, None))
        assert asked(port)[0] == 200
        assert "another takes its place" in caplog.text


def test_when_the_first_process_is_killed_the_others_end_too(founded_site: State) -> None:
    with served(founded_site.folder, OPENMPCA_PROCESSES="2") as site:
        until(lambda: below(site.process.pid))
        begun = below(site.process.pid)
        site.process.kill()
        until(lambda: not any(map(lives, begun)))


def below(pid: int) -> list[int]:
    """The processes that a process began, but for the one in which Python keeps count of what they share."""
    found = [int(each) for task in Path(f"/proc/{pid}/task").glob("*/children") for each in task.read_text().split()]
    return [each for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def lives(pid: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_as_many_serve_as_there_are_cores_but_no_more_than_four(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, wanted in ((1, 1), (2, 2), (64, 4)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, cores=cores: set(range(cores)))
        assert processes.usual() == wanted


def counters() -> Counters:
    """What a process has of the counters: nothing of its own."""
    return Counters("", {})


def test_what_one_process_counts_every_process_knows(each_site: State) -> None:
    assert counters().get("tries", []) == []
    counters().set("tries", [1.5, 2.5], 60)
    assert counters().get("tries") == [1.5, 2.5]
    assert counters().touch("tries", 120)
    assert counters().add("tries", 1) is False
    assert counters().delete("tries")
    assert not counters().delete("tries")
    assert not counters().touch("tries")
    counters().set("for ever", 1, None)
    assert counters().get("for ever") == 1
    counters().clear()
    assert counters().get("for ever") is None


def test_a_code_that_several_try_at_once_works_once(each_site: State) -> None:
    from django.db import connections

    together, found = threading.Barrier(6), list[bool]()

    def use() -> None:
        together.wait()
        found.append(counters().add("code 123456 of anna", 1, 60))
        connections.close_all()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [False] * 5 + [True]


def test_what_ended_goes_and_may_be_added_again(each_site: State, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.web.models import Counter

    now = time.time()
    counters().add("old", 1, 10)
    counters().add("older", 1, 5)
    monkeypatch.setattr(time, "time", lambda: now + 11)
    assert counters().get("old") is None
    assert counters().add("old", 2, 10)
    assert Counter.objects.count() == 1


def test_the_limits_of_sign_in_are_those_counters(founded_site: State) -> None:
    from django.test import Client

    from openmpca.web.models import Counter

    for _ in range(6):
        answer = Client().post("/account/login/", {"login": "anna", "password": "wrong"})
    assert Counter.objects.exists()
    assert "Too many failed attempts" in answer.content.decode()


def test_a_file_that_was_put_in_the_place_of_another_is_read_from_the_next_request_on(
    site: State, sqlite_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    import shutil

    from django.core.signals import request_started
    from django.db import connection

    from openmpca.record.databases import follow_files
    from openmpca.record.record import head

    follow_files()
    request.addfinalizer(lambda: request_started.disconnect(dispatch_uid="openmpca file"))
    founded()
    assert head()[0] > 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(sqlite_file, tmp_path / "empty")
    (tmp_path / "empty").rename(site.folder / "openmpca.sqlite3")
    assert head()[0] > 0, "the connection is to the file of before"
    request_started.send(sender=None, environ={})
    assert head()[0] == 0
