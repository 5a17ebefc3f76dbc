"""What tests of cooperation share: the fixtures of pages, and the command line of the State."""

import pytest

from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import founded_site, pages_file, site

__all__ = ["founded_site", "pages_file", "site"]


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, in the home of the State that is open."""
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)
