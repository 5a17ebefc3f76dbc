"""A pack to start from: the register and the checklist of a newcomer, by what it has or plans.

What a pack states is ordinary statements of accounting and of this room: it can be read before it is stated, and
changed afterwards like anything else. The points of measurement of each kind of facility stand in ``data/packs.toml``.

Rules kept here:

1. A pack names nothing that was not asked for: the codes are those given.
2. What the record has already is left out, so that a pack can be taken again when more is planned.
3. Its checklist has each of the nineteen issues in each phase up to the next, as *not started*: where a newcomer is
   further, it states so.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from openmpca.accounting import register
from openmpca.accounting.statements import Country, Facility, Kmp, Mba
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.newcomers.statements import ISSUES, PHASES, STATUSES, Condition, Newcomer
from openmpca.record.statements import Statement

OUTSIDE: Final = "location outside facilities"


@dataclass(frozen=True)
class Asked:
    """What a pack is for: the newcomer's code and name, its party, its country, a facility of a kind with its area."""

    newcomer: str
    title: str
    party: str
    country: str
    facility: str
    area: str
    kind: str
    phase: int = 1


@cache
def packs() -> dict[str, list[dict[str, object]]]:
    """The points of measurement by kind of facility: code, name, whether it is one of inventory."""
    text = (files(__package__) / "data" / "packs.toml").read_text(encoding="utf-8")
    return {each["facility"]: each["points"] for each in tomllib.loads(text)["pack"]}


def pack(asked: Asked, on: date) -> list[Statement]:
    """The statements of a pack, without those that the record has. KeyError for a kind of which there is none."""
    points = packs()[asked.kind]
    return [*_register(asked, points, on), *_checklist(asked, on)]


def _register(asked: Asked, points: list[dict[str, object]], on: date) -> Iterator[Statement]:
    if asked.country not in {each.fields.code for each in register.register(Country, on)}:
        yield Country(day=on, code=asked.country, name=asked.title, own=True)
    if asked.facility not in {each.fields.code for each in register.register(Facility, on)}:
        outside = asked.kind == OUTSIDE
        yield Facility(day=on, code=asked.facility, name=asked.kind, for_party=asked.party, outside_facilities=outside)
    if asked.area not in {each.fields.code for each in register.register(Mba, on)}:
        yield Mba(day=on, code=asked.area, facility=asked.facility, name=asked.kind, country=asked.country)
        for each in points:
            yield Kmp(
                day=on,
                mba=asked.area,
                code=str(each["code"]),
                name=str(each["name"]),
                inventory=bool(each["inventory"]),
            )


def _checklist(asked: Asked, on: date) -> Iterator[Statement]:
    claims = Claims(on, None, [asked.party])
    thing = f"newcomer:{asked.newcomer}"
    if not claims.about(Newcomer, thing):
        yield Newcomer(
            day=on,
            code=asked.newcomer,
            title=asked.title,
            answers=asked.party,
            phase=asked.phase,
            facilities=[asked.kind],
        )
    stated = {(each.said.issue, each.said.phase) for each in claims.about(Condition, thing)}
    for phase in PHASES[: min(asked.phase + 1, len(PHASES))]:
        for issue in ISSUES:
            if (issue, phase) not in stated:
                yield Condition(day=on, newcomer=asked.newcomer, issue=issue, phase=phase, status=STATUSES[0])
