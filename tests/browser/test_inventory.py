"""A physical inventory in the browser: begun, scanned place by place, a difference found and resolved, the balance
closed by two persons.
"""

from tests.browser.hands import Hands
from tests.browser.room import Room

LABELS = {
    "HOSPITAL": ("XTL1/DU-HOSP-1", "XTL1/DU-HOSP-2"),
    "RADIO": ("XTL1/DU-RAD-1", "XTL1/DU-RAD-3"),
}


def test_an_inventory_is_scanned_its_difference_resolved_and_the_balance_closed(room: Room) -> None:
    ines = begun(room)
    for place, labels in LABELS.items():
        scanned(ines, place, labels)
    ticked(ines)
    differing(ines)
    resolved(ines)
    closed(room, ines)


def begun(room: Room) -> Hands:
    """The book of the small holders is frozen at a cut-off."""
    ines = room.person("ines")
    ines.follow("Accounting", within="Rooms")
    ines.follow("Physical inventory", within="Rooms")
    ines.follow("Begin a physical inventory")
    ines.choose("MBA", "XTL1")
    ines.write("Day of the cut-off", "2026-01-30")
    ines.push("Begin")
    ines.sees("6 batches", "HOSPITAL", "RADIO", "UNIVERSITY")
    return ines


def scanned(ines: Hands, place: str, labels: tuple[str, ...]) -> None:
    """All labels of a place are scanned one after the other, hands off the keyboard between."""
    ines.follow(place, row=[place])
    ines.follow("Scan here")
    ines.tick("Take in at once, as booked")
    ines.stand_at("Code")
    for label in labels:
        ines.scan(label)
        ines.sees(f"{label.partition('/')[2]} is taken in.")
    ines.follow("Physical inventory of XTL1 on 2026-01-30")


def ticked(ines: Hands) -> None:
    """One of the university is ticked on the list of its place."""
    ines.follow("UNIVERSITY", row=["UNIVERSITY"])
    ines.tick("PUBE-7 is found as booked")
    ines.push("Take in what is ticked, as booked")
    ines.sees("Taken in as booked: 1.")


def differing(ines: Hands) -> None:
    """The bar weighs less than the book says, which is a difference."""
    ines.follow("NU-BAR")
    ines.write("N, g", "5125", group="Weights found")
    ines.push("Take in")
    ines.follow("Physical inventory of XTL1 on 2026-01-30")
    ines.sees("Left\n0")
    ines.follow("Differences")
    ines.sees("MUF that closing gives", "NU-BAR", "5 125")


def resolved(ines: Hands) -> None:
    """It is weighed again: two digits were turned."""
    ines.follow("NU-BAR", row=["NU-BAR"])
    ines.write("Why it is corrected", "Weighed again: digits turned")
    ines.write("N, g", "5215", group="Weights found")
    ines.push("Take in")
    ines.follow("Physical inventory of XTL1 on 2026-01-30")
    ines.follow("Differences")
    ines.sees("Everything is as booked.")


def closed(room: Room, ines: Hands) -> None:
    """The balance is closed by two persons, and shows no MUF."""
    ines.follow("Close the balance")
    ines.push("Close the balance")
    ines.sees("waits for a second person")
    number = room.approve("jonas", "ines")
    ines = room.person("ines")
    ines.follow("Accounting", within="Rooms")
    ines.follow("Material balance", within="Rooms")
    ines.follow("XTL1")
    ines.follow("2026-01-30", row=["2026-01-30", str(number)])
    ines.sees(f"closed by statement {number}")
    assert room.record("show", str(number))["kind"] == "accounting.closing"
