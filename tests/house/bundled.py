"""The one file that `make bundle` makes, and a folder where it was installed without a network."""

import shutil
import subprocess
import sys
from pathlib import Path

from tools import bundle


def bundled(folder: Path) -> Path:
    """The file, made anew from the tree."""
    wheels = folder / "wheels"
    wheels.mkdir()
    bundle.wheels(wheels)
    bundle.pack(wheels, made := folder / bundle.name())
    return made


def without_network() -> list[str]:
    """What to put before a command so that it finds no network, where this machine lets us."""
    command = ["unshare", "--map-root-user", "--net"]
    able = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if able else []


def installed(file: Path, folder: Path) -> Path:
    """Install the file as one does on a machine with Python and nothing else; gives the folder."""
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)}
    subprocess.run([*without_network(), str(python), str(file), str(folder)], env=environment, check=True)
    return folder


def refused(file: Path, folder: Path) -> str:
    """What is said where the file does not install."""
    ran = subprocess.run([sys.executable, str(file), str(folder)], capture_output=True, text=True)
    return ran.stderr if ran.returncode else ""
