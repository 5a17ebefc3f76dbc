"""Makes the one file that installs OpenMPCA on a machine without a network: `make bundle`.

`build/openmpca-VERSION-PLATFORM.pyz` is a Python archive: the wheels of everything that `make run` installs, each
checked against the hash in requirements.lock, pip to install them, the documentation, and
`tools/installer/__main__.py`, which needs Python of the version that made it and nothing else. It is for the system and
processor that it was made on.
"""

import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOMENT = (1980, 1, 1, 0, 0, 0)


def pip(*arguments: str) -> None:
    """Run the pip of this environment, quietly."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  our own words


def wheels(folder: Path) -> None:
    """The wheels of what the lock pins, of pip itself, and of OpenMPCA."""
    pip("wheel", "--no-deps", "--require-hashes", "--wheel-dir", str(folder), "--requirement", "requirements.lock")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), "pip")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), ".")


def name() -> str:
    """The name of the file: version, system and processor, version of Python."""
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if version is None:
        raise LookupError("pyproject.toml names no version")
    platform = sysconfig.get_platform().replace(".", "_")
    return f"openmpca-{version[1]}-{platform}-python{sys.version_info.major}.{sys.version_info.minor}.pyz"


def documents() -> list[Path]:
    """The pages that go along."""
    found = [ROOT / each for each in ("README.md", "LICENSE", "SECURITY.md", "CHANGELOG.md")]
    return [*found, *sorted(path for path in (ROOT / "docs").rglob("*") if path.is_file())]


def pack(folder: Path, target: Path) -> None:
    """Write the archive, in order and without times."""
    entries = {"__main__.py": ROOT / "tools/installer/__main__.py"}
    entries |= {f"wheels/{path.name}": path for path in sorted(folder.iterdir())}
    entries |= {f"documents/{path.relative_to(ROOT)}": path for path in documents()}
    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive:
            for entry, path in entries.items():
                archive.writestr(zipfile.ZipInfo(entry, MOMENT), path.read_bytes())
    target.chmod(0o755)


def main() -> int:
    """Collect and pack."""
    target = ROOT / "build" / name()
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        wheels(Path(kept))
        pack(Path(kept), target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
