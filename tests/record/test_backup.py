"""A backup is whole while others write, and carries a State between the databases."""

import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from openmpca.record import commands
from openmpca.record.backup import backup, restore
from openmpca.record.models import PersonName, Proposal, Setting
from openmpca.record.rebuild import rebuild
from openmpca.record.record import Refused, head
from openmpca.record.statements import Grant, Party
from openmpca.record.verify import verify
from tests.record.test_rebuild import busy_state
from tests.state import BEGINNING, State, alone, at, founded, postgresql_state, sqlite_state, sqlite_template


def test_a_restored_state_is_the_one_that_was_backed_up(
    each_state_home: State, sqlite_file: Path, tmp_path: Path
) -> None:
    busy_state()
    stood = head()
    made = backup(tmp_path / "state.backup")
    assert (made.size, bytes.fromhex(made.root)) == stood
    with sqlite_state(sqlite_file, tmp_path / "restored"):
        restored = restore(tmp_path / "state.backup")
        assert (restored.size, restored.root) == stood == head()
        assert verify(stood).holds
        assert rebuild().problems == []
        assert commands.person_of("anna") == "anna"


def test_a_state_moves_to_postgresql_with_its_open_proposals(
    state_home: State, postgresql_server: str, postgresql_database: str, tmp_path: Path
) -> None:
    act = founded()
    granting = [Grant(day=BEGINNING, person="boris", for_party="SRA", role="reader")]
    proposed = commands.state(granting, alone(act), when=at("2001-01-01"))
    backup(tmp_path / "state.backup")
    with postgresql_state(postgresql_server, postgresql_database, tmp_path / "moved"):
        restore(tmp_path / "state.backup")
        assert commands.approve(proposed.proposal or 0, "boris").numbers == range(7, 8)
        again = commands.state(granting, alone(act))
        assert again.proposal == (proposed.proposal or 0) + 1
        assert rebuild().problems == []
        assert verify().holds


def test_a_new_database_and_a_backup_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        sqlite_template(tmp_path / "home")
        with sqlite_state(tmp_path / "home" / "openmpca.sqlite3", tmp_path / "copy"):
            founded()
            backup(tmp_path / "state.backup")
    finally:
        os.umask(before)
    for made in (tmp_path / "home" / "openmpca.sqlite3", tmp_path / "state.backup"):
        assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_a_backup_holds_no_derived_table_and_replaces_no_file(state_home: State, tmp_path: Path) -> None:
    founded()
    file = tmp_path / "state.backup"
    backup(file)
    names = {name for (name,) in sqlite3.connect(file).execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {
        "manifest",
        "proof_bundlefile",
        "proof_checkpoint",
        "cooperation_sealed",
        "record_head",
        "record_personname",
        "record_proposal",
        "record_setting",
        "record_statement",
        "record_tile",
    }
    assert not list(tmp_path.glob("*.partial*"))
    with pytest.raises(FileExistsError):
        backup(file)
    assert Setting.objects.get(name="last_backup").value["size"] == 7


def test_a_backup_is_restored_into_an_empty_home_only(state_home: State, tmp_path: Path) -> None:
    founded()
    backup(tmp_path / "state.backup")
    with pytest.raises(Refused, match="51"):
        restore(tmp_path / "state.backup")


def test_a_backup_that_was_changed_is_refused_and_nothing_is_restored(
    state_home: State, sqlite_file: Path, tmp_path: Path
) -> None:
    founded()
    file = tmp_path / "state.backup"
    backup(file)
    raw = sqlite3.connect(file)
    raw.execute("UPDATE record_statement SET body = replace(body, 'officer', 'Officer') WHERE number = 2")
    raw.commit()
    raw.close()
    with sqlite_state(sqlite_file, tmp_path / "restored"):
        with pytest.raises(Refused, match="statement 2"):
            restore(file)
        assert head()[0] == 0
        assert not PersonName.objects.exists()


def test_what_is_no_backup_is_refused(state_home: State, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("a letter, long enough to be taken for something" * 100)
    other = tmp_path / "other"
    shutil.copyfile(state_home.folder / "openmpca.sqlite3", other)
    for file in (text, other):
        with pytest.raises(Refused, match="50"):
            restore(file)
    with pytest.raises(FileNotFoundError):
        restore(tmp_path / "nothing")


def test_a_backup_under_a_writer_shows_one_moment(each_state_home: State, tmp_path: Path) -> None:
    act = founded()
    stop = threading.Event()
    failed: list[BaseException] = []

    def write() -> None:
        from django.db import connections

        number = 0
        try:
            while not stop.is_set() and number < 500:
                commands.state([Party(day=BEGINNING, code=f"P{number}", name="x")], alone(act))
                number += 1
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(tmp_path / f"{n}.backup") for n in range(3)]
        assert verify().holds
        assert rebuild().problems == []
    finally:
        stop.set()
        writer.join()
    assert not failed
    for n, manifest in enumerate(made):
        held = sqlite3.connect(tmp_path / f"{n}.backup")
        assert held.execute("SELECT count(*), max(number) + 1 FROM record_statement").fetchone() == (
            manifest.size,
            manifest.size,
        )
    assert not Proposal.objects.exists()
    assert verify((made[-1].size, bytes.fromhex(made[-1].root))).holds
