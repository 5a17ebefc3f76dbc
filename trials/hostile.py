"""Hostile files through the commands, with little memory and time; then random and mutated ones for some minutes.

    python trials/hostile.py [--minutes N] [--seed TEXT] [--no-keep]

Each command runs in a process of its own whose address space and time are limited. It has to end by itself, with a
documented code and words that say what is wrong, and leave the record as it was.
"""

import argparse
import csv
import io
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trials import _hostile_files as files
from trials import _report, _state
from trials._hostile_files import Hostile

MIB = 1 << 20
ADDRESS_SPACE = 3072 * MIB
MEMORY = 1024 * MIB
SECONDS = 120.0
SLOW = 10.0
DANGEROUS = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"^-?[0-9.]+$")


@dataclass(frozen=True)
class Met:
    """How a command met a file: its code, seconds, the most memory it held, and what was wrong with that."""

    hostile: Hostile
    code: int
    seconds: float
    memory: int
    wrong: str


def limited(folder: Path, arguments: list[str], output: Path) -> tuple[int, float, int]:
    """Run the command under the limits; gives its code (negative: the signal), seconds and bytes of memory."""
    begun = time.monotonic()
    with output.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "openmpca.cli", *arguments],
            env={**_state.environment(folder), "POLARS_MAX_THREADS": "2"},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE)),
        )
    ender = threading.Timer(SECONDS, process.kill)
    ender.start()
    _, status, usage = os.wait4(process.pid, 0)
    ender.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.monotonic() - begun, usage.ru_maxrss * 1024


def meet(folder: Path, hostile: Hostile, work: Path) -> Met:
    """Send one hostile file through its command."""
    from openmpca.record.record import head

    path, output = work / f"hostile{hostile.suffix}", work / "output"
    hostile.write(path)
    before = head()
    code, seconds, memory = limited(folder, [part.format(path) for part in hostile.command], output)
    said = output.read_text(encoding="utf-8", errors="replace")
    path.unlink()
    faults = [
        (code not in hostile.codes, f"ended with {code}"),
        ("Traceback" in said, "traceback"),
        (not said.strip(), "said nothing"),
        (hostile.says not in said, f"did not say {hostile.says!r}"),
        (memory > MEMORY, f"{memory // MIB} MiB"),
        (head() != before, "the record changed"),
    ]
    wrong = ", ".join(text for bad, text in faults if bad)
    return Met(hostile, code, seconds, memory, f"{wrong}: {said[-400:]}" if wrong else "")


def injected(folder: Path, work: Path) -> str:
    """Cells that spreadsheet programs evaluate come in as text, and stay text when they go out. Says what did not."""
    cells = ("=1+1", "+CMD|'C'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(x)")
    lines = files.rows(len(cells)).splitlines()
    for at, cell in enumerate(cells, 1):
        lines[at] = ",".join(f'"{cell}"' if column == 3 else value for column, value in enumerate(lines[at].split(",")))
    table = work / "formulas.csv"
    table.write_text(
        "\n".join([f"{lines[0]},note", *(f'{each},"=2+{at}"' for at, each in enumerate(lines[1:]))]) + "\n"
    )
    taken = _state.openmpca(folder, "import", "table", str(table), "--as", "change")
    if taken.returncode:
        return taken.stdout + taken.stderr
    out = work / "batches.csv"
    _state.openmpca(folder, "export", "list", "changes", str(out), "--replace")
    read = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    found = [cell for row in read for cell in row if DANGEROUS.match(cell) and not NUMBER.match(cell)]
    return f"exported as they are: {found[:5]}" if found or len(read) < 2 else ""


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A good file with some bytes changed, taken out, doubled or exchanged."""
    data = bytearray(seed)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(data) + 1)
        length = min(len(data) - at, chance.choice([0, 1, 1, 2, 7, 40]))
        doubled, noise = bytes(data[at : at + length] * 2), chance.randbytes(3)
        signs = (b"", b"#", b":", b";", b'"', b",", b"\n", b"\r", b"\0", b"\xff\xfe")
        new = chance.choice([*signs, noise, doubled])
        data[at : at + length] = new
    return bytes(data)


def inputs(seeds: list[bytes], chance: random.Random, seconds: float) -> Iterator[bytes]:
    """Random bytes and mutated good files, for some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if chance.random() < 0.2:
            yield chance.randbytes(chance.randrange(2000))
        else:
            yield mutated(chance.choice(seeds), chance)


def code10(data: bytes) -> None:
    """Read and check a labelled file; what was read is written back as it was."""
    from openmpca.formats.code10.lexer import Entry
    from openmpca.formats.code10.reader import read_entries
    from openmpca.formats.code10.rules import read_and_check
    from openmpca.formats.code10.writer import write_entries

    found = list(read_entries([data]))
    entries = [each for each in found if isinstance(each, Entry)]
    if len(entries) == len(found) and b"".join(write_entries(entries)) != data:
        raise AssertionError("what was read without a problem is not written back unchanged")
    list(read_and_check(io.BytesIO(data)))


def delimited(data: bytes) -> None:
    """Read a table and fit it to the fields of changes."""
    from openmpca.accounting.importing.fields import fields_of
    from openmpca.formats.tables.fitting import apply
    from openmpca.formats.tables.mapping import guess
    from openmpca.formats.tables.read import read_table

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        table, problems = read_table(Path(file.name))
    if table.width < 2 and not problems:
        raise AssertionError("no table, and no problem")
    fields = fields_of("change")
    apply(table, guess(table.columns[1:], fields), fields)


def fuzz(
    read: Callable[[bytes], None], seeds: list[bytes], chance: random.Random, seconds: float
) -> tuple[int, list[str]]:
    """Let a reader read; gives how many files, and which it could not bear."""
    count, wrong = 0, []
    for data in inputs(seeds, chance, seconds):
        begun = time.process_time()
        try:
            read(data)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            wrong.append(f"{read.__name__}: {type(error).__name__} {error} at {data[:2000]!r}")
        if time.process_time() - begun > SLOW:
            wrong.append(f"{read.__name__}: slow at {data[:2000]!r}")
        count += 1
    return count, wrong


def good_files(folder: Path) -> list[bytes]:
    """The reports of the demonstration State, small ones."""
    made = _state.openmpca(folder, "demonstration", "--home", str(folder))
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    found = sorted(folder.glob("**/*.c10"), key=lambda each: each.stat().st_size)
    return [each.read_bytes()[:20_000] for each in found]


def fuzzed(minutes: float, chance: random.Random, reports: list[bytes]) -> list[tuple[str, int, list[str]]]:
    """Both readers for their share of the time."""
    tables = [files.rows(3).encode(), files.rows(2).replace(",", ";").encode("utf-16")]
    found = []
    for name, read, seeds in (("Code 10", code10, reports), ("tables", delimited, tables)):
        count, wrong = fuzz(read, seeds, chance, minutes * 30)
        found.append((name, count, wrong))
    return found


def main() -> int:
    """Run the trial and keep its results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=4.0)
    options.add_argument("--seed", default=str(time.time_ns()))
    options.add_argument("--no-keep", action="store_true")
    given = options.parse_args()
    chance, wrong, rows = random.Random(given.seed), [], []
    with tempfile.TemporaryDirectory(prefix="openmpca-hostile-") as temporary:
        work = Path(temporary)
        home = work / "home"
        _state.begin(home, 3)
        for each in (*files.TABLES, *files.CODE10):
            met = meet(home, each, work)
            rows.append(shown(met))
            wrong += [f"{each.name}: {met.wrong}"] if met.wrong else []
            print(" ", *rows[-1], met.wrong, flush=True)
        told = injected(home, work)
        wrong += [f"formulas: {told}"] if told else []
        counts = fuzzed(given.minutes, chance, good_files(work / "demonstration"))
        wrong += [each for _, _, many in counts for each in many]
    text = page(rows, counts, given.seed, len(wrong))
    print("\n".join([text, *wrong]))
    if not given.no_keep:
        _report.keep("hostile", text)
    return 1 if wrong else 0


def shown(met: Met) -> list[object]:
    """A line of the table of results."""
    command = " ".join(part for part in met.hostile.command[:2] if part != "{}")
    return [command, met.hostile.name.replace("|", "/"), met.code, f"{met.seconds:.1f}", met.memory // MIB]


def page(rows: list[list[object]], counts: list[tuple[str, int, list[str]]], seed: str, wrong: int) -> str:
    """The section of the page: the large ones each, the others counted."""
    singly = [
        row
        for row in rows
        if " B" in str(row[1]) or "GB" in str(row[1]) or "MB" in str(row[1]) or "workbook" in str(row[1])
    ]
    most, longest = max(int(str(row[4])) for row in rows), max(float(str(row[3])) for row in rows)
    fuzz_lines = [
        f"- {name}: {count:,} random and mutated files, {len(many)} not borne" for name, count, many in counts
    ]
    return "\n\n".join(
        [
            f"{_report.machine()}; seed {seed}; address space {ADDRESS_SPACE // MIB} MiB, {SECONDS:.0f} s",
            f"{len(rows)} files, at most {most} MiB and {longest:.1f} s; the largest of them:",
            _report.table(["Command", "File", "Code", "Seconds", "MiB"], singly),
            "\n".join(fuzz_lines),
            f"Not as it should be: {wrong}.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
