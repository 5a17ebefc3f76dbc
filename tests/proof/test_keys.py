"""Private keys: in files for their owner alone, introduced by two persons, rotated, and nowhere else."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openmpca.proof.keyring import keyfolder, keylist, keys, passphrase, sealing
from openmpca.proof.keyring.keys import Asked
from openmpca.proof.signing import checkpoints
from openmpca.proof.statements import Key
from openmpca.record import commands, doctor, reading
from openmpca.record.backup import backup, restore
from openmpca.record.home import home
from openmpca.record.opening import make_tables, open_home
from openmpca.record.record import Refused
from openmpca.record.statements import Grant, Person
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer, Verifier
from tests.proof.signing import ORIGIN, grow, introduced, keyed
from tests.record.test_command_line import INIT, Run, at_home, run  # noqa: F401  fixtures
from tests.state import BEGINNING, State, alone, founded, write_configuration

posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps permissions elsewhere")
HORSE = "correct horse"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that is quick to try: what it costs is measured by nobody here."""
    monkeypatch.setattr(sealing, "WORK", sealing.LEAST_WORK)
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)


def refused(rule: int, call: Any) -> str:
    with pytest.raises(Refused) as stopped:
        call()
    assert stopped.value.problems[0].rule == rule
    return stopped.value.problems[0].message


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_signs_when_another_person_has_approved_it(each_state_home: State) -> None:
    act = founded()
    made = keys.new(Asked("log", alone(act)), ORIGIN)
    assert made.stated.proposal == 1
    assert "waits" in refused(55, lambda: keys.load("log"))
    commands.approve(1, "boris")
    signer = keys.load("log")
    assert (signer.name, str(signer.verifier)) == (ORIGIN, made.vkey)
    assert keys.origin() == ORIGIN
    assert [each.fields["vkey"] for each in reading.by_kind("proof.key")] == [made.vkey]


def test_one_person_alone_introduces_no_key(state_home: State) -> None:
    act = founded()
    keys.new(Asked("log", alone(act)), ORIGIN)
    refused(4, lambda: commands.approve(1, "anna"))
    refused(55, lambda: keys.load("log"))


@posix
def test_the_folder_and_its_files_are_for_their_owner_alone(state_home: State) -> None:
    before = os.umask(0)
    try:
        keyed()
        checkpoints.make()
    finally:
        os.umask(before)
    assert mode(keyfolder.folder()) == 0o700
    assert {mode(path) for path in keyfolder.folder().iterdir()} == {0o600}


@posix
@pytest.mark.parametrize("wrong", [0o640, 0o604, 0o620, 0o644])
def test_a_key_that_others_can_read_is_refused(state_home: State, wrong: int) -> None:
    keyed()
    path = keyfolder.folder() / "log.key"
    path.chmod(wrong)
    assert "Others may read" in refused(52, lambda: keys.load("log"))
    assert any(each.name == "key files" and each.status == "wrong" for each in doctor.examine())
    path.chmod(0o600)
    keys.load("log")


@posix
def test_a_folder_in_which_others_may_write_is_refused(state_home: State) -> None:
    act = keyed()
    keyfolder.folder().chmod(0o770)
    assert "Others may write" in refused(52, lambda: keys.new(Asked("party", act)))
    assert any(each.name == "folder of keys" and each.status == "wrong" for each in doctor.examine())


def test_a_key_file_is_never_written_over(state_home: State) -> None:
    act = keyed()
    path = keyfolder.folder() / "log.key"
    before = path.read_text(encoding="utf-8")
    refused(54, lambda: keys.new(Asked("log", act), ORIGIN))
    with pytest.raises(FileExistsError):
        keyfolder.create(path, "another")
    assert path.read_text(encoding="utf-8") == before


def test_a_key_whose_proposal_was_rejected_is_proposed_again(state_home: State) -> None:
    act = founded()
    made = keys.new(Asked("log", alone(act)), ORIGIN)
    refused(54, lambda: keys.new(Asked("log", alone(act)), ORIGIN))
    commands.reject(1, "boris", "not today")
    again = keys.new(Asked("log", alone(act)), ORIGIN)
    assert (again.vkey, again.stated.proposal) == (made.vkey, 2)
    commands.approve(2, "boris")
    assert str(keys.load("log").verifier) == made.vkey


def test_a_refused_key_leaves_no_file(state_home: State) -> None:
    act = founded(roles=())
    commands.state([Person(day=BEGINNING, person="clara", of="SRA")], act)
    commands.state([Grant(day=BEGINNING, person="clara", for_party="SRA", role="reader")], act)
    refused(1, lambda: keys.new(Asked("log", alone(act, "clara")), ORIGIN))
    assert not keyfolder.folder().exists()


@pytest.mark.parametrize("name", ["two words", "a+b", "", "a\u2003b"])
def test_a_name_that_no_key_can_have_is_refused(state_home: State, name: str) -> None:
    act = founded()
    refused(53, lambda: keys.new(Asked("log", act), name))


def test_each_use_has_its_own_type_and_name(state_home: State) -> None:
    act = keyed()
    for use, asked in {
        "witness": Asked("witness", act),
        "party": Asked("party", act),
        "person": Asked("person", act, person="anna"),
    }.items():
        introduced(asked)
        signer = keys.load(use, person="anna")
        assert signer.type == (COSIGNATURE if use == "witness" else ED25519)
        assert signer.name == f"sra.example/{'person-anna' if use == 'person' else use}"
    assert sorted(path.name for path in keys.every_file()) == [
        "log.key",
        "party.key",
        "person-anna.key",
        "witness.key",
    ]


def test_the_key_of_another_party_or_of_nobody_is_refused(state_home: State) -> None:
    act = keyed()
    vkey = str(keys.fresh("party", "x.example/party").verifier)
    for of, use in [("XXX", "party"), ("nobody", "person"), ("SRA", "seal")]:
        refused(53, lambda of=of, use=use: commands.state([Key(day=BEGINNING, of=of, use=use, vkey=vkey)], act))
    grow(act, ["OP"])
    log = str(keys.fresh("log", "x.example/log").verifier)
    assert "kept by SRA" in refused(53, lambda: commands.state([Key(day=BEGINNING, of="OP", use="log", vkey=log)], act))
    witness = Key(day=BEGINNING, of="SRA", use="witness", vkey=vkey)
    assert "of type 4" in refused(53, lambda: commands.state([witness], act))
    torn = Key(day=BEGINNING, of="SRA", use="party", vkey=vkey[:-3])
    assert "no public key" in refused(53, lambda: commands.state([torn], act))


def test_one_key_has_one_use(state_home: State) -> None:
    act = keyed()
    log = keys.load("log")
    same = Signer.made("sra.example/party", ED25519, log.seed)
    said = Key(day=BEGINNING, of="SRA", use="party", vkey=str(same.verifier))
    assert "introduced before" in refused(54, lambda: commands.state([said], act))


def test_a_second_key_takes_the_place_of_the_first_or_is_refused(state_home: State) -> None:
    act = keyed()
    second = str(keys.fresh("log", ORIGIN).verifier)
    refused(54, lambda: commands.state([Key(day=BEGINNING, of="SRA", use="log", vkey=second)], act))
    third = str(keys.fresh("log", "other.example/log").verifier)
    first = str(keys.load("log").verifier)
    other = Key(day=BEGINNING, of="SRA", use="log", vkey=third, replaces=first)
    assert "origin is" in refused(53, lambda: commands.state([other], act))


def test_a_rotated_key_waits_for_its_approval_and_the_old_one_signs_until_then(each_state_home: State) -> None:
    act = keyed()
    old = keys.load("log")
    before = checkpoints.make()
    made = keys.rotate(Asked("log", alone(act), reason="yearly"))
    assert keys.load("log") == old
    commands.approve(made.stated.proposal or 0, "boris")
    new = keys.load("log")
    assert (str(new.verifier), new.name) == (made.vkey, old.name)
    names = sorted(path.name for path in keys.every_file())
    assert names == ["log.key", f"log.key.{old.verifier.key_id.hex()}"]
    after = checkpoints.make()
    assert after.checkpoint.size > before.checkpoint.size
    assert after.note.signatures[0].key_id == new.verifier.key_id
    assert [row["standing"] for row in keylist.rows("log")] == ["replaced", "signs"]


def test_a_rotation_that_stopped_half_way_is_finished(state_home: State) -> None:
    act = keyed()
    old = keys.load("log").verifier
    made = keys.rotate(Asked("log", act))
    place = keyfolder.folder() / "log.key"
    place.rename(place.with_name(f"log.key.{old.key_id.hex()}"))
    assert str(keys.load("log").verifier) == made.vkey
    assert keys.read(place).vkey == made.vkey


def test_a_lost_key_is_replaced_by_rotating(state_home: State) -> None:
    act = keyed()
    (keyfolder.folder() / "log.key").unlink()
    assert "There is no key" in refused(55, lambda: keys.load("log"))
    assert any(each.name == "key of the log" and each.status == "wrong" for each in doctor.examine())
    made = keys.rotate(Asked("log", act, reason="lost"))
    assert str(keys.load("log").verifier) == made.vkey


def test_what_is_no_key_file_is_named(state_home: State) -> None:
    keyed()
    path = keyfolder.folder() / "log.key"
    for wrong in (b"", b"secret\n", b"\xff\xfe", path.read_bytes()[:-6]):
        path.write_bytes(wrong)
        message = refused(52, lambda: keys.load("log"))
        assert "secret" not in message
    assert any(each.name == "key files" and each.status == "wrong" for each in doctor.examine())


def test_a_sealed_key_opens_with_its_passphrase_alone(state_home: State) -> None:
    keyed(secret=HORSE)
    file = keys.signing("log")
    assert file.sealed
    assert "PRIVATE" not in file.path.read_text(encoding="utf-8")
    assert keys.load("log", passphrase=HORSE).name == ORIGIN
    for wrong in ("Correct horse", "", "correct horse "):
        message = refused(59, lambda wrong=wrong: keys.load("log", passphrase=wrong))
        assert "orrect" not in message
    assert "nobody can be asked" in refused(59, lambda: keys.load("log"))


def test_a_passphrase_comes_from_a_file_that_its_owner_alone_reads(
    state_home: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed(secret=HORSE)
    file = tmp_path / "passphrase"
    file.write_text("correct horse\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv(passphrase.VARIABLE, str(file))
    assert keys.load("log").name == ORIGIN
    if os.name == "posix":
        file.chmod(0o644)
        assert "Others may read" in refused(52, lambda: keys.load("log"))


def test_a_passphrase_is_typed_twice(state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["one", "two", "one", "one", "", ""])
    monkeypatch.setattr(passphrase, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert "not the same" in refused(59, lambda: passphrase.chosen("key"))
    assert passphrase.chosen("key") == "one"
    assert "empty" in refused(59, lambda: passphrase.chosen("key"))


def test_a_sealed_file_that_was_changed_does_not_open() -> None:
    vkey = str(keys.fresh("log", ORIGIN).verifier)
    other = str(keys.fresh("log", ORIGIN).verifier)
    text = sealing.sealed("secret", vkey, "horse")
    assert sealing.opened(text, "horse") == "secret"
    changed = [
        text.replace(vkey, other),
        text.replace(f"scrypt {sealing.LEAST_WORK} ", f"scrypt {sealing.LEAST_WORK * 2} "),
        text.replace("v1", "v2"),
        text.replace(f"scrypt {sealing.LEAST_WORK} ", "scrypt 16 "),
        text.replace(f"scrypt {sealing.LEAST_WORK} ", f"scrypt {1 << 23} "),
        text.replace(f"scrypt {sealing.LEAST_WORK} ", f"scrypt {sealing.LEAST_WORK + 1} "),
        re.sub("chacha20-poly1305 ....", "chacha20-poly1305 AAAA", text),
        re.sub("chacha20-poly1305 .*", "chacha20-poly1305 A", text),
        re.sub("chacha20-poly1305 .*", "chacha20-poly1305 AAAA", text),
        text + "\n",
        "",
    ]
    for each in changed:
        with pytest.raises(sealing.SealError):
            sealing.opened(each, "horse")


def test_the_same_passphrase_in_another_spelling_opens() -> None:
    text = sealing.sealed("secret", "k", "caf\u00e9")
    assert sealing.opened(text, "cafe\u0301") == "secret"


def test_no_private_key_is_anywhere_but_in_its_file(each_state_home: State, tmp_path: Path) -> None:
    act = keyed()
    introduced(Asked("party", act))
    checkpoints.make()
    made = keys.rotate(Asked("log", alone(act)))
    commands.approve(made.stated.proposal or 0, "boris")
    checkpoints.make()
    secrets = [path.read_text(encoding="utf-8").strip() for path in keys.every_file()]
    parts = [each.split("+", 4)[4].encode() for each in secrets] + [Signer.parse(each).seed for each in secrets]
    parts += [part.hex().encode() for part in parts[3:]]
    kept = tmp_path / "state.backup"
    backup(kept)
    commands_out = [
        subprocess.run(
            [sys.executable, "-m", "openmpca.cli", *line, "--json"],
            env=each_state_home.environment(),
            capture_output=True,
            check=False,
        )
        for line in (["key", "show"], ["doctor"], ["key", "new", "log", "--by", "anna"])
    ]
    places = [path.read_bytes() for path in home().rglob("*") if path.is_file() and ".key" not in path.name]
    places += [kept.read_bytes(), *(each.stdout + each.stderr for each in commands_out)]
    shown = [keys.load("log"), keys.load("party"), Asked("log", act, secret=HORSE)]
    places += [repr(each).encode() for each in shown]
    places += [json.dumps(_everything(), default=str).encode()]
    assert [part for part in parts for place in places if part in place] == []
    assert not any(HORSE.encode() in place for place in places)


def _everything() -> list[Any]:
    """What the record's database holds."""
    from django.apps import apps
    from django.db import router

    here = [model for model in apps.get_models() if router.db_for_read(model) == "default"]
    return [list(model.objects.values()) for model in here]


def test_a_backup_has_no_keys(state_home: State, tmp_path: Path) -> None:
    keyed()
    checkpoints.make()
    backup(tmp_path / "state.backup")
    write_configuration(tmp_path / "other")
    open_home(tmp_path / "other")
    make_tables()
    restore(tmp_path / "state.backup")
    assert not keyfolder.folder().exists()
    assert "There is no key" in refused(55, checkpoints.make)


def test_keys_are_made_and_shown_on_the_command_line(at_home: Run) -> None:  # noqa: F811
    code, _, told = at_home.text("key", "new", "log", "--by", "anna")
    assert (code, "--name" in told) == (1, True)
    code, made = at_home.json("key", "new", "log", "--name", ORIGIN, "--by", "anna")
    assert (code, made["proposal"], "PRIVATE" in json.dumps(made)) == (0, 1, False)
    assert at_home.json("key", "show")[1][0]["standing"] == "proposal 1 waits"
    assert at_home.text("approve", "1", "--by", "boris")[0] == 0
    code, said, _ = at_home.text("key", "show", "log")
    assert (code, made["vkey"] in said, "signs" in said) == (0, True, True)
    at_home.text("key", "new", "person", "--by", "boris")
    verifier = at_home.text("key", "show", "person")[1].splitlines()[-1]
    assert str(Verifier.parse(verifier)) == verifier
    assert at_home.text("key", "show", "seal")[0] == 2
    assert at_home.text("key", "new", "seal", "--by", "anna")[0] == 1
    code, said, _ = at_home.text("key", "rotate", "log", "--by", "anna")
    assert (code, "policy" in said) == (0, True)
