"""Whatever happens in whatever order: the book is what a plain recomputation from the statements says."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.accounting.naive_book import NaiveBook, without_batches
from tests.accounting.story import Story, begun
from tests.state import State

BEGIN = date(2023, 12, 1)
CUTS = [BEGIN + timedelta(days=30 * at) for at in range(1, 5)]
BATCHES = ["A", "B", "C"]
CODES = ["RF", "SF", "LN", "LD", "TW", "FW", "RM", "RP", "DI", "EN", "NE"]
ACCOUNTS = [*CODES, "MF", "OP", "ISO"]
OVERRIDES = dict.fromkeys(("401", "402", "404"), "whatever happens")
SORTS = ["change", "change", "change", "correct", "correct", "delete", "close", "relist", "late"]
_fresh = count()

days = st.integers(0, 135).map(lambda at: BEGIN + timedelta(days=at)) | st.sampled_from(CUTS)
element = st.integers(0, 50)


@st.composite
def weights(draw: st.DrawFn, code: str = "") -> dict[str, str]:
    ug = draw(element)
    fissile = draw(st.integers(0, ug))
    if code in ("EN", "NE"):
        other = {"N": str(ug), **({"N/fissile": "0.000001"} if ug and draw(st.booleans()) else {})}
        return {"E": str(ug), "E/U235": str(fissile), **other}
    if draw(st.booleans()):
        return {"N": str(ug)}
    return {"E": str(ug), "E/U235": f"{fissile}", **({"P": "0.5"} if draw(st.booleans()) else {})}


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """One thing that happens, its references as places among what stands."""
    sort = draw(
        st.sampled_from(["change", "change", "change", "correct", "correct", "delete", "close", "relist", "late"])
    )
    code = draw(st.sampled_from(CODES))
    return {
        "sort": sort,
        "code": code,
        "day": draw(days),
        "after": draw(st.booleans()),
        "batch": draw(st.sampled_from(BATCHES)),
        "weights": draw(weights(code=code)),
        "items": draw(st.integers(0, 3)),
        "place": draw(st.integers(0, 1000)),
        "cut": draw(st.sampled_from(CUTS)),
        "listed": draw(st.dictionaries(st.sampled_from(BATCHES), weights(), max_size=3)),
        "opening": draw(st.booleans()),
    }


class World:
    """One area in which events happen; ``told`` are the statements with their numbers."""

    def __init__(self, story: Story) -> None:
        from openmpca.accounting.statements import Mba

        self.story, self.mba = story, f"M{next(_fresh):03d}"
        self.told: list[tuple[int, Any]] = []
        story.state(Mba(day=BEGIN - timedelta(days=400), code=self.mba, facility="ZZF-", name="a"))

    def state(self, *statements: Any) -> list[int]:
        from openmpca.record.record import Refused

        try:
            numbers = self.story.state(*statements, overrides=OVERRIDES)
        except Refused as refused:
            allowed = {314, 315, 373, 380, 382, 383, 385}
            wrong = [each for each in refused.problems if each.severity == "error" and each.rule not in allowed]
            assert not wrong, wrong
            return []
        self.told += zip(numbers, statements, strict=True)
        return numbers

    def standing(self, *kinds: str) -> list[tuple[int, Any]]:
        dead = {getattr(each, "corrects", None) for _, each in self.told}
        return [(n, each) for n, each in self.told if n not in dead and type(each).__name__ in kinds]

    def happen(self, event: dict[str, Any]) -> None:
        getattr(self, event["sort"])(event)

    def make(self, event: dict[str, Any], **others: Any) -> Any:
        from openmpca.accounting.statements import Change

        code, cut = event["code"], event["day"] in {each.day for _, each in self.standing("Inventory")}
        others |= {"counterpart": "YY"} if code in ("RF", "SF") else {}
        return Change(
            day=event["day"],
            mba=self.mba,
            code=code,
            batch=event["batch"],
            weights=event["weights"],
            items=event["items"],
            after_cutoff=cut and event["after"],
            **others,
        )

    def change(self, event: dict[str, Any]) -> None:
        self.state(self.make(event))

    def correct(self, event: dict[str, Any]) -> None:
        if found := self.standing("Change"):
            target = found[event["place"] % len(found)][0]
            self.state(self.make(event, corrects=target, reason="wrong"))

    def delete(self, event: dict[str, Any]) -> None:
        from openmpca.accounting.statements import Deletion

        if found := self.standing("Change", "Listed"):
            number, target = found[event["place"] % len(found)]
            self.state(Deletion(day=target.day, mba=self.mba, corrects=number, reason="wrong"))

    def close(self, event: dict[str, Any]) -> None:
        from openmpca.accounting.statements import Closing, Inventory, Listed

        opening = event["opening"] and not self.standing("Inventory")
        taken = Inventory(day=event["cut"], mba=self.mba, opening=opening)
        lines = [
            Listed(day=event["cut"], mba=self.mba, inventory=-1, batch=batch, weights=of, items=event["items"])
            for batch, of in event["listed"].items()
        ]
        closing = Closing(day=event["cut"], mba=self.mba, inventory=-1)
        numbers = self.state(taken, *lines, closing)
        import msgspec

        for at, number in enumerate(numbers[1:], start=len(self.told) - len(numbers) + 1):
            self.told[at] = (number, msgspec.structs.replace(self.told[at][1], inventory=numbers[0]))

    def relist(self, event: dict[str, Any]) -> None:
        import msgspec

        if found := self.standing("Listed"):
            number, target = found[event["place"] % len(found)]
            new = event["weights"] if event["code"] not in ("EN", "NE") else {"N": "3"}
            self.state(
                msgspec.structs.replace(target, weights=new, items=event["items"], corrects=number, reason="wrong")
            )

    def late(self, event: dict[str, Any]) -> None:
        """A line that was forgotten is added to an inventory that is closed already."""
        from openmpca.accounting.statements import Listed

        if found := self.standing("Inventory"):
            number, taken = found[event["place"] % len(found)]

            weights = {"N": "2"}
            self.state(
                Listed(day=taken.day, mba=self.mba, inventory=number, batch=event["batch"], weights=weights, items=1)
            )


def held(view: Any, mba: str, code: str) -> dict[tuple[str, str], int]:
    found = view.balances([mba], [code])
    return {(category, nuclide): ug for category, nuclide, ug in found.select("category", "nuclide", "ug").iter_rows()}


def by_batch(view: Any, mba: str) -> dict[tuple[str, str, str], int]:
    return {tuple(of): ug for *of, ug in view.batches(mba).iter_rows()}  # type: ignore[misc]


@pytest.fixture
def story(each_state_home: State) -> Story:
    return begun()


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    happenings=st.lists(events(), min_size=3, max_size=14),
    views=st.lists(st.tuples(days, st.integers(1, 3), st.integers(0, 100)), min_size=6, max_size=6),
)
def test_the_book_is_what_the_statements_say(story: Story, happenings: list[dict[str, Any]], views: list[Any]) -> None:
    from openmpca.accounting.queries import View

    world = World(story)
    for event in happenings:
        world.happen(event)
    numbers = [number for number, _ in world.told]
    for day, phase, place in views:
        number = numbers[place * len(numbers) // 101] if numbers else 0
        real, naive = View.of(day, number, phase=phase), NaiveBook(world.told, number)
        assert by_batch(real, world.mba) == dict(naive.inventory(world.mba, (day, phase)))
        for code in ACCOUNTS:
            assert held(real, world.mba, code) == without_batches(naive.account(world.mba, code, (day, phase))), code
    zero_by_element(numbers)
    endings_stay(world)


def zero_by_element(numbers: list[int]) -> None:
    """The postings of each statement sum to zero in each element."""
    from openmpca.nuclear.categories import CATEGORIES
    from openmpca.record.known import placeholders, query

    rows = query(
        f"SELECT number, category, ug FROM accounting_posting WHERE nuclide = '' AND number IN {placeholders(numbers)}",
        numbers,
        {"number": pl.Int64, "category": pl.String, "ug": pl.Int64},
    )
    elements = {code: category.element for code, category in CATEGORIES.items()}
    sums = (
        rows.with_columns(pl.col("category").replace_strict(elements))
        .group_by("number", "category")
        .agg(pl.col("ug").sum())
    )
    assert sums.filter(pl.col("ug") != 0).height == 0


def endings_stay(world: World) -> None:
    """After each closing the book is what was listed, whatever became known later."""
    from openmpca.accounting.queries import View

    naive = NaiveBook(world.told, 2**62)
    for day, inventory, _ in naive.closings(world.mba):
        listed = {of: ug for of, ug in naive.listed(inventory).items() if ug}
        assert by_batch(View.of(day, phase=2), world.mba) == listed


def test_a_rebuild_gives_the_same_book(story: Story) -> None:
    from openmpca.record.rebuild import rebuild

    world = World(story)
    run_through(world)
    assert rebuild().problems == []


def run_through(world: World) -> None:
    """A bit of everything: an opening, changes, three closings, corrections across them."""
    change = {"after": False, "items": 2, "place": 0, "opening": True, "sort": "change"}
    full = {"E": "40", "E/U235": "8"}
    world.happen({**change, "sort": "close", "cut": CUTS[0], "listed": {"A": full, "B": {"N": "10"}}})
    for at, cut in enumerate(CUTS[1:]):
        for back, code in enumerate(("RF", "LN", "SF", "EN")):
            weights = {**full, "N": "40"} if code == "EN" else full
            day = cut - timedelta(days=3 + back)
            world.happen({**change, "code": code, "day": day, "batch": "A", "weights": weights})
        world.happen({**change, "sort": "close", "cut": cut, "listed": {"A": full, "C": {"N": str(at)}}})
        event = {**change, "code": "RF", "day": CUTS[0] + timedelta(days=2 + at), "batch": "B", "weights": {"N": "7"}}
        for sort, place in (("correct", 0), ("delete", at), ("relist", at), ("late", at)):
            world.happen({**event, "sort": sort, "place": place})
