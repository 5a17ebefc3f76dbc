"""Where the whole is judged, a skipped test is a failed one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOOKS = "from tests.skips import pytest_make_collect_report, pytest_runtest_makereport\n"
ONE_SKIP = "import pytest\n\ndef test_one():\n    pytest.skip('no hledger')\n\ndef test_two():\n    pass\n"
A_SKIPPED_FILE = "import pytest\n\npytest.importorskip('no_such_module')\n\ndef test_one():\n    pass\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail\ndef test_one():\n    assert False\n"


def outcome(folder: Path, test: str, no_skip: str) -> tuple[int, str]:
    """How pytest ends on one file of tests, and its closing line."""
    (folder / "conftest.py").write_text(HOOKS)
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\naddopts =\n")
    environment = {**os.environ, "OPENMPCA_NO_SKIP": no_skip, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "test_it.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("test", "no_skip", "ends"),
    [
        (ONE_SKIP, "", (0, "1 passed, 1 skipped")),
        (ONE_SKIP, "1", (1, "1 failed, 1 passed")),
        (A_SKIPPED_FILE, "1", (2, "1 error")),
        (EXPECTED_FAILURE, "1", (0, "1 xfailed")),
    ],
    ids=["allowed at home", "a test", "a whole file", "an expected failure"],
)
def test_a_skip_fails_where_nothing_may_be_skipped(
    tmp_path: Path, test: str, no_skip: str, ends: tuple[int, str]
) -> None:
    code, shown = outcome(tmp_path, test, no_skip)
    assert code == ends[0], shown
    assert ends[1] in shown
