"""How quickly pages answer while twenty people work: a request a second each, nine questions to one statement.

    python benchmarks/web.py            a million changes on SQLite and on PostgreSQL; keeps the results
    python benchmarks/web.py --quick    2,000 changes, a few seconds; keeps nothing

The State is that of `benchmarks/book.py`. The pages are served by `openmpca serve` in a process of its own; the people
are threads here with a connection and a session each, so what they cost runs on the same cores. They come when the
server has counted the whole State once, which it does beside the first pages; how long that takes is told. What was
stated is counted in the record afterwards: nothing is lost, and nothing is there twice.
"""

import argparse
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._measure import machine, part, spread
from trials import _report, _state

RESULTS = Path(__file__).with_name("results")
PASSPHRASE = "twelve slow boats in fog"  # noqa: S105  of a State that is not real
FORM = {"content-type": "application/x-www-form-urlencoded"}
NOT_YET = 503
Result = dict[str, Any]


class Browser:
    """One person's browser: a connection that is kept, and cookies."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, body: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address to go on at, and text."""
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        text = None
        if body is not None:
            headers |= FORM | {"origin": f"http://{self.host}"}
            text = urlencode(body)
        self.connection.request("GET" if body is None else "POST", path, text, headers)
        answer = self.connection.getresponse()
        for each in answer.headers.get_all("set-cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
        return answer.status, answer.headers.get("location", ""), answer.read().decode()

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """A form as a person sends it: opened first, filled in, sent."""
        _, _, text = self.ask(path)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        return self.ask(path, {**hidden, **fields})


@dataclass
class Work:
    """What people did: milliseconds by kind of page, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    stated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, kind: str, seconds: float, problem: str = "") -> None:
        """Keep one answer."""
        with self.lock:
            self.took.setdefault(kind, []).append(seconds)
            if problem:
                self.wrong.append(problem)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The pages of a home; gives their address, and what ends the server."""
    command = [sys.executable, "-m", "openmpca.cli", "serve", "--port", "0"]
    server = subprocess.Popen(command, env=_state.environment(home), stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout or ():
            if (found := re.search(r"The pages are at (\S+)", line)) is not None:
                yield found[1], server.terminate
                return
        raise RuntimeError("the server ended before it listened")
    finally:
        server.terminate()
        server.wait(timeout=30)


def make_account(home: Path, address: str) -> None:
    """The account of anna, by a one-time secret."""
    told = _state.openmpca(home, "invite", "anna", "--json").stdout
    fields = {"secret": json.loads(told)["secret"], "passphrase": PASSPHRASE, "again": PASSPHRASE}
    status, _, text = Browser(address).send("/invitation", fields)
    if status != 302:
        raise RuntimeError(f"no account: {status} {text[:500]}")


def signed_in(address: str) -> Browser:
    """Somebody at work."""
    made = Browser(address)
    status, _, text = made.send("/account/login/", {"login": "anna", "password": PASSPHRASE})
    if status != 302:
        raise RuntimeError(f"not signed in: {status} {text[:500]}")
    return made


def questions(mbas: int) -> list[tuple[str, Callable[[random.Random], str]]]:
    """The kinds of page that people look at, each as often as the others."""

    def area(chance: random.Random) -> str:
        return f"Z{chance.randrange(mbas):03}"

    def day(chance: random.Random) -> str:
        return f"20{chance.randrange(18, 25)}-{chance.randrange(1, 13):02}-28"

    return [
        ("home", lambda _: "/"),
        ("due", lambda _: "/accounting/due"),
        ("due in an area", lambda chance: f"/accounting/due?mba={area(chance)}"),
        ("transit", lambda _: "/accounting/transit"),
        ("transit of an area", lambda chance: f"/accounting/transit?mba={area(chance)}"),
        ("ledger of an area", lambda chance: f"/accounting/ledger?mba={area(chance)}"),
        ("book of the State", lambda _: "/accounting/book"),
        ("totals", lambda chance: f"/accounting/totals?by={chance.choice(('state', 'category', 'mba'))}"),
        ("pictures", lambda _: "/accounting/picture"),
        ("pictures of an area", lambda chance: f"/accounting/picture?mba={area(chance)}"),
        ("book of an area", lambda chance: f"/accounting/book?mba={area(chance)}"),
        ("book of an area on a day", lambda chance: f"/accounting/book?mba={area(chance)}&as_of={day(chance)}"),
        ("batches of an area", lambda chance: f"/accounting/batches?mba={area(chance)}"),
        ("a batch", lambda chance: f"/accounting/batch?batch=B{chance.randrange(100):07}&mba={area(chance)}"),
        ("a statement", lambda chance: f"/record/statement?number={chance.randrange(1000, 2000)}"),
        ("log", lambda _: "/record/log"),
        ("search", lambda chance: f"/search?text=B{chance.randrange(100):07}"),
        ("form of a receipt", lambda chance: f"/accounting/receive?mba={area(chance)}"),
    ]


def at_work(address: str, person: int, until: float, mbas: int, work: Work) -> None:
    """One person: a request a second, each tenth a statement, until the end."""
    chance, browser = random.Random(person), signed_in(address)
    kinds = questions(mbas)
    next_at = time.monotonic() + chance.random()
    turn = person
    while next_at < until:
        time.sleep(max(0.0, next_at - time.monotonic()))
        kind, path = chance.choice(kinds) if turn % 10 < 9 else ("statement", lambda _: "")
        begun = time.monotonic()
        if kind == "statement":
            problem = state(browser, chance, person, turn, mbas, work)
        else:
            where = path(chance)
            status, _, _ = browser.ask(where)
            problem = "" if status in (200, 404) else f"{where}: {status}"
        work.keep(kind, time.monotonic() - begun, problem)
        turn += 1
        next_at = max(next_at + 1, time.monotonic())


def state(browser: Browser, chance: random.Random, person: int, turn: int, mbas: int, work: Work) -> str:
    """A receipt from abroad, stated through its form; gives what went wrong."""
    batch = f"WEB-{person}-{turn}"
    fields = {
        "batch": batch,
        "counterpart": "XX",
        "weights:LEU": "100",
        "weights:LEU/U235": "3",
        "day": "2026-01-15",
        "step": "state",
    }
    status, _, text = browser.send(f"/accounting/receive?mba=Z{chance.randrange(mbas):03}", fields)
    if status == 302:
        work.stated.append(batch)
        return ""
    return f"receipt of {batch}: {status} {' '.join(re.sub('<[^>]*>', ' ', text).split())[:400]}"


def measure(home: Path, mbas: int, people: int, seconds: int) -> Result:
    """Serve a home, let people work, count what they stated."""
    with served(home) as (address, end):
        make_account(home, address)
        end()
    begun = time.monotonic()
    work = Work()
    with served(home) as (address, _):
        first = signed_in(address)
        first.ask("/")
        cold = time.monotonic() - begun
        counted = until_counted(first, begun)
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=at_work, args=(address, each, until, mbas, work)) for each in range(people)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    everything = [took for kind, all_of in work.took.items() if kind != "statement" for took in all_of]
    stood = recorded(home)
    return {
        "first_page_cold_s": round(cold, 2),
        "counted_s": round(counted, 1),
        "people": people,
        "requests": sum(map(len, work.took.values())),
        "pages": spread(everything),
        "kinds": {kind: spread(all_of) for kind, all_of in sorted(work.took.items())},
        "stated": len(work.stated),
        "lost": len(set(work.stated) - set(stood)),
        "twice": len(stood) - len(set(stood)),
        "wrong": work.wrong[:10],
    }


def until_counted(browser: Browser, begun: float) -> float:
    """Wait until the pages of the whole State are there; gives the seconds since the server was started."""
    for path in ("/accounting/due", "/accounting/transit", "/accounting/picture"):
        while browser.ask(path)[0] == NOT_YET:
            time.sleep(0.5)
    return time.monotonic() - begun


def recorded(home: Path) -> list[str]:
    """The batches that were stated over the pages, once for each statement of the record that brought one."""
    given = [sys.executable, __file__, "--recorded", str(home)]
    told = subprocess.run(given, env=_state.environment(home), stdout=subprocess.PIPE, text=True, check=True)
    found: list[str] = json.loads(told.stdout)
    return found


def _batches(home: Path) -> list[str]:
    from openmpca.record.opening import open_home

    open_home(home)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT number, batch FROM accounting_posting WHERE batch LIKE 'WEB-%'")
        return [batch for _, batch in cursor.fetchall()]


def a_state(home: Path, changes: int, mbas: int, url: str = "") -> None:
    """Import the State in a process of its own."""
    book = str(Path(__file__).with_name("book.py"))
    options: dict[str, Any] = {"changes": changes, "mbas": mbas, "years": 10, "url": url}
    part(f"import of {changes:,} changes", [book, "--part", "import", "--home", str(home)], options, home)


def written(results: Result) -> str:
    """The section in Markdown."""
    where = results["machine"]
    databases = {name: each for name, each in results.items() if name in ("SQLite", "PostgreSQL") and "pages" in each}
    head = (
        f"{results['date']}; {where['system']}, {where['processor']}, {where['cores']} cores, Python {where['python']};"
        f" load when it began {where['load'][0]}."
    )
    rows: list[list[object]] = [
        [
            name,
            f"{each['changes']:,}",
            each["requests"],
            each["pages"]["median_ms"],
            each["pages"]["p95_ms"],
            each["kinds"].get("statement", {}).get("p95_ms", ""),
            each["stated"],
            each["lost"],
            each["twice"],
            each["first_page_cold_s"],
            each["counted_s"],
        ]
        for name, each in databases.items()
    ]
    names = ["", "Changes", "Requests", "Pages: median (ms)", "95 %", "Statements: 95 %", "Stated", "Lost", "Twice"]
    kinds: list[list[object]] = [
        [name, *(each["kinds"].get(name, {}).get(figure, "") for each in databases.values() for figure in FIGURES)]
        for name in sorted({kind for each in databases.values() for kind in each["kinds"]})
    ]
    heads = [f"{name}: {figure}" for name in databases for figure in ("median (ms)", "95 %")]
    return "\n\n".join(
        [head, table([*names, "First page, cold (s)", "All counted (s)"], rows), table(["Page", *heads], kinds)]
    )


FIGURES = ("median_ms", "p95_ms")
table = _report.table


def main() -> int:
    """Both databases, then the results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=1_000_000)
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--into", type=Path, help="where the results go")
    options.add_argument("--recorded", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.recorded is not None:
        print(json.dumps(_batches(given.recorded)))
        return 0
    changes, people, seconds = (2_000, 4, 12) if given.quick else (given.changes, given.people, given.seconds)
    mbas = 20 if given.quick else 300
    results: Result = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": machine()}
    with tempfile.TemporaryDirectory(prefix="openmpca-benchmark-") as temporary:
        home = Path(temporary) / "sqlite"
        a_state(home, changes, mbas)
        results["SQLite"] = {"changes": changes, **measure(home, mbas, people, seconds)}
        if not given.quick:
            results["PostgreSQL"] = on_postgresql(Path(temporary) / "postgresql", changes, mbas, people, seconds)
    print(text := written(results))
    wrong = [each for name in ("SQLite", "PostgreSQL") for each in results.get(name, {}).get("wrong", [])]
    print("\n".join(wrong))
    if given.into is not None or not given.quick:
        into = given.into or RESULTS / f"web-{changes}.json"
        into.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if not given.quick and given.into is None:
        _report.keep("web", text, Path(__file__).with_name("README.md"))
    return 1 if wrong else 0


def on_postgresql(home: Path, changes: int, mbas: int, people: int, seconds: int) -> Result:
    """The same on PostgreSQL, where there is one."""
    from tests.postgres import NoServerError, database, started

    try:
        with started() as server, database(server) as url:
            a_state(home, changes, mbas, url)
            return {"changes": changes, **measure(home, mbas, people, seconds)}
    except NoServerError as missing:
        return {"missing": str(missing)}


if __name__ == "__main__":
    sys.exit(main())
