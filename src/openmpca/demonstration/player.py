"""Plays a scenario: block by block through the commands of the record and of the accounting room, never around them.

Rules kept here:

1. Only a demonstration is played into: an empty home, or one whose founding says that it is none of a real State.
2. The time of a block is the time of its statements, and its salts come from the seed: the same files and seed give
   the same record, byte for byte.
3. A block is all or nothing for each act it makes; the first that is refused ends the play, with the block named.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from openmpca.demonstration import rules
from openmpca.demonstration.playing import Playing
from openmpca.demonstration.scenario import Scenario, Unnamed, resolved
from openmpca.demonstration.verbs import VERBS, split
from openmpca.problems import Problem
from openmpca.record.reading import stored
from openmpca.record.record import Refused, head

SEED = "2024"


@dataclass
class Played:
    """What came of a play: the statements of each named block, the problems that no block expected, seconds by verb."""

    numbers: dict[str, list[int]] = field(default_factory=dict)
    unexpected: list[Problem] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    blocks: int = 0


def play(scenario: Scenario, *, seed: str = SEED, progress: Callable[[int], None] | None = None) -> Played:
    """State everything that the scenario tells. Raises `Refused` with the block that was."""
    _not_real()
    played = Played()
    for block in scenario.blocks:
        begun = time.perf_counter()
        playing = Playing(block, seed, played.numbers)
        _play(playing)
        if block.head.name:
            played.numbers[block.head.name] = playing.made
        played.unexpected += _unexpected(playing)
        spent = time.perf_counter() - begun
        played.seconds[block.head.do] = played.seconds.get(block.head.do, 0.0) + spent
        played.blocks += 1
        if progress:
            progress(1)
    return played


def _not_real() -> None:
    if head()[0] and not stored(0).fields.get("demonstration"):
        raise Refused([rules.NOT_REAL.problem("This record was founded as that of a real State.")])


def _play(playing: Playing) -> None:
    block = playing.block
    verb = VERBS[block.head.do]
    mine, shared = split(block.fields, verb)
    try:
        made = msgspec.convert(resolved(mine, playing.numbers), verb)
        made.play(playing, resolved(shared, playing.numbers))
    except Refused as refused:
        raise Refused([_of_block(each, block.where) for each in refused.problems]) from refused
    except (msgspec.ValidationError, Unnamed, KeyError, TypeError) as error:
        raise Refused([rules.BLOCK.problem(f"{error}", record=block.where)]) from error


def _of_block(problem: Problem, where: str) -> Problem:
    return msgspec.structs.replace(problem, record=f"{where}, {problem.record}" if problem.record else where)


def _unexpected(playing: Playing) -> list[Problem]:
    expected = set(playing.block.head.expects)
    raised = {each.rule for each in playing.problems}
    told = [
        _of_block(each, playing.block.where)
        for each in playing.problems
        if each.rule not in expected and each.severity != "note"
    ]
    silent = [
        rules.UNEXPECTED.problem(f"Rule {number} was expected and found nothing.", record=playing.block.where)
        for number in sorted(expected - raised)
    ]
    return [*told, *silent]
