"""An import is killed with SIGKILL at random moments: all or nothing is left, and it verifies and rebuilds.

python trials/kills.py [--changes N] [--times N] [--seed TEXT] [--no-keep]
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trials import _report, _state

AREAS, YEARS = 100, 10
AT_THE_END = 4
PATIENCE = 60.0


@dataclass(frozen=True)
class Kill:
    """What one kill left: seconds after the start, whether the import had ended, statements, and what is wrong."""

    after: float
    ended: bool
    left: str
    wrong: str = ""


def importing(folder: Path, table: Path) -> "subprocess.Popen[bytes]":
    """An import, begun in a process and session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "openmpca.cli", "import", "table", str(table), "--as", "change"],
        env=_state.environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def undisturbed(folder: Path, table: Path) -> float:
    """How many seconds the whole import takes, on a copy of the home."""
    begun = time.monotonic()
    if importing(folder, table).wait() != 0:
        raise RuntimeError("the import itself does not work")
    return time.monotonic() - begun


def kill(folder: Path, table: Path, after: float, before: int, count: int) -> Kill:
    """Begin an import of ``count`` changes into ``before`` statements, kill it, and look at what is left."""
    process = importing(folder, table)
    try:
        ended = process.wait(after) == 0
    except subprocess.TimeoutExpired:
        ended = False
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for_workers(process.pid)
    size, wrong = examined(folder)
    left = {before: "nothing", before + count: "all"}.get(size, f"{size - before} statements")
    if left not in ("nothing", "all") or (ended and left == "nothing"):
        wrong += f" {left} left"
    return Kill(after, ended, left, wrong.strip())


def wait_for_workers(session: int) -> None:
    """Wait until the workers of a killed process have noticed that they work for nobody."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise RuntimeError(f"the workers of {session} live on")


def examined(folder: Path) -> tuple[int, str]:
    """The size of the record, and what `verify` and `rebuild` find wrong."""
    verified = _state.openmpca(folder, "verify", "--json")
    rebuilt = _state.openmpca(folder, "rebuild", "--json")
    wrong = [
        f"{name} ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"
        for name, done in (("verify", verified), ("rebuild", rebuilt))
        if done.returncode
    ]
    sizes = {json.loads(done.stdout).get("size") for done in (verified, rebuilt) if done.stdout.startswith("{")}
    if len(sizes) == 1:
        return int(sizes.pop()), " ".join(wrong)
    return -1, " ".join([*wrong, f"verify and rebuild see sizes {sizes}"])


def moments(times: int, whole: float, chance: random.Random) -> list[float]:
    """One moment in each slice of the time, the last ones about the end."""
    slices = max(times - AT_THE_END, 1)
    spread = [whole * (at + chance.random()) / slices for at in range(min(slices, times))]
    return spread + [whole * chance.uniform(0.85, 1.05) for _ in range(times - len(spread))]


class Sqlite:
    """A home on a SQLite file that is put back after each kill that came too late."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self._kept = folder, folder.with_name(folder.name + "-kept")
        _state.begin(folder, AREAS, url)
        self._leave()
        shutil.copytree(folder, self._kept)

    @staticmethod
    def _leave() -> None:
        from django.db import connection

        connection.close()

    def put_back(self) -> None:
        """The home as it was in the beginning."""
        shutil.rmtree(self.folder)
        shutil.copytree(self._kept, self.folder)


class Postgresql(Sqlite):
    """A home on a PostgreSQL database, put back from a template."""

    def __init__(self, folder: Path, server: str) -> None:
        from tests.state import address, on_server

        self._on, self._server, self._name = on_server, server, "openmpca_kills"
        self._on(server, f'CREATE DATABASE "{self._name}" TEMPLATE template0')
        super().__init__(folder, address(server, self._name))
        self._on(server, f'CREATE DATABASE "{self._name}_kept" TEMPLATE "{self._name}"')

    def put_back(self) -> None:
        """The database as it was in the beginning."""
        self._on(self._server, f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._on(self._server, f'CREATE DATABASE "{self._name}" TEMPLATE "{self._name}_kept"')


def trial(home: Sqlite, table: Path, count: int, times: int, chance: random.Random) -> tuple[float, list[Kill]]:
    """Kill ``times`` imports; the home works on afterwards. Gives the undisturbed seconds and what was found."""
    before, wrong = examined(home.folder)
    whole = undisturbed(home.folder, table)
    home.put_back()
    found = [Kill(0, False, "nothing", wrong)] if wrong else []
    for after in moments(times, whole, chance):
        each = kill(home.folder, table, after, before, count)
        print(f"  killed after {each.after:6.2f} s: {each.left} left {each.wrong}", flush=True)
        found.append(each)
        if each.left != "nothing":
            home.put_back()
    undisturbed(home.folder, table)
    size, wrong = examined(home.folder)
    if wrong or size != before + count:
        found.append(Kill(0, True, f"{size - before} statements", f"at last: {wrong}"))
    return whole, found


@contextmanager
def homes(folder: Path) -> Iterator[list[tuple[str, Sqlite]]]:
    """A home on each database that there is."""
    from tests.postgres import NoServerError, started

    made = [("SQLite", Sqlite(folder / "sqlite"))]
    try:
        with started() as server:
            yield [*made, ("PostgreSQL", Postgresql(folder / "postgresql", server))]
    except NoServerError as missing:
        print(f"PostgreSQL is left out: {missing}")
        yield made


def main() -> int:
    """Run the trial and keep its results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=200_000)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--seed", default=str(time.time_ns()))
    options.add_argument("--no-keep", action="store_true")
    given = options.parse_args()
    chance, rows, bad = random.Random(given.seed), [], 0
    with tempfile.TemporaryDirectory(prefix="openmpca-kills-") as temporary:
        folder = Path(temporary)
        with homes(folder) as each:
            table = folder / "changes.csv"
            _state.write_changes(table, given.changes, AREAS, YEARS)
            for name, home in each:
                times = given.times if name == "SQLite" else max(given.times // 5, 1)
                print(f"{name}: {times} kills of an import of {given.changes} changes", flush=True)
                whole, found = trial(home, table, given.changes, times, chance)
                wrong = [kill for kill in found if kill.wrong]
                bad += len(wrong)
                left = [sum(kill.left == what for kill in found) for what in ("nothing", "all")]
                rows.append([name, given.changes, f"{whole:.0f} s", times, *left, len(wrong)])
    head = ["Database", "Changes", "Undisturbed", "Kills", "Nothing left", "All there", "Wrong"]
    text = f"{_report.machine()}; seed {given.seed}\n\n{_report.table(head, rows)}"
    print(text)
    if not given.no_keep:
        _report.keep("kills", text)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
