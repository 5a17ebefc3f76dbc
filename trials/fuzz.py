"""What other parties send, made up by a fuzzer that watches which lines of the parsers it reaches.

    python trials/fuzz.py [--seconds N] [--seed NUMBER] [--parser NAME] [--no-keep]

Each parser has some seconds of atheris (libFuzzer), in a process of its own with little memory: nothing but its typed
errors comes out of it, and no input takes long. Then texts of one length and of eight times that length go through it:
what they take in time and memory grows with their length, and not faster. Where atheris cannot be installed, that
second part alone is run, and nothing is kept.
"""

import argparse
import importlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trials import _report

if TYPE_CHECKING:
    from trials._parsers import Parser

MIB = 1 << 20
LONGEST_INPUT = 16 * 1024
SECONDS_FOR_ONE = 10
MEMORY_OF_PROCESS = 1024
TIMES_AS_LONG = 8
TIMES_AS_SLOW = 3 * TIMES_AS_LONG
NOTICEABLE = 0.05
BYTES_FOR_ONE = 100
UNITS = (
    *(
        b"\n",
        b"\n\n",
        b"\r\n",
        b" ",
        b"\t",
        b"\x00",
        b"\xff",
        b"A",
        b"A\n",
        b"9",
        b"=",
        b"+",
        b"#",
        b"# \n",
        b"\\",
        b'"',
    ),
    *(b"[", b"{", b"[],", b'"",', b"\\u0000", b"AAAA\n", b"a ", b"any "),
    *("— ".encode(), "— a AAAAAAA=\n".encode(), "é".encode(), "\u3000".encode()),
)
WHERE = "trials._parsers:PARSERS"


@dataclass(frozen=True)
class Fuzzed:
    """How a parser bore its time: how many inputs, the most memory of its process, and what was wrong."""

    inputs: int
    memory: int
    wrong: str


@dataclass(frozen=True)
class Grown:
    """How a parser bore long texts: how many, the longest time for one, and which took more than they may."""

    texts: int
    seconds: float
    wrong: list[str]


def parsers(where: str = WHERE) -> dict[str, "Parser"]:
    module, name = where.split(":")
    return {each.name: each for each in getattr(importlib.import_module(module), name)}


def watch(where: str, name: str, arguments: list[str]) -> None:
    """Be the process that libFuzzer runs in; it ends this process itself."""
    import atheris

    with atheris.instrument_imports(include=["openmpca.tlog", "openmpca.proof"]):
        parser = parsers(where)[name]
    atheris.Setup([sys.argv[0], *arguments], parser.read)
    atheris.Fuzz()


def fuzzed(name: str, seconds: int, seed: int, where: str = WHERE) -> Fuzzed:
    """Give a parser to atheris for some seconds."""
    parser = parsers(where)[name]
    with tempfile.TemporaryDirectory(prefix="openmpca-fuzz-") as temporary:
        folder = Path(temporary)
        (folder / "corpus").mkdir()
        for number, data in enumerate(parser.seeds):
            (folder / "corpus" / str(number)).write_bytes(data)
        (folder / "pieces").write_text("".join(f'"{_hex(piece)}"\n' for piece in parser.pieces), encoding="ascii")
        arguments = [
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            f"-max_len={LONGEST_INPUT}",
            f"-timeout={SECONDS_FOR_ONE}",
            f"-rss_limit_mb={MEMORY_OF_PROCESS}",
            f"-dict={folder / 'pieces'}",
            f"-artifact_prefix={folder}/found-",
            "-print_final_stats=1",
            str(folder / "corpus"),
        ]
        command = [sys.executable, __file__, "--watch", where, name, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        found = [f"{each.name}: {each.read_bytes()[:2000]!r}" for each in sorted(folder.glob("found-*"))]
    inputs, memory = _counted(done.stderr, "number_of_executed_units"), _counted(done.stderr, "peak_rss_mb")
    wrong = found or ([] if done.returncode == 0 and inputs else [f"ended with {done.returncode}"])
    return Fuzzed(inputs, memory, f"{name}: {'; '.join(wrong)}\n{done.stdout[-3000:]}" if wrong else "")


def _hex(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


def _counted(printed: str, name: str) -> int:
    found = re.search(rf"stat::{name}:\s*([0-9]+)", printed)
    return int(found[1]) if found else 0


def long_texts(parser: "Parser", length: int) -> Iterator[tuple[str, bytes]]:
    """Good texts with one thing repeated at some place of them, and the large texts that the parser itself knows."""
    for at, seed in enumerate(parser.seeds):
        breaks = [0, *(found.end() for found in re.finditer(rb"[\n,:]", seed)), len(seed) // 2, len(seed)]
        for place in sorted({breaks[index] for index in range(0, len(breaks), max(1, len(breaks) // 6))}):
            for unit in (*UNITS, *parser.pieces):
                repeated = unit * ((length - len(seed)) // len(unit))
                yield f"{unit!r} at {place} of {at}", seed[:place] + repeated + seed[place:]
    for at, text in enumerate(parser.grown(length)):
        yield f"large text {at}", text


def grown(parser: "Parser", length: int, every: int = 1) -> Grown:
    """Hold time and memory of long texts against those of texts of an eighth of the length; or of each `every`-th."""
    count, longest, wrong = 0, 0.0, []
    pairs = zip(long_texts(parser, length // TIMES_AS_LONG), long_texts(parser, length), strict=True)
    for number, ((name, short), (_, long)) in enumerate(pairs):
        if number % every and not name.startswith("large"):
            continue
        count += 1
        once = spent(parser, long)
        longest = max(longest, once)
        # Beside other work, a first measurement may be anything: it is repeated before it is believed.
        if once > NOTICEABLE and not _in_proportion(parser, short, long):
            wrong.append(f"{parser.name}: {name}: time grows faster than length")
        if (most := held(parser, long)) > BYTES_FOR_ONE * len(long) + MIB:
            wrong.append(f"{parser.name}: {name}: {most} bytes held for {len(long)}")
    return Grown(count, longest, wrong)


def _in_proportion(parser: "Parser", short: bytes, long: bytes) -> bool:
    few = max(min(spent(parser, short) for _ in range(5)), NOTICEABLE / TIMES_AS_LONG)
    return min(spent(parser, long) for _ in range(3)) <= few * TIMES_AS_SLOW


def spent(parser: "Parser", data: bytes) -> float:
    """The seconds of processor time for one text."""
    begun = time.process_time()
    parser.read(data)
    return time.process_time() - begun


def held(parser: "Parser", data: bytes) -> int:
    """The most bytes that Python held for one text."""
    tracemalloc.start()
    try:
        parser.read(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> int:
    """Run the trial and keep its results."""
    if sys.argv[1:2] == ["--watch"]:
        watch(*sys.argv[2:4], sys.argv[4:])
        return 0
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=60, help="for each parser")
    options.add_argument("--seed", type=int, default=time.time_ns() % 2**31 + 1)
    options.add_argument("--parser", choices=parsers(), action="append")
    options.add_argument("--no-keep", action="store_true")
    given = options.parse_args()
    atheris = importlib.util.find_spec("atheris") is not None
    if not atheris:
        print("atheris is not installed, and does not install everywhere: long texts only, and no results are kept")
    rows, wrong = [], []
    names = given.parser or list(parsers())
    bores = {name: fuzzed(name, given.seconds, given.seed) if atheris else Fuzzed(0, 0, "") for name in names}
    for name, bore in bores.items():
        parser = parsers()[name]
        grew = grown(parser, parser.limit // 2)
        rows.append(
            [name, f"{bore.inputs:,}", bore.memory, grew.texts, f"{parser.limit // 2:,}", f"{grew.seconds:.2f}"]
        )
        wrong += [*([bore.wrong] if bore.wrong else []), *grew.wrong]
        print(" ", *rows[-1], *wrong[-1:], flush=True)
    text = page(rows, given.seconds, given.seed, len(wrong))
    print("\n".join([text, *wrong]))
    if atheris and not given.no_keep:
        _report.keep("fuzz", text)
    return 1 if wrong else 0


def page(rows: list[list[object]], seconds: int, seed: int, wrong: int) -> str:
    """The section of the page."""
    head = ["Parser", "Inputs", "MiB", "Long texts", "Bytes of each", "Longest, s"]
    return "\n\n".join(
        [
            f"{_report.machine()}; seed {seed}; {seconds} s each, inputs of at most {LONGEST_INPUT:,} bytes",
            _report.table(head, rows),
            f"Not as it should be: {wrong}.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
