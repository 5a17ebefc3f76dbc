"""A State of any size in a home of its own, as `demonstration.sized` tells it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ANNA, BORIS, PARTY = "p-0000000001", "p-0000000002", "SRA"
UNITS = {"LEU": "LEU (g)", "LEU/U235": "LEU/U235 (g)"}


def act() -> Any:
    """An act of two persons who may state anything."""
    from openmpca.record.act import Act

    return Act(party=PARTY, prepared_by=ANNA, approved_by=[BORIS])


def begin(folder: Path, mbas: int, url: str = "") -> None:
    """Make a home with its register, and leave it open."""
    from openmpca.record.opening import make_tables, open_home

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openmpca.toml").write_text(f'database = "{url}"\nby = "anna"\nparty = "{PARTY}"\n', encoding="utf-8")
    open_home(folder)
    make_tables()
    from openmpca.demonstration import sized
    from openmpca.demonstration.player import play
    from openmpca.demonstration.scenario import of_texts

    play(of_texts({"register.toml": sized.register(mbas).encode()}))


def write_changes(path: Path, count: int, mbas: int, years: int) -> None:
    """Write the changes of such a State as CSV; a home must be open."""
    from openmpca.demonstration import sized

    lines = sized.changes(count, mbas, years)
    head = next(lines).strip().split(",")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(UNITS.get(name, name) for name in head) + "\n")
        file.writelines(lines)


def environment(folder: Path) -> dict[str, str]:
    """What a process needs to work in a home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENMPCA_")}
    return {**kept, "OPENMPCA_HOME": str(folder), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def openmpca(folder: Path, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command in a home."""
    return subprocess.run(
        [sys.executable, "-m", "openmpca.cli", *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **options,
    )


def gone(folder: Path) -> None:
    """Remove a home."""
    shutil.rmtree(folder, ignore_errors=True)
