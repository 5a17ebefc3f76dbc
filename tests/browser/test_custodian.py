"""A custodian's month in the browser: last month's discard again, a draft that outlives a sign-out, a table with a bad
row that is mended; an officer approves both.
"""

from pathlib import Path

from tests.browser.hands import Hands
from tests.browser.room import Room

HEADS = "Date,MBA,Code,Batch,LEU g,LEU/U235 g,KMP,Description,Basis"
FIRST = "2026-01-12,XTF2,LD,SCR-25,310.5,13.8,3,UJ6E,M"
SECOND = "2026-01-13,XTF2,LD,SCR-25,295.0,13.1,3,UJ6E,M"


def test_last_months_entry_is_made_again_and_its_draft_outlives_a_sign_out(room: Room) -> None:
    kaia = to_enter(room)
    kaia.follow("As last month")
    kaia.write("Any day of the month", "2025-12-01")
    kaia.push("Show")
    kaia.follow("", row=["LD"])
    assert kaia.field("Batch").input_value() == "SCR-25"
    kaia.write("Day", "2026-01-26")
    kaia.write("LEU", "3150", group="Weights, g")
    kaia.write("LEU/U235", "140.2", group="Weights, g")
    kaia.push("Save as draft")
    kaia.sees("Kept as a draft")
    room.leave("kaia")
    kaia = room.person("kaia")
    kaia.follow("", row=["SCR-25", "XTF2"])
    assert kaia.field("LEU", "Weights, g").input_value() == "3150"
    kaia.push("Check")
    kaia.sees("The rules find nothing wrong.", "3 150")
    kaia.push("State")
    kaia.sees("waits for a second person")
    number = room.approve("tara", "kaia")
    room.person("kaia").sees("You have no drafts.")
    stated = room.record("show", str(number))
    assert stated["fields"]["weights"] == {"LEU": "3150", "LEU/U235": "140.2"}


def test_a_table_with_a_bad_row_is_mended_and_brought_in(room: Room, tmp_path: Path) -> None:
    kaia = uploaded(room, tmp_path, FIRST, SECOND.replace("SCR-25", "SCR-2S"))
    kaia.sees("row 3", "SCR-2S")
    kaia.push("State all of it")
    kaia.sees("Refused: nothing was recorded")
    kaia = uploaded(room, tmp_path, FIRST, SECOND)
    kaia.sees("The rules find nothing wrong.", "Rows as they are read: 2")
    kaia.push("State all of it")
    kaia.sees("waits for a second person")
    number = room.approve("emil", "kaia")
    days = [room.record("show", str(each))["fields"]["day"] for each in (number, number + 1)]
    assert days == ["2026-01-12", "2026-01-13"]


def to_enter(room: Room) -> Hands:
    """The custodian at what can be entered."""
    kaia = room.person("kaia")
    kaia.follow("Accounting", within="Rooms")
    kaia.follow("Enter what happened", within="Rooms")
    return kaia


def uploaded(room: Room, folder: Path, *rows: str) -> Hands:
    """The custodian looks at a table of theirs."""
    table = folder / "discards.csv"
    table.write_text("\n".join([HEADS, *rows, ""]), encoding="utf-8")
    kaia = to_enter(room)
    kaia.follow("Bring in a table")
    kaia.give("File", table)
    kaia.push("Look at it")
    return kaia
