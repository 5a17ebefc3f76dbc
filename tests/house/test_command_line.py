"""The command starts quickly, because nothing heavy is imported before it is needed."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = ("django", "polars", "numpy", "scipy", "cryptography", "psycopg", "xlsxwriter", "python_calamine")
SECONDS = 0.5
SCRIPT = """
import json, resource, sys
sys.argv = ["openmpca", "--help"]
from openmpca.cli import main
try:
    main()
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([sorted(set(sys.modules) & set(HEAVY)), used.ru_utime + used.ru_stime]))
"""


def help_once() -> tuple[list[str], float]:
    """The heavy modules that ``openmpca --help`` imports, and the seconds of processor time it takes."""
    script = SCRIPT.replace("HEAVY", repr(list(HEAVY)))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules, seconds = json.loads(done.stdout.splitlines()[-1])
    return modules, seconds


needs_the_command = pytest.mark.skipif(find_spec("openmpca.cli") is None, reason="the command is not there yet")


@needs_the_command
def test_help_imports_nothing_heavy() -> None:
    assert help_once()[0] == []


@needs_the_command
def test_help_comes_in_half_a_second() -> None:
    assert min(help_once()[1] for _ in range(3)) < SECONDS
