"""What the book costs: import, questions, growth, writers at once, upkeep, and the same journal in other programs.

    python benchmarks/book.py [--changes N] [--mbas N] [--years N] [--quick] [--into FILE]

The results go to `benchmarks/results/` as JSON and into the table of `benchmarks/README.md`; `--quick` is a smoke test
that keeps nothing. Every part runs in a process of its own.
"""

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RESULTS = Path(__file__).with_name("results")
Result = dict[str, Any]


def part(given: argparse.Namespace) -> Result | None:
    """One part, in this process."""
    from benchmarks import _parts

    home = Path(given.home)
    match given.part:
        case "import":
            return _parts.import_changes(home, given.changes, given.mbas, given.years, given.url)
        case "ask":
            return _parts.ask(home, given.mbas, given.years, given.times)
        case "upkeep":
            return _parts.keep_up(home)
        case "together":
            return _parts.write_together(home, 8, given.times)
        case "alone":
            return _parts.write_alone(home, given.times)
        case "journals":
            return _parts.journals(home, given.mbas, given.years)
        case _:
            _parts.writer(home, given.times, given.seed)
            return None


class Run:
    """A run of all parts: what they were asked for, and what they gave."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder

    def do(self, name: str, home: str, **options: Any) -> Result:
        """Run a part in a process of its own."""
        from benchmarks import _measure

        asked = {"mbas": self.given.mbas, "years": self.given.years, **options}
        folder = self.folder / home
        command = [__file__, "--part", name, "--home", str(folder)]
        return _measure.part(f"{name} {home}", command, asked, folder)

    def all(self) -> Result:
        """Every part, in order."""
        from benchmarks._measure import machine

        given = self.given
        small, other = max(given.changes // 10, 1), max(given.changes // 20, 1)
        single = 5 if given.quick else 60
        results: Result = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": machine()}
        results["import"] = self.do("import", "large", changes=given.changes)
        results["questions"] = self.do("ask", "large", times=5 if given.quick else 40)
        results["upkeep"] = self.do("upkeep", "large")
        results["small"] = {
            "import": self.do("import", "small", changes=small),
            "questions": self.do("ask", "small", times=5 if given.quick else 40),
        }
        results["single statements"] = {
            "small": self.do("alone", "small", times=single),
            "large": self.do("alone", "large", times=single),
            "eight writers, SQLite": self.do("together", "large", times=single // 2),
        }
        if not given.quick:
            results["single statements"] |= self.on_postgresql(small, single)
        results["journal"] = {"changes": other, **self.journals(other)}
        return results

    def on_postgresql(self, changes: int, single: int) -> Result:
        """The same writers on PostgreSQL, where there is one."""
        from tests.postgres import NoServerError, database, started

        try:
            with started() as server, database(server) as url:
                environment = {"url": url}
                self.do("import", "postgresql", changes=changes, **environment)
                return {
                    "PostgreSQL, small": self.do("alone", "postgresql", times=single),
                    "eight writers, PostgreSQL": self.do("together", "postgresql", times=single // 2),
                }
        except NoServerError as missing:
            return {"PostgreSQL": {"missing": str(missing)}}

    def journals(self, changes: int) -> Result:
        """The journal of a book of a size that the other programs can bear."""
        self.do("import", "journal", changes=changes)
        return self.do("journals", "journal")


def main() -> int:
    """Run all parts, or the one that is asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=1_000_000)
    options.add_argument("--mbas", type=int, default=300)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--quick", action="store_true", help="5,000 changes of 20 areas; keep nothing")
    options.add_argument("--into", type=Path, help="where the results go")
    options.add_argument("--part", help=argparse.SUPPRESS)
    options.add_argument("--home", help=argparse.SUPPRESS)
    options.add_argument("--url", default="", help=argparse.SUPPRESS)
    options.add_argument("--times", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--seed", default="", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        if (found := part(given)) is not None:
            print(json.dumps(found))
        return 0
    if given.quick:
        given.changes, given.mbas, given.years = 5_000, 20, 2
    with tempfile.TemporaryDirectory(prefix="openmpca-benchmark-") as temporary:
        results = Run(given, Path(temporary)).all()
    keep(results, given)
    return 0


def keep(results: Result, given: argparse.Namespace) -> None:
    """Write the results as JSON, and into the page when they are of the whole size."""
    from benchmarks import _page
    from trials import _report

    text = _page.written(results)
    print(text)
    into = given.into or (None if given.quick else RESULTS / f"book-{given.changes}.json")
    if into is not None:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if not given.quick and given.into is None:
        _report.keep("results", text, Path(__file__).with_name("README.md"))


if __name__ == "__main__":
    sys.exit(main())
