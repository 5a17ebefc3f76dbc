"""Checkpoints: signed, kept, held against the record; a log that never signs two inconsistent trees."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from openmpca.proof.keyring import keyfolder, keys, passphrase, sealing
from openmpca.proof.keyring.keys import Asked
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.signing import checkpoints, examining, scheduling
from openmpca.proof.statements import Origin
from openmpca.record import commands, doctor, tables
from openmpca.record.backup import backup, restore
from openmpca.record.home import CONFIGURATION
from openmpca.record.opening import make_tables, open_home
from openmpca.record.record import Refused, head, tree
from openmpca.record.turn import Busy
from openmpca.record.verify import verify
from openmpca.tlog.checkpoint import Checkpoint, opened
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.note import Note, signed
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer
from tests.proof.signing import ORIGIN, grow, keyed
from tests.proof.test_keys import HORSE, refused
from tests.record.test_command_line import Run, at_home, run  # noqa: F401  fixtures
from tests.record.test_verify import behind_its_back
from tests.state import State, alone, write_configuration

NEW = "sra.example/openmpca-2"


def restored_into(state: State, file: Path, folder: Path) -> None:
    """Restore a backup into a new home, with the keys of the old one: what an administrator does after a lost disk."""
    write_configuration(folder)
    open_home(folder)
    make_tables()
    restore(file)
    (state.folder / "keys").rename(folder / "keys")


def read_note() -> bytes:
    return checkpoints.signed_file().read_bytes()


def test_a_checkpoint_says_size_and_root_and_verifies_with_the_public_key_alone(each_state_home: State) -> None:
    act = keyed()
    grow(act, [f"P{n}" for n in range(300)])
    made = checkpoints.make()
    assert made.fresh
    checkpoint, _ = opened(made.note.encode(), keys.load("log").verifier, ORIGIN)
    assert (checkpoint.size, checkpoint.root) == head()
    assert read_note() == made.note.encode()
    assert Kept.objects.get(size=checkpoint.size).note.encode() == made.note.encode()
    latest = checkpoints.latest()
    assert latest is not None
    assert latest.note == made.note


def test_the_same_tree_is_signed_once(each_state_home: State) -> None:
    keyed()
    made = checkpoints.make()
    written = checkpoints.signed_file().stat().st_mtime_ns
    again = checkpoints.make()
    assert (again.fresh, again.note) == (False, made.note)
    assert checkpoints.signed_file().stat().st_mtime_ns == written
    assert Kept.objects.count() == 1


def test_a_checkpoint_that_the_database_lost_is_stored_again(state_home: State) -> None:
    keyed()
    made = checkpoints.make()
    Kept.objects.all().delete()
    latest = checkpoints.latest()
    assert latest is not None
    assert latest.note == made.note
    checkpoints.make()
    assert Kept.objects.get().note.encode() == made.note.encode()


def test_cosignatures_stay_with_their_checkpoint(state_home: State) -> None:
    keyed()
    made = checkpoints.make()
    witness = Signer.made("b.example/witness", COSIGNATURE, bytes(32))
    cosignature = cosigned(made.note, witness, 1_800_000_000)
    checkpoints.keep_cosignatures(made.note.with_signatures([cosignature]))
    checkpoints.keep_cosignatures(made.note)
    checkpoints.make()
    latest = checkpoints.latest()
    assert latest is not None
    assert latest.note.signatures == (*made.note.signatures, cosignature)
    assert read_note() == made.note.encode()


def test_nothing_is_signed_before_there_is_a_key(state_home: State) -> None:
    from tests.state import founded

    founded()
    refused(55, checkpoints.make)
    assert checkpoints.latest() is None
    assert not keyfolder.folder().exists()
    assert verify().holds


def test_a_restore_from_an_older_backup_is_noticed_and_nothing_is_signed(
    each_state_home: State, tmp_path: Path
) -> None:
    act = keyed()
    checkpoints.make()
    backup(tmp_path / "old.backup")
    grow(act, ["A", "B"])
    before = checkpoints.make()
    restored_into(each_state_home, tmp_path / "old.backup", tmp_path / "again")
    assert "backup from before was restored" in refused(56, checkpoints.make)
    assert read_note() == before.note.encode()
    found = verify()
    assert [each.rule for each in found.problems] == [56]
    assert any(each.name == "checkpoint" and each.status == "wrong" for each in doctor.examine())
    grow(act, ["C", "D", "E"])
    assert "are not those that were signed" in refused(56, checkpoints.make)
    assert read_note() == before.note.encode()


def test_a_restore_from_before_the_key_was_introduced_is_noticed(state_home: State, tmp_path: Path) -> None:
    from tests.state import founded

    act = founded()
    backup(tmp_path / "old.backup")
    keys.new(Asked("log", act), ORIGIN)
    checkpoints.make()
    restored_into(state_home, tmp_path / "old.backup", tmp_path / "again")
    refused(56, checkpoints.make)


def test_the_missing_statements_brought_back_are_signed_again(state_home: State, tmp_path: Path) -> None:
    act = keyed()
    checkpoints.make()
    backup(tmp_path / "old.backup")
    grow(act, ["A"])
    checkpoints.make()
    grow(act, ["B"])
    backup(tmp_path / "new.backup")
    restored_into(state_home, tmp_path / "old.backup", tmp_path / "again")
    refused(56, checkpoints.make)
    restored_into(State(tmp_path / "again", "sqlite"), tmp_path / "new.backup", tmp_path / "mended")
    assert checkpoints.make().checkpoint.size == head()[0]
    assert verify().holds


def test_a_record_rewritten_behind_its_back_is_not_signed(state_home: State) -> None:
    act = keyed()
    grow(act, [f"P{n}" for n in range(600)])
    checkpoints.make()
    behind_its_back(state_home, ("UPDATE record_tile SET hashes = zeroblob(8192) WHERE level = 0 AND n = 0", ()))
    grow(act, ["A"])
    refused(56, checkpoints.make)


def test_a_head_that_lies_is_not_signed(state_home: State) -> None:
    act = keyed()
    checkpoints.make()
    grow(act, ["A"])
    behind_its_back(state_home, ("UPDATE record_head SET root = zeroblob(32)", ()))
    refused(58, checkpoints.make)
    behind_its_back(state_home, ("UPDATE record_head SET size = size + 300", ()))
    with pytest.raises(Refused):
        checkpoints.make()


def test_missing_tiles_are_told(state_home: State) -> None:
    act = keyed()
    grow(act, [f"P{n}" for n in range(300)])
    behind_its_back(state_home, ("DELETE FROM record_tile", ()))
    assert "not whole" in refused(58, checkpoints.make)
    assert verify().holds is False


@pytest.mark.parametrize("kept", ["rubbish", "another key", "another size"])
def test_a_false_file_of_the_last_checkpoint_is_noticed(state_home: State, kept: str) -> None:
    act = keyed()
    made = checkpoints.make()
    other = Signer.made(ORIGIN, ED25519, bytes(32))
    smaller = Checkpoint(ORIGIN, 1, tree().root(1)).text()
    false = {
        "rubbish": b"rubbish",
        "another key": signed(made.note.text, other).encode(),
        "another size": Note(smaller, made.note.signatures).encode(),
    }[kept]
    checkpoints.signed_file().write_bytes(false)
    grow(act, ["A"])
    refused(58, checkpoints.make)
    assert [each.rule for each in verify().problems] == [58]
    checkpoints.signed_file().unlink()
    assert checkpoints.make().checkpoint.size == head()[0]


def test_without_the_file_the_stored_checkpoints_are_held_against_the_record(state_home: State, tmp_path: Path) -> None:
    act = keyed()
    grow(act, ["A"])
    checkpoints.make()
    checkpoints.signed_file().unlink()
    shorter = Kept.objects.get()
    text = Checkpoint(ORIGIN, 99, bytes(32)).text()
    Kept.objects.create(origin=ORIGIN, size=99, made_us=0, note=signed(text, keys.load("log")).encode().decode())
    refused(56, checkpoints.make)
    Kept.objects.filter(size=99).update(note=shorter.note.replace("—", "-"))
    refused(58, checkpoints.make)
    assert [each.rule for each in verify().problems] == [58]


def test_a_stored_checkpoint_of_another_tree_is_named_by_verification(each_state_home: State) -> None:
    act = keyed()
    for code in "ABC":
        grow(act, [code])
        checkpoints.make()
    assert verify().holds
    middle = Kept.objects.order_by("size")[1]
    text = Checkpoint(ORIGIN, middle.size, bytes(32)).text()
    Kept.objects.filter(pk=middle.pk).update(note=signed(text, keys.load("log")).encode().decode())
    assert [(each.rule, each.record) for each in verify().problems] == [(56, f"checkpoint {middle.size}")]


def test_a_configured_origin_does_not_change_what_the_record_says(
    state_home: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed()
    checkpoints.make()
    monkeypatch.setenv("OPENMPCA_ORIGIN", "other.example/log")
    assert checkpoints.make().checkpoint.origin == ORIGIN
    assert any(each.name == "origin" and each.status == "warning" for each in examining.examine())


def test_a_new_origin_names_the_last_checkpoint_and_takes_two_persons(each_state_home: State, tmp_path: Path) -> None:
    act = keyed()
    backup(tmp_path / "old.backup")
    grow(act, ["A", "B"])
    last = checkpoints.make()
    restored_into(each_state_home, tmp_path / "old.backup", tmp_path / "again")
    refused(56, checkpoints.make)
    made = checkpoints.new_origin(NEW, Asked("log", alone(act), reason="The disk was lost."))
    refused(56, checkpoints.make)
    commands.approve(made.stated.proposal or 0, "boris")
    begun = checkpoints.make()
    assert (begun.checkpoint.origin, begun.checkpoint.size) == (NEW, head()[0])
    assert opened(begun.note.encode(), keys.load("log").verifier, NEW)[0].size == head()[0]
    assert str(keys.load("log").verifier) == made.vkey
    assert verify().holds
    from openmpca.record import reading

    said = next(iter(reading.by_kind("proof.origin"))).fields
    assert str(said["previous"]).encode() == last.note.encode()
    assert said["reason"] == "The disk was lost."
    grow(act, ["C"])
    assert checkpoints.make().checkpoint.size == head()[0]


def test_a_restore_from_before_the_new_origin_is_noticed_too(state_home: State, tmp_path: Path) -> None:
    act = keyed()
    checkpoints.make()
    backup(tmp_path / "old.backup")
    checkpoints.new_origin(NEW, Asked("log", act, reason="A new domain."))
    checkpoints.make()
    restored_into(state_home, tmp_path / "old.backup", tmp_path / "again")
    assert NEW in refused(56, checkpoints.make)


def test_an_origin_that_skips_the_last_checkpoint_does_not_lead_on(state_home: State) -> None:
    act = keyed()
    earlier = checkpoints.make().note.encode().decode()
    grow(act, ["A"])
    checkpoints.make()
    said = Origin(day=_day(), origin=NEW, previous=earlier, reason="skips one")
    log = keys.load("log")
    asked = Asked("log", act, reason="skips one")
    keys.successor(asked, keys.fresh("log", NEW), str(log.verifier), [said])
    assert "signed for" in refused(56, checkpoints.make)


def test_an_origin_that_is_known_or_proves_nothing_is_refused(state_home: State) -> None:
    act = keyed()
    refused(57, lambda: checkpoints.new_origin(NEW, Asked("log", act, reason="too early")))
    made = checkpoints.make()
    asked = Asked("log", act, reason="the same")
    refused(57, lambda: checkpoints.new_origin(ORIGIN, asked))
    checkpoints.new_origin(NEW, Asked("log", act, reason="A new domain."))
    checkpoints.make()
    refused(57, lambda: checkpoints.new_origin(ORIGIN, Asked("log", act, reason="Back.")))
    refused(57, lambda: checkpoints.new_origin(NEW, Asked("log", act, reason="Again.")))
    previous = made.note.encode().decode()
    false = previous.replace(previous.split("\n")[2], "A" * 43 + "=")
    for wrong in ("", "text\n", false):
        said = Origin(day=_day(), origin=f"{NEW}x", previous=wrong, reason="x")
        refused(57, lambda said=said: commands.state([said], act))
    two = [Origin(day=_day(), origin=f"{NEW}{n}", previous=previous, reason="x") for n in range(2)]
    refused(57, lambda: commands.state(two, act))


def test_processes_that_sign_at_once_sign_one_line_of_trees(each_state_home: State) -> None:
    act = keyed()
    signers = [
        subprocess.Popen(
            [sys.executable, "-m", "openmpca.cli", "checkpoint", "--json"],
            env=each_state_home.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for n in range(10):
        grow(act, [f"P{n}"])
        time.sleep(0.05)
    outputs = [json.loads(each.communicate(timeout=120)[0]) for each in signers]
    trees = {(each["size"], each["root"]) for each in outputs}
    assert len({size for size, _ in trees}) == len(trees)
    assert max(size for size, _ in trees) == Checkpoint.parse(Note.parse(read_note()).text).size
    assert {(size, tree().root(size).hex()) for size, _ in trees} == trees
    assert verify().holds


def test_a_power_cut_leaves_the_old_checkpoint_or_the_new_one(
    state_home: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = keyed()
    before = checkpoints.make().note.encode()
    grow(act, ["A"])

    def cut(self: Path, target: Path) -> Path:
        raise OSError("power cut")

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(OSError, match="power cut"):
        checkpoints.make()
    monkeypatch.undo()
    assert read_note() == before
    assert Kept.objects.count() == 1
    assert [path.name for path in keyfolder.folder().iterdir() if "partial" in path.name] == []
    checkpoints.make()


def test_what_was_signed_is_on_the_disk_before_it_is_handed_out(
    each_state_home: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = keyed()
    checkpoints.make()
    grow(act, ["A"])

    def cut(made: Any) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(checkpoints, "_keep", cut)
    with pytest.raises(OSError, match="power cut"):
        checkpoints.make()
    monkeypatch.undo()
    last, size = checkpoints.last(), head()[0]
    assert last is not None
    assert (last.checkpoint.size, Kept.objects.filter(size=size).count()) == (size, 0)
    assert checkpoints.make().note == last.note
    assert Kept.objects.filter(size=size).count() == 1


def test_verification_needs_no_derived_table(state_home: State) -> None:
    keyed()
    checkpoints.make()
    tables.drop()
    assert verify().holds


def test_a_smaller_size_than_somebody_signed_meanwhile_signs_nothing(state_home: State) -> None:
    keyed()
    made = checkpoints.make()
    again = checkpoints.make(size=made.checkpoint.size - 1)
    assert (again.fresh, again.note) == (False, made.note)


def test_an_import_is_followed_by_a_checkpoint_where_the_key_needs_nobody(
    state_home: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = keyed()
    grow(act, ["A", "B"])
    assert "Checkpoint signed: size" in scheduling.after_many(range(2))
    monkeypatch.setenv("OPENMPCA_PAD", "16")
    assert "padded" in scheduling.after_many(range(2))
    monkeypatch.delenv("OPENMPCA_PAD")
    checkpoints.signed_file().write_bytes(b"rubbish")
    assert "No checkpoint was signed" in scheduling.after_many(range(2))


def test_an_import_waits_for_whoever_knows_the_passphrase(state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "WORK", sealing.LEAST_WORK)
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)
    keyed(secret=HORSE)
    assert "sealed" in scheduling.after_many(range(2))
    assert checkpoints.last() is None
    assert checkpoints.make(passphrase=HORSE).fresh


def test_no_key_makes_an_import_say_nothing(state_home: State) -> None:
    from tests.state import founded

    founded()
    assert scheduling.after_many(range(2)) == ""


def test_a_schedule_goes_on_when_others_write_and_stops_when_told() -> None:
    stop, calls, told = threading.Event(), [0], list[str]()

    def once() -> None:
        calls[0] += 1
        if calls[0] == 1:
            raise Busy("somebody")
        if calls[0] == 3:
            stop.set()

    scheduling.keep_on(0.01, once, told.append, stop)
    assert (calls[0], told) == (3, ["No checkpoint this time: somebody"])


def test_a_schedule_ends_where_something_is_wrong() -> None:
    def once() -> None:
        raise Refused([])

    with pytest.raises(Refused):
        scheduling.keep_on(0.01, once, lambda text: None, threading.Event())


def test_a_schedule_in_a_thread_of_its_own_ends_with_its_event() -> None:
    stop, calls = threading.Event(), list[int]()
    thread = threading.Thread(target=scheduling.keep_on, args=(0.01, lambda: calls.append(1), print, stop))
    thread.start()
    time.sleep(0.1)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert calls


@pytest.mark.skipif(os.name != "posix", reason="Windows ends processes otherwise")
def test_the_command_keeps_the_schedule_until_it_is_ended(state_home: State) -> None:
    path = state_home.folder / CONFIGURATION
    path.write_text("checkpoint_every = 1\n", encoding="utf-8")
    act = keyed()
    kept = subprocess.Popen(
        [sys.executable, "-m", "openmpca.cli", "checkpoint", "--scheduled"],
        env=state_home.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    _wait_for(lambda: checkpoints.last() is not None)
    grow(act, ["A"])
    _wait_for(lambda: Checkpoint.parse(Note.parse(read_note()).text).size == head()[0])
    kept.send_signal(signal.SIGTERM)
    said, _ = kept.communicate(timeout=30)
    assert kept.returncode == 0
    assert said.count(ORIGIN + "\n") >= 2


def _wait_for(done: Any) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_late_checkpoint_is_a_warning(state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    act = keyed()
    assert _finding().message == "Nothing was signed yet."
    checkpoints.make()
    grow(act, ["A"])
    assert _finding().status == "fine"
    Kept.objects.update(made_us=0)
    assert _finding().status == "warning"
    checkpoints.make()
    assert _finding().status == "fine"
    monkeypatch.setenv("OPENMPCA_CHECKPOINT_EVERY", "60")
    grow(act, ["B"])
    kept = Kept.objects.order_by("-size").first()
    assert kept is not None
    Kept.objects.filter(pk=kept.pk).update(made_us=kept.made_us - 300_000_000)
    assert _finding().status == "warning"


def _finding() -> doctor.Finding:
    return next(each for each in examining.examine() if each.name == "checkpoint")


def test_checkpoints_on_the_command_line(at_home: Run, tmp_path: Path) -> None:  # noqa: F811
    assert at_home.text("checkpoint", "--show")[0] == 4
    assert at_home.text("checkpoint")[0] == 1
    at_home.text("key", "new", "log", "--name", ORIGIN, "--by", "anna")
    assert at_home.text("checkpoint")[0] == 1
    assert at_home.text("checkpoint", "--scheduled")[0] == 2
    at_home.text("approve", "1", "--by", "boris")
    code, made = at_home.json("checkpoint")
    assert (code, made["origin"], made["size"], made["new"]) == (0, ORIGIN, 2, True)
    assert at_home.text("checkpoint")[1] == made["note"]
    assert at_home.text("checkpoint", "--show")[1] == made["note"]
    assert at_home.text("checkpoint", "--new-origin", NEW, "--by", "anna")[0] == 2
    code, said, _ = at_home.text("checkpoint", "--new-origin", NEW, "--reason", "A new domain.", "--by", "anna")
    assert (code, "Proposal 2 waits" in said, "policy" in said) == (0, True, True)
    code, _, told = at_home.text("approve", "2", "--by", "boris")
    assert (code, "Checkpoint signed: size 4" in told) == (0, True)
    assert at_home.json("checkpoint")[1]["origin"] == NEW
    code, rows = at_home.json("doctor")
    assert {row["check"]: row["status"] for row in rows}["checkpoint"] == "fine"


def test_a_table_that_was_imported_is_signed(at_home: Run, tmp_path: Path) -> None:  # noqa: F811
    at_home.text("key", "new", "log", "--name", ORIGIN, "--by", "anna")
    at_home.text("approve", "1", "--by", "boris")
    table = tmp_path / "countries.csv"
    table.write_text("day,code,name\n2026-01-01,ZZ,One\n2026-01-01,ZY,Two\n", encoding="utf-8")
    code, _, told = at_home.text("import", "table", str(table), "--as", "country", "--by", "anna")
    assert (code, "Checkpoint signed: size 4" in told) == (0, True)


def test_values_of_the_configuration_are_numbers(state_home: State) -> None:
    from openmpca.record.home import ConfigurationError, configuration

    path = state_home.folder / CONFIGURATION
    path.write_text('pad = 16\ncheckpoint_every = 60\norigin = "a.example/log"\n', encoding="utf-8")
    given = configuration()
    assert (given.pad, given.checkpoint_every, given.origin) == (16, 60, "a.example/log")
    path.write_text("pad = -1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        configuration()


def _day() -> Any:
    from tests.state import BEGINNING

    return BEGINNING
