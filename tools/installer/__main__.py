"""Installs OpenMPCA from this file, without a network: `python3 openmpca-....pyz FOLDER`.

Rules kept here:

1. Nothing is fetched: the wheels come from this file, pip is one of them and looks nowhere else.
2. Everything goes into the one folder that is named; deleting it removes the program. States live elsewhere.
3. A version that stands there is replaced when the new one is whole, and is kept until then. Any other folder that is
   not empty is refused.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
MARK = "openmpca-program"
LAUNCHER = """#!{python} -I
import sys

sys.path.insert(0, {library!r})
if __name__ == "__main__":
    from openmpca.cli import main

    main()
"""


def say(text: str) -> None:
    """Tell whoever installs."""
    print(text, flush=True)


def refused(text: str) -> int:
    """Tell why nothing was installed."""
    print(f"error: {text}", file=sys.stderr)
    return 1


def unpacked(folder: Path) -> None:
    """Lay out what this file holds."""
    with zipfile.ZipFile(HERE) as archive:
        for entry in archive.namelist():
            if entry.startswith(("wheels/", "documents/")):
                archive.extract(entry, folder)


def install(wheels: Path, library: Path) -> int:
    """Let pip, run from its own wheel, put the others into a folder."""
    pip = next(wheels.glob("pip-*.whl")) / "pip"
    kept = [str(each) for each in sorted(wheels.glob("*.whl")) if not each.name.startswith("pip-")]
    options = ["--no-index", "--no-deps", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    command = [sys.executable, "-I", str(pip), "install", *options, "--target", str(library), *kept]
    options.append("--root-user-action=ignore")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  our own words


def launcher(folder: Path) -> Path:
    """The command, for this Python and this folder."""
    path = folder / "bin" / "openmpca"
    path.parent.mkdir(exist_ok=True)
    path.write_text(LAUNCHER.format(python=sys.executable, library=str(folder / "lib")), encoding="utf-8")
    path.chmod(0o755)
    if os.name == "nt":
        text = f'@"{sys.executable}" -I "%~dp0openmpca" %*\n'
        path.with_suffix(".cmd").write_text(text, encoding="utf-8")
    return path


def main() -> int:
    """Install into the folder that is named."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        return refused(f"name the folder for the program: python3 {HERE.name} FOLDER")
    wanted = HERE.stem.rpartition("python")[2]
    if wanted != f"{sys.version_info.major}.{sys.version_info.minor}":
        return refused(f"this file is for Python {wanted}; this is {sys.version.split()[0]}")
    folder = Path(sys.argv[1]).absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        return refused(f"{folder} is not empty, and holds no OpenMPCA. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    coming = folder / "coming"
    shutil.rmtree(coming, ignore_errors=True)
    unpacked(coming)
    say(f"Installing into {folder} ...")
    if install(coming / "wheels", coming / "lib") != 0:
        return refused("pip could not install what this file holds; what stood there before still stands.")
    for name in ("lib", "documents"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (coming / name).rename(folder / name)
    shutil.rmtree(coming)
    command = launcher(folder)
    say(f"OpenMPCA is installed. The command is {command}; the pages to read are in {folder / 'documents'}.")
    say(f"Try: {command} demonstration --home demonstration, then: {command} --home demonstration serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
