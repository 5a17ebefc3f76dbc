"""What is kept while the record grows is what a look at the whole gives, at any step of any history."""

import pickle
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.accounting.story import AREAS, BEGIN, Story, begun, grams
from tests.state import State

D = date
MASSES = ("1000", "2000", "2500")


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


@pytest.fixture
def usual_story(usual_state_home: State) -> Story:
    return begun()


@pytest.fixture
def each_story(each_state_home: State) -> Story:
    return begun()


def weights(chance: random.Random) -> dict[str, str]:
    if chance.random() < 0.15:
        return grams(P=chance.choice(MASSES))
    mass = chance.choice(MASSES)
    return {"E": mass, "E/U235": str(int(mass) // chance.choice((4, 20)))}


class Life:
    """Somebody who states at random: shipments, receipts that answer them well or badly, corrections, deletions."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.chance = story, random.Random(seed)
        self.shipped: list[Any] = []
        self.stated: list[tuple[int, Any]] = []
        self.day = BEGIN + timedelta(days=5)

    def steps(self, count: int) -> Iterator[int]:
        """State some times; gives the number of the last statement each time."""
        for at in range(count):
            self.day += timedelta(days=self.chance.randrange(20))
            do = self.chance.choice((self.comes, self.ships, self.ships, self.receives, self.receives, self.corrects))
            do(f"B{at}")
            yield self.story.view().number

    def tell(self, change: Any) -> bool:
        """State something, whatever may be overridden; what is refused is not there."""
        from openmpca.problems import RULES
        from openmpca.record.record import Refused

        soft = {str(number): "a random story" for number, rule in RULES.items() if rule.soft and number >= 400}
        with suppress(Refused):
            self.stated.append((self.story.state(change, overrides=soft)[0], change))
            return True
        return False

    def comes(self, batch: str) -> None:
        mba = self.chance.choice(AREAS)
        code = self.chance.choice(("RF", "RF", "SF"))
        name = {"shipper_batch": batch} if code == "RF" else {}
        told = self.story.change(code, mba, batch, self.day, weights(self.chance), counterpart="YY/YYA1", **name)
        self.tell(told)

    def ships(self, batch: str) -> None:
        mba, other = self.chance.sample(AREAS, 2)
        name = self.chance.choice([batch, batch, *(each.batch for _, each in self.shipped)])
        mass = weights(self.chance)
        self.tell(self.story.change("RF", mba, name, self.day, mass, counterpart="YY", shipper_batch=name))
        if self.tell(self.story.change("SD", mba, name, self.day, mass, counterpart=f"ZZ/{other}")):
            self.shipped.append(self.stated[-1])

    def receives(self, batch: str) -> None:
        if not self.shipped:
            return
        place = self.chance.randrange(len(self.shipped))
        number, sent = self.shipped[place] if self.chance.random() < 0.3 else self.shipped.pop(place)
        here = self.chance.random()
        told = {
            "counterpart": f"ZZ/{sent.mba}",
            "shipper_batch": sent.batch if here < 0.9 else batch,
            "shipment": number if here > 0.5 else None,
        }
        mass = sent.weights if here < 0.7 else weights(self.chance)
        self.tell(self.story.change("RD", sent.counterpart[3:], batch, self.day, mass, **told))

    def corrects(self, batch: str) -> None:
        import msgspec

        from openmpca.accounting.statements import Deletion

        if not self.stated:
            return
        number, told = self.stated.pop(self.chance.randrange(len(self.stated)))
        if isinstance(told, Deletion):
            return
        if self.chance.random() < 0.4:
            self.tell(Deletion(day=told.day, mba=told.mba, corrects=number, reason="no"))
            return
        self.tell(msgspec.structs.replace(told, weights=weights(self.chance), corrects=number, reason="other"))


def board_of(view: Any) -> list[Any]:
    """The whole board, as a look at every consignment gives it, without what is matched."""
    from openmpca.accounting.transit.board import board

    return [told(each) for each in board(view).consignments if each.standing != "matched"]


def told(each: Any) -> tuple[object, ...]:
    sides = [one.number if one else None for one in (each.shipment, *each.receipts)]
    return (each.scope, each.category, each.standing, each.age_days, each.open, sides)


def in_parts(view: Any) -> list[Any]:
    """The same from what is not plainly matched, and what stands alone abroad."""
    from openmpca.accounting.transit import abroad, unmatched

    alone, joined = abroad.abroad(view)
    singly = abroad.first(alone, {"SF", "RF"}, 0, alone.height, view)
    return [told(each) for each in [*unmatched.unmatched(view), *joined, *singly] if each.standing != "matched"]


def test_transit_in_parts_is_the_board_after_every_statement_on_any_day(usual_story: Story) -> None:
    from openmpca.accounting.transit import unmatched
    from openmpca.accounting.transit.board import about, board

    life = Life(usual_story, 7)
    for number in life.steps(30):
        for day in (D(2100, 1, 1), life.day - timedelta(days=life.chance.randrange(30))):
            view = usual_story.view(day, number)
            assert sorted(map(str, in_parts(view))) == sorted(map(str, board_of(view)))
    view = usual_story.view(D(2100, 1, 1))
    whole = board(view)
    plain = unmatched.judged(view).matched(D(2100, 1, 1))
    assert plain.height > 0
    matched = [each for each in whole.consignments if each.standing == "matched" and each.scope == "domestic"]
    singly = [each for each in unmatched.unmatched(view) if each.standing == "matched"]
    assert plain["parts"].sum() + len(singly) == len(matched)
    for each in whole.consignments:
        of = each.first.number
        assert sorted(map(str, map(told, about(of, view)))) == sorted(map(str, map(told, whole.of(of))))


def test_what_was_known_at_an_earlier_statement_is_told_from_what_is_kept_for_a_later(story: Story) -> None:
    numbers = list(Life(story, 11).steps(25))
    for number in (numbers[-1], numbers[10], numbers[-1], numbers[3]):
        view = story.view(D(2100, 1, 1), number)
        assert sorted(map(str, in_parts(view))) == sorted(map(str, board_of(view)))


def rows(found: Any) -> list[str]:
    frames = [found] if isinstance(found, pl.DataFrame) else [found.items, found.abroad]
    more = [] if isinstance(found, pl.DataFrame) else [str(found.periods), str(found.empty)]
    return sorted([*more, *(str(row) for frame in frames for row in frame.iter_rows())])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three areas are many."""
    from openmpca.accounting import kept

    monkeypatch.setattr(kept, "FEW", 1)


@pytest.mark.usefixtures("few")
def test_answers_kept_by_area_are_those_made_anew(each_story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.accounting import contents, courses, quantities
    from openmpca.accounting.kept import Joined, Kept, areas, balances
    from openmpca.accounting.reporting import announced, owed
    from openmpca.accounting.transit import abroad

    asked: dict[Any, tuple[Any, ...]] = {
        courses._COURSES: (),
        courses._FLOWS: (BEGIN,),
        abroad._STATED: (),
        contents._HELD: (),
        owed.KEPT: (),
    }
    joined = Joined(abroad.ALONE)
    for number in Life(each_story, 3).steps(15):
        view = each_story.view(D(2100, 1, 1), number)
        for kept, further in asked.items():
            anew = Kept(kept._make).of(view, None, *further)
            assert {mba: rows(each) for mba, each in kept.of(view, None, *further).items()} == {
                mba: rows(each) for mba, each in anew.items()
            }
        assert rows(joined.of(abroad._STATED.of(view))) == rows(pl.concat(Kept(abroad._made).of(view).values()))
        assert balances(view).equals(view.balances())
        assert balances(view, ["ZZB1"], ["SD", "RD"]).equals(view.balances(["ZZB1"], ["SD", "RD"]))
        abroad_of = {mba: each.abroad for mba, each in owed.KEPT.of(view).items()}
        notices = rows(announced.announced(abroad_of, view))
        with monkeypatch.context() as patched:
            patched.setattr(announced, "_kept", {})
            assert notices == rows(announced.announced(abroad_of, view))
        exact = quantities._by_area(view, areas(view))
        found = {mba: (each.quantities, each.unknown) for mba, each in quantities.significant_by_area(view).items()}
        assert found == {mba: (each.significant, len(each.unknown)) for mba, each in exact.items() if each}


def test_what_is_due_from_the_book_is_what_the_statements_themselves_give(story: Story) -> None:
    from openmpca.accounting.reporting.area import area_of
    from openmpca.accounting.reporting.make import owed_periods, proposed_changes

    for _ in Life(story, 5).steps(30):
        for mba in AREAS:
            area = area_of(mba)
            proposed = [(each.begin, each.end) for each in proposed_changes(area) if not each.corrects]
            assert owed_periods(area) == proposed


def test_another_record_at_the_same_place_is_told_anew(story: Story) -> None:
    from django.db import connection

    from openmpca.accounting.quantities import significant_by_area

    story.happened("RF", "ZZA1", "A", D(2024, 2, 1), grams(P="8000"), counterpart="YY", shipper_batch="A")
    assert significant_by_area(story.view())["ZZA1"].quantities == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounting_posting SET ug = ug * 2")
    assert significant_by_area(story.view())["ZZA1"].quantities == 1, "nobody stated anything"
    from openmpca.record import versions

    versions.mark_derived()
    assert significant_by_area(story.view())["ZZA1"].quantities == 2, "the tables were made anew"


def test_within_a_transaction_nothing_is_kept(story: Story) -> None:
    from django.db import transaction

    from openmpca.accounting.quantities import significant_by_area

    before = significant_by_area(story.view())
    change = story.change("RF", "ZZA1", "A", D(2024, 2, 1), grams(P="8000"), counterpart="YY", shipper_batch="A")
    with pytest.raises(RuntimeError), transaction.atomic():
        _stated_and_dropped(story, change)
    assert significant_by_area(story.view()) == before


def _stated_and_dropped(story: Story, change: Any) -> None:
    from openmpca.accounting.quantities import significant_by_area

    assert significant_by_area(story.view()) == {}
    raise RuntimeError(change.batch)


def test_while_somebody_counts_the_state_a_page_does_not_count_all_of_it_too(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from openmpca.accounting import kept
    from openmpca.pages.routes import NotYet

    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    answers = kept.Kept(lambda view, mbas: dict.fromkeys(mbas, view.number))
    monkeypatch.setattr(kept, "FEW", 2)
    kept.counted_by(thread)
    thread.start()
    with pytest.raises(NotYet):
        answers.of(story.view())
    assert list(answers.of(story.view(), ["ZZA1"])) == ["ZZA1"]
    done.set()
    thread.join()
    assert list(answers.of(story.view())) == list(AREAS)


def test_what_one_process_counted_another_keeps_as_if_it_had_counted_itself(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting import handing_on, kept, quantities
    from openmpca.accounting.transit import unmatched

    numbers = list(Life(story, 4).steps(12))
    view = story.view(D(2100, 1, 1), numbers[-2])
    counted = quantities.significant_by_area(view), unmatched.judged(view).names.rows()
    packed = handing_on.packed()
    kept._BALANCES._shelves.clear()
    quantities._SIGNIFICANT._last.clear()
    unmatched._kept.clear()
    with monkeypatch.context() as nobody_counts:
        nobody_counts.setattr(kept._BALANCES, "_make", None)
        nobody_counts.setattr(quantities._SIGNIFICANT, "_make", None)
        nobody_counts.setattr(unmatched, "_anew", None)
        handing_on.unpack(packed)
        handing_on.unpack(pickle.dumps({"what nobody keeps here": {}}))
        assert (quantities.significant_by_area(view), unmatched.judged(view).names.rows()) == counted
    later = story.view(D(2100, 1, 1), numbers[-1])
    assert kept.balances(later).equals(later.balances())
    assert sorted(unmatched.judged(later).names.rows()) == sorted(unmatched._anew(later).names.rows())
