"""The checks of ``make lint`` hold: style, form, types and the contracts of who may import whom."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.house.tree import ROOT


@pytest.mark.slow
def test_the_tree_passes_every_check_of_make_lint() -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    make = shutil.which("make")
    assert make, "make is not here"
    done = subprocess.run(
        [make, "--silent", f"VENV={sys.prefix}", f"--assume-old={sys.prefix}/.ready-to-test", "lint"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
