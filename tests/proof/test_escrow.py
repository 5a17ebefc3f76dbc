"""An inventory in escrow: declared, opened step by step, finished; and what somebody tries who wants to cheat."""

import dataclasses
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openmpca.cli import main
from openmpca.proof.disclosures import showing
from openmpca.proof.escrow import escrow_checking, escrow_files, escrows
from openmpca.proof.escrow.escrow_files import OpeningFile
from openmpca.proof.escrow.escrows import NoEscrow, Release
from openmpca.proof.models import Checkpoint, Escrow, EscrowOpening
from openmpca.proof.statements import Escrow as EscrowStatement
from openmpca.proof.statements import EscrowOpening as OpeningStatement
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.backup import backup
from openmpca.record.console import Exit
from openmpca.record.models import Row
from openmpca.record.rebuild import rebuild
from openmpca.record.record import Refused, head
from openmpca.tlog import escrow as leaves
from openmpca.tlog.checkpoint import Checkpoint as Head
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.note import signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer
from tests.state import State, alone, at, founded

ROOT = Path(__file__).resolve().parents[2]

LATER = at("2026-03-01")
TO = Release("INS", "count of the launch tubes", "Treaty, article 5")
LOG = Signer.made("sra.example/programme", ED25519, b"L" * 32)
WITNESS = Signer.made("W1", COSIGNATURE, b"W" * 32)
POLICY = Policy.parse(f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n")
TUBES = [{"id": f"LT-{n:04}", "kind": "slbm-launch-tube", "site": f"S-{n % 3}"} for n in range(5)]


def declare(name: str = "S-2026", records: list[dict[str, Any]] = TUBES, **options: Any) -> Any:
    act = options.pop("act", None) or Act(party="SRA", prepared_by="anna", approved_by=["boris"])
    return escrows.declared(name, records, act, when=LATER, **options)[0]


def act() -> Act:
    return Act(party="SRA", prepared_by="anna", approved_by=["boris"])


def checkpoint(*, witnessed: bool = True, when: int = 1_772_400_000) -> None:
    size, root = head()
    note = signed(Head(LOG.verifier.name, size, root).text(), LOG)
    if witnessed:
        note = note.with_signatures([cosigned(note, WITNESS, when)])
    Checkpoint.objects.create(size=size, origin=LOG.verifier.name, made_us=0, note=note.encode().decode())


def opened(tmp_path: Path, *ids: str, file: str = "opening.json") -> tuple[str, bytes]:
    made = escrows.opened("S-2026", ids, TO, act(), when=LATER)
    escrows.written(made.numbers[0], tmp_path / file)
    return file, (tmp_path / file).read_bytes()


def finished(tmp_path: Path, file: str = "rest.json") -> tuple[str, bytes]:
    made = escrows.finished("S-2026", TO, act(), when=LATER)
    escrows.written(made.numbers[0], tmp_path / file)
    return file, (tmp_path / file).read_bytes()


def test_an_inventory_is_opened_step_by_step_until_nothing_is_left(each_state_home: State, tmp_path: Path) -> None:
    founded()
    made = declare()
    assert Escrow.objects.get().size == 16
    checkpoint()
    first = opened(tmp_path, "LT-0001")
    second = opened(tmp_path, "LT-0000", "LT-0002", "LT-0003", "LT-0004", file="second.json")
    (seen,), problems = escrow_checking.check([first], POLICY)
    assert (problems, seen.openings.records, seen.openings.unopened, seen.whole) == ([], [TUBES[1]], 15, False)
    assert seen.data()["declared"]["no_later_than"] == 1_772_400_000
    assert seen.data()["declared"]["statement"] == made.numbers[0]
    (seen,), problems = escrow_checking.check([first, second, finished(tmp_path)], POLICY)
    assert (problems, seen.whole, seen.openings.decoys) == ([], True, 11)
    assert sorted(each["id"] for each in seen.openings.records) == [each["id"] for each in TUBES]
    assert EscrowOpening.objects.count() == 16
    assert escrows.listed()[0]["opened"] == 16
    assert rebuild().problems == []


def test_it_takes_two_persons_to_declare_and_to_open(state_home: State, tmp_path: Path) -> None:
    founded()
    one = alone(act())
    made = declare(act=one)
    assert (made.proposal, Escrow.objects.count()) == (1, 0)
    with pytest.raises(NoEscrow, match="waits for a second person, as proposal 1"):
        escrows.opened("S-2026", ["LT-0001"], TO, one, when=LATER)
    commands.approve(1, "boris", when=LATER)
    asked = escrows.opened("S-2026", ["LT-0001"], TO, one, when=LATER)
    assert asked.proposal == 2
    with pytest.raises(NoEscrow, match="opens no leaves"):
        escrows.written(99, tmp_path / "none.json")
    with pytest.raises(NoEscrow, match="opens no leaves"):
        escrows.written(0, tmp_path / "none.json")
    number = commands.approve(2, "boris", when=LATER).numbers[0]
    assert [each.record for each in escrows.written(number, tmp_path / "opening.json").opened] == [TUBES[1]]
    with pytest.raises(FileExistsError):
        escrows.written(number, tmp_path / "opening.json")


def test_what_opens_it_lies_in_one_file_of_its_owner_and_nowhere_else(state_home: State, tmp_path: Path) -> None:
    founded()
    declare()
    path = escrow_files.secret_path("S-2026")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    escrow = escrow_files.secret("S-2026")
    kept = tmp_path / "backup.zip"
    backup(kept)
    elsewhere = kept.read_bytes() + b"".join(row.body.encode() for row in Row.objects.all())
    elsewhere += (state_home.folder / "openmpca.sqlite3").read_bytes()
    for leaf in escrow.leaves:
        assert leaf.salt not in elsewhere
        assert leaf.salt.hex().encode() not in elsewhere
    assert b"slbm-launch-tube" not in elsewhere


def test_a_secret_is_sealed_under_a_passphrase(
    state_home: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded()
    words = tmp_path / "words"
    words.touch(mode=0o600)
    words.write_text("correct horse\n")
    monkeypatch.setenv("OPENMPCA_PASSPHRASE_FILE", str(words))
    declare(seal=True)
    text = escrow_files.secret_path("S-2026").read_text()
    assert "slbm" not in text
    assert escrow_files.secret("S-2026").root.hex() == Escrow.objects.get().root
    assert escrow_files.open_secrets() == []
    words.write_text("wrong\n")
    with pytest.raises(Refused, match="59"):
        escrow_files.secret("S-2026")


def test_what_is_refused_leaves_no_secret_and_no_second_one_is_written_over(state_home: State) -> None:
    founded()
    with pytest.raises(Refused, match="90"):
        declare(size=15)
    with pytest.raises(Refused, match="90"):
        declare(name="no name")
    with pytest.raises(Refused, match="90"):
        declare(records=TUBES * 2)
    assert declare(dry_run=True).numbers
    assert not list(state_home.folder.glob("keys/escrow-*"))
    declare()
    with pytest.raises(Refused, match="91"):
        declare()
    Escrow.objects.all().delete()
    with pytest.raises(Refused, match="is the secret of an escrow"):
        declare()


def test_salts_are_not_used_again_when_it_is_declared_anew(state_home: State, monkeypatch: pytest.MonkeyPatch) -> None:
    founded()
    fixed = {512: os.urandom(512)}
    escrow = leaves.Escrow.made(TUBES, 16, lambda count: fixed.get(count) or os.urandom(count))
    monkeypatch.setattr(escrows.Escrow, "made", lambda *_: escrow)
    declare()
    with pytest.raises(Refused, match="Salts of another escrow came up again"):
        declare("S-2027")
    escrow_files.secret_path("S-2026").unlink()
    with pytest.raises(Refused, match="its salts are used again"):
        declare("S-2027")


def test_a_new_declaration_takes_the_place_of_an_old_one_once(state_home: State) -> None:
    founded()
    first = declare().numbers[0]
    declare("S-2027", replaces="S-2026")
    assert Escrow.objects.get(name="S-2027").replaces == first
    assert [row["replaced_by"] for row in escrows.listed()] == ["S-2027", ""]
    with pytest.raises(Refused, match="92"):
        declare("S-2028", replaces="S-2026")
    with pytest.raises(NoEscrow):
        declare("S-2028", replaces="S-2020")
    wrong = EscrowStatement(day=LATER.today, name="X", size=16, root="ab" * 32, replaces=0)
    with pytest.raises(Refused, match="92"):
        commands.state([wrong], act(), when=LATER)


@pytest.mark.parametrize(("taken", "refused"), [([], 94), ([16], 94), ([-1], 94), ([3, 3], 94)])
def test_an_opening_names_leaves_that_there_are(state_home: State, taken: list[int], refused: int) -> None:
    founded()
    number = declare().numbers[0]
    statement = OpeningStatement(
        day=LATER.today, escrow=number, leaves=taken, recipient="INS", purpose="count", authority="Treaty"
    )
    with pytest.raises(Refused, match=str(refused)):
        commands.state([statement], act(), when=LATER)


def test_an_opening_is_of_an_escrow_of_the_own_party(state_home: State) -> None:
    founded()
    statement = OpeningStatement(
        day=LATER.today, escrow=0, leaves=[1], recipient="INS", purpose="count", authority="Treaty"
    )
    with pytest.raises(Refused, match="93"):
        commands.state([statement], act(), when=LATER)


def test_two_escrows_of_one_act_have_names_and_roots_of_their_own(state_home: State) -> None:
    founded()
    one = EscrowStatement(day=LATER.today, name="A", size=16, root="ab" * 32)
    with pytest.raises(Refused) as refused:
        commands.state([one, one], act(), when=LATER)
    assert [each.rule for each in refused.value.problems] == [91, 91]
    with pytest.raises(Refused, match="90"):
        commands.state([msgspec.structs.replace(one, root="AB" * 32)], act(), when=LATER)


def test_decoys_are_opened_without_records_that_are_still_closed(state_home: State, tmp_path: Path) -> None:
    founded()
    declare()
    with pytest.raises(Refused, match="5 records are not opened to INS"):
        escrows.finished("S-2026", TO, act(), when=LATER)
    escrows.finished("S-2026", TO, act(), with_records=True, when=LATER)
    with pytest.raises(NoEscrow, match="is opened to INS already"):
        escrows.finished("S-2026", TO, act(), when=LATER)
    with pytest.raises(NoEscrow, match="holds no record LT-9999"):
        escrows.opened("S-2026", ["LT-9999"], TO, act(), when=LATER)


def test_without_its_secret_nothing_is_opened(state_home: State, tmp_path: Path) -> None:
    founded()
    declare()
    declare("S-2027")
    path, other = escrow_files.secret_path("S-2026"), escrow_files.secret_path("S-2027")
    text = path.read_text()
    path.write_text(text.replace("S-1", "S-2"))
    with pytest.raises(Refused, match="95"):
        escrows.opened("S-2026", ["LT-0001"], TO, act(), when=LATER)
    path.write_bytes(b"\xff")
    with pytest.raises(Refused, match="52"):
        escrows.opened("S-2026", ["LT-0001"], TO, act(), when=LATER)
    path.write_text(other.read_text().replace('"name":"S-2027"', '"name":"S-2026"'))
    with pytest.raises(NoEscrow, match="not that of the escrow"):
        escrows.opened("S-2026", ["LT-0001"], TO, act(), when=LATER)
    path.unlink()
    with pytest.raises(NoEscrow, match="is not here"):
        escrows.opened("S-2026", ["LT-0001"], TO, act(), when=LATER)


def changed(given: tuple[str, bytes], **fields: Any) -> tuple[str, bytes]:
    file = escrow_files.parsed(given[1], given[0])
    return given[0], msgspec.structs.replace(file, **fields).encode()


def first_of(given: tuple[str, bytes]) -> OpeningFile:
    return escrow_files.parsed(given[1], given[0])


@pytest.fixture
def handed_over(state_home: State, tmp_path: Path) -> tuple[str, bytes]:
    founded()
    declare()
    checkpoint(witnessed=False, when=0)
    commands.state([EscrowStatement(day=LATER.today, name="B", size=16, root="ab" * 32)], act(), when=LATER)
    checkpoint()
    return opened(tmp_path, "LT-0001", "LT-0002")


def rules(given: list[tuple[str, bytes]], policy: Policy | None = POLICY, **options: Any) -> list[int]:
    return [each.rule for each in escrow_checking.check(given, policy, **options)[1]]


def test_the_first_checkpoint_that_others_signed_is_handed_over(handed_over: tuple[str, bytes]) -> None:
    declared = first_of(handed_over).declared
    assert declared is not None
    assert "— W1 " in declared.checkpoint
    assert "anna" not in handed_over[1].decode()
    assert rules([handed_over]) == []


def test_a_file_of_another_form_is_refused(handed_over: tuple[str, bytes]) -> None:
    name, data = handed_over
    assert rules([(name, data[:-1])]) == [95]
    assert rules([(name, data.replace(b":", b": ", 1))]) == [95]
    assert rules([(name, b"{}\n"), (name, b"[" * 100_000 + b"\n"), (name, b"\xff\n")]) == [95, 95, 95]
    assert rules([(name, data.replace(b'"leaf":', b'"leaf":0,"leaf":', 1))]) == [95]
    assert rules([(name, data.replace(b'{"authority"', b'{"also":1,"authority"'))]) == [95]


def test_a_leaf_twice_in_a_file_is_refused(handed_over: tuple[str, bytes]) -> None:
    opened = first_of(handed_over).opened
    assert rules([changed(handed_over, opened=[*opened, opened[0]])]) == [96]
    assert rules([handed_over, ("again.json", handed_over[1])]) == []


def test_an_altered_record_and_another_size_or_root_are_refused(handed_over: tuple[str, bytes]) -> None:
    opened = first_of(handed_over).opened
    altered = msgspec.structs.replace(opened[0], record={"id": "LT-0001", "site": "S-9"})
    assert rules([changed(handed_over, opened=[altered])]) == [96]
    assert 98 in rules([changed(handed_over, size=15)])
    assert 97 in rules([handed_over, changed(handed_over, size=15, declared=None)])
    assert 96 in rules([changed(handed_over, root="cd" * 32, declared=None)], None)
    assert rules([changed(handed_over, root="no root", declared=None)], None) == [97]
    assert rules([changed(handed_over, size=0, declared=None)], None) == [97]
    assert 97 in rules([handed_over, changed(handed_over, name="T", declared=None)])


def test_a_declared_size_that_is_no_number_is_refused(
    handed_over: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = showing.proven

    def with_a_truth(*given: Any) -> list[showing.Proven]:
        return [dataclasses.replace(each, fields={**each.fields, "size": True}) for each in proven(*given)]

    monkeypatch.setattr(showing, "proven", with_a_truth)
    assert 98 in rules([changed(handed_over, size=1)])


def test_a_size_that_was_never_declared_is_not_proven_whole(state_home: State) -> None:
    escrow = leaves.Escrow.made([], 3, os.urandom)
    file = OpeningFile(
        format="openmpca/escrow-opening/v1",
        name="X",
        size=2,
        root=escrow.root.hex(),
        recipient="",
        purpose="",
        authority="",
        opened=[escrow.opened(leaf) for leaf in range(2)],
    )
    checked, problems = escrow_checking.check([("x.json", file.encode())])
    assert problems
    assert not checked[0].whole


def test_a_root_that_was_noted_is_held_against_the_files(handed_over: tuple[str, bytes]) -> None:
    file = first_of(handed_over)
    assert rules([handed_over], None, expect=(16, bytes.fromhex(file.root))) == []
    assert rules([handed_over], None, expect=(32, bytes.fromhex(file.root))) == [97]


def test_a_declaration_is_held_against_the_policy(handed_over: tuple[str, bytes]) -> None:
    declared = first_of(handed_over).declared
    assert declared is not None
    no_log = Policy.parse(f"log {Signer.made('x.example', ED25519, b'X' * 32).verifier}\nquorum none\n")
    look_alike = Signer.made(LOG.verifier.name, ED25519, b"X" * 32)
    other_key = Policy.parse(f"log {look_alike.verifier}\nquorum none\n")
    other_witness = Signer.made("W2", COSIGNATURE, b"V" * 32)
    more = Policy.parse(f"log {LOG.verifier}\nwitness v {other_witness.verifier}\nquorum v\n")
    log_alone = Policy.parse(f"log {LOG.verifier}\nquorum none\n")
    assert [rules([handed_over], each) for each in (no_log, other_key, more, log_alone, None)] == [
        [99],
        [99],
        [99],
        [],
        [],
    ]
    assert rules([changed(handed_over, declared=None)]) == [98]
    assert rules([changed(handed_over, declared=msgspec.structs.replace(declared, checkpoint="none"))]) == [98]
    moved = msgspec.structs.replace(declared.statement, number=declared.statement.number + 1)
    assert rules([changed(handed_over, declared=msgspec.structs.replace(declared, statement=moved))]) == [98]
    false = declared.checkpoint.replace("— W1 ", "— W1 ").rpartition(" ")
    forged = f"{false[0]} {false[2][:20]}{'A' if false[2][20] != 'A' else 'B'}{false[2][21:]}"
    assert rules([changed(handed_over, declared=msgspec.structs.replace(declared, checkpoint=forged))]) == [99]


def test_escrows_that_share_a_salt_are_told(state_home: State) -> None:
    def file(name: str, record: dict[str, Any]) -> tuple[str, bytes]:
        escrow = leaves.Escrow((leaves.Leaf.of(record, bytes(32)),))
        made = OpeningFile(
            format="openmpca/escrow-opening/v1",
            name=name,
            size=1,
            root=escrow.root.hex(),
            recipient="",
            purpose="",
            authority="",
            opened=[escrow.opened(0)],
        )
        return f"{name}.json", made.encode()

    assert rules([file("A", {"id": "1"}), file("B", {"id": "2"})], None) == [97]


def test_a_list_comes_from_a_table_or_json_with_ids(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("batch,site,grams\nA1,S-1,12.5\nA2,,7\n")
    assert escrow_files.records_of(table, "batch") == [
        {"id": "A1", "site": "S-1", "grams": "12.5"},
        {"id": "A2", "grams": "7"},
    ]
    plain = tmp_path / "list.json"
    plain.write_text('[{"id": "A1", "items": 3, "note": null}]')
    assert escrow_files.records_of(plain) == [{"id": "A1", "items": 3, "note": None}]
    for wrong in ("[]", "{}", "[1]", '[{"id": 1}]', '[{"name": "A"}]', "[" * 100_000):
        plain.write_text(wrong)
        with pytest.raises(Refused, match="95"):
            escrow_files.records_of(plain)
    plain.write_text('[{"id": "1", "batch": "A"}]')
    with pytest.raises(Refused, match="an id beside batch"):
        escrow_files.records_of(plain, "batch")
    table.write_text("id,site\n")
    with pytest.raises(Refused):
        escrow_files.records_of(table)


class Run:
    """Runs commands and gives (code, output)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        self._monkeypatch.setattr(sys, "argv", ["openmpca", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


def test_an_escrow_on_the_command_line(
    run: Run, state_home: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded()
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    listing, policy = tmp_path / "tubes.json", tmp_path / "policy"
    listing.write_text(json.dumps(TUBES))
    policy.write_text(f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n")
    assert "is in escrow" in run("escrow", "list")[1]
    code, said = run("escrow", "new", "S-2026", "--from", str(listing), "--size", "32", "--by", "anna")
    assert (code, "keep a copy of it apart" in said, "Proposal 1 waits" in said) == (0, True, True)
    assert run("approve", "1", "--by", "boris")[0] == 0
    to = ("--to", "INS", "--purpose", "count", "--authority", "Treaty")
    assert run("escrow", "open", "S-2026", "LT-0001", *to, "--by", "anna")[0] == 0
    assert run("approve", "2", "--by", "boris")[0] == 0
    first, rest = tmp_path / "first.json", tmp_path / "rest.json"
    code, said = run("escrow", "write", str(head()[0] - 1), "--file", str(first))
    assert (code, "No checkpoint was made" in said) == (0, True)
    code, said = run("escrow", "check", str(first))
    assert (code, "31 leaves are unopened" in said) == (Exit.NOT_VERIFIED, True)
    checkpoint()
    assert run("escrow", "finish", "S-2026", *to, "--by", "anna")[0] == Exit.REFUSED
    assert run("escrow", "finish", "S-2026", *to, "--by", "anna", "--with-records")[0] == 0
    assert run("approve", "3", "--by", "boris")[0] == 0
    assert run("escrow", "write", str(head()[0] - 1), "--file", str(rest))[0] == 0
    code, said = run("escrow", "check", str(first), str(rest), "--policy", str(policy))
    assert (code, "Nothing is left unopened" in said, "cosigned by w" in said) == (0, True, True)
    code, said = run("escrow", "check", str(rest))
    assert (code, "not shown that anybody declared it" in said, "Declared by" in said) == (
        Exit.NOT_VERIFIED,
        True,
        False,
    )
    policy.write_text(f"log {LOG.verifier}\nquorum none\n")
    assert "the log's own word" in run("escrow", "check", str(rest), "--policy", str(policy))[1]
    size, root = "32", escrow_files.parsed(rest.read_bytes(), "rest").root
    code, said = run("escrow", "check", str(first), str(rest), "--expect", size, root, "--json")
    shown = json.loads(said)["escrows"][0]
    assert "was not checked" in run("escrow", "check", str(first), str(rest), "--expect", size, root)[1]
    assert (code, shown["whole"], shown["decoys"], len(shown["records"])) == (0, True, 27, 5)
    first.write_bytes(first.read_bytes().replace(b"S-1", b"S-2"))
    code, said = run("escrow", "check", str(first))
    assert (code, "NOT PROVEN" in said) == (Exit.NOT_VERIFIED, True)
    assert "S-2026" in run("escrow", "list")[1]
    assert run("escrow", "open", "S-1999", "X", *to, "--by", "anna")[0] == Exit.NOT_FOUND
    assert run("escrow", "check", str(first), "--expect", "32", "zz")[0] == Exit.USAGE
    policy.write_text("nothing")
    assert run("escrow", "check", str(rest), "--policy", str(policy))[0] == Exit.USAGE


def test_a_fabrication_is_not_shown_to_be_declared(state_home: State, tmp_path: Path) -> None:
    founded()
    declare()
    checkpoint(witnessed=False)
    file = finished_whole(tmp_path)
    (seen,), problems = escrow_checking.check([file])
    data = seen.data()
    assert (problems, data["unopened"]) == ([], 0)
    assert (data["proven"], data["whole"], data["declared"]) == (False, False, None)
    (seen,), _ = escrow_checking.check([file], None, (seen.openings.size, seen.openings.root))
    assert (seen.proven, seen.whole) == (True, True)


def finished_whole(tmp_path: Path) -> tuple[str, bytes]:
    made = escrows.finished("S-2026", TO, act(), with_records=True, when=LATER)
    escrows.written(made.numbers[0], tmp_path / "whole.json")
    return "whole.json", (tmp_path / "whole.json").read_bytes()


def test_openings_are_checked_where_there_is_no_home(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}
    (tmp_path / "opening.json").write_text("{}")
    ran = subprocess.run(
        [sys.executable, "-m", "openmpca.cli", "escrow", "check", "opening.json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "Traceback" in ran.stderr) == (3, False), ran
    assert [path.name for path in tmp_path.iterdir()] == ["opening.json"]
