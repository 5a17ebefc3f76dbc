"""Whose statements a party may release: its own. The party that keeps the record, the State's authority, all of them.

Source: design, idea 7: each party decides what of its own is shown.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.known import Known

WHOSE: Final = rule(
    49,
    "A party releases what it stated itself",
    source="design idea 7: each party decides what of its own is shown",
    mend="Leave the statement out, or let the party that stated it, or the one that keeps the record, release it.",
)


def of_others(parties: Mapping[int, object], known: Known, act: Act, record: str) -> list[Problem]:
    """The problems of releasing statements that these parties stated; without a party, it is the keeper's."""
    foreign = {number: party for number, party in parties.items() if party != act.party}
    if not foreign or act.party == _keeper(known):
        return []
    return [
        WHOSE.problem(f"Statement {number} is of {party or 'nobody named'}, not of {act.party}.", record=record)
        for number, party in sorted(foreign.items())
    ]


def _keeper(known: Known) -> str:
    """The party that the founding named."""
    found = known.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})
    return str(found["code"][0]) if found.height else ""
