"""An inspector in the browser: introduced, granted one facility and let in by two administrators; reads what the grant
covers, and finds no way past it by any address, form, search or identifier of somebody else's.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.hands import Hands
from tests.browser.room import Room
from tests.browser.serving import PASSPHRASE
from tests.browser.ways import Asker, Way, ways
from tests.pages import pdf_text

BEYOND = ("XTF1", "XTF2", "XTL1", "XTP1")
NAMES = ("Tessara Fuel Works", "Cape Sorell", "Small holders", "Cylinder yard", "Radiograph")
OF_EVERYBODY = ("rules",)
"""Routes that speak of no place: what is told to everybody."""
MOST = 1
"""How many things are tried at each route."""

FILES = ("csv", "xlsx", "json")
"""The forms of lists that are looked at in turn."""
PRINTED = ("accounting/book", "accounting/reports", "accounting/transit", "record/log")
"""The lists that are also looked at as they are printed, which takes a while each."""

Given = dict[str, object]


def let_in(room: Room) -> Hands:
    """Two administrators give somebody a grant as inspector of one facility, and let them in."""
    if "noor" in room.site.known:
        return room.person("noor")
    jonas = room.person("jonas")
    jonas.follow("People", within="Rooms")
    jonas.follow("Introduce a person")
    jonas.write("Handle", "noor")
    jonas.write("Name", "Noor Haddad")
    jonas.choose("Party", "TNRA")
    jonas.push("Introduce")
    jonas.follow("Give a grant")
    jonas.choose("Role", "inspector")
    jonas.choose("For the party", "TNRA")
    jonas.write("Where", "facility:XTR-")
    jonas.push("Give the grant")
    room.approve("mira", "jonas")
    jonas = room.person("jonas")
    jonas.follow("People", within="Rooms")
    jonas.follow("noor")
    jonas.push("Make a one-time secret")
    secret = re.search(r"http\S+#\S+", jonas.seen)
    assert secret
    noor = room.kind(room.opened().new_page())
    noor.page.goto(secret[0])
    noor.write("New passphrase", PASSPHRASE)
    noor.write("The passphrase again", PASSPHRASE)
    noor.push("Make my account")
    room.sitting["noor"] = noor
    room.site.known.add("noor")
    room.site.remembered["noor"] = noor.page.context.storage_state()
    return noor


def test_an_inspector_is_let_in_and_reads_what_the_grant_covers(room: Room) -> None:
    noor = let_in(room)
    noor.sees("P-25-1")
    noor.follow("Accounting", within="Rooms")
    assert not any(each in noor.seen for each in BEYOND)
    noor.follow("XTR1", row=["XTR1", "P"])
    noor.sees("Research reactor")
    noor.follow("The batches")
    noor.follow("LI-L10", row=["LI-L10"])
    noor.follow("", row=["2023-12-31", "listed"])
    noor.sees("LI-L10", "Commitment")
    assert noor.page.get_by_role("link", name="Correct it").count() == 0
    noor.find("Cylinder yard")
    noor.sees("Nothing that you may read is called so.")


def test_an_inspector_who_states_something_is_refused(room: Room) -> None:
    noor = let_in(room)
    before = room.record("verify")
    noor.follow("Accounting", within="Rooms")
    noor.follow("Enter what happened", within="Rooms")
    noor.follow("Move")
    noor.write("Batch", "LI-L10")
    noor.write("Place", "POND")
    noor.push("State")
    noor.sees("Refused: nothing was recorded")
    assert room.record("verify") == before


@pytest.mark.long
def test_an_inspector_finds_no_way_past_the_grant(room: Room, tmp_path: Path) -> None:
    own = somebody_elses(room, tmp_path)
    noor = Asker.of(let_in(room).page, room.site.address)
    jonas = Asker.of(room.person("jonas").page, room.site.address)
    known = ways(jonas)
    wrong = [
        *told_of_things(noor, own, tried(jonas, known)),
        *told_of_the_whole(noor, known),
        *told_in_lists(noor, known, words_beyond(jonas)),
        *told_in_search(noor, words_beyond(jonas)[::12]),
    ]
    assert not wrong, "\n".join(wrong)


def somebody_elses(room: Room, folder: Path) -> list[str]:
    """The addresses of what somebody of another facility keeps: a draft, a file that was sent, a proposal."""
    emil = room.person("emil")
    emil.find("832")
    emil.follow("832", row=["832"])
    emil.follow("Correct it")
    emil.write("Reason", "Sheet 25-0722 reads 430 g")
    emil.write("LEU", "430", group="Weights, g")
    emil.push("Save as draft")
    draft = emil.page.url
    emil.push("State")
    proposal = emil.page.url
    emil.follow("Accounting", within="Rooms")
    emil.follow("Enter what happened", within="Rooms")
    emil.follow("Bring in a table")
    table = folder / "table.csv"
    table.write_text("Date,MBA,Code,Batch,E\n2026-01-10,XTF2,LD,P-25-1,1.5\n", encoding="utf-8")
    emil.give("File", table)
    emil.push("Look at it")
    return [each.removeprefix(room.site.address) for each in (draft, emil.page.url, proposal)]


def tried(jonas: Asker, known: list[Way]) -> Iterator[tuple[Way, Given]]:
    """What is beyond the grant, by every route that takes something; what a route cannot do without was tried there."""
    things = beyond(jonas)
    for way in known:
        if way.whole or way.path in OF_EVERYBODY or not way.takes & set(things):
            continue
        there = (given for given in examples(way, things) if jonas.ask([way.asked(given, "api")])[0].status == 200)
        found = list(islice(there, MOST))
        assert found or not way.needs, f"nothing that there is was tried at {way.path}"
        yield from ((way, given) for given in found)


def examples(way: Way, things: dict[str, list[object]]) -> Iterator[Given]:
    """What a route may be asked about."""
    if way.needs - set(things):
        return
    others = {name: things[name][0] for name in way.needs}
    for name in sorted(way.takes & set(things), key=lambda name: name not in way.needs):
        for each in things[name]:
            yield {**others, name: each}


def beyond(jonas: Asker) -> dict[str, list[object]]:
    """What stands beyond the grant: areas, batches, numbers of statements, reports, inventories, proposals, persons."""
    numbers: dict[str, object] = {}
    for each in jonas.rows("accounting/reports"):
        if each["mba"] in BEYOND:
            numbers.setdefault(f"report {each['type']}", each["statement"])
    for each in jonas.rows("accounting/inventories"):
        if each["mba"] in BEYOND:
            numbers.setdefault(f"inventory {each['closing']}", each["inventory"])
    for each in jonas.rows("accounting/transit?everything=yes"):
        if each.get("shipment") and not {each["shipper"][-4:], each["receiver"][-4:]} & {"XTR1"}:
            numbers.setdefault("consignment", each["shipment"])
    for before in range(0, 1100, 50):
        for each in jonas.rows(f"record/log?before={before}"):
            if any(area in each["what"] for area in BEYOND) and "XTR1" not in each["what"]:
                numbers.setdefault(each["kind"], each["number"])
    proposals = [each["proposal"] for each in jonas.rows("record/proposals") if each["prepared_by"] == "emil"]
    batches = [each["batch"] for each in jonas.rows("accounting/batches?mba=XTF2") if each["batch"] != "total"]
    return {
        "mba": ["XTF2", "XTP1"],
        "number": [*dict.fromkeys([*proposals, *numbers.values()])],
        "batch": batches[:1],
        "shipment": [numbers["consignment"]],
        "person": ["emil"],
    }


def told_of_things(noor: Asker, own: list[str], asked: Iterator[tuple[Way, Given]]) -> Iterator[str]:
    """What an inspector was told of things beyond the grant that is not what is told of things there are not."""
    for answer in noor.ask([*own, *(f"api/{each}" for each in own)]):
        if answer.status not in (403, 404):
            yield f"{answer.address}: {answer.status}"
    for way, given in asked:
        nothing = {name: 987654 if isinstance(value, int) else "NONE-9" for name, value in given.items()}
        one, other, *more = noor.ask([way.asked(given, "api"), way.asked(nothing, "api"), *way.in_all_forms(given)])
        if one.status != other.status or one.without(given) != other.without(nothing):
            yield f"{one.address} ({one.status}) is told apart from {other.address} ({other.status})"
        yield from (f"{each.address}: {each.status}" for each in more if each.status not in (one.status, 404))


def told_of_the_whole(noor: Asker, known: list[Way]) -> Iterator[str]:
    """What an inspector was told where a grant for everything is taken, whatever is asked there."""
    whole = [way for way in known if way.whole]
    assert whole
    for answer in noor.ask(each for way in whole for each in way.in_all_forms(dict.fromkeys(way.needs, 1))):
        if answer.status not in (400, 403):
            yield f"{answer.address}: {answer.status}"


def words_beyond(jonas: Asker) -> list[str]:
    """What stands beyond the grant alone: batches that never came to its area nor are on their way, names."""
    held = {each["batch"] for area in BEYOND for each in jonas.rows(f"accounting/batches?mba={area}")} - {"total"}
    own = {str(each["batch"]) for each in jonas.rows("accounting/ledger?mba=XTR1")}
    return [*sorted(held - own - {"P-25-1"}), *NAMES]


def told_in_lists(noor: Asker, known: list[Way], words: list[str]) -> Iterator[str]:
    """Words of beyond in what an inspector reads without naming anything, in every form."""
    said = re.compile("|".join(map(re.escape, words)))
    open_to_all = [way for way in known if not way.needs]
    asked = (way.asked({}, form) for at, way in enumerate(open_to_all) for form in ("", "api", FILES[at % len(FILES)]))
    for answer in noor.ask([*asked, *(f"{path}?as=pdf" for path in PRINTED)]):
        if answer.status == 200 and (found := said.search(text_of(answer.content))):
            yield f"{answer.address} tells of {found[0]}"


def text_of(content: bytes) -> str:
    """The text of a page or file."""
    if content.startswith(b"%PDF"):
        return pdf_text.text(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8", "replace")


def told_in_search(noor: Asker, words: list[str]) -> Iterator[str]:
    """Words of beyond that a search finds."""
    for each in words:
        if any(each in str(row) for row in noor.rows(f"search?{urlencode({'text': each})}")):
            yield f"a search finds {each}"
