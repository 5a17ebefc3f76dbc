"""The record on the command line: founding, people, two persons, verification, errors and codes."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from openmpca.cli import main
from openmpca.record.console import Exit
from openmpca.record.home import CONFIGURATION
from openmpca.record.models import Setting
from tests.record.test_verify import behind_its_back
from tests.state import NOWHERE, State, close_home, founded, write_configuration


class Run:
    """Runs commands in a home and gives (code, JSON, standard error)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def text(self, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["openmpca", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        code = ended.value.code
        return int(code or 0) if not isinstance(code, str) else -1, said.out, said.err

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out, _ = self.text(*arguments, "--json")
        return code, json.loads(out)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(NOWHERE))
    return Run(monkeypatch, capsys)


INIT = ("--party", "SRA", "--name", "Authority", "--person", "anna=Anna B", "--person", "boris", "--role", "authority")


@pytest.fixture
def at_home(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A home founded on the command line."""
    monkeypatch.setenv("OPENMPCA_HOME", str(tmp_path / "home"))
    assert run.text("init", *INIT)[0] == 0
    yield run
    close_home()


def test_a_record_is_founded_and_kept_on_the_command_line(at_home: Run, tmp_path: Path) -> None:
    code, rows = at_home.json("people")
    people = sorted((row["handle"], row["name"], row["party"]) for row in rows)
    assert (code, people) == (0, [("anna", "Anna B", "SRA"), ("boris", "boris", "SRA")])
    assert at_home.json("party", "OP", "Operator", "--by", "anna")[1]["numbers"] == [1, 1]
    assert "clara is introduced" in at_home.text("person", "clara", "--of", "OP", "--by", "anna")[1]
    code, made = at_home.json("grant", "clara", "officer", "--for", "OP", "--by", "anna")
    assert (code, made["numbers"], made["proposal"]) == (0, [], 1)
    code, shown = at_home.json("proposals", "1")
    assert shown["statements"][0]["role"] == "officer"
    assert "waits" in at_home.text("proposals", "1")[1]
    assert at_home.json("approve", "1", "--by", "anna")[0] == Exit.REFUSED
    assert at_home.json("approve", "1", "--by", "boris")[1]["numbers"] == [3, 3]
    assert at_home.json("proposals")[1] == []
    assert at_home.text("proposals")[1] == "Nothing waits.\n"
    assert "recorded as 3" in at_home.json("proposals", "--all")[1][0]["status"]
    assert [row["kind"] for row in at_home.json("log", "--last", "2")[1]] == ["record.person", "record.grant"]
    code, shown = at_home.json("show", "3")
    assert shown["fields"]["role"] == "officer"
    assert len(shown["entry"]) == 64
    assert "clara" in at_home.text("people")[1]
    assert at_home.text("person", "clara", "--forget", "--by", "anna")[0] == 0
    assert "(erased)" in at_home.text("people")[1]
    code, found = at_home.json("verify")
    assert (code, found["holds"], found["size"]) == (0, True, 4)
    assert at_home.json("verify", "--expect", "4", found["root"])[0] == 0
    assert at_home.json("verify", "--expect", "9", found["root"])[0] == Exit.NOT_VERIFIED
    assert at_home.json("rebuild")[0] == 0
    code, made = at_home.json("backup")
    assert (made["size"], made["root"]) == (4, found["root"])
    assert at_home.json("verify", "--backup", made["file"])[0] == 0
    assert at_home.json("backup", made["file"])[0] == Exit.UNUSABLE
    close_home()
    code, restored = at_home.json("--home", str(tmp_path / "other"), "restore", made["file"])
    assert (code, restored["root"]) == (0, found["root"])
    assert at_home.json("rebuild")[0] == 0


def test_withholding_and_rejecting_on_the_command_line(at_home: Run) -> None:
    assert at_home.json("party", "OP", "Operator", "--note", "call Eva", "--by", "anna")[0] == 0
    assert at_home.json("withhold", "1", "note", "--reason", "asked", "--by", "anna")[1]["proposal"] == 1
    assert at_home.text("reject", "1", "--reason", "why?", "--by", "boris")[0] == 0
    assert at_home.json("withhold", "1", "note", "--reason", "asked", "--by", "anna")[1]["proposal"] == 2
    assert at_home.json("approve", "2", "--by", "boris")[0] == 0
    assert at_home.json("show", "1")[1]["withheld"] == 1
    assert at_home.json("verify")[1]["withheld"] == 1
    _, made = at_home.json("duty", "record.party", "--persons", "1", "--prepare", "authority", "--by", "anna")
    assert made["proposal"] == 3
    assert at_home.json("grant-end", "0", "--person", "anna", "--by", "anna")[0] == Exit.REFUSED


def test_anything_is_stated_by_its_fields_or_from_a_file(at_home: Run, tmp_path: Path) -> None:
    code, made = at_home.json("state", "record.party", "day=2026-01-01", "code=A", "name=Ä", "--by", "anna")
    assert (code, made["numbers"]) == (0, [1, 1])
    file = tmp_path / "statements.json"
    parties = [{"kind": "record.party", "day": "2026-01-01", "code": code, "name": code} for code in "BCD"]
    file.write_text(json.dumps(parties), encoding="utf-8")
    assert at_home.json("state", "--file", str(file), "--by", "anna", "--dry-run")[1]["dry_run"]
    assert at_home.json("state", "--file", str(file), "--by", "anna")[1]["numbers"] == [2, 4]
    code, refused = at_home.json("state", "record.party", "day=2026-13-01", "cod=A", "--by", "anna")
    assert code == Exit.REFUSED
    assert [(each["rule"], each["field"]) for each in refused["problems"]] == [
        (21, "day"),
        (21, "cod"),
        (21, "code"),
        (21, "name"),
    ]
    assert set(refused["problems"][0]) == {"rule", "severity", "record", "field", "message", "mend"}
    for text in ("{", "{}", '[{"kind": "x"}]', "[1]", "\ufeff[]"):
        file.write_text(text, encoding="utf-8")
        assert at_home.json("state", "--file", str(file), "--by", "anna")[0] == Exit.REFUSED
    assert at_home.json("state", "--file", str(tmp_path / "none"), "--by", "anna")[0] == Exit.NOT_FOUND
    assert at_home.json("state", "--by", "anna")[0] == Exit.USAGE
    assert at_home.json("state", "record.party", "code", "--by", "anna")[0] == Exit.REFUSED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("party", "X", "X"), Exit.USAGE),
        (("party", "X", "X", "--by", "nobody"), Exit.NOT_FOUND),
        (("party", "X", "X", "--by", "anna", "--day", "tomorrow"), Exit.USAGE),
        (("party", "X", "X", "--by", "anna", "--party", "ELSE"), Exit.REFUSED),
        (("state", "record.party", "code=X", "--override", "x"), Exit.REFUSED),
        (("show", "99"), Exit.NOT_FOUND),
        (("proposals", "99"), Exit.NOT_FOUND),
        (("approve", "99", "--by", "anna"), Exit.NOT_FOUND),
        (("kinds", "record.nothing"), Exit.NOT_FOUND),
        (("restore", "nothing.backup"), Exit.NOT_FOUND),
        (("verify", "--expect", "1", "zz"), Exit.USAGE),
        (("log", "--last", "many"), Exit.USAGE),
        (("nothing",), Exit.USAGE),
        (("init", *INIT), Exit.REFUSED),
    ],
)
def test_whatever_is_wrong_has_one_shape_and_a_code(at_home: Run, arguments: tuple[str, ...], code: Exit) -> None:
    ended, said = at_home.json(*arguments)
    assert ended == code, said
    assert all(set(each) == {"rule", "severity", "record", "field", "message", "mend"} for each in said["problems"])
    ended, out, told = at_home.text(*arguments)
    assert (ended, out) == (code, "")
    assert "Traceback" not in told
    assert told.startswith("error")


def test_without_a_home_a_command_says_how_to_make_one(run: Run) -> None:
    code, out, told = run.text("log")
    assert (code, out) == (Exit.NOT_FOUND, "")
    assert "openmpca init" in told


def test_a_configuration_that_cannot_be_read_is_told(state_home: State, run: Run, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    for text in ("databas = 1", "database = [", 'database = "mysql://x"'):
        (state_home.folder / CONFIGURATION).write_text(text, encoding="utf-8")
        assert run.json("log")[0] == Exit.UNUSABLE
    write_configuration(state_home.folder)


def test_an_unfounded_record_is_told(state_home: State, run: Run, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    assert run.json("log")[0] == Exit.NOT_FOUND
    assert run.json("doctor")[0] == Exit.REFUSED


def test_figures_of_another_version_are_not_shown(each_state_home: State, run: Run, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(each_state_home.folder))
    founded()
    Setting.objects.filter(name="derived_by").update(value="older")
    code, said = run.json("people")
    assert (code, said["problems"][0]["mend"]) == (Exit.UNUSABLE, "Run `openmpca rebuild --replace`.")
    assert run.json("rebuild", "--replace")[1]["replaced"]
    assert run.json("people")[0] == 0
    assert run.json("migrate")[0] == 0


def test_verify_and_rebuild_end_with_their_own_code(each_state_home: State, run: Run, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(each_state_home.folder))
    founded()
    behind_its_back(
        each_state_home,
        ("UPDATE record_statement SET kind = 'x' WHERE number = 3", ()),
        ("UPDATE record_person SET party = 'X'", ()),
    )
    code, out, _ = run.text("verify")
    assert (code, "statement 3 kind" in out) == (Exit.NOT_VERIFIED, True)


def test_kinds_say_who_may_state_them_and_what_their_fields_mean(run: Run) -> None:
    code, kinds = run.json("kinds")
    assert code == 0
    assert {"record.founding", "record.grant"} <= {each["kind"] for each in kinds}
    grant = run.json("kinds", "record.grant")[1]
    assert grant["persons"] == 2
    fields = {each["field"]: each for each in grant["fields"]}
    assert (fields["until"]["form"], fields["until"]["needed"]) == ("date", False)
    assert fields["until"]["meaning"] == "`until` is the last day"
    assert "deputy_for" in run.text("kinds", "record.grant")[1]
    assert "record.duty" in run.text("kinds")[1]


def test_the_version_is_told(run: Run) -> None:
    assert run.text("--version")[1].startswith("openmpca 0.")


def test_every_exit_code_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/command-line.md").read_text(encoding="utf-8")
    assert [code for code in Exit if f"| {code.value} |" not in page] == []
