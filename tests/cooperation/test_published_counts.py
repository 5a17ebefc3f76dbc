"""Published figures, read from files with their sources: what reconciles, what does not, and what the source lacks."""

from datetime import date
from decimal import Decimal

import pytest

from openmpca.cooperation import reading
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.elimination import exchanges, scoreboard
from openmpca.cooperation.elimination.statements import Exchange
from openmpca.record.record import Refused
from tests.cooperation.joint import state
from tests.state import State, founded


def read(name: str) -> Claims:
    state(founded(), *reading.read(reading.example(name)), when="2022-04-01")
    return Claims(date(2022, 4, 1))


def test_the_scorecard_reconciles_lacks_and_contradicts_itself(state_home: State) -> None:
    claims = read("scorecard")
    steps = {
        (each.line.code, step.first.said.on, step.last.said.on): step
        for each in scoreboard.scoreboard(claims)
        for step in each.steps
    }

    def outcome(line: str, first: date, last: date) -> tuple[str, Decimal, Decimal]:
        step = steps[line, first, last]
        return step.outcome, step.grown, step.told

    june, autumn = date(2010, 6, 30), date(2010, 9, 30)
    assert outcome("WARHEADS", june, autumn) == ("explained", 48, 48)
    assert outcome("SLBM", june, autumn) == ("unexplained", 0, 16)
    assert outcome("ICBM", june, autumn) == ("gap in the source", 6, 4)
    assert steps["ICBM", june, autumn].gaps == ((date(2010, 7, 1), date(2010, 7, 31)),)
    assert outcome("ICBM", date(2008, 6, 30), date(2008, 8, 31)) == ("gap in the source", 12, 10)
    assert outcome("TRAINS", date(2008, 6, 30), date(2008, 8, 31)) == ("gap in the source", 5, 4)
    assert outcome("BOMBERS", date(2008, 6, 30), date(2008, 8, 31)) == ("explained", 0, 0)
    assert all(step.grown >= 0 for step in steps.values())
    (twin,) = scoreboard.twins(claims)
    assert (twin.line, twin.other, twin.days) == ("HOLES", "TUNNELS", (date(2011, 10, 31),))


def test_one_list_gives_the_totals_of_both_parties(state_home: State) -> None:
    claims = read("new-start")
    (exchange,) = claims.about(Exchange, "exchange:NST-US-2022-03")
    declared, disputed = exchanges.viewpoints(claims, exchange)
    assert (declared.viewer, declared.total, declared.above) == ("US", 800, 0)
    assert (disputed.viewer, disputed.total, disputed.above) == ("RU", 901, 101)
    assert [each.amount for each in disputed.disputed] == [56, 41, 4]


@pytest.mark.parametrize(("name", "sums"), [("start", 12), ("new-start", 3)])
def test_the_published_sums_are_those_of_their_lines(state_home: State, name: str, sums: int) -> None:
    claims = read(name)
    found = [each for one in claims.of(Exchange) for each in exchanges.identities(claims, one)]
    assert len(found) == sums
    assert all(each.holds for each in found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[line]", "no TOML"),
        ("[[grant]]\nrole = 1", "grant"),
        ("[line]\ncode = 1", "line is no list"),
        ("all = 3", "list of what"),
        ('[[line]]\ncode = "A"', "missing"),
        ("[[count]]\nline = 7", "does not read"),
        ("\ud800", ""),
    ],
)
def test_a_file_that_is_none_is_told(text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.read(text.encode(errors="surrogatepass"))
    assert told in " ".join(each.message for each in refused.value.problems)
