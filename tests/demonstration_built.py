"""The demonstration State as its command builds it: once for all processes of a test run, to be copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NAME: Final = "demonstration"


@dataclass(frozen=True)
class Built:
    """The folder in which the command was typed, and what it said."""

    folder: Path
    said: str

    def copied(self, into: Path) -> Path:
        """A copy of the folder, with all that the command wrote; gives the home in it."""
        shutil.copytree(self.folder, into)
        return into / NAME


def built(shared: Path) -> Built:
    """What another process of the test run has built in a folder that all of them know, else build it there."""
    folder, said = shared / "built", shared / "built.said"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            folder.mkdir()
            environment = {name: text for name, text in os.environ.items() if not name.startswith("OPENMPCA_")}
            command = [sys.executable, "-m", "openmpca.cli", NAME]
            ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stderr
            said.write_text(ran.stdout, encoding="utf-8")
    return Built(folder, said.read_text(encoding="utf-8"))
