"""Disclosing, from the release of two persons to the file, and the commands on both sides."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openmpca.proof.disclosures import checking, disclosing
from openmpca.proof.disclosures.disclosing import NoRelease, Purpose
from openmpca.proof.signing import checkpoints
from openmpca.proof.statements import Disclosure, Filler
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.record import Refused, head
from openmpca.record.statements import Grant, Party, Withholding
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.disclosure import Body, line_digests
from openmpca.tlog.note import signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.proof import TlogProof
from openmpca.tlog.vkey import Verifier
from tests.proof.commanding import Run
from tests.proof.disclosed import FOR, LATER, LOG, ONE, ORIGIN, POLICY, TIMES, TWO, note, released, stating
from tests.state import BEGINNING, State, alone

CONTEXT = "kind,day,party,recorded"


def rules_of(caught: pytest.ExceptionInfo[Refused]) -> set[int]:
    return {each.rule for each in caught.value.problems if each.severity == "error"}


def test_nobody_discloses_alone(each_state_home: State) -> None:
    told = stating()
    stated = disclosing.release([f"7:{CONTEXT}"], FOR, BEGINNING)
    proposed = commands.state([stated], alone(told.act), when=LATER)
    assert (len(proposed.numbers), proposed.proposal) == (0, 1)
    with pytest.raises(Refused, match="4"):
        commands.approve(1, "anna", when=LATER)
    with pytest.raises(NoRelease):
        disclosing.written(9, note())
    number = commands.approve(1, "boris", when=LATER).numbers[0]
    file, problems = disclosing.written(number, note())
    assert ([each.number for each in file.statements], problems) == ([7, 9], [])
    assert checking.check(file.encode(), POLICY).met


def test_a_statement_that_releases_nothing_gives_no_file(state_home: State) -> None:
    stating()
    for number in (0, 7, 99):
        with pytest.raises(NoRelease):
            disclosing.written(number, note())


def test_a_number_alone_means_all_that_it_shows_but_the_persons(state_home: State) -> None:
    stating()
    stated = disclosing.release(["8:code", "7", "8:code,day"], FOR, BEGINNING)
    assert stated.statements == [7, 8]
    own = ["code", "day", "kind", "name", "note", "party", "recorded", "version"]
    assert stated.fields == [f"7:{name}" for name in own] + ["8:code", "8:day"]
    with pytest.raises(Refused, match="no statement 99"):
        disclosing.release(["99"], FOR, BEGINNING)


@pytest.mark.parametrize("text", ["", "x", "7:", "7:a,", ":a", "-1", "7:a:b", "\u0667:a", "7 8", "9" * 30])
def test_what_is_no_choice_is_refused(state_home: State, text: str) -> None:
    stating()
    with pytest.raises(ValueError, match="does not read"):
        disclosing.release([text], FOR, BEGINNING)


@pytest.mark.parametrize(
    ("statements", "fields"),
    [
        ([7], ["7:nothing"]),
        ([99], ["99:day"]),
        ([9], ["9:kind"]),
        ([7], ["8:day"]),
        ([7, 8], ["7:day"]),
        ([8, 7], ["7:day", "8:day"]),
        ([7], ["7:day", "7:day"]),
        ([7, 7], ["7:day"]),
        ([7], ["day"]),
        ([7], ["7:"]),
        ([], []),
        ([7], []),
        ([], ["7:day"]),
    ],
)
def test_a_release_names_open_fields_each_once(state_home: State, statements: list[int], fields: list[str]) -> None:
    told = stating()
    stated = Disclosure(day=BEGINNING, **FOR._asdict(), statements=statements, fields=fields)
    with pytest.raises(Refused) as caught:
        commands.state([stated], told.act, when=LATER)
    assert rules_of(caught) == {70}


@pytest.mark.parametrize("to", [Purpose(" ", "p", "a"), Purpose("r", "", "a"), Purpose("r", "p", "\t")])
def test_a_release_says_to_whom_for_what_and_on_what_authority(state_home: State, to: Purpose) -> None:
    told = stating()
    with pytest.raises(Refused) as caught:
        commands.state([disclosing.release(["7"], to, BEGINNING)], told.act, when=LATER)
    assert rules_of(caught) == {71}


def test_whoever_leaves_out_what_gives_meaning_is_warned(state_home: State) -> None:
    told = stating()
    made = commands.state([disclosing.release(["7:kind,code", "8"], FOR, BEGINNING)], told.act, when=LATER)
    assert [(each.rule, each.severity, each.message) for each in made.problems] == [
        (72, "warning", "Not released with it: party, recorded, day.")
    ]


def test_what_the_record_withholds_cannot_be_disclosed(each_state_home: State) -> None:
    told = stating()
    withheld = Withholding(day=BEGINNING, statement=7, fields=["note"], reason="asked to")
    number = released(told, f"7:{CONTEXT},note")
    commands.withhold(withheld, told.act, when=LATER)
    with pytest.raises(Refused) as caught:
        disclosing.written(number, note())
    assert rules_of(caught) == {70}
    with pytest.raises(Refused) as caught:
        released(told, f"7:{CONTEXT},note")
    assert rules_of(caught) == {70}
    assert "7:note" not in disclosing.release(["7"], FOR, BEGINNING).fields


def test_what_came_after_the_checkpoint_waits_for_the_next(state_home: State) -> None:
    told = stating()
    before = note()
    commands.state([Party(day=BEGINNING, code="OR", name="New")], alone(told.act), when=LATER)
    number = released(told, "9")
    with pytest.raises(Refused) as caught:
        disclosing.written(number, before)
    assert rules_of(caught) == {73}


def test_a_release_after_the_checkpoint_is_told_as_unproven(state_home: State) -> None:
    told = stating()
    before = note()
    number = released(told, "7")
    file, problems = disclosing.written(number, before)
    assert [each.rule for each in problems] == [79]
    assert checking.check(file.encode(), POLICY).release is None


def test_a_record_that_is_not_that_of_its_checkpoint_gives_no_file(state_home: State) -> None:
    told = stating()
    number = released(told, "7")
    other = signed(Checkpoint(ORIGIN, head()[0], bytes(32)).text(), LOG).encode().decode()
    with pytest.raises(Refused) as caught:
        disclosing.written(number, other)
    assert rules_of(caught) == {73}


def test_each_statement_has_a_proof_for_tools_of_others(state_home: State) -> None:
    told = stating()
    number = released(told, "7:code", "8")
    made = dict(disclosing.proofs(disclosing.written(number, note())[0]))
    assert sorted(made) == [f"statement-{n}.{end}" for n in (7, 8, 9) for end in ("entry", "tlog-proof")]
    for each in (7, 8, 9):
        proof = TlogProof.parse(made[f"statement-{each}.tlog-proof"])
        assert proof.index == each
        assert proof.verified(made[f"statement-{each}.entry"], POLICY, ORIGIN).met


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Commands in the home of a State that has stated a party with a note and has a key for its log."""
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    stating()
    made = Run(monkeypatch, capsys)
    assert made("key", "new", "log", "--name", ORIGIN, "--by", "anna", "--party", "SRA")[0] == 0
    assert made("approve", 1, "--by", "boris")[0] == 0
    return made


WHO = ("--by", "anna", "--party", "SRA")
TO = ("--to", "Perion", "--purpose", "shipment 7", "--authority", "agreement of 2000, article 4", *WHO)


def approved(run: Run, *chosen: str) -> int:
    """The number of a release that two persons make with two commands."""
    code, made = run.json("disclose", *chosen, *TO)
    assert (code, made["numbers"]) == (0, [])
    assert run.json("approve", made["proposal"], "--by", "anna")[0] == 1
    code, made = run.json("approve", made["proposal"], "--by", "boris")
    assert code == 0
    return int(made["numbers"][0])


def cosign() -> None:
    """The witnesses' part, as their commands bring it."""
    last = checkpoints.latest()
    assert last is not None
    found = [cosigned(last.note, each, TIMES[each.name]) for each in (ONE, TWO)]
    checkpoints.keep_cosignatures(last.note.with_signatures(found))


def policy_in(folder: Path, run: Run) -> Path:
    """The policy of a partner who was given the key of the log."""
    vkey = next(row["vkey"] for row in run.json("key", "show")[1] if row["use"] == "log")
    assert Verifier.parse(vkey).name == ORIGIN
    path = folder / "joint.policy"
    path.write_text(
        f"log {vkey}\nwitness one {ONE.verifier}\nwitness two {TWO.verifier}\ngroup both all one two\nquorum both\n",
        encoding="utf-8",
    )
    Policy.parse(path.read_bytes())
    return path


EMPTY_MACHINE = """
import sys
from openmpca.cli import main
try:
    main()
finally:
    assert not set(sys.modules) & {"django", "sqlite3", "psycopg", "polars"}, "it opened more than it needs"
"""


def on_an_empty_machine(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command where there is the package and nothing else: no home, no configuration, an empty HOME."""
    folder.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMPCA_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-I", "-c", EMPTY_MACHINE, *arguments],
        env={**kept, "HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_is_disclosed_and_checked_where_there_is_only_the_package(run: Run, tmp_path: Path) -> None:
    number = approved(run, f"7:{CONTEXT},code")
    out = tmp_path / "out.disclosure"
    assert run("disclose", "--release", number, "--file", out)[0] == 1
    assert "openmpca checkpoint" in run("disclose", "--release", number, "--file", out)[2]
    assert run("checkpoint", *WHO)[0] == 0
    cosign()
    code, made = run.json(
        "disclose", "--release", number, "--file", out, "--policy", "joint", "--proofs", tmp_path / "p"
    )
    assert (code, made["statements"], made["problems"]) == (0, [7, number], [])
    names = {f"statement-{each}.{end}" for each in (7, number) for end in ("entry", "tlog-proof")}
    assert {each.name for each in (tmp_path / "p").iterdir()} == names
    policy = policy_in(tmp_path, run)
    nobody = tmp_path / "nobody"
    checked = on_an_empty_machine(nobody, "check-disclosure", str(out), "--policy", str(policy))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith(
        'PROVEN by this file and the policy joint.policy (the file was made for the policy "joint"):'
    )
    assert 'code      "OP"' in checked.stdout
    assert "no later than 2001-09-09 01:47:40 UTC" in checked.stdout
    assert f"Statement {number} of the same log releases just this" in checked.stdout
    assert "NOT PROVEN:\n  That what a statement says is true." in checked.stdout
    assert "Eva" not in out.read_text(encoding="utf-8")
    assert list(nobody.iterdir()) == []
    spoken = on_an_empty_machine(nobody, "check-disclosure", str(out), "--policy", str(policy), "--json")
    data = json.loads(spoken.stdout)
    assert (spoken.returncode, data["proven"], data["problems"], data["cosigned"]["two"]) == (
        0,
        True,
        [],
        "2001-09-09T01:47:40Z",
    )


def test_checking_ends_with_a_code_for_each_way_to_fail(run: Run, tmp_path: Path) -> None:
    number = approved(run, f"7:{CONTEXT},code")
    assert run("checkpoint", *WHO)[0] == 0
    out, policy = tmp_path / "out.disclosure", policy_in(tmp_path, run)
    assert run("disclose", "--release", number, "--file", out)[0] == 0
    again = run("disclose", "--release", number, "--file", out)
    assert (again[0], "there already" in again[2]) == (6, True)
    code, said, told = run("check-disclosure", out, "--policy", policy)
    assert (code, "PROVEN by the signature of the log ALONE" in said, "error 77" in told) == (3, True, True)
    code, data = run.json("check-disclosure", out, "--policy", policy, "--without-quorum")
    assert (code, data["proven"], [each["rule"] for each in data["problems"]]) == (0, False, [77])
    out.write_bytes(out.read_bytes().replace(b'\\"OP\\"', b'\\"OX\\"'))
    code, data = run.json("check-disclosure", out, "--policy", policy)
    assert (code, data["proven"], [each["rule"] for each in data["problems"]]) == (3, False, [75])
    code, said, told = run("check-disclosure", out, "--policy", policy, "--without-quorum")
    assert (code, said, "error 75" in told) == (3, "NOTHING IS PROVEN by this file.\n", True)
    assert run("check-disclosure", tmp_path / "none", "--policy", policy)[0] == 4
    assert run("check-disclosure", out, "--policy", tmp_path / "none")[0] == 4
    assert run("check-disclosure", out, "--policy", out)[0] == 6
    assert run("check-disclosure", out)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("disclose",), 2),
        (("disclose", "7", "--release", "9"), 2),
        (("disclose", "--release", "9"), 2),
        (("disclose", "--release", "7", "--file", "x"), 1),
        (("disclose", "x", *TO), 2),
        (("disclose", "7", *TO, "--day", "soon"), 2),
        (("disclose", "99", *TO), 1),
        (("disclose", "7", *WHO), 1),
        (("disclose", "7", *TO, "--dry-run"), 0),
    ],
)
def test_disclosing_ends_with_a_code_for_each_way_to_fail(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments)[0] == code


def test_what_is_no_release_is_not_found(run: Run, tmp_path: Path) -> None:
    assert run("checkpoint", *WHO)[0] == 0
    assert run("disclose", "--release", 7, "--file", tmp_path / "x")[0] == 4


def test_a_field_is_sealed_opened_and_erased_and_the_record_still_verifies(run: Run, tmp_path: Path) -> None:
    """Sealed: the partner holds its digest. Opened: a later file opens just that one. Erased: nobody ever opens it."""
    sealed = approved(run, f"7:{CONTEXT},code")
    opened = approved(run, f"7:{CONTEXT},code,note")
    assert run("checkpoint", *WHO)[0] == 0
    cosign()
    first, second, policy = tmp_path / "first", tmp_path / "second", policy_in(tmp_path, run)
    assert run("disclose", "--release", sealed, "--file", first)[0] == 0
    code, found = run.json("check-disclosure", first, "--policy", policy)
    assert (code, "note" in found["statements"][0]["fields"], found["statements"][0]["hidden_lines"]) == (0, False, 11)

    assert run("disclose", "--release", opened, "--file", second)[0] == 0
    code, found = run.json("check-disclosure", second, "--policy", policy)
    assert (code, found["statements"][0]["fields"]["note"], found["statements"][0]["hidden_lines"]) == (
        0,
        "call Eva",
        10,
    )
    assert held_digest(first, second, "note")

    assert run("withhold", 7, "note", "--reason", "asked to", *WHO)[0] == 0
    assert run("approve", 4, "--by", "boris")[0] == 0
    code, verified = run.json("verify")
    assert (code, verified["holds"], verified["withheld"]) == (0, True, 1)
    assert "1 line withheld" in run("verify")[1]
    assert "Eva" not in run("show", 7)[1]
    code, refused = run.json("disclose", "--release", opened, "--file", tmp_path / "third")
    assert (code, [each["rule"] for each in refused["problems"]]) == (1, [70])
    assert run.json("check-disclosure", second, "--policy", policy)[0] == 0
    still = approved(run, f"7:{CONTEXT},code")
    assert run("checkpoint", *WHO)[0] == 0
    assert run("disclose", "--release", still, "--file", tmp_path / "fourth")[0] == 0
    assert run("check-disclosure", tmp_path / "fourth", "--policy", policy, "--without-quorum")[0] == 0


def held_digest(first: Path, second: Path, name: str) -> bool:
    """Whether the line that the second file opens is one whose digest the first file holds."""
    sealed = checking.read(first.read_bytes()).statements[0].body.split("\n")
    lines = checking.read(second.read_bytes()).statements[0].body.split("\n")
    opened = next(line for line in lines if line.startswith("[") and json.loads(line)[1] == name)
    digest = Body.parse("\n".join(sealed)).withheld
    return line_digests([opened.encode()])[0] in digest


def test_a_party_releases_its_own_statements_and_the_keeper_of_the_record_all(each_state_home: State) -> None:
    told = stating()
    roles = [Grant(day=BEGINNING, person=who, for_party="OP", role="authority") for who in ("anna", "boris")]
    commands.state(roles, told.act, when=LATER)
    operator = Act(party="OP", prepared_by="anna", approved_by=["boris"])
    own = commands.state([Filler(day=BEGINNING)], alone(operator), when=LATER).numbers[0]
    with pytest.raises(Refused) as caught:
        commands.state([disclosing.release([str(own), "7"], FOR, BEGINNING)], operator, when=LATER)
    assert [(each.rule, each.message) for each in caught.value.problems if each.severity == "error"] == [
        (49, "Statement 7 is of SRA, not of OP.")
    ]
    for act in (operator, told.act):
        assert commands.state([disclosing.release([str(own)], FOR, BEGINNING)], act, when=LATER).numbers
