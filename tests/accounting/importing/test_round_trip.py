"""A whole State goes out as Code 10 files and comes into an empty instance: the same book, balances and transits."""

from datetime import date
from pathlib import Path

from tests.accounting.importing.same_book import picture, without_differences
from tests.accounting.reporting.story import Story
from tests.state import State, at, close_home, founded, sqlite_state

DAYS = (
    date(2026, 2, 25),
    date(2026, 3, 1),
    date(2026, 3, 31),
    date(2026, 5, 20),
    date(2026, 7, 31),
    date(2026, 12, 31),
)


def a_year(story: Story) -> None:
    """Fuel, loss, production, a shipment nobody received, a category change, a physical inventory with a change on its
    day after the cut-off, corrections before and after it, a deletion and a late entry."""
    story.inventory("2026-02-25", {"START": {"E": "100", "E/U235": "20", "N": "2000.5"}}, opening=True)
    story.report("P", "2026-02-25", "2026-03-01")
    fuel = story.change("2026-02-27", "RF", "FUEL1", {"E": "34840", "E/U235": "6880"}, shipper_batch="GSB0040")
    story.report("I", "2026-02-28", "2026-03-05", begin="2026-02-26")
    drum = story.change("2026-03-15", "RD", "DRUM7", {"N": "125400"}, shipper_batch="ND0007")
    story.change("2026-03-20", "DI", "DRUM7", {"N": "-12.25"})
    story.change("2026-03-21", "SD", "START", {"E": "50", "E/U235": "10"})
    story.change("2026-03-31", "LN", "FUEL1", {"E": "1371", "E/U235": "568"})
    story.change("2026-03-31", "NP", "FUEL1", {"P": "170"})
    story.report("I", "2026-03-31", "2026-04-05")
    story.delete(drum, "2026-04-20")
    story.correct(fuel, "2026-04-21", weights={"E": "34841", "E/U235": "6881"})
    story.change("2026-04-22", "EN", "START", {"E": "10", "E/U235": "2", "N": "10"})
    story.report("I", "2026-04-30", "2026-05-05")
    found = {"FUEL1": {"E": "33465", "E/U235": "6310", "P": "170"}, "START": {"E": "40", "E/U235": "8", "N": "2010.5"}}
    lines = story.inventory("2026-05-20", found)
    story.change("2026-05-20", "SF", "FUEL1", {"E": "465", "E/U235": "10"}, after_cutoff=True)
    story.report("P", "2026-05-20", "2026-05-22")
    story.report("M", "2026-05-20", "2026-05-25")
    story.report("I", "2026-05-31", "2026-06-05", begin="2026-05-20")
    story.relist(lines[0], {"E": "33464", "E/U235": "6310", "P": "170"}, "2026-06-10")
    story.change("2026-05-02", "LD", "FUEL1", {"E": "1", "E/U235": "0"}, when="2026-06-11")
    story.report("I", "2026-05-20", "2026-06-19", begin="2026-05-01")
    story.report("P", "2026-05-20", "2026-06-20")
    story.report("M", "2026-05-20", "2026-06-21")
    story.change("2026-07-09", "TW", "START", {"E": "3", "E/U235": "0.6"})
    story.report("I", "2026-07-31", "2026-08-05")


def test_a_state_exported_and_brought_in_keeps_the_same_book(
    state_home: State, sqlite_file: Path, tmp_path: Path
) -> None:
    from openmpca.accounting.exporting.files import export_history
    from openmpca.accounting.importing.history import import_history

    a_year(Story())
    before = picture(DAYS)
    (made,) = export_history(tmp_path / "out")
    close_home()
    with sqlite_state(sqlite_file, tmp_path / "other"):
        found = import_history([made.path], founded(), register=True, when=at("2027-01-01"))
        without_differences(before, picture(DAYS))
        assert [each for each in found.stated.problems if each.rule == 969] == []


def test_files_that_are_there_are_not_written_over(state_home: State, tmp_path: Path) -> None:
    import pytest

    from openmpca.accounting.exporting.files import export_history

    a_year(Story())
    (made,) = export_history(tmp_path / "out")
    whole = made.path.read_bytes()
    with pytest.raises(FileExistsError):
        export_history(tmp_path / "out")
    assert export_history(tmp_path / "out", replace=True)[0].path.read_bytes() == whole
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["ZZA1.c10"]
