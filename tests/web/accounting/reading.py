"""A small State whose book is read on pages: two areas of two facilities, a batch that was split, shipped, corrected.

ZZA1 of facility ZZF- holds FUEL-1, of which PART-1 was split, and some of that shipped to ZZB1 of ZZG-. clara is an
inspector of ZZA1 alone, anna and boris read everything. Nothing that stands in clara's pages may speak of ``SECRET``.
"""

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from tests.accounting.story import BEGIN, Story, grams
from tests.state import founded, told_once
from tests.web.conftest import signed_in

SHIPPED = date(2024, 3, 5)


@dataclass(frozen=True)
class Told:
    """The story, with the numbers of its statements."""

    story: Story
    received: int
    split: tuple[int, ...]
    shipped: int
    abroad: int
    corrected: int
    secret: int


def register(act: Any) -> Story:
    """The State, its facilities and areas, and who may read."""
    from openmpca.accounting.statements import Country, Facility, Holder, Kmp, Mba, Place
    from openmpca.record.statements import Grant, Person

    story = Story(act)
    story.state(Country(day=BEGIN, code="ZZ", name="Zet", own=True))
    story.state(Country(day=BEGIN, code="YY", name="Ypsilon SECRET"))
    story.state(Facility(day=BEGIN, code="ZZF-", name="Works"), Facility(day=BEGIN, code="ZZG-", name="SECRET works"))
    story.state(
        Mba(day=BEGIN, code="ZZA1", facility="ZZF-", name="Store", country="ZZ", codes=["RF", "SD", "RM", "RP", "LD"]),
        Mba(day=BEGIN, code="ZZB1", facility="ZZG-", name="SECRET store", country="ZZ"),
    )
    story.state(
        Kmp(day=BEGIN, mba="ZZA1", code="A", name="Shelves", inventory=True),
        Kmp(day=BEGIN, mba="ZZB1", code="B", name="SECRET shelves", inventory=True),
    )
    story.state(
        Place(day=BEGIN, mba="ZZA1", code="ROOM", name="Room", level="room", kmp="A"),
        Place(day=BEGIN, mba="ZZA1", code="SHELF-1", name="Shelf", within="ROOM", kmp="A"),
        Place(day=BEGIN, mba="ZZB1", code="SECRET-1", name="SECRET shelf", kmp="B"),
    )
    story.state(
        Holder(day=BEGIN, mba="ZZA1", code="H1", name="Hospital"),
        Holder(day=BEGIN, mba="ZZB1", code="H2", name="SECRET hospital"),
    )
    story.state(Person(day=BEGIN, person="clara", of=story.act.party))
    story.state(Grant(day=BEGIN, person="clara", for_party=story.act.party, role="inspector", scope="mba:ZZA1"))
    return story


def told(story: Story) -> Told:
    """What happened to FUEL-1, and to the batch SECRET-9 of the other area."""
    whole, half, part = grams(E="1000", E_U235="200"), grams(E="500", E_U235="100"), grams(E="100", E_U235="20")
    came = {"counterpart": "YY", "description": "OGUB", "basis": "M", "shipper_batch": "YANK-7"}
    received = story.happened(
        "RF",
        "ZZA1",
        "FUEL-1",
        date(2024, 2, 1),
        whole,
        place="SHELF-1",
        item_numbers=["SN-77"],
        document="DOC-5",
        **came,
    )
    split = story.state(
        story.change("RM", "ZZA1", "FUEL-1", date(2024, 3, 1), half),
        story.change("RP", "ZZA1", "PART-1", date(2024, 3, 1), half, parents=["FUEL-1"]),
    )
    shipped = story.happened("SD", "ZZA1", "PART-1", SHIPPED, part, counterpart="ZZ/ZZB1", description="OGUB")
    abroad = story.happened(
        "RF", "ZZB1", "SECRET-9", date(2024, 2, 2), whole, item_numbers=["SN-SECRET"], note="a SECRET note", **came
    )
    secret = story.happened(
        "RD", "ZZB1", "SECRET-8", SHIPPED, part, counterpart="ZZ/ZZA1", shipper_batch="PART-1", shipment=shipped
    )
    corrected = story.happened(
        "RF", "ZZA1", "FUEL-1", date(2024, 2, 1), whole, corrects=received, reason="a mistyped document",
        place="SHELF-1", item_numbers=["SN-77"], document="DOC-6", **came,
    )  # fmt: skip
    return Told(story, received, tuple(split), shipped, abroad, corrected, secret)


def begun() -> Told:
    """The State that is open, founded, registered, with all that happened."""
    return told_once("reading", lambda: told(register(founded())))


def asked(who: str, address: str) -> Any:
    """The blocks of a page, from its twin."""
    answer = signed_in(who).get(f"/api{address}")
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content)["blocks"]


def links_of(who: str, address: str) -> list[str]:
    """Where the cells of a page's lists lead."""
    answer = signed_in(who).get(address)
    assert answer.status_code == 200, answer.content
    return [html.unescape(each) for each in re.findall(r'<a [^>]*href="([^"]+)"', answer.content.decode())]
