"""How long it takes to tell what stops if a clause lapses, among 500 agreements, 5,000 projects, 100,000 dependencies.

    python benchmarks/cooperation.py            the whole size; keeps the results
    python benchmarks/cooperation.py --quick    a fiftieth of it; keeps nothing

Five umbrella agreements stand over 95 implementing ones, these over 400 of sites and contracts; each has five clauses.
Nine dependencies of ten are of a project on a clause, the tenth on another project. It is asked by the function behind
the command and the page, once before it is timed: that reads the links, which are kept. What counts is the processor
time: this machine may be busy.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._measure import machine, part, spread
from trials import _report, _state

RESULTS = Path(__file__).with_name("results")
DAY, LAST = date(2024, 1, 1), date(2027, 6, 17)
CLAUSES, SECONDS = 5, 0.2
Result = dict[str, Any]


def agreements(count: int) -> Iterator[Any]:
    """The agreements with their clauses: a hundredth are umbrellas, a fifth implement them, the rest those."""
    from openmpca.cooperation.agreements.statements import Agreement, Clause

    umbrellas, implementing = max(count // 100, 1), max(count // 5, 2)
    for at in range(count):
        layer = "umbrella" if at < umbrellas else "implementing" if at < implementing else "site"
        under = {"umbrella": "", "implementing": f"A{at % umbrellas}"}.get(
            layer, f"A{umbrellas + at % (implementing - umbrellas)}"
        )
        given = {"day": DAY, "parties": [_state.PARTY], "in_force": DAY, "expires": LAST, "release": ["*"]}
        yield Agreement(code=f"A{at}", title=f"Agreement {at}", layer=layer, under=under, **given)
    for at in range(count):
        for clause in range(CLAUSES):
            sort = ("liability", "tax", "access", "audit", "title")[clause]
            yield Clause(
                day=DAY, code=f"A{at}.{clause}", agreement=f"A{at}", sort=sort, title=sort, survives=-clause // 4
            )


def projects(count: int, agreements: int) -> Iterator[Any]:
    """The projects, each under some agreement."""
    from openmpca.cooperation.projects.statements import Project

    for at in range(count):
        given = {"parties": [_state.PARTY], "agreement": f"A{at % agreements}", "release": ["*"]}
        yield Project(day=DAY, code=f"P{at}", title=f"Project {at}", **given)


def dependencies(count: int, projects: int, agreements: int) -> Iterator[Any]:
    """The dependencies, with every answer that there is; on earlier projects only, so that there is no circle."""
    from openmpca.cooperation.agreements.statements import Dependency

    chance = random.Random(7)
    for _each in range(count):
        what = chance.randrange(1, projects)
        clause = f"clause:A{chance.randrange(agreements)}.{chance.randrange(CLAUSES)}"
        on = clause if chance.random() < 0.9 else f"project:P{chance.randrange(what)}"
        answers = [chance.choice(("stops", "stops", "until", "under", "survives", "")) for _aspect in range(4)]
        names = ("authority", "payment", "access", "protection")
        yield Dependency(
            day=DAY,
            what=f"project:P{what}",
            on=on,
            instead=f"clause:A{chance.randrange(agreements)}.0" if "under" in answers else "",
            until=date(2028, 1, 1) if "until" in answers else None,
            **dict(zip(names, answers, strict=True)),
        )


def build(home: Path, agreements_: int, projects_: int, dependencies_: int) -> Result:
    """State it all."""
    _state.begin(home, 1)
    from openmpca.record import commands

    begun = time.perf_counter()
    of_all = (
        agreements(agreements_),
        projects(projects_, agreements_),
        dependencies(dependencies_, projects_, agreements_),
    )
    stated = 0
    for each in of_all:
        stated += len(commands.state(list(each), _state.act()).numbers)
    seconds = time.perf_counter() - begun
    return {"statements": stated, "seconds": round(seconds, 1)}


def ask(home: Path, agreements_: int, times: int) -> Result:
    """Ask what follows, of single clauses, of whole agreements, of whole umbrellas; in processor time."""
    from openmpca.record.opening import open_home

    open_home(home)
    from openmpca.cooperation.agreements.resting import what_lapses
    from openmpca.cooperation.agreements.terms import expiring
    from openmpca.cooperation.claims import Claims

    chance = random.Random(11)
    umbrellas, implementing = max(agreements_ // 100, 1), max(agreements_ // 5, 2)

    def lapsing(thing: Callable[[], str]) -> Callable[[], tuple[int, int]]:
        def one() -> tuple[int, int]:
            found = what_lapses(Claims(DAY), thing(), LAST)
            return len(found.fates), len(found.rests)

        return one

    asked = {
        "a clause": lapsing(lambda: f"clause:A{chance.randrange(agreements_)}.{chance.randrange(CLAUSES)}"),
        "an agreement of a site": lapsing(lambda: f"agreement:A{chance.randrange(implementing, agreements_)}"),
        "an implementing agreement": lapsing(lambda: f"agreement:A{chance.randrange(umbrellas, implementing)}"),
        "an umbrella agreement": lapsing(lambda: f"agreement:A{chance.randrange(umbrellas)}"),
        "what expires": lambda: (len(expiring(Claims(DAY), date(2026, 1, 1))), 0),
    }
    return {name: _timed(one, times) for name, one in asked.items()}


def _timed(one: Callable[[], tuple[int, int]], times: int) -> Result:
    one()
    took, sizes = [], []
    for _each in range(times):
        begun = time.process_time()
        sizes.append(one())
        took.append(time.process_time() - begun)
    things, rests = (sorted(each)[times // 2] for each in zip(*sizes, strict=True))
    return {**spread(took), "things": things, "answers": rests}


def written(results: Result) -> str:
    """The section in Markdown."""
    on = results["machine"]
    where = (
        f"{results['date']}; {on['system']}, {on['processor']}, {on['cores']} cores, Python {on['python']};"
        f" load when it began {on['load'][0]}."
    )
    rows: list[list[object]] = [
        [name, took["things"], took["answers"], took["median_ms"], took["p95_ms"], took["max_ms"]]
        for name, took in results["questions"].items()
    ]
    head = ["What lapses", "Things touched", "Answers weighed", "Median (ms)", "95 %", "Longest"]
    built = f"Stated: {results['built']['statements']:,} in {results['built']['seconds']} s, with all their rules."
    return "\n\n".join([where, _report.table(head, rows), built])


def main() -> int:
    """Build it and ask it, each in a process of its own; or do the one part that is asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--agreements", type=int, default=500)
    options.add_argument("--projects", type=int, default=5_000)
    options.add_argument("--dependencies", type=int, default=100_000)
    options.add_argument("--times", type=int, default=40)
    options.add_argument("--quick", action="store_true", help="a fiftieth of the size; keep nothing")
    options.add_argument("--into", type=Path, help="where the results go")
    options.add_argument("--part", help=argparse.SUPPRESS)
    options.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        made = (
            build(given.home, given.agreements, given.projects, given.dependencies)
            if given.part == "build"
            else ask(given.home, given.agreements, given.times)
        )
        print(json.dumps(made))
        return 0
    if given.quick:
        given.agreements, given.projects, given.dependencies, given.times = 10, 100, 2_000, 3
    keep(whole(given), given)
    return 0


def whole(given: argparse.Namespace) -> Result:
    """Both parts."""
    sizes = {"agreements": given.agreements, "projects": given.projects, "dependencies": given.dependencies}
    results: Result = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": machine(), **sizes}
    with tempfile.TemporaryDirectory(prefix="openmpca-benchmark-") as temporary:
        home = Path(temporary) / "home"
        command = [__file__, "--home", str(home)]
        results["built"] = part("build", [*command, "--part", "build"], sizes, home)
        asked = {"agreements": given.agreements, "times": given.times}
        results["questions"] = part("ask", [*command, "--part", "ask"], asked, home)
    return results


def keep(results: Result, given: argparse.Namespace) -> None:
    """Write the results as JSON, and into the page when they are of the whole size."""
    text = written(results)
    print(text)
    into = given.into or (None if given.quick else RESULTS / f"cooperation-{given.dependencies}.json")
    if into is not None:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if not given.quick and given.into is None:
        _report.keep("cooperation", text, Path(__file__).with_name("README.md"))


if __name__ == "__main__":
    sys.exit(main())
