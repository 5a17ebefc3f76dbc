"""What the pages of duties type is typed here, in one State, one page after the other."""

import re
import shlex
from pathlib import Path

import pytest

from tests.record.test_command_line import Run
from tests.state import State, founded

DUTIES = Path(__file__).parents[2] / "docs" / "duties"
PAGES = ("priorities-and-threats", "eliminating", "handing-over", "third-countries")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def test_the_commands_of_the_duties_work_as_written(
    state_home: State, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    founded()
    monkeypatch.setenv("OPENMPCA_BY", "anna")
    monkeypatch.chdir(tmp_path)
    for page in PAGES:
        typed = "\n".join(BLOCK.findall((DUTIES / f"{page}.md").read_text(encoding="utf-8")))
        for line in filter(None, typed.splitlines()):
            code, out, told = run.text(*shlex.split(line)[1:])
            assert (line, code, told if code else "") == (line, 0, "")
            assert out
