"""An area is opened by two persons, from lines, a table or a listing."""

import io
from datetime import date
from pathlib import Path

import msgspec
import pytest

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.queries import View
from openmpca.formats.code10.interpret import read_reports
from openmpca.formats.tables.template import template_csv
from openmpca.record import commands
from openmpca.record.record import Refused, head
from tests.accounting.inventory.area import AREA, BEGIN, balanced, begun, line, weights
from tests.state import State, alone

PIL = b"""001:OI/ZZ;1#002:1/2#003:20240105#006:SMITH,J.#010:P#015:20240101#207:ZZA-#307:ZZA1#309:N#407:A#430:B/Q/2/F\
#446:CRR41-51#469:N#470:11#630:9581G#670:1892G#
001:OI/ZZ;1#002:2#003:20240105#006:SMITH,J.#010:P#015:20240101#207:ZZA-#307:ZZA1#309:N#407:B#430:B/Q/1/G\
#446:CORE-26A#469:M//DA#470:40#630:33469G#670:6312G#700:170G#
"""


def held() -> int:
    return View.of(date(2030, 1, 1)).balances([AREA]).height


def test_an_opening_is_in_force_when_the_second_person_approves_it(each_state_home: State) -> None:
    story = begun()
    size, _ = head()
    made = inventory.open_area(AREA, BEGIN, [line("A1", weights=weights(E="10", E_U235="2"))], story.anna)
    assert made.proposal is not None
    assert head()[0] == size
    with pytest.raises(Refused, match="anna prepared it"):
        commands.approve(made.proposal, "anna")
    commands.approve(made.proposal, "boris")
    assert head()[0] == size + 3
    assert balanced(None, BEGIN)["E"]["PB"] == "10"


def test_an_opening_waits_while_others_write(each_state_home: State) -> None:
    story = begun()
    made = inventory.open_area(AREA, BEGIN, [line("A1", weights=weights(T="10"))], story.anna)
    other = msgspec.structs.replace(alone(story.both), prepared_by="boris")
    inventory.freeze("ZZB1", BEGIN, other)
    assert made.proposal is not None
    commands.approve(made.proposal, "boris")
    assert balanced(None, BEGIN)["T"]["PB"] == "10"


def test_an_opening_without_lines_is_confirmed(state_home: State) -> None:
    story = begun()
    with pytest.raises(Refused, match="650"):
        inventory.open_area(AREA, BEGIN, [], story.anna)
    made = inventory.open_area(AREA, BEGIN, [], story.anna, empty=True)
    assert made.proposal is not None
    assert 388 not in {each.rule for each in made.problems}, "nothing becomes MUF"


def test_the_template_that_was_filled_in_opens_an_area(each_state_home: State, tmp_path: Path) -> None:
    story = begun()
    assert template_csv(inventory.LISTED_FIELDS).decode("utf-8-sig").startswith("KMP,Place,Batch,")
    path = tmp_path / "opening.csv"
    path.write_text(
        "Batch,KMP,Place,Items,Item numbers,Description,Basis,E (g),E/U235 (g),P (kg)\n"
        "A1,A,V1,2,R1; R2,BQ2F,N,1000.5,197,\n"
        "A2,B,POND,1,R3,BQ1G,M,400,70,0.0012\n",
        encoding="utf-8",
    )
    made = inventory.open_from_file(path, AREA, BEGIN, story.both)
    assert len(made.numbers) == 4
    found = balanced(None, BEGIN, items=True)
    assert (found["E"]["PB"], found["P"]["PB"], found["#"]["PB"]) == ("1400.5", "1.2", "3")


def test_every_problem_of_a_table_is_told_by_row_and_column_and_nothing_is_applied(
    each_state_home: State, tmp_path: Path
) -> None:
    story = begun()
    size, _ = head()
    path = tmp_path / "opening.csv"
    path.write_text(
        "Batch,KMP,Description,Basis,E (g),E/U235 (g)\n"
        "A1,A,BQ2F,N,1e3,197\n"
        ",A,BQ2F,N,1000,197\n"
        "A3,A,B?2F,N,1000,1970\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        inventory.open_from_file(path, AREA, BEGIN, story.anna)
    told = {(each.rule, each.record, each.field) for each in refused.value.problems}
    assert {(927, "row 2", "E (g)"), (926, "row 3", "Batch"), (341, "row 4", "description")} <= told
    assert any(rule == 356 and row == "row 4" for rule, row, _ in told)
    assert head()[0] == size


def test_a_listing_in_code_10_opens_an_area(each_state_home: State) -> None:
    story = begun()
    [(report, problems)] = read_reports(io.BytesIO(PIL))
    assert report is not None
    assert not problems
    lines = inventory.lines_of_pil(report)
    assert [each.reported for each in lines] == ["1/1", "1/2"]
    assert lines[1].method == "DA"
    inventory.open_area(AREA, BEGIN, lines, story.both)
    found = balanced(None, BEGIN)
    assert (found["E"]["PB"], found["E/U235"]["PB"], found["P"]["PB"]) == ("43050", "8204", "170")


def test_only_a_listing_opens_an_area() -> None:
    [(report, _)] = read_reports(io.BytesIO(PIL.replace(b"010:P", b"010:I")))
    assert report is not None
    with pytest.raises(ValueError, match="no physical inventory listing"):
        inventory.lines_of_pil(report)
