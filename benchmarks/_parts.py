"""The parts of the benchmark, each of which runs in a process of its own and gives its results as JSON values."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks._measure import MIB, Memory, Stopwatch, spread
from trials import _state

Result = dict[str, Any]
WARMING = 2
MANY = 20


def import_changes(home: Path, count: int, mbas: int, years: int, url: str = "") -> Result:
    """Make the table, and import it as `openmpca import table` does, with a clock at every stage."""
    _state.begin(home, mbas, url)
    table = home / "changes.csv"
    _state.write_changes(table, count, mbas, years)
    from openmpca.accounting.importing.tables import Source, import_table

    watch = Stopwatch()
    _set_clocks(watch)
    with Memory() as memory:
        begun = time.perf_counter()
        with watch.stage("the rest"):
            done = import_table(Source(table, "change"), _state.act())
        seconds = time.perf_counter() - begun
    watch.restore()
    return {
        "changes": count,
        "mbas": mbas,
        "years": years,
        "seconds": round(seconds, 2),
        "changes_per_second": round(count / seconds),
        "problems": len(done.stated.problems),
        "stages": {name: round(value, 2) for name, value in sorted(watch.seconds.items(), key=lambda each: -each[1])},
        "peak_mib": memory.peak // MIB,
        "peak_without_workers_mib": memory.peak_alone // MIB,
        "table_mib": round(table.stat().st_size / MIB, 1),
        "database_mib": round(sum(each.stat().st_size for each in home.glob("openmpca.sqlite3*")) / MIB, 1),
        **_rows(),
    }


def _rows() -> Result:
    from django.db import connection

    counted = {}
    with connection.cursor() as cursor:
        for name in ("record_statement", "accounting_posting", "accounting_cell"):
            cursor.execute(f"SELECT COUNT(*) FROM {name}")
            counted[name.partition("_")[2] + "s"] = cursor.fetchone()[0]
    return counted


def _set_clocks(watch: Stopwatch) -> None:
    from django.db import connections

    from openmpca.accounting.importing import tables as importing
    from openmpca.record import commands, commitment, record, tables
    from openmpca.record.rooms import ROOMS

    watch.around(importing, "fit", "reading the table and fitting it")
    watch.around(importing, "statements_of", "making statements of it")
    room = ROOMS["accounting"]
    watch.around(room, "check", "rules of entries and transit")
    watch.around(commands.rules, "permit", "rules of entries and transit")
    watch.around(room, "derive", "deriving")
    watch.around(room, "keep", "balances negative at no date")
    watch.around(room, "conclude", "balances negative at no date")
    watch.around(record.Writing, "close", "tree and tiles")
    watch.around(connections["default"], "_commit", "commit")
    insert = tables.insert_rows

    def inserting(table: str, *args: Any, **kwargs: Any) -> None:
        with watch.stage(f"inserting {table}"):
            insert(table, *args, **kwargs)

    tables.insert_rows = inserting
    commitment.committed = partial(_waiting, watch, commitment.committed)


def _waiting(watch: Stopwatch, committed: Callable[..., Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    def wait(bodies: Callable[[], Any]) -> Any:
        with watch.stage("waiting for commitments from the workers"):
            return bodies()

    parts = committed(*args, **kwargs)
    while True:
        with watch.stage("handing statements to the workers"):
            bodies = next(parts, None)
        if bodies is None:
            return
        yield partial(wait, bodies)


def ask(home: Path, mbas: int, years: int, times: int) -> Result:
    """The questions to the book at random days as known at random statements."""
    _open(home)
    from django.db import connection

    from openmpca.accounting.balance import material_balance
    from openmpca.accounting.batch_history import history
    from openmpca.accounting.queries import View, latest
    from openmpca.demonstration import sized

    chance, last = random.Random("questions"), latest()

    def view() -> View:
        day = sized.FIRST + timedelta(days=chance.randrange(years * 365))
        return View.of(day, chance.randrange(last // 10, last + 1))

    def area() -> str:
        return sized.area(chance.randrange(mbas))

    def report() -> object:
        year = chance.randrange(years)
        begin, end = date(sized.FIRST.year + year, 1, 31), date(sized.FIRST.year + year, 12, 31)
        return material_balance(area(), begin, end, chance.randrange(last // 2, last + 1))

    asked: dict[str, Callable[[], object]] = {
        "totals of one MBA": lambda: view().balances([area()]),
        "totals of the State, each MBA": lambda: view().balances(),
        "one MBR over a year": report,
        "history of a batch": lambda: history(
            f"B{chance.randrange(max(last // 9, 1)):07}", View.of(date(2100, 1, 1), last)
        ),
    }
    found: Result = {}
    for name, question in asked.items():
        connection.close()
        if times >= MANY:
            _forget_files()
        cold = _timed(question)
        seconds = [_timed(question) for _ in range(times)]
        found[name] = {"cold_ms": round(cold * 1000, 2), **spread(seconds)}
    return found


def _open(home: Path) -> None:
    from openmpca.record.opening import open_home

    open_home(home)
    import openmpca.demonstration.sized  # noqa: F401  what comes with it is no part of a measurement


def _forget_files() -> None:
    """Let the system forget what it holds of files, where we may."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("1")
    except OSError:
        return


def _timed(question: Callable[[], object]) -> float:
    begun = time.perf_counter()
    question()
    return time.perf_counter() - begun


def keep_up(home: Path) -> Result:
    """`verify` and `rebuild` of the whole."""
    _open(home)
    from openmpca.record.rebuild import rebuild
    from openmpca.record.verify import verify

    with Memory() as memory:
        verified = _timed(lambda: _must(verify().holds))
        peak_verify = memory.peak
    with Memory() as memory:
        rebuilt = _timed(lambda: _must(not rebuild().problems))
    return {
        "verify_seconds": round(verified, 1),
        "verify_peak_mib": peak_verify // MIB,
        "rebuild_seconds": round(rebuilt, 1),
        "rebuild_peak_mib": memory.peak // MIB,
    }


def _must(holds: bool) -> None:
    if not holds:
        raise RuntimeError("the record or the book does not hold")


def write_together(home: Path, writers: int, each: int) -> Result:
    """Several processes that state single changes at once; nothing may be lost."""
    _open(home)
    from openmpca.record.record import head

    before = head()[0]
    command = [sys.executable, str(Path(__file__).with_name("book.py")), "--part", "writer", "--home", str(home)]
    begun = time.perf_counter()
    processes = [
        subprocess.Popen(
            [*command, "--times", str(each), "--seed", str(at)],
            env=_state.environment(home),
            stdout=subprocess.PIPE,
            text=True,
        )
        for at in range(writers)
    ]
    seconds: list[float] = []
    alone = time.perf_counter()
    for process in processes:
        out, _ = process.communicate(timeout=600)
        _must(process.returncode == 0)
        started, *took = [float(value) for value in out.split()]
        alone = max(alone, started)
        seconds += took
    whole = time.perf_counter() - begun
    stated, due = head()[0] - before, writers * (each + WARMING)
    return {
        "writers": writers,
        "statements": stated,
        "lost": due - stated,
        "statements_per_second": round(len(seconds) / sum(seconds) * writers, 1),
        "seconds_with_starting": round(whole, 1),
        "longest_wait_ms": round(max(seconds) * 1000),
        **spread(seconds),
    }


def write_alone(home: Path, times: int) -> Result:
    """One process that states single changes, one after the other."""
    _open(home)
    seconds = list(stating(times, "alone"))
    return {"statements_per_second": round(times / sum(seconds), 1), **spread(seconds)}


def stating(times: int, seed: str) -> Iterator[float]:
    """State single changes; gives the seconds of each."""
    from openmpca.accounting.statements import Change
    from openmpca.demonstration import sized
    from openmpca.record import commands

    act, day = _state.act(), sized.FIRST + timedelta(days=4000)
    for at in range(times + WARMING):
        change = Change(
            day=day,
            mba=sized.area(at % 3),
            code="RF",
            batch=f"W{seed}{os.getpid()}{at}",
            weights={"LEU": "1000", "LEU/U235": "40"},
            kmp="1",
            description="FQ1B",
            basis="M",
            counterpart="XP/XPE1",
            shipper_batch="W",
        )
        took = _timed(partial(commands.state, [change], act))
        if at >= WARMING:
            yield took


def writer(home: Path, times: int, seed: str) -> None:
    """One of several writers: prints what each statement took."""
    _open(home)
    print(time.perf_counter(), *stating(times, seed))


def journals(home: Path, mbas: int, years: int) -> Result:
    """The journal of the book, and the same question to this program, hledger and ledger."""
    _open(home)
    from openmpca.accounting.exporting.journal import journal
    from openmpca.accounting.queries import View
    from openmpca.demonstration import sized

    path = home / "book.journal"
    begun = time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(journal())
    found: Result = {
        "journal_seconds": round(time.perf_counter() - begun, 2),
        "journal_mib": round(path.stat().st_size / MIB, 1),
    }
    day = sized.FIRST + timedelta(days=years * 365 * 2 // 3)
    View.of(day).balances()
    own = _timed(lambda: View.of(day).balances())
    expected = _grams(View.of(day).balances())
    after = (day + timedelta(days=1)).isoformat()
    hledger = ["hledger", "-f", str(path), "balance", "MBA:", "-e", after, "--flat", "-N", "--layout=bare", "-O", "csv"]
    ledger = ["ledger", "-f", str(path), "balance", "^MBA:", "-e", after, "--flat", "--no-total"]
    form = "%(account)\t%(display_total)\n"
    commands = {"hledger": hledger, "ledger": [*ledger, "--balance-format", form]}
    found["openmpca_ms"] = round(own * 1000, 2)
    for name, command in commands.items():
        found[name] = _other(name, command, own, expected)
    return found


def _grams(balances: Any) -> dict[tuple[str, str], str]:
    return {
        (f"MBA:{mba}", f"{category}/{nuclide}" if nuclide else category): f"{ug // 1_000_000}.{ug % 1_000_000:06}"
        for mba, _, category, nuclide, ug in balances.iter_rows()
    }


def _other(name: str, command: list[str], own: float, expected: dict[tuple[str, str], str]) -> Result:
    import shutil

    if shutil.which(command[0]) is None:
        return {"missing": f"{name} is not installed"}
    begun = time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=570)
    seconds = time.perf_counter() - begun
    _must(ran.returncode == 0)
    same = _same(name, ran.stdout, expected)
    return {"seconds": round(seconds, 2), "times_slower": round(seconds / own), "same_answer": same}


def _same(name: str, printed: str, expected: dict[tuple[str, str], str]) -> bool:
    import csv
    import io

    if name == "hledger":
        rows = list(csv.reader(io.StringIO(printed)))[1:]
        return {(account, commodity): amount for account, commodity, amount in rows if amount.strip("0.")} == expected
    amounts = {
        amount.split()[0] for line in printed.splitlines() for amount in line.rpartition("\t")[2:] if amount.strip()
    }
    return amounts <= set(expected.values()) and len(amounts) > 0
