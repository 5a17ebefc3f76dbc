"""Running the commands in the home of a State, for tests of what they say and with which code they end."""

import json
import sys
from typing import Any

import pytest

from openmpca.cli import main


class Run:
    """Runs commands and gives (code, standard output, standard error), or (code, JSON)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["openmpca", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def json(self, *arguments: object) -> tuple[int, Any]:
        code, out, _ = self(*arguments, "--json")
        return code, json.loads(out)
