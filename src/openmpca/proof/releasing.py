"""Whose statements a party may release, and to whom: rules 48 and 49.

Rules kept here:

1. A party releases its own statements; the party that keeps the record, the State's authority, all of them.
2. But what a party keeps to itself, or for some parties (`Room.kept_from`), goes to nobody else, whoever releases it.

Source: design, idea 7: each party decides what of its own is shown.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.known import Known
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import Fields

KEPT_BACK: Final = rule(
    48,
    "What a party keeps back goes to nobody",
    source="design idea 7: no host can forge, or peep into, what a party has not released",
    mend="Leave the statement out, or let its party state it again with the recipient in its release.",
)
WHOSE: Final = rule(
    49,
    "A party releases what it stated itself",
    source="design idea 7: each party decides what of its own is shown",
    mend="Leave the statement out, or let the party that stated it, or the one that keeps the record, release it.",
)


def unfit(bodies: Mapping[int, Fields], recipient: str, known: Known, act: Act, record: str) -> list[Problem]:
    """The problems of releasing statements with these bodies; one that names no party is the keeper's."""
    return [*_of_others(bodies, known, act, record), *_kept(bodies, recipient, record)]


def _of_others(bodies: Mapping[int, Fields], known: Known, act: Act, record: str) -> Iterator[Problem]:
    foreign = {number: body.get("party") for number, body in bodies.items() if body.get("party") != act.party}
    if foreign and act.party != _keeper(known):
        for number, party in sorted(foreign.items()):
            message = f"Statement {number} is of {party or 'nobody named'}, not of {act.party}."
            yield WHOSE.problem(message, record=record)


def _kept(bodies: Mapping[int, Fields], recipient: str, record: str) -> Iterator[Problem]:
    for number, body in sorted(bodies.items()):
        room = ROOMS.get(str(body.get("kind", "")).partition(".")[0])
        if room is not None and room.kept_from(body, str(body.get("party", "")), [recipient]):
            message = f"Statement {number} of {body.get('party')} is not released to {recipient}."
            yield KEPT_BACK.problem(message, record=record, field="statements")


def _keeper(known: Known) -> str:
    """The party that the founding named."""
    found = known.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})
    return str(found["code"][0]) if found.height else ""
