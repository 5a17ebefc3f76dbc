"""A form that is sent twice, as by a double click or after the answer was lost, is stated once: on every page there is.

A page that takes what is sent is tried in one of ``WORLDS``, or stands in ``STATES_NOTHING`` with the reason.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

import openmpca
from openmpca.pages.answering import answer
from openmpca.pages.routes import ROUTES, Go
from openmpca.record.once import new_mark
from tests.accounting.inventory import area
from tests.accounting.reporting.story import Story as Reporting
from tests.accounting.story import BEGIN, begun, grams
from tests.state import PARTY, State, alone, founded
from tests.web.conftest import signed_in

STATES_NOTHING: Final = {
    "accounting/again": "prepares drafts, and what is prepared is not prepared again",
    "accounting/check": "checks a file",
    "accounting/reconcile": "compares",
    "proof/check": "checks a file",
    "proof/sign": "signs how the record stands; the second time as the first",
    "accounting/inventory-scan": "what is taken in already is told, and not taken in again",
    "accounting/transit": "compares",
    "drafts": "deletes what is no statement",
    "found": "a record is founded once, by nobody who is signed in",
    "people/factors": "a setting of the pages",
    "people/person": "changes an account",
    "tokens": "makes and ends tokens",
}
Form = dict[str, Any]
Sent = tuple[Client, str, Form]


def size() -> tuple[int, list[tuple[int, Any]]]:
    """How many statements there are, and the proposals with what became of them."""
    from openmpca.record.models import Proposal
    from openmpca.record.record import head

    return head()[0], list(Proposal.objects.order_by("pk").values_list("pk", "closed_by"))


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", text.encode())


def sent(client: Client, address: str, form: Form, mark: str) -> Any:
    given = {name: file(text) if name in ("file", "list") else text for name, text in form.items()}
    return client.post(f"/{address}", {**given, "mark": mark})


def fields(client: Client, address: str, name: str) -> Form:
    """What a form holds as it is opened."""
    return {name: text for name, text in client.get(f"/api/{address}").json()["blocks"][name].items() if name != "mark"}


def wrong(answer: Any) -> list[str]:
    """What an answer says is wrong."""
    return re.findall(r'(?s)<li class="error">.*?</li>|<p class="error".*?</p>', answer.content.decode())


def twice(client: Client, address: str, form: Form) -> None:
    """Send a form as its page gives it, two times: the second time leads to what came of the first."""
    shown = client.get(f"/{address}").content.decode()
    (mark, *_others) = re.findall(r'<input type="hidden" name="mark" value="([^"]+)">', shown)
    before = size()
    first = sent(client, address, form, mark)
    assert first.status_code == 302, (address, wrong(first))
    once = size()
    assert once != before, address
    again = sent(client, address, form, mark)
    assert size() == once, address
    assert again.status_code == 302, (address, wrong(again))
    led = re.fullmatch(r"/record/(statement|proposal)\?number=(\d+)", again.headers["Location"])
    assert led, (address, again.headers["Location"])
    said = client.get(again.headers["Location"])
    assert said.status_code == 200
    assert "This form was sent before" in said.content.decode()
    number = int(led[2])
    made = {"statement": range(before[0], once[0]), "proposal": [each for each, _ in once[1]]}[led[1]]
    assert number in made, address


def the_book(site: State) -> list[Sent]:
    """What is entered, corrected, brought in; a proposal approved and one rejected."""
    from openmpca.accounting.statements import Place
    from openmpca.record import commands
    from openmpca.record.statements import Grant

    story, anna, boris = begun(), signed_in("anna"), signed_in("boris")
    story.state(Place(day=BEGIN, mba="ZZA1", code="S1", name="Shelf"))
    told = {"counterpart": "XX", "items": 4}
    came = {
        batch: story.happened("RF", "ZZA1", batch, date(2024, 1, 2), grams(E="100", E_U235="5"), **told)
        for batch in ("A", "B", "C", "D", "E", "F", "G")
    }
    pu = {"P": "1000", "P/Pu239": "880", "P/Pu241": "120"}
    story.happened("RF", "ZZA1", "P", date(2024, 1, 2), pu, **told)
    owed = grams(E="50", E_U235="2.5")
    story.happened("RF", "ZZC1", "O", date(2024, 1, 2), owed, counterpart="XX", obligation="A")
    grant = Grant(day=date(2026, 1, 1), person="anna", for_party=PARTY, role="reader")
    first, second = (commands.state([grant], alone(story.act)).proposal for _ in range(2))
    mass = {"weights:E": "1", "weights:E/U235": "0.05"}
    lines = ["Date,MBA,Code,Batch,Other side,E (g),E/U235 (g)", *(f"2024-02-01,ZZA1,RF,B{at},XX,10,1" for at in (8, 9))]
    table = "\n".join([*lines, ""])
    uploaded = anna.post("/accounting/import", {"file": file(table), "kind": "change"}).headers["Location"][1:]
    correct = f"accounting/correct?number={came['F']}"
    mapping, stood = fields(anna, uploaded, "mapping"), fields(anna, correct, "form")
    entered: dict[str, Form] = {
        "receive": {"batch": "NEW", "counterpart": "XX", "weights:E": "100", "weights:E/U235": "5"},
        "ship": {"batch": "A", "counterpart": "ZZ/ZZB1"},
        "split": {"batch": "B", "parts": "B1: E=40 E/U235=2 #=2\nB2: E=20, E/U235=1"},
        "merge": {"batches": "B1, B2", "into": "M"},
        "rename": {"batch": "M", "into": "N"},
        "discard": {"batch": "N", "how": "discard", **mass},
        "waste": {"batch": "C", "how": "retain"},
        "exempt": {"batch": "D", "how": "exempt-use"},
        "lose": {"batch": "N", **mass},
        "gain": {"batch": "N", **mass},
        "change": {"code": "LD", "batch": "N", **mass},
        "produce": {"batch": "B", "after:E": "30", "after:E/U235": "1", "after:P": "0.5"},
        "decay": {"batch": "P", "since": "2024-01-02"},
        "move": {"batch": "B", "place": "S1"},
        "measure": {"receipt": str(came["E"]), "measured:E": "99", "measured:E/U235": "5"},
    }
    day = {"day": "2024-12-01", "step": "state"}
    swap = {"given": "A", "taken": "C", "weights:E": "5", "weights:E/U235": "0"}
    anything = {"kind": "accounting.place", "day": "2024-03-01", "mba": "ZZA1", "code": "S3", "name": "Third shelf"}
    released = {"chosen": f"{came['A']}:kind,party,recorded,day,batch", "recipient": "Perion", "purpose": "Receipt"}
    released |= {"authority": "Agreement of 2024"}
    place = {"mba": "ZZA1", "code": "S2", "name": "Second shelf"}
    return [
        *((anna, f"accounting/{path}?mba=ZZA1", {**day, **form}) for path, form in entered.items()),
        (anna, "accounting/exchange?mba=ZZC1", {**day, **swap}),
        (anna, "accounting/register-entry?thing=place", {**day, **place}),
        (anna, "record/state", {"step": "state", "statements": json.dumps([anything])}),
        (anna, "proof/disclose", {**day, **released}),
        (anna, correct, {**stood, "step": "state", "reason": "mistyped", "note": "changed"}),
        (anna, f"accounting/delete?number={came['G']}", {"step": "state", "reason": "never came"}),
        (anna, uploaded, {**mapping, "step": "state"}),
        (boris, f"record/approve?number={first}", {"step": "approve"}),
        (boris, f"record/reject?number={second}", {"reason": "twice"}),
    ]


def an_inventory(site: State) -> list[Sent]:
    """A physical inventory from its beginning to its closing."""
    held = area.weights(E="1000", E_U235="200")
    told = area.begun()
    told.opened(*(area.line(f"P-{at}", weights=held, items=1, place="V2") for at in (1, 2, 3)))
    anna = signed_in("anna")
    number = told.frozen(date(2024, 6, 30))
    line = {"weight:E": "990", "weight:E/U235": "198", "items": "1", "place": "V2", "kmp": "A", "description": "BQ2F"}
    table = "batch,found,items,E (g),E/U235 (g)\nP-3,yes,1,1000,200\nP-1,no,,,\nP-2,no,,,\n"
    return [
        (anna, f"accounting/inventory-take?number={number}", {"list": table}),
        (anna, f"accounting/inventory-place?number={number}&kmp=A&place=V2", {"found:P-1": "yes"}),
        (anna, f"accounting/inventory-line?number={number}&batch=P-2", {**line, "measured": "yes"}),
        (anna, f"accounting/inventory-closing?number={number}", {"note": ""}),
        (anna, "accounting/opening?mba=ZZB1", {"day": "2024-01-31", "empty": "yes"}),
        (anna, "accounting/inventory-begin?mba=ZZA1", {"mba": "ZZA1", "day": "2024-07-31", "note": ""}),
    ]


def a_report(site: State) -> list[Sent]:
    """A report that is sent and one that is made."""
    told = Reporting()
    told.inventory("2026-01-31", {}, opening=True)
    told.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    number = told.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    told.change("2026-04-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="T")
    anna, made = signed_in("anna"), "accounting/make?mba=ZZA1&sort=I&begin=2026-04-01&end=2026-04-30"
    return [
        (anna, f"accounting/report?number={number}", {"step": "send", "day": "2026-04-06"}),
        (anna, made, {"step": "state", "dated": "2026-05-05", "encoder": "SMITH,J.", "note": "", "notes": ""}),
    ]


def people(site: State) -> list[Sent]:
    """A person introduced, a grant given and one ended."""
    from openmpca.record import commands
    from openmpca.record.statements import Grant

    act, anna = founded(), signed_in("anna")
    number = commands.state([Grant(day=BEGIN, person="boris", for_party=PARTY, role="reader")], act).numbers[0]
    grant = {"day": "2026-01-01", "role": "officer", "for_party": PARTY, "scope": "*", "deputy_for": ""}
    duty = {"persons": "2", "prepare-officer": "yes", "approve-officer": "yes"}
    return [
        (anna, "people/introduce", {"handle": "dora", "name": "Dora", "of": PARTY, "day": "2026-01-01"}),
        (anna, "people/grant?person=dora", grant),
        (anna, "people/party", {"code": "NEC", "name": "Energy company", "day": "2026-01-01"}),
        (anna, "people/duty?kind=accounting.change", {**duty, "day": "2026-01-01"}),
        (anna, f"people/grant-end?person=boris&grant={number}", {"day": "2026-02-01", "reason": "moved"}),
    ]


def together(site: State) -> list[Sent]:
    """Something stated, sealed and opened by one party; a decision that another signs."""
    from tests.cooperation.joint import HOSTED, state
    from tests.cooperation.sealed import made, proposal, scores, scoring, seals
    from tests.cooperation.signing import ELSEWHERE, decision, joint, note

    us, said = joint(), decision()
    state(us.ours, said, *(proposal(f"PR-{at}") for at in (1, 2, 3)), scoring())
    state(us.theirs, seals(made(HOSTED, "round:R-1", scores(1, 2, 3))))
    anna, hana, threat = signed_in("anna"), signed_in("hana"), "cooperation/say?kind=cooperation.threat"
    return [
        (anna, threat, {"day": "2026-03-01", "code": "T-1", "title": "Theft", "step": "state"}),
        (anna, "cooperation/seal?matter=round:R-1", {"score-PR-1": "5", "step": "state"}),
        (anna, "cooperation/open?matter=round:R-1", {"step": "state"}),
        (hana, "cooperation/signature", {"note": note(said, HOSTED, ELSEWHERE)}),
    ]


WORLDS: Final[list[Callable[[State], list[Sent]]]] = [the_book, an_inventory, a_report, people, together]


@pytest.mark.parametrize("world", WORLDS)
def test_what_is_sent_twice_is_stated_once_and_leads_to_what_came_of_it(
    site: State, world: Callable[[State], list[Sent]], tried: set[str]
) -> None:
    for client, address, form in world(site):
        twice(client, address, form)
        tried.add(address.partition("?")[0])


@pytest.fixture(scope="module")
def tried() -> set[str]:
    """The pages that were tried."""
    return set()


def test_every_page_that_takes_something_was_tried_or_states_nothing(tried: set[str]) -> None:
    takes = {path for path, route in ROUTES.items() if route.posts and not path.startswith("tests/")}
    assert takes - tried == set(STATES_NOTHING)


def test_no_page_has_to_think_of_it(site: State) -> None:
    """Whatever a page states, and however it goes on, the floor below it states a form once."""
    from dataclasses import replace

    from openmpca.record import commands
    from openmpca.record.statements import Party
    from openmpca.web import doors

    act = founded()
    account = signed_in("anna").session["_auth_user_id"]
    from openmpca.web.models import Account

    def states(asking: Any, **given: Any) -> Go:
        code = f"P{size()[0]}"
        commands.state([Party(day=date(2026, 1, 1), code=code, name="Another")], act)
        return Go("/elsewhere")

    def asked(mark: str) -> Any:
        request = RequestFactory().post(
            f"/api/{route.path}", {"mark": mark, "step": "x"}, content_type="application/json"
        )
        request.user = Account.objects.get(pk=account)
        return answer(route, request, doors.who, lambda *event: None)

    for path in sorted(ROUTES):
        if not ROUTES[path].posts or path.startswith("tests/"):
            continue
        route = replace(
            ROUTES[path], function=states, parameters={}, readers={}, needs=ROUTES["accounting/enter"].needs
        )
        before, mark = size()[0], new_mark()
        answers = [asked(mark) for _ in range(3)]
        assert size()[0] == before + 1, path
        assert [each.status_code for each in answers] == [200, 200, 200]
        assert b'"numbers":[%d]' % before in answers[1].content
        asked(new_mark())
        assert size()[0] == before + 2, path


def test_no_form_of_a_page_forgets_its_mark() -> None:
    src = Path(openmpca.__file__).parent
    own = [each for room in ("pages", "accounting") for each in sorted((src / room).rglob("templates/**/*.html"))]
    assert own
    without = [
        path.name
        for path in own
        for tag, rest in re.findall(r"(<form[^>]*>)(.*?)</form>", path.read_text(encoding="utf-8"), re.DOTALL)
        if "get" not in tag and "csrf_token" in rest and 'name="mark"' not in rest
    ]
    assert without == ["base.html", "language.html", "scanning.html"]
