"""The doctor names what is wrong with a home, and how to mend it."""

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from openmpca.record import clock, doctor, home
from openmpca.record.backup import LAST, backup
from openmpca.record.doctor import Finding, examine
from openmpca.record.models import Setting
from tests.record.test_verify import behind_its_back, grown
from tests.state import NOWHERE, State, founded


def found(name: str) -> Finding:
    return next(each for each in examine() if each.name == name)


def test_a_healthy_home_is_fine(each_state_home: State, tmp_path: Path) -> None:
    grown(260)
    (each_state_home.folder / home.CONFIGURATION).chmod(0o600)
    backup(tmp_path / "state.backup")
    expected = {"durability"} if each_state_home.vendor == "postgresql" else set()
    assert {each.name for each in examine() if each.status != "fine"} <= expected


@pytest.mark.parametrize(
    ("tampering", "name"),
    [
        ("UPDATE record_head SET size = size + 1", "record"),
        ("DELETE FROM record_statement WHERE number = 30", "record"),
        ("UPDATE record_statement SET entry = body WHERE number = 30", "record"),
        ("DELETE FROM record_tile", "record"),
        ("DROP TABLE record_duty", "derived tables"),
        ("UPDATE record_setting SET value = '\"older\"'", "derived tables"),
        ("DELETE FROM django_migrations WHERE name = '0002_guards'", "tables"),
        ("UPDATE record_head SET recorded_us = 9000000000000000", "clock"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(state_home: State, tampering: str, name: str) -> None:
    grown(260)
    behind_its_back(state_home, (tampering, ()))
    finding = found(name)
    assert finding.status == "wrong"
    assert finding.mend


def test_an_old_or_missing_backup_is_a_warning(state_home: State, tmp_path: Path) -> None:
    founded()
    assert found("backup").status == "warning"
    backup(tmp_path / "state.backup")
    assert found("backup").status == "fine"
    kept = Setting.objects.get(name=LAST)
    Setting.objects.filter(name=LAST).update(value={**kept.value, "us": clock.now_us() - 30 * 86_400_000_000})
    assert found("backup").status == "warning"


@pytest.mark.parametrize(("free", "status"), [(1 << 40, "fine"), (1 << 29, "warning"), (1 << 20, "wrong")])
def test_a_full_disk_is_told(state_home: State, monkeypatch: pytest.MonkeyPatch, free: int, status: str) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(free))
    assert found("disk").status == status


def test_key_files_that_others_read_are_wrong(state_home: State) -> None:
    founded()
    assert found("key files").message == "There are none yet."
    keys = state_home.folder / "keys"
    keys.mkdir()
    key = keys / "origin"
    key.write_text("secret", encoding="utf-8")
    key.chmod(0o644)
    assert found("key files").status == "wrong"
    key.chmod(0o600)
    assert found("key files").status == "fine"


def test_a_clock_of_long_ago_is_wrong(state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_us", lambda: 1000)
    assert found("clock").status == "wrong"


def test_a_home_that_is_not_there_is_named_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(NOWHERE))
    statuses = {each.name: each.status for each in examine()}
    assert statuses["home"] == "wrong"
    assert statuses["key files"] == "fine"


def test_a_configuration_that_others_read_is_a_warning(each_state_home: State) -> None:
    path = each_state_home.folder / home.CONFIGURATION
    path.chmod(0o644)
    expected = "warning" if each_state_home.vendor == "postgresql" else "fine"
    assert [each.status for each in examine() if each.name == "configuration"][-1] == expected


def test_an_unsafe_journal_is_wrong(state_home: State, monkeypatch: Any) -> None:
    from django.db import connection

    founded()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    assert found("durability").status == "wrong"
    assert list(doctor.CHECKS) == sorted(doctor.CHECKS, key=list(doctor.CHECKS).index)
