"""What is kept grows by what came: the same as made anew, whatever else stands in the book."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.accounting.reporting.story import Story as Reporting
from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


def owed_now() -> tuple[Any, Any]:
    """What the reactor's area owes as kept, and made anew."""
    from openmpca.accounting.kept import Kept
    from openmpca.accounting.queries import View
    from openmpca.accounting.reporting import owed

    view = View.of(D(2030, 1, 1))
    kept, anew = (each.of(view, ["ZZA1"])["ZZA1"] for each in (owed.KEPT, Kept(owed._made)))
    return told(kept), told(anew)


def told(of: Any) -> tuple[Any, ...]:
    frames = tuple(sorted(map(str, each.iter_rows())) for each in (of.items, of.abroad))
    return (*frames, of.periods, of.empty)


@pytest.mark.parametrize("profile", ["agency", "euratom"])
def test_what_an_area_owes_after_a_new_change_is_what_all_of_it_gives(state_home: Any, profile: str) -> None:
    story = Reporting(profile=profile)
    weights = {"E": "10", "E/U235": "1"}

    def same() -> None:
        kept, anew = owed_now()
        assert kept == anew

    steps = [
        lambda: story.inventory("2026-01-31", {}, opening=True),
        lambda: story.change("2026-03-10", "RF", "A", weights, shipper_batch="S"),
        lambda: story.change("2026-03-12", "RF", "B", weights, shipper_batch="T", document="N-7"),
        lambda: story.change("2026-04-02", "RF", "C", weights, shipper_batch="U"),
        lambda: story.report("I", "2026-03-31", "2026-05-01"),
        lambda: story.change("2026-03-20", "RF", "D", weights, shipper_batch="V", when="2026-05-02"),
        lambda: story.change("2026-05-04", "RF", "F", weights, shipper_batch="W"),
        lambda: story.inventory("2026-05-31", dict.fromkeys("ABCDF", weights)),
        lambda: story.change("2026-05-30", "RF", "G", weights, shipper_batch="X", when="2026-06-03"),
        lambda: story.change("2026-05-31", "RF", "H", weights, shipper_batch="Y", when="2026-06-04", after_cutoff=True),
        lambda: story.change("2026-06-08", "LA", "C", weights),
        lambda: story.change("2026-06-09", "LD", "A", weights, basis="M"),
    ]
    same()
    for step in steps:
        step()
        same()


def test_an_area_that_is_introduced_has_a_book_from_then_on(story: Story) -> None:
    from openmpca.accounting.statements import Mba
    from openmpca.record import versions

    before = story.view()
    assert before.opened.areas == ("ZZA1", "ZZB1", "ZZC1")
    story.state(Mba(day=D(2024, 5, 1), code="ZZD1", facility="ZZF-", name="D", country="ZZ"))
    later = story.view()
    assert later.opened.has("ZZD1")
    assert not story.view(number=before.number).opened.has("ZZD1"), "it was not known then"
    assert story.view().opened is later.opened, "nothing was introduced since"
    assert set(later.accounts(["ZZD1"])["mba"]) == {"ZZD1"}
    versions.mark_derived()
    assert story.view().opened is not later.opened, "the tables were made anew"
    assert story.view().opened.accounts.equals(later.opened.accounts)


def test_a_page_that_asks_of_many_days_leaves_what_is_kept_of_all_areas(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting import kept

    monkeypatch.setattr(kept, "FEW", 1)
    monkeypatch.setattr(kept, "SMALL_SHELVES", 2)
    made: list[tuple[int, list[str]]] = []

    def make(view: Any, mbas: list[str]) -> dict[str, int]:
        made.append((view.day, mbas))
        return dict.fromkeys(mbas, view.day)

    answers = kept.Kept(make)
    answers.of(story.view())
    for month in range(1, 8):
        view = story.view(D(2026, month, 1))
        assert answers.of(view, ["ZZA1"]) == {"ZZA1": view.day}
    count = len(made)
    answers.of(story.view())
    assert len(made) == count, "all areas are still kept"
    answers.of(story.view(D(2026, 7, 1)), ["ZZA1"])
    assert len(made) == count
    answers.of(story.view(D(2026, 1, 1)), ["ZZA1"])
    assert len(made) == count + 1, "a day long ago is not"


def test_rows_of_areas_are_joined_anew_where_they_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.accounting import kept

    monkeypatch.setattr(kept, "FEW", 1)
    monkeypatch.setattr(kept, "CHUNKS", 2)
    schema = {"mba": pl.String, "ug": pl.Int64}
    joined = kept.Joined(schema)

    def rows(mba: str, *values: int) -> pl.DataFrame:
        return pl.DataFrame([(mba, value) for value in values], schema=schema, orient="row")

    parts = {mba: rows(mba, at, at) for at, mba in enumerate("ABCDE")}
    for change in (
        {},
        {"B": rows("B", 7)},
        {"B": rows("B"), "C": rows("C", 1, 2, 3)},
        {"F": rows("F", 9)},
        dict.fromkeys("ABCD", rows("A")),
    ):
        parts = {**parts, **change}
        found = joined.of(parts)
        assert sorted(found.rows()) == sorted(pl.concat(parts.values()).rows())
        assert joined.of(parts) is found, "nothing changed"
    del parts["F"]
    assert "F" not in set(joined.of(parts)["mba"])
    for day in range(10):
        assert joined.of(parts, day).height == sum(each.height for each in parts.values())


def test_what_batches_hold_is_told_from_what_is_kept(story: Story) -> None:
    from openmpca.accounting import book_rows

    for at in range(3):
        name = f"B{at}"
        story.happened("RF", "ZZA1", name, D(2024, 2, 1 + at), grams(P="8000"), counterpart="YY", shipper_batch=name)
        story.happened("LD", "ZZA1", name, D(2024, 3, 1 + at), grams(P=str(1000 * at)) if at else grams(P="8000"))
        for day in (D(2030, 1, 1), D(2024, 2, 2)):
            view = story.view(day)
            summed = view.batches("ZZA1")
            cells: dict[Any, dict[str, int]] = {}
            for batch, category, nuclide, ug in summed.iter_rows():
                cells.setdefault((batch, category), {})[nuclide] = ug
            assert list(book_rows.of_batches(view, "ZZA1", "MAIN").items()) == list(cells.items())


def test_the_register_shows_no_text_that_was_withheld_since(story: Story) -> None:
    from openmpca.accounting.register import register
    from openmpca.accounting.statements import Facility
    from openmpca.record import commands
    from openmpca.record.reading import WITHHELD
    from openmpca.record.statements import Withholding

    (number,) = story.state(Facility(day=D(2024, 6, 1), code="ZZG-", name="G", note="beside the mill"))

    def note() -> str:
        (found,) = register(Facility, D(2030, 1, 1), code="ZZG-")
        return found.fields.note

    assert note() == "beside the mill"
    stated = Withholding(day=D(2024, 6, 2), statement=number, fields=["note"], reason="asked for")
    commands.withhold(stated, story.act)
    assert note() in ("", WITHHELD)
