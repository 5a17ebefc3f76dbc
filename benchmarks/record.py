"""The record at scale: tree and tiles, commitments, proofs in a large tree, verification; and pymerkle beside them.

    python benchmarks/record.py [--statements N] [--leaves N] [--quick] [--into FILE]

The results go to `benchmarks/results/` as JSON and into the table of `benchmarks/README.md`; `--quick` is a smoke test
that keeps nothing. Every part runs in a process of its own.
"""

import argparse
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._measure import MIB, Memory, machine, part, spread

RESULTS = Path(__file__).with_name("results")
AT_ONCE = 65_536
FIELDS = 18
AIMS = {
    "tree": "200,000 entries a second",
    "statements": "30,000 statements a second",
    "proofs": "5 ms a proof",
    "verify": "60 seconds for 1,000,000",
}
Result = dict[str, Any]


def grow(count: int) -> Result:
    """Entries to leaves, tiles and the right edge of the tree, as an append makes them."""
    from openmpca.tlog.frontier import Frontier
    from openmpca.tlog.merkle import leaf_hash
    from openmpca.tlog.tree import full_tiles

    tiles: dict[tuple[int, int], bytes] = {}
    frontier, tail = Frontier(), list[bytes]()
    cpu = seconds = 0.0
    with Memory(every=0.5) as memory:
        for start in range(0, count, AT_ONCE):
            entries = [os.urandom(32) for _ in range(min(AT_ONCE, count - start))]
            begun, cpu_begun = time.perf_counter(), time.process_time()
            leaves = [leaf_hash(entry) for entry in entries]
            made = full_tiles(start, tail, leaves, lambda level, n: tiles[level, n])
            frontier = frontier.extended(leaves)
            frontier.root()
            seconds, cpu = seconds + time.perf_counter() - begun, cpu + time.process_time() - cpu_begun
            tail = [*tail, *leaves][len(tail) + len(leaves) - (start + len(leaves)) % 256 :]
            tiles.update({(each.level, each.n): each.hashes for each in made})
    return {
        "entries": count,
        "tiles": len(tiles),
        "per_second": round(count / seconds),
        "cpu_us": round(cpu / count * 1e6, 2),
        "peak_mib": memory.peak // MIB,
    }


def commit(count: int) -> Result:
    """Statements of 18 fields to bodies and entries, by the worker processes of an import."""
    from openmpca.record.opening import open_home

    open_home(Path(tempfile.gettempdir()) / "openmpca-no-home-is-open")
    from openmpca.record.commitment import committed
    from openmpca.record.frames import Segment, frame, lines
    from openmpca.record.statements import KINDS

    kind = KINDS["accounting.change"]
    segment = Segment(kind, frame(kind.name, [_change(at) for at in range(count)]))
    envelope: list[tuple[str, object]] = [
        ("party", "SRA"),
        ("prepared_by", "p-0000000001"),
        ("approved_by", ["p-0000000002"]),
        ("recorded", "2026-11-22T00:30:52.039670Z"),
    ]
    fields = 2 + len(envelope) + len(next(lines(kind.name, segment.frame)))
    begun = time.perf_counter()
    for piece in committed(Segment(kind, segment.frame.head(10_000)), envelope):
        piece()
    starting = time.perf_counter() - begun
    with Memory(every=0.5) as memory:
        before, begun = _cpu_of_all(), time.perf_counter()
        made = sum(len(part()[0]) for part in committed(segment, envelope))
        seconds, cpu = time.perf_counter() - begun, _cpu_of_all() - before
    _must(made == count and fields == FIELDS)
    return {
        "statements": count,
        "fields": fields,
        "per_second": round(count / seconds),
        "cpu_us": round(cpu / count * 1e6, 1),
        "first_10000_with_starting_s": round(starting, 2),
        "peak_mib": memory.peak // MIB,
    }


def _change(at: int) -> dict[str, object]:
    return {
        "day": date(2026, 1, 1 + at % 28),
        "mba": f"Z{at % 300:03}",
        "code": "RD",
        "batch": f"B{at:07}",
        "weights": {"LEU": f"{at % 9999}.655", "LEU/U235": f"{at % 999}.226"},
        "kmp": "1",
        "description": "FQ1B",
        "basis": "N",
        "items": 1 + at % 9,
        "counterpart": f"XT/Z{at % 299:03}",
        "shipper_batch": f"B{at:07}",
        "document": f"WB-{at:07}",
    }


def _cpu_of_all() -> float:
    """Processor seconds of this process and of those below it that still run."""
    from benchmarks._measure import descendants

    ticks = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
    total = time.process_time()
    for pid in descendants(os.getpid()):
        try:
            rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        total += (int(rest[11]) + int(rest[12])) / ticks
    return total


def prove(folder: Path, count: int, times: int) -> Result:
    """Proofs at random places of a tree whose tiles lie in a SQLite file, checked as a partner checks them."""
    from openmpca.tlog.tree import Tree

    path = folder / "tiles.sqlite3"
    _write_tiles(path, count)
    stored = sqlite3.connect(path)
    leaves = stored.execute("SELECT hashes FROM tail").fetchone()[0]

    def read_tile(level: int, n: int) -> bytes:
        return bytes(stored.execute("SELECT hashes FROM tile WHERE level = ? AND n = ?", (level, n)).fetchone()[0])

    def read_leaves(start: int, end: int) -> list[bytes]:
        return [leaves[at : at + 32] for at in range(0, (end - start) * 32, 32)]

    asked = Asked(Tree(read_tile, read_leaves), count)
    for at in range(times):
        asked.inclusion(asked.chance.randrange(count - count % 256), read_tile)
        asked.consistency((1 + asked.chance.randrange(count // 256)) * 256)
        if at < max(times // 20, 1):
            asked.afresh(Tree(read_tile, read_leaves))
    return {
        "leaves": count,
        "tiles_mib": path.stat().st_size // MIB,
        **{name: spread(seconds) for name, seconds in asked.seconds.items()},
    }


class Asked:
    """Proofs of one tree, each timed and then checked as a partner does."""

    def __init__(self, tree: Any, size: int) -> None:
        self.tree, self.size, self.root = tree, size, tree.root(size)
        self.chance = random.Random("proofs")
        self.seconds: dict[str, list[float]] = {}

    def inclusion(self, index: int, read_tile: Callable[[int, int], bytes]) -> None:
        """Prove and check that a leaf of a full tile is in the tree."""
        from openmpca.tlog.merkle import verify_inclusion

        proof = self._timed("inclusion", lambda: self.tree.inclusion_proof(index, self.size))
        leaf = read_tile(0, index // 256)[index % 256 * 32 :][:32]
        self._timed("inclusion, checked", lambda: verify_inclusion(index, self.size, leaf, proof, self.root))

    def consistency(self, size: int) -> None:
        """Prove and check that the tree of a size is its beginning."""
        from openmpca.tlog.merkle import verify_consistency

        proof = self._timed("consistency", lambda: self.tree.consistency_proof(size, self.size))
        verify_consistency(size, self.size, proof, self.tree.root(size), self.root)

    def afresh(self, tree: Any) -> None:
        """Prove with a tree that has read nothing yet."""
        index = self.chance.randrange(self.size)
        self._timed("inclusion, first of a process", lambda: tree.inclusion_proof(index, self.size))

    def _timed(self, name: str, question: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        answer = question()
        self.seconds.setdefault(name, []).append(time.perf_counter() - begun)
        return answer


def _write_tiles(path: Path, count: int) -> None:
    from openmpca.tlog.tree import full_tiles

    stored = sqlite3.connect(path)
    stored.executescript(
        "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "CREATE TABLE tile (level INTEGER, n INTEGER, hashes BLOB, PRIMARY KEY (level, n));"
        "CREATE TABLE tail (hashes BLOB);"
    )

    def read_tile(level: int, n: int) -> bytes:
        return bytes(stored.execute("SELECT hashes FROM tile WHERE level = ? AND n = ?", (level, n)).fetchone()[0])

    tail: list[bytes] = []
    for start in range(0, count, AT_ONCE):
        drawn = os.urandom(32 * min(AT_ONCE, count - start))
        leaves = [drawn[at : at + 32] for at in range(0, len(drawn), 32)]
        made = full_tiles(start, tail, leaves, read_tile)
        stored.executemany("INSERT INTO tile VALUES (?, ?, ?)", [(each.level, each.n, each.hashes) for each in made])
        tail = [*tail, *leaves]
        tail = tail[len(tail) - (start + len(leaves)) % 256 :]
    stored.execute("INSERT INTO tail VALUES (?)", (b"".join(tail),))
    stored.commit()
    stored.close()


def verify(home: Path) -> Result:
    """`openmpca verify` of a record that the book's benchmark imported."""
    from openmpca.record.opening import open_home

    open_home(home)
    from openmpca.record.record import head
    from openmpca.record.verify import verify as whole

    with Memory(every=0.5) as memory:
        begun, cpu = time.perf_counter(), time.process_time()
        found = whole()
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        others = sum(os.times()[2:4])
    _must(found.holds and found.size == head()[0])
    return {
        "statements": found.size,
        "seconds": round(seconds, 1),
        "per_second": round(found.size / seconds),
        "cpu_us_reading": round(cpu / found.size * 1e6, 1),
        "cpu_us_workers": round(others / found.size * 1e6, 1),
        "peak_mib": memory.peak // MIB,
        "peak_without_workers_mib": memory.peak_alone // MIB,
    }


def beside(count: int, times: int) -> Result:
    """The same tree in pymerkle: entries in, root, inclusion proofs; the same size, process and run for both."""
    try:
        from pymerkle import InmemoryTree
    except ImportError:
        return {"missing": "pymerkle is not installed"}
    from openmpca.tlog.frontier import Frontier
    from openmpca.tlog.merkle import leaf_hash
    from openmpca.tlog.tree import Tree, full_tiles

    entries = [os.urandom(32) for _ in range(count)]
    places = [random.Random("beside").randrange(count) for _ in range(times)]
    other = InmemoryTree(algorithm="sha256")
    begun = time.process_time()
    for entry in entries:
        other.append_entry(entry)
    their_append, their_root = time.process_time() - begun, bytes(other.get_root())
    begun = time.process_time()
    leaves = [leaf_hash(entry) for entry in entries]
    tiles = {(each.level, each.n): each.hashes for each in full_tiles(0, [], leaves, lambda *_: b"")}
    own_root = Frontier().extended(leaves).root()
    own_append = time.process_time() - begun
    tree = Tree(lambda level, n: tiles[level, n], lambda start, end: leaves[start:end])
    own = [_cpu(lambda at=at: tree.inclusion_proof(at, count)) for at in places]
    their = [_cpu(lambda at=at: other.prove_inclusion(at + 1, count)) for at in places]
    return {
        "entries": count,
        "same_root": own_root == their_root,
        "append": _ratio(own_append / count, their_append / count),
        "inclusion proof": _ratio(sum(own) / times, sum(their) / times),
    }


def _cpu(question: Callable[[], Any]) -> float:
    begun = time.process_time()
    question()
    return time.process_time() - begun


def _ratio(own: float, their: float) -> Result:
    return {
        "openmpca_us": round(own * 1e6, 2),
        "pymerkle_us": round(their * 1e6, 2),
        "pymerkle_takes_times": round(their / own, 2),
    }


def _must(holds: bool) -> None:
    if not holds:
        raise RuntimeError("what was measured did not do its work")


PARTS: dict[str, Callable[[argparse.Namespace], Result]] = {
    "tree": lambda given: grow(given.count),
    "statements": lambda given: commit(given.count),
    "proofs": lambda given: prove(given.home, given.count, given.times),
    "verify": lambda given: verify(given.home),
    "pymerkle": lambda given: beside(given.count, given.times),
}


class Run:
    """A run of all parts, each in a process of its own."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder

    def do(self, name: str, **options: Any) -> Result:
        """Run one part."""
        return self._process(name, [__file__, "--part", name, "--home", str(self.folder)], options)

    def _process(self, name: str, command: list[str], options: dict[str, Any]) -> Result:
        return part(" ".join([name, *(str(each) for each in options.values())]), command, options, self.folder)

    def all(self) -> Result:
        """Every part, in order."""
        given = self.given
        results: Result = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": machine()}
        results["tree"] = self.do("tree", count=given.entries)
        results["statements"] = self.do("statements", count=given.entries // 5)
        results["proofs"] = self.do("proofs", count=given.leaves, times=given.times)
        results["pymerkle"] = self.do("pymerkle", count=given.beside, times=given.times)
        book = [str(Path(__file__).with_name("book.py")), "--part", "import", "--home", str(self.folder / "state")]
        size = {"changes": given.statements, "mbas": 300 if given.statements > 100_000 else 50, "years": 10}
        self._process("import", book, size)
        self.folder = self.folder / "state"
        results["verify"] = self.do("verify")
        return results


def written(results: Result) -> str:
    """The section in Markdown."""
    return "\n\n".join([*_where(results), *_rates(results), *_beside(results["pymerkle"])])


def _where(results: Result) -> Iterator[str]:
    on = results["machine"]
    yield (
        f"{results['date']}; {on['system']}, {on['processor']}, {on['cores']} cores, {on['memory_mib']} MiB,"
        f" Python {on['python']}; load when it began {on['load'][0]}."
    )


def _rates(results: Result) -> Iterator[str]:
    from trials._report import table

    tree, made, proofs, whole = (results[name] for name in ("tree", "statements", "proofs", "verify"))
    title = f"{tree['entries']:,} entries to tree and tiles"
    rows: list[list[object]] = [
        [title, AIMS["tree"], f"{tree['per_second']:,} a second", f"{tree['cpu_us']} µs", tree["peak_mib"]],
        [
            f"{made['statements']:,} statements of {made['fields']} fields to bodies and entries",
            AIMS["statements"],
            f"{made['per_second']:,} a second",
            f"{made['cpu_us']} µs",
            made["peak_mib"],
        ],
        [
            f"verify a record of {whole['statements']:,} statements",
            AIMS["verify"],
            f"{whole['seconds']} s; {whole['per_second']:,} a second",
            f"{whole['cpu_us_reading']} and {whole['cpu_us_workers']} µs",
            whole["peak_mib"],
        ],
    ]
    head = ["", "Aim", "Measured", "Processor time for each (verify: reading, workers)", "Most memory (MiB)"]
    yield table(head, rows)
    names = ("inclusion", "consistency", "inclusion, first of a process", "inclusion, checked")
    rows = [[name, *(proofs[name][each] for each in ("median_ms", "p95_ms", "max_ms"))] for name in names]
    title = f"Proofs in a tree of {proofs['leaves']:,} entries ({AIMS['proofs']})"
    yield table([title, "Median (ms)", "95 % (ms)", "Longest (ms)"], rows)


def _beside(found: Result) -> Iterator[str]:
    from trials._report import table

    if "missing" in found:
        yield f"{found['missing']}."
        return
    rows: list[list[object]] = [
        [name, found[name]["openmpca_us"], found[name]["pymerkle_us"], found[name]["pymerkle_takes_times"]]
        for name in ("append", "inclusion proof")
    ]
    roots = "the same root" if found["same_root"] else "OTHER ROOTS"
    head = [f"{found['entries']:,} entries in memory, {roots}", "OpenMPCA (µs)", "pymerkle (µs)", "pymerkle : OpenMPCA"]
    yield table(head, rows)


def main() -> int:
    """Run all parts, or the one that is asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--statements", type=int, default=1_000_000, help="in the record that is verified")
    options.add_argument("--leaves", type=int, default=10_000_000, help="of the tree in which is proven")
    options.add_argument("--quick", action="store_true", help="a few thousand of each; keep nothing")
    options.add_argument("--into", type=Path, help="where the results go")
    options.add_argument("--part", help=argparse.SUPPRESS)
    options.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--times", type=int, default=400, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        print(json.dumps(PARTS[given.part](given)))
        return 0
    given.entries, given.beside = 1_000_000, 200_000
    if given.quick:
        given.statements, given.leaves, given.entries, given.beside, given.times = 2_000, 100_000, 50_000, 2_000, 20
    with tempfile.TemporaryDirectory(prefix="openmpca-benchmark-") as temporary:
        results = Run(given, Path(temporary)).all()
    keep(results, given)
    return 0


def keep(results: Result, given: argparse.Namespace) -> None:
    """Write the results as JSON, and into the page when they are of the whole size."""
    from trials import _report

    text = written(results)
    print(text)
    into = given.into or (None if given.quick else RESULTS / f"record-{given.statements}.json")
    if into is not None:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if not given.quick and given.into is None:
        _report.keep("record", text, Path(__file__).with_name("README.md"))


if __name__ == "__main__":
    sys.exit(main())
