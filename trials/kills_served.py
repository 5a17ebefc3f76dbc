"""The server of the pages is killed with SIGKILL while somebody states, uploads, brings in or approves.

python trials/kills_served.py [--times N] [--seed TEXT] [--database NAME] [--no-keep]

At chosen moments (`_dying`) and at random ones. Afterwards the record verifies and a rebuild gives the same book; the
act is there once or not at all; what was typed or uploaded is there or its act is; whoever presses the same button
again, or opens their next page, is told what came of it; and nothing is ever there twice.
"""

import argparse
import http.client
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trials import _dying, _person, _report, _state

AREAS: Final = 40
ROWS: Final = 300
PROGRAM: Final = ("-m", "trials._dying")
PASSPHRASE: Final = "nine lamps beside the quiet canal"  # noqa: S105  of a State that is not real
SENT_BEFORE: Final = "This form was sent before"
PATIENCE: Final = 60.0
RANDOM: Final = "at random"


@dataclass
class World:
    """A State with somebody who states and somebody who approves, and its server, which is started again and again.

    The server is one process, so that the one that is killed is the one that answers.
    """

    folder: Path
    anna: _person.Person
    boris: _person.Person
    served: Any = None
    stack: ExitStack = field(default_factory=ExitStack)
    count: int = 0

    def start(self) -> None:
        """Serve, by the server that dies when it is told to."""
        from tests.browser.serving import served

        _dying.disarm(self.folder)
        alone = {**_state.environment(self.folder), "OPENMPCA_PROCESSES": "1"}
        self.served = self.stack.enter_context(served(self.folder, PROGRAM, **alone))
        self.anna.address = self.boris.address = self.served.address

    def end(self) -> None:
        """Have the server gone, however it ended."""
        self.served.process.kill()
        self.served.process.wait()
        self.stack.close()
        self.stack = ExitStack()

    def sign_in(self, person: _person.Person, handle: str) -> None:
        """Make the account of somebody, who is signed in then."""
        found = re.search(r"One-time secret of \S+: (\S+)", self.served.command("invite", handle))
        if found is None:
            raise RuntimeError("nobody is invited")
        page = person.get("/invitation")
        given = {"secret": found[1], "passphrase": PASSPHRASE, "again": PASSPHRASE}
        if person.send(person.filled(page, "/invitation", **given)).status != 302:
            raise RuntimeError(f"{handle} is not let in")

    def prove(self, person: _person.Person) -> None:
        """Have somebody give their passphrase again, as an approval asks for."""
        page, action = person.get("/account/reauthenticate/"), "/account/reauthenticate/"
        if person.send(person.filled(page, action, password=PASSPHRASE)).status != 302:
            raise RuntimeError("no proof was taken")

    def size(self) -> int:
        """How many statements the record has, as a page says."""
        found = re.search(r"record (\d+) <code>", self.anna.get("/me").text)
        return int(found[1]) if found else -1

    def next(self) -> int:
        """A number for the next act."""
        self.count += 1
        return self.count


@dataclass(frozen=True)
class Act:
    """What somebody sends: how many statements it makes, what is sent after it, and what is wrong with what is left.

    ``left`` is asked when the server is there again, with whether the act was recorded.
    """

    person: _person.Person
    sending: _person.Sending
    adds: int
    left: Callable[[bool], str]
    then: Callable[[_person.Answer], _person.Sending] | None = None


def statement(world: World) -> Act:
    """A receipt that is stated from a draft."""
    number, anna, action = world.next(), world.anna, "/accounting/receive?mba=Z000"
    typed = {"batch": f"K{number}", "counterpart": "XP/XPE1", "weights__E": "100", "weights__E/U235": "5", "kmp": "1"}
    typed |= {"description": "FQ1B", "basis": "M", "shipper_batch": f"K{number}", "day": "2024-02-01"}
    kept = anna.send(anna.filled(anna.get(action), action, **typed, step="draft"))
    page = anna.get(kept.location)

    def left(recorded: bool) -> str:
        draft = anna.get(kept.location)
        if recorded:
            return "" if draft.status == 404 or SENT_BEFORE in draft.text else "the draft would be stated again"
        return "" if f'value="K{number}"' in draft.text else "the draft is lost"

    return Act(anna, anna.filled(page, action, step="state"), 1, left)


def _table(number: int) -> bytes:
    lines = [f"2024-02-01,Z001,RF,T{number}-{at},XP/XPE1,100,5,1,FQ1B,M" for at in range(ROWS)]
    head = "Date,MBA,Code,Batch,Other side,E (g),E/U235 (g),KMP,Description,Basis"
    return "\n".join([head, *lines, ""]).encode()


def _mapped(anna: _person.Person, address: str) -> _person.Sending:
    return anna.filled(anna.get(address), address, step="state")


def upload(world: World) -> Act:
    """A file that is sent, and then stated."""
    number, anna, action = world.next(), world.anna, "/accounting/import"
    sending = anna.file(anna.get(action), action, f"table{number}.csv", _table(number), kind="change", step="upload")

    def left(recorded: bool) -> str:
        folder = world.folder / "uploads"
        cut = [each for each in folder.rglob("*") if each.is_file() and each.suffix != ".part"]
        whole = _table(number)
        own = [each for each in cut if each.name == f"table{number}.csv"]
        return "" if all(each.read_bytes() == whole for each in own) else "half a file is there"

    return Act(anna, sending, 0, left, lambda answer: _mapped(anna, answer.location))


def bringing_in(world: World) -> Act:
    """The statements of a file that was sent."""
    number, anna, action = world.next(), world.anna, "/accounting/import"
    given = {"kind": "change", "step": "upload"}
    address = anna.send(anna.file(anna.get(action), action, f"table{number}.csv", _table(number), **given)).location

    def left(recorded: bool) -> str:
        page = anna.get(address)
        if recorded:
            return "" if SENT_BEFORE in page.text else "the file would be brought in again"
        return "" if f"table{number}.csv" in page.text and page.status == 200 else "the file is lost"

    return Act(anna, _mapped(anna, address), ROWS, left)


def approval(world: World) -> Act:
    """The opening of an area, of which anna made a proposal."""
    from openmpca.accounting.inventory.taking import open_area
    from openmpca.accounting.statements import Listed
    from openmpca.demonstration.sized import area
    from openmpca.record.act import Act as Acting

    number, boris, day = world.next(), world.boris, date(2024, 1, 31)
    mba, held = area(2 + number), {"E": "10", "E/U235": "1"}
    told = {"kmp": "1", "description": "FQ1B", "basis": "M"}
    line = Listed(day=day, mba=mba, inventory=-1, batch=f"P{number}", weights=held, **told)
    proposal = open_area(mba, day, [line], Acting(party=_state.PARTY, prepared_by=_state.ANNA)).proposal
    world.prove(boris)
    shown, action = f"/record/proposal?number={proposal}", f"/record/approve?number={proposal}"

    def left(recorded: bool) -> str:
        page = boris.get(shown).text
        if recorded:
            return "" if "recorded as" in page and action not in page else "recorded, and the proposal waits on"
        return "" if action in page else "not recorded, and the proposal waits no longer"

    return Act(boris, boris.filled(boris.get(shown), action, step="approve"), 3, left)


KINDS: Final[dict[str, tuple[Callable[[World], Act], tuple[str, ...]]]] = {
    "statement": (statement, (_dying.RECEIVED, _dying.WRITTEN, _dying.RECORDED, _dying.BESIDE, _dying.ANSWERED)),
    "upload": (upload, (_dying.RECEIVED, _dying.UNNAMED, _dying.ANSWERED)),
    "bringing in": (bringing_in, (_dying.RECEIVED, _dying.WRITTEN, _dying.RECORDED, _dying.BESIDE, _dying.ANSWERED)),
    "approval": (approval, (_dying.RECEIVED, _dying.WRITTEN, _dying.RECORDED, _dying.ANSWERED)),
}


@dataclass(frozen=True)
class Kill:
    """What one kill left: of what, when, whether the act was recorded, and what is wrong."""

    kind: str
    moment: str
    recorded: bool
    wrong: str


def kill(world: World, kind: str, moment: str, chance: random.Random, whole: float) -> Kill:
    """Have somebody do something, kill the server, start it again, and have them press the same button again."""
    act, before = KINDS[kind][0](world), world.size()
    answers = killed_during(world, act, moment, chance.uniform(0, 1.1 * whole))
    size, found = examined()
    world.start()
    recorded = size == before + act.adds if act.adds else False
    if size not in (before, before + act.adds):
        found.append(f"{size - before} of {act.adds} statements are there")
    if answers and answers[0].status == 302 and act.adds and not recorded:
        found.append("the answer came, and nothing is recorded")
    if recorded and not answers and "was recorded as statement" not in act.person.get("/me").text:
        found.append("nobody is told what came of it")
    found += filter(None, [act.left(recorded)])
    found += again(world, act, before, recorded)
    return Kill(kind, moment, recorded, "; ".join(found))


def examined() -> tuple[int, list[str]]:
    """The size of the record, and what verifying and rebuilding find wrong; the home is open here."""
    from django.db import connection

    from openmpca.record.rebuild import rebuild
    from openmpca.record.verify import verify

    connection.close()
    verdict, book = verify(), rebuild()
    wrong = [each.message for each in (*verdict.problems, *book.problems)]
    return verdict.size, wrong if verdict.size == book.size else [*wrong, f"the book is of {book.size}"]


def killed_during(world: World, act: Act, moment: str, after: float) -> list[_person.Answer]:
    """Send, and kill the server meanwhile; the answer, if one came."""
    answers: list[_person.Answer] = []

    def send() -> None:
        with suppress(OSError, http.client.HTTPException):
            answers.append(act.person.send(act.sending))

    if moment != RANDOM:
        _dying.arm(world.folder, moment)
    sender = threading.Thread(target=send)
    sender.start()
    sender.join(after if moment == RANDOM else PATIENCE)
    world.end()
    sender.join(PATIENCE)
    return answers


def again(world: World, act: Act, before: int, recorded: bool) -> Iterator[str]:
    """Press the same button twice more: what is wrong with what is said and with what is there."""
    answer = act.person.send(act.sending)
    last = act.sending
    if act.then is not None and answer.status == 302:
        last = act.then(answer)
        answer = act.person.send(last)
    adds = act.adds or ROWS
    if answer.status != 302:
        yield f"sent again, it is answered with {answer.status}"
        return
    said = act.person.get(answer.location).text
    if (SENT_BEFORE in said) is not recorded or not (recorded or "ecorded as statement" in said):
        yield "it is not said what came of it"
    answer = act.person.send(last)
    if answer.status != 302 or SENT_BEFORE not in act.person.get(answer.location).text:
        yield "sent a third time, it is not said that it is recorded"
    if world.size() != before + adds:
        yield f"sent again, {world.size() - before} of {adds} statements are there"
    yield from filter(None, [act.left(True)])


def undisturbed(world: World, kind: str) -> float:
    """How many seconds an act takes."""
    act = KINDS[kind][0](world)
    begun = time.monotonic()
    answer = act.person.send(act.sending)
    if answer.status != 302:
        raise RuntimeError(f"{kind} itself does not work: {answer.status} {answer.text[-3000:]}")
    return time.monotonic() - begun


@contextmanager
def worlds(folder: Path, url: str = "", areas: int = AREAS) -> Iterator[World]:
    """A State whose pages are served, with two people who are signed in."""
    _state.begin(folder, areas, url)
    world = World(folder, _person.Person(""), _person.Person(""))
    world.start()
    try:
        world.sign_in(world.anna, "anna")
        world.sign_in(world.boris, "boris")
        yield world
    finally:
        world.end()


def moments(kind: str, times: int) -> list[str]:
    """The chosen moments of a kind, each once or more, and as many at random."""
    chosen = KINDS[kind][1]
    return [*(chosen[at % len(chosen)] for at in range(times - times // 2)), *[RANDOM] * (times // 2)]


def trial(world: World, times: int, chance: random.Random) -> list[Kill]:
    """All kills of all kinds."""
    found = []
    for kind in KINDS:
        whole = undisturbed(world, kind)
        for moment in moments(kind, times):
            each = kill(world, kind, moment, chance, whole)
            print(f"  {kind}, {moment}: {'recorded' if each.recorded else 'not recorded'} {each.wrong}", flush=True)
            found.append(each)
    return found


def rows(name: str, found: list[Kill]) -> Iterator[list[object]]:
    """What a database gives to the table."""
    for kind in KINDS:
        own = [each for each in found if each.kind == kind]
        recorded = sum(each.recorded for each in own)
        yield [name, kind, len(own), len(own) - recorded, recorded, sum(bool(each.wrong) for each in own)]


def main() -> int:
    """Run the trial and keep its results."""
    from tests.postgres import NoServerError, started
    from tests.state import address, on_server

    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--seed", default=str(time.time_ns()))
    options.add_argument("--database", choices=["SQLite", "PostgreSQL"])
    options.add_argument("--no-keep", action="store_true")
    given = options.parse_args()
    chance, told, bad = random.Random(given.seed), [], 0
    with tempfile.TemporaryDirectory(prefix="openmpca-kills-") as temporary, ExitStack() as stack:
        urls = {"SQLite": ""}
        try:
            server = stack.enter_context(started())
            on_server(server, 'CREATE DATABASE "openmpca_kills_served" TEMPLATE template0')
            urls["PostgreSQL"] = address(server, "openmpca_kills_served")
        except NoServerError as missing:
            print(f"PostgreSQL is left out: {missing}")
        for name, url in urls.items():
            if given.database not in (None, name):
                continue
            print(name, flush=True)
            with worlds(Path(temporary) / name, url) as world:
                found = trial(world, given.times, chance)
            told += list(rows(name, found))
            bad += sum(bool(each.wrong) for each in found)
    head = ["Database", "During", "Kills", "Nothing recorded", "All recorded", "Wrong"]
    text = f"{_report.machine()}; seed {given.seed}\n\n{_report.table(head, told)}"
    print(text)
    if not given.no_keep:
        _report.keep("kills served", text)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
