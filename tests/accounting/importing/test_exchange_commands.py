"""Bringing in and writing out on the command line, with exit codes and JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from openmpca.cli import main
from tests.accounting.importing.test_history import WHOLE, written
from tests.accounting.importing.test_tables import ROWS, area, table
from tests.state import State, founded


class Run:
    """Runs commands in the State that is open: exit code and JSON."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, Any]:
        self._monkeypatch.setattr(sys, "argv", ["openmpca", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), json.loads(self._capsys.readouterr().out)


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_a_table_is_tried_then_brought_in(run: Run, tmp_path: Path) -> None:
    area()
    path = table(tmp_path, *ROWS)
    code, made = run("import", "table", path, "--as", "change", "--dry-run", "--by", "anna")
    assert (code, made["dry_run"]) == (0, True)
    code, made = run("import", "table", path, "--as", "change", "--by", "anna")
    first, last = made["numbers"]
    assert (code, last - first) == (0, 1)
    code, made = run(
        "import", "table", table(tmp_path, "x,ZZA1,RS,B,E,1,1,,1,BU2F,M,,"), "--as", "change", "--by", "anna"
    )
    assert (code, {each["record"] for each in made["problems"]}) == (1, {"row 2"})
    assert run("import", "table", path, "--as", "nonsense", "--by", "anna")[0] == 2
    assert run("import", "table", tmp_path / "absent.csv", "--as", "change", "--by", "anna")[0] == 1


def test_a_history_waits_for_a_second_person_and_goes_out_again(run: Run, tmp_path: Path) -> None:
    founded()
    path = written(tmp_path / "in", *WHOLE)
    code, made = run("import", "history", path, "--register", "--by", "anna")
    assert (code, made["numbers"]) == (0, [])
    assert run("approve", made["proposal"], "--by", "boris")[0] == 0
    code, rows = run("export", "history", tmp_path / "out")
    assert (code, rows[0]["reports"]) == (0, 5)
    assert Path(rows[0]["file"]).read_bytes() == b"".join(WHOLE)
    assert run("export", "history", tmp_path / "out")[0] == 2
    assert run("export", "history", tmp_path / "out", "--replace")[0] == 0


def test_journal_and_lists_are_written(run: Run, tmp_path: Path) -> None:
    from openmpca.accounting.exporting.lists import LISTS

    area()
    run("import", "table", table(tmp_path, *ROWS), "--as", "change", "--by", "anna")
    code, made = run("export", "journal", tmp_path / "book.journal")
    assert (code, made["transactions"]) == (0, 2)
    for name in LISTS:
        assert run("export", "list", name, tmp_path / f"all {name}.csv")[0] == 0
    assert "FUEL1" in (tmp_path / "all batches.csv").read_text("utf-8-sig")
    assert "FUEL1" in (tmp_path / "all ledger.csv").read_text("utf-8-sig")
    assert run("export", "list", "book", tmp_path / "all book.csv")[0] == 2
    assert run("export", "list", "nonsense", tmp_path / "n.csv")[0] == 2
    assert run("export", "list", "book", tmp_path / "book.pdf")[0] == 2


def test_templates_and_mappings_are_written_and_saved(run: Run, tmp_path: Path) -> None:
    area()
    assert run("template", "change", tmp_path / "change.xlsx")[0] == 0
    assert run("template", "change", tmp_path / "change.pdf")[0] == 2
    code, shown = run("mapping", "show", "change", table(tmp_path, *ROWS))
    assert (code, shown["columns"][0]) == (0, shown["columns"][0] | {"column": "Date", "field": "day"})
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(shown), encoding="utf-8")
    assert run("mapping", "save", "change", "theirs", kept)[0] == 0
    assert run("mapping", "list") == (0, [{"kind": "change", "name": "theirs"}])
    assert (
        run("import", "table", table(tmp_path, *ROWS), "--as", "change", "--mapping", "theirs", "--by", "anna")[0] == 0
    )
    kept.write_text(json.dumps({"columns": [{"column": "Date", "field": "dya"}]}), encoding="utf-8")
    code, refused = run("mapping", "save", "change", "mistyped", kept)
    assert (code, [each["rule"] for each in refused["problems"]]) == (1, [921])
    assert run("mapping", "list") == (0, [{"kind": "change", "name": "theirs"}])
    assert run("mapping", "show", "change", "nonsense")[0] == 4
    assert run("import", "table", tmp_path / "t.csv", "--as", "change", "--mapping", "nonsense", "--by", "anna")[0] == 4
