"""The month of a reactor in the browser: what happened is entered, its report made, checked, approved and sent, comes
back with a remark, and the mistake and the report are corrected; all from home, by clicking through.
"""

from tests.browser.hands import Hands
from tests.browser.room import Room

TYPED, RIGHT = "2478300", "2487300"


def test_the_report_of_a_month_is_made_sent_returned_and_corrected(room: Room) -> None:
    receipt = received(room)
    first = reported(room)
    sent(room, first)
    answered(room, first, "returned", "1=The shipper reported 2487300 g")
    corrected = mended(room, first)
    second = reported_anew(room)
    sent(room, second)
    answered(room, second, "acknowledged")
    change = room.record("show", str(corrected))["fields"]
    assert (change["corrects"], change["weights"]["LEU"]) == (receipt, RIGHT)
    assert room.record("show", str(second))["fields"]["entries"] == [corrected]
    states = {each["statement"]: each["state"] for each in room.record("reports", "--mba", "XTP1")}
    assert (states[first], states[second]) == ("returned", "acknowledged")


def received(room: Room) -> int:
    """The operator enters an assembly that came from abroad, with two digits of its weight turned."""
    viktor = room.person("viktor")
    viktor.follow("Accounting", within="Rooms")
    viktor.follow("Enter what happened", within="Rooms")
    viktor.follow("Receive")
    viktor.write("Batch", "TP-26-01")
    viktor.write("Other side", "XP/XPE1")
    viktor.write("Shipper's batch", "XPA-1")
    viktor.write("Day", "2026-01-20")
    viktor.write("LEU", TYPED, group="Weights, g")
    viktor.write("LEU/U235", "98200", group="Weights, g")
    viktor.write("Number of items", "1")
    viktor.unfold("More about it")
    viktor.write("Key measurement point", "1")
    viktor.write("Material description", "BQ2F")
    viktor.choose("Measurement basis", "N")
    viktor.write("Place", "FRESH")
    viktor.push("Check")
    viktor.sees("2 478 300")
    viktor.push("State")
    viktor.sees("waits for a second person")
    return room.approve("asa", "viktor")


def reported(room: Room) -> int:
    """The report of the month stands on the home of the authority as due."""
    ines = room.person("ines")
    ines.follow("Everything that is due")
    ines.follow("", row=["XTP1", "ICR of 2026-01-01"])
    return stated(room, "new", TYPED)


def reported_anew(room: Room) -> int:
    """What came back stands on the home of the authority, and leads to the report of its corrections."""
    ines = room.person("ines")
    ines.follow("", row=["XTP1", "returned"])
    ines.follow("Make a report of XTP1")
    return stated(room, "corrections", RIGHT)


def stated(room: Room, what: str, weight: str) -> int:
    """What is due is drawn up beside the book and stated, and another person approves it."""
    ines = room.sitting["ines"]
    ines.follow("ICR", row=["ICR", what])
    ines.sees("The report", "The book", "TP-26-01", f"{weight}G")
    ines.push("State the report")
    ines.sees("waits for a second person")
    return room.approve("jonas", "ines")


def sent(room: Room, number: int) -> None:
    """What was approved is sent, and that is stated."""
    ines = to_report(room, number)
    ines.sees("made, not sent")
    ines.push("It was sent")
    ines.sees("That it was sent is on record.")


def answered(room: Room, number: int, answer: str, remark: str = "") -> None:
    """What the Agency answered is kept, with the entry that it speaks of."""
    ines = to_report(room, number)
    ines.choose("The receiver", answer)
    ines.write("Remarks, one a line", remark)
    ines.push("Record the answer")
    ines.sees("The answer is on record.", answer)


def to_report(room: Room, number: int) -> Hands:
    """The list of reports, and a report of it."""
    ines = room.person("ines")
    ines.follow("Accounting", within="Rooms")
    ines.follow("Reports", within="Rooms")
    ines.follow(str(number), row=[str(number), "XTP1"])
    return ines


def mended(room: Room, report: int) -> int:
    """The operator follows the remark to the statement of which it speaks, and corrects that."""
    viktor = room.person("viktor")
    viktor.follow("Accounting", within="Rooms")
    viktor.follow("Reports", within="Rooms")
    viktor.follow(str(report), row=[str(report), "XTP1"])
    viktor.sees("The shipper reported 2487300 g")
    viktor.follow("", row=["The shipper reported 2487300 g"])
    viktor.follow("Correct it")
    viktor.write("Reason", "Two digits turned, says the Agency")
    viktor.write("LEU", RIGHT, group="Weights, g")
    viktor.push("Check")
    viktor.sees("2 487 300")
    viktor.push("State")
    viktor.sees("waits for a second person")
    return room.approve("asa", "viktor")
