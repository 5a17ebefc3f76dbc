"""Who may: every route, as page and as twin, asked by every role about their own area and about one that is not theirs.

The cases are made from the routes. A route that takes something for which no example stands in ``EXAMPLES`` fails here,
and so does one whose decision is not obeyed.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from inspect import Parameter
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from django.test import Client

from openmpca.pages.routes import ROUTES, Open, Place, Route
from openmpca.record.statements import ROLES
from openmpca.web import urls
from openmpca.web.databases import FILE, WEB, open_pages
from tests.state import sqlite_state
from tests.web import cooperating
from tests.web.accounting import reading
from tests.web.conftest import signed_in

OWN, FOREIGN, NOWHERE = "own", "foreign", "nowhere"
SECRET: Final = re.compile(r"SECRET|SN-SECRET")
NOBODY, WITHOUT, WHOLE, READS = "nobody", "without a grant", "whole", "a token that reads"
DECLARED: Final = sorted(path for path in urls.ROUTES if not path.startswith("tests/"))
DONE: Final = {"html": {200, 302}, "json": {200}}


INVENTORIES: Final = [
    f"accounting/inventory{part} number"
    for part in ("", "-blank", "-closing", "-differences", "-line", "-list", "-place", "-scan", "-take")
]
IN_BOTH_FORMS: Final = ("officer", WHOLE)
"""Who is asked to read whole pages as HTML too; what is refused is asked by everybody in both forms."""


@dataclass(frozen=True)
class World:
    """Who asks, and by parameter an example of one's own, of one that is not, and of what there is not."""

    clients: dict[str, Client]
    examples: dict[str, tuple[Any, Any, Any]]


def grant(story: Any, role: str, scope: str) -> str:
    """A person who holds one grant."""
    from openmpca.record.statements import Grant, Person

    name = f"{role}-of-one"
    story.state(Person(day=reading.BEGIN, person=name, of=story.act.party))
    story.state(Grant(day=reading.BEGIN, person=name, for_party=story.act.party, role=role, scope=scope))
    return name


def report(story: Any, mba: str) -> int:
    """The report of the changes of an area, from February to March."""
    from openmpca.accounting.reporting.make import Wanted, draft

    end = date(2024, 3, 31)
    wanted = Wanted(
        mba=mba, sort="I", begin=date(2024, 2, 1), end=end, day=end, encoder="SECRET" if mba == "ZZB1" else "X"
    )
    return int(story.state(draft(wanted).statement())[0])


def inventory(story: Any, mba: str) -> int:
    """A physical inventory that is being taken."""
    from openmpca.accounting.statements import Inventory

    return int(story.state(Inventory(day=date(2024, 5, 31), mba=mba, note="a SECRET note" if mba == "ZZB1" else ""))[0])


def proposal(story: Any, mba: str, batch: str) -> int:
    """A receipt that waits for a second person."""
    from openmpca.record import commands
    from tests.state import alone

    weights = reading.grams(E="100", E_U235="5")
    receipt = story.change("RF", mba, batch, date(2024, 4, 1), weights, counterpart="YY", shipper_batch=batch)
    made = commands.state([receipt], alone(story.act))
    assert made.proposal is not None
    return made.proposal


def disclosed(story: Any, number: int) -> int:
    """A release of a field, under a checkpoint that the log has signed."""
    from openmpca.proof.disclosures import disclosing
    from openmpca.proof.keyring.keys import Asked
    from openmpca.proof.signing import checkpoints
    from tests.proof.signing import ORIGIN, introduced

    introduced(Asked("log", story.act), ORIGIN)
    to = disclosing.Purpose("Perion", "a SECRET purpose", "a letter")
    made = int(story.state(disclosing.release([f"{number}:kind"], to, date(2024, 5, 1)))[0])
    checkpoints.make()
    return made


def programs(person: str) -> Client:
    """A program with a token of a person, which reads only."""
    from openmpca.web import tokens
    from openmpca.web.events import now

    secret = tokens.make(person, "reads", states=False, place="", ends=now() + timedelta(days=1))
    return Client(headers={"Authorization": f"Bearer {secret}"})


def told() -> World:
    """Two areas of two facilities with a batch, a shipment, a report and a proposal each."""
    from openmpca.record.commands import person_of
    from openmpca.record.statements import Duty

    happened = reading.begun()
    story = happened.story
    people = {role: grant(story, role, "mba:ZZA1") for role in ROLES}
    reports = report(story, "ZZA1"), report(story, "ZZB1")
    taken = inventory(story, "ZZA1"), inventory(story, "ZZB1")
    some = reading.grams(E="10", E_U235="2")
    sent_abroad = story.happened("SF", "ZZB1", "SECRET-9", date(2024, 3, 6), some, counterpart="YY", description="OGUB")
    duty = Duty(day=date(2000, 1, 1), of="accounting.change", persons=2, prepare=["officer"], approve=["officer"])
    story.state(duty)
    released = disclosed(story, happened.split[0])
    proposals = proposal(story, "ZZA1", "WAITS-1"), proposal(story, "ZZB1", "SECRET-WAITS")
    from openmpca.record.statements import Person

    story.state(Person(day=reading.BEGIN, person="without", of=story.act.party))
    clients = {role: signed_in(name) for role, name in people.items()}
    clients |= {NOBODY: Client(), WITHOUT: signed_in("without"), WHOLE: signed_in("anna")}
    clients |= {READS: programs(people["officer"])}
    examples = {
        "mba": ("ZZA1", "ZZB1", "ZZX1"),
        "batch": ("FUEL-1", "SECRET-9", "NONE-9"),
        "number": (happened.split[0], happened.secret, 99999),
        "record/proposal number": (*proposals, 99999),
        "record/approve number": (*proposals, 99999),
        "record/reject number": (*proposals, 99999),
        "accounting/consignment number": (happened.shipped, happened.abroad, 99999),
        "accounting/report number": (*reports, 99999),
        "accounting/report-file number": (*reports, 99999),
        "accounting/report-paper number": (*reports, 99999),
        "accounting/tick-list-file number": (*taken, 99999),
        "accounting/move-sheet-file number": (happened.shipped, sent_abroad, 99999),
        **dict.fromkeys(("proof/release number", "proof/release-file number"), (released, released, 99999)),
        "proof/disclose number": (happened.split[0], happened.secret, 99999),
        **dict.fromkeys(INVENTORIES, (*taken, 99999)),
        "people/person person": (person_of("anna"), person_of("anna"), "nobody"),
        "people/grant person": (person_of("anna"), person_of("anna"), "nobody"),
        "people/grant-end person": (person_of("anna"), person_of("anna"), "nobody"),
        "people/grant-end grant": (1, 1, 99999),
        **cooperating.examples(story),
    }
    return World(clients, examples)


@pytest.fixture(scope="module")
def world(sqlite_file: Path, pages_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The State of all cases here; nothing in them changes it."""
    from openmpca.record.databases import leave_database

    folder = tmp_path_factory.mktemp("matrix") / "home"
    with sqlite_state(sqlite_file, folder):
        shutil.copyfile(pages_file, folder / FILE)
        open_pages()
        try:
            yield told()
        finally:
            leave_database(WEB)


def parameters(route: Route, world: World, whose: str) -> dict[str, Any]:
    """An example for all that a route must be told, and for the place by which it is decided."""
    at = (OWN, FOREIGN, NOWHERE).index(whose)
    decides = route.needs.parameter if isinstance(route.needs, Place) else ""
    found = {}
    for name, each in route.parameters.items():
        if each.default is Parameter.empty or name == decides:
            example = world.examples.get(f"{route.path} {name}") or world.examples.get(name)
            assert example, f"{route.path} takes {name}, of which no example stands in the matrix"
            found[name] = example[at]
    return found


def decided(route: Route, who: str, whose: str, named: bool) -> set[int] | str:
    """What a route answers by its decision: status codes, or "sign in", or "done"."""
    needs = route.needs
    if who == NOBODY:
        return "done" if needs is Open.PUBLIC else "sign in"
    if who == READS and route.in_person:
        return {403}
    if needs in (Open.PUBLIC, Open.PERSON):
        return "done"
    if needs in (Open.WHOLE, Open.ADMINISTRATOR):
        return "done" if who == WHOLE else {403}
    if who == WITHOUT:
        return {404} if isinstance(needs, Place) and named else {403}
    return {404} if who != WHOLE and whose == FOREIGN and named else "done"


def allowed(decision: set[int] | str, form: str) -> set[int]:
    """The status codes of a decision in a form."""
    if decision == "sign in":
        return {302} if form == "html" else {401}
    return DONE[form] if decision == "done" else decision  # type: ignore[return-value]


def cases(route: Route, world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every asker, form and whose, with the parameters; what takes nothing is asked once."""
    for whose in (OWN, FOREIGN):
        given = parameters(route, world, whose)
        if whose == FOREIGN and not given:
            continue
        for who in world.clients:
            if who != READS and (who in IN_BOTH_FORMS or decided(route, who, whose, bool(given)) != "done"):
                yield who, "html", whose, given
            yield who, "json", whose, given


def address(route: Route, form: str) -> str:
    return f"/api/{route.path}" if form == "json" else f"/{route.path}"


@pytest.mark.parametrize("path", DECLARED)
def test_each_route_answers_whom_its_decision_says(world: World, path: str) -> None:
    route = ROUTES[path]
    wrong = []
    for who, form, whose, given in cases(route, world):
        answer = world.clients[who].get(address(route, form), given)
        decision = decided(route, who, whose, bool(given))
        if answer.status_code not in allowed(decision, form):
            wrong.append(f"{who}, {form}, {whose}: {answer.status_code}, decided {decision}")
        if who not in (WHOLE,) and (found := SECRET.search(unsaid(answer, given))):
            text = unsaid(answer, given)
            wrong.append(f"{who}, {form}, {whose}: tells {text[max(found.start() - 100, 0) : found.end() + 20]}")
    assert not wrong, "\n".join(wrong)


def unsaid(answer: Any, given: dict[str, Any]) -> str:
    """What an answer says besides what was asked in the address."""
    text = answer.content.decode("utf-8", "replace") + str(answer.headers)
    for value in given.values():
        text = text.replace(str(value), "")
    return text


@pytest.mark.parametrize("path", DECLARED)
def test_what_is_anothers_answers_as_what_there_is_not(world: World, path: str) -> None:
    route = ROUTES[path]
    foreign, nowhere = parameters(route, world, FOREIGN), parameters(route, world, NOWHERE)
    if not foreign or decided(route, "officer", FOREIGN, named=True) != {404}:
        return
    for client in (world.clients["officer"], world.clients[READS]):
        if client is world.clients[READS] and route.in_person:
            continue
        one, other = client.get(address(route, "json"), foreign), client.get(address(route, "json"), nowhere)
        assert one.status_code == other.status_code == 404
        assert masked(one, foreign) == masked(other, nowhere)


def masked(answer: Any, given: dict[str, Any]) -> str:
    text: str = answer.content.decode()
    for value in given.values():
        text = text.replace(str(value), "?")
    return text


@pytest.mark.parametrize("path", DECLARED)
def test_each_route_takes_nothing_from_whom_it_does_not_answer(world: World, path: str) -> None:
    from openmpca.record.models import Proposal
    from openmpca.record.record import head
    from openmpca.web.models import Account, Token

    route = ROUTES[path]
    if not route.posts:
        assert world.clients[WHOLE].post(address(route, "json")).status_code == 405
        return
    before = head(), list(Proposal.objects.values()), Account.objects.count(), Token.objects.count()
    wrong = []
    for who, form, whose, given in cases(route, world):
        decision = {403} if who == READS else decided(route, who, whose, bool(given))
        if decision == "done" or (form == "html" and who not in (NOBODY, WITHOUT)):
            continue
        answer = world.clients[who].post(f"{address(route, form)}?{query(given)}", {"step": "make", "name": "x"})
        if answer.status_code not in allowed(decision, form):
            wrong.append(f"{who}, {form}, {whose}: {answer.status_code}, decided {decision}")
    assert not wrong, "\n".join(wrong)
    assert (head(), list(Proposal.objects.values()), Account.objects.count(), Token.objects.count()) == before


def query(given: dict[str, Any]) -> str:
    from urllib.parse import urlencode

    return urlencode(given)


def test_no_exported_list_tells_of_another_area(world: World) -> None:
    for path in DECLARED:
        answer = world.clients["officer"].get(f"/{path}", {**parameters(ROUTES[path], world, OWN), "as": "csv"})
        assert answer.status_code in (200, 302, 403, 404), path
        assert not SECRET.search(answer.content.decode("utf-8", "replace")), path


def test_a_list_of_everything_holds_only_ones_own_for_the_past_too(world: World) -> None:
    for path in DECLARED:
        if isinstance(ROUTES[path].needs, Place) and ROUTES[path].parameters["mba"].default is not Parameter.empty:
            for when in ({"as_of": "2024-03-06"}, {"as_reported": "made"}):
                answer = world.clients["officer"].get(f"/api/{path}", when)
                assert answer.status_code in (200, 400, 422), (path, when, answer.content[:300])
                assert not SECRET.search(answer.content.decode()), (path, when)


def test_a_decision_is_known_for_every_route() -> None:
    for path in DECLARED:
        needs = ROUTES[path].needs
        assert isinstance(needs, Place | Open)
        assert not isinstance(needs, Place) or needs.kind in ("mba", "facility")


def test_the_description_and_the_routes_are_the_same_list(world: World) -> None:
    found = msgspec.json.decode(world.clients[READS].get("/api/openapi.json").content)
    assert set(DECLARED) <= {each.removeprefix("/api/") for each in found["paths"]}
