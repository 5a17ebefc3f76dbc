"""Scenario files: what is wrong with them is told with its place; what is right is played, and only where it may be."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.state import State

FOUNDING = """
[default]
by = "anna"
approved = ["boris"]

[[block]]
at = 2024-01-01T08:00:00Z
do = "found"
day = 2024-01-01
party_code = "SRA"
party_name = "Authority"
persons = [{id = "p-1", handle = "anna", name = "Anna"}, {id = "p-2", handle = "boris", name = "Boris"}]
roles = ["authority"]

[[block]]
at = 2024-01-01T09:00:00Z
do = "state"
kind = "country"
day = 2024-01-01
each = [{code = "XT", name = "Tessara", own = true}]

[[block]]
at = 2024-01-01T09:10:00Z
do = "state"
kind = "facility"
day = 2024-01-01
each = [{code = "XTA-", name = "Works"}]

[[block]]
at = 2024-01-01T09:20:00Z
do = "state"
kind = "mba"
day = 2024-01-01
each = [{code = "XTA1", facility = "XTA-", name = "Area"}]

[[block]]
at = 2024-01-01T09:30:00Z
do = "state"
kind = "kmp"
day = 2024-01-01
each = [{mba = "XTA1", code = "1", name = "Flow"}]
"""

RECEIPT = """
[[block]]
at = 2024-02-02T09:00:00Z
do = "receive"
name = "fuel"
by = "anna"
mba = "XTA1"
day = 2024-02-01
counterpart = "XP"
kmp = "1"
description = "BQ2F"
each = [{batch = "A", shipper_batch = "A", items = 2, weights = {E = "1000", "E/U235" = "40"}}]
measured = {A = {E = "998", "E/U235" = "39.9"}}

[[block]]
at = 2024-02-03T09:00:00Z
do = "correct"
by = "anna"
of = "@fuel"
to = {items = 3}
reason = "Counted again."
"""


def read(text: str) -> Any:
    from openmpca.demonstration.scenario import of_texts
    from openmpca.demonstration.verbs import Verbs

    return of_texts({"story.toml": text.encode()}, Verbs())


def problems(text: str) -> list[tuple[int, str, str]]:
    from openmpca.record.record import Refused

    with pytest.raises(Refused) as refused:
        read(text)
    return [(each.rule, each.record, each.field) for each in refused.value.problems]


def test_a_story_is_played_into_an_empty_home(state_home: State) -> None:
    from openmpca.accounting.queries import View
    from openmpca.demonstration.player import play
    from openmpca.record.record import head

    played = play(read(FOUNDING + RECEIPT))
    assert played.unexpected == []
    assert played.numbers["fuel"] == [5, 6]
    rows = View.of(date(2024, 3, 1)).balances(["XTA1"]).iter_rows()
    assert {nuclide: ug for *_, nuclide, ug in rows} == {"": 998_000_000, "U235": 39_900_000, "#": 3}
    assert head()[0] == 8


def test_the_same_story_and_seed_give_the_same_root_and_another_seed_another(sqlite_file: Path, tmp_path: Path) -> None:
    from tests.state import sqlite_state

    roots = []
    for number, seed in enumerate(("1", "1", "2")):
        with sqlite_state(sqlite_file, tmp_path / str(number)):
            from openmpca.demonstration.player import play
            from openmpca.record.record import head

            play(read(FOUNDING + RECEIPT), seed=seed)
            roots.append(head())
    assert roots[0] == roots[1]
    assert roots[0][0] == roots[2][0]
    assert roots[0][1] != roots[2][1]


def test_every_fault_of_every_block_is_told_at_once(state_home: State) -> None:
    faulty = FOUNDING + RECEIPT.replace("batch =", "bach =", 1).replace("@fuel", "@gruel").replace(
        "of = ", "until = 3\nof = "
    )
    assert problems(faulty) == [
        (986, "story.toml block 6 (fuel)", "each 1 bach"),
        (987, "story.toml block 7", "of"),
        (986, "story.toml block 7", ""),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[[block", 985),
        ("[[blocks]]\nat = 1", 985),
        ('[[block]]\nby = "anna"\ndo = "state"', 986),
        ('[[block]]\nat = 2024-01-01T08:00:00\nby = "anna"\ndo = "state"\nkind = "country"', 986),
        ('[[block]]\nat = 2024-01-01T08:00:00Z\nby = "anna"\ndo = "dance"', 986),
        ('[[block]]\nat = 2024-01-01T08:00:00Z\nby = "anna"\ndo = "state"\nkind = "dance"', 986),
    ],
)
def test_what_is_no_scenario_is_refused_by_its_rule(state_home: State, text: str, rule: int) -> None:
    assert [number for number, *_ in problems(text)] == [rule]


def test_two_blocks_have_two_names(state_home: State) -> None:
    assert (987, "story.toml block 8 (fuel)", "name") in problems(FOUNDING + RECEIPT + RECEIPT)


def test_a_problem_that_a_block_does_not_expect_is_told_and_so_is_one_that_does_not_come(state_home: State) -> None:
    from openmpca.demonstration.player import play

    careless = RECEIPT.replace('kmp = "1"\n', "").replace('do = "correct"', 'do = "correct"\nexpects = [334]')
    played = play(read(FOUNDING + careless))
    assert {each.rule for each in played.unexpected} == {338, 988}
    assert all(each.record.startswith("story.toml block") for each in played.unexpected)


def test_a_refusal_names_the_block_and_nothing_after_it_is_played(state_home: State) -> None:
    from openmpca.demonstration.player import play
    from openmpca.record.record import Refused, head

    with pytest.raises(Refused) as refused:
        play(read(FOUNDING + RECEIPT.replace('mba = "XTA1"', 'mba = "XTA9"')))
    assert refused.value.problems[0].record.startswith("story.toml block 6 (fuel), accounting.change 1")
    assert head()[0] == 5


def test_a_real_state_is_never_played_into(state_home: State) -> None:
    from openmpca.demonstration.player import play
    from openmpca.record import commands
    from openmpca.record.record import Refused
    from openmpca.record.statements import Founding

    founding = Founding(day=date(2024, 1, 1), of_party="SRA", name="Authority", persons=["p-1", "p-2"])
    commands.found_record(founding, {"p-1": ("anna", "Anna"), "p-2": ("boris", "Boris")})
    with pytest.raises(Refused) as refused:
        play(read(RECEIPT))
    assert [each.rule for each in refused.value.problems] == [989]


def test_what_is_written_is_read_the_same(state_home: State) -> None:
    from openmpca.demonstration.scenario import written

    scenario = read(FOUNDING + RECEIPT)
    again = read(written(scenario.blocks, title="A story"))
    assert [(each.head, each.fields) for each in again.blocks] == [(each.head, each.fields) for each in scenario.blocks]


def test_the_whole_state_written_as_files_is_the_same_scenario(state_home: State, tmp_path: Path) -> None:
    from openmpca.demonstration.generator import whole_state, write_scenario
    from openmpca.demonstration.scenario import read as read_files
    from openmpca.demonstration.verbs import Verbs

    assert write_scenario(tmp_path / "story", "2024")
    files, made = read_files([tmp_path / "story"], Verbs()), whole_state("2024")
    told = {(each.head.at, each.head.do, each.head.name): each.fields for each in made.blocks}
    assert {(each.head.at, each.head.do, each.head.name): each.fields for each in files.blocks} == told


def test_a_state_of_any_size_is_imported_whole(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.importing.tables import Source, import_table
    from openmpca.demonstration import sized
    from openmpca.demonstration.player import play
    from openmpca.demonstration.scenario import read as read_files
    from openmpca.record.act import Act
    from openmpca.record.record import head

    scenario, table = sized.write(tmp_path, 400, 4, 1, "seed")
    play(read_files([scenario]))
    before = head()[0]
    made = import_table(Source(table, "change"), Act(party="SRA", prepared_by="p-0000000001"))
    assert head()[0] - before == 400, made
