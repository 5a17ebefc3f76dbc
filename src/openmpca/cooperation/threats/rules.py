"""What is checked of statements about threats: rules 850 to 853."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.rules import Check, rows
from openmpca.cooperation.sealing import matters
from openmpca.cooperation.sealing import rules as sealing
from openmpca.cooperation.sealing.successive import befores, returns
from openmpca.cooperation.statements import Said
from openmpca.cooperation.threats.content import SORT, words
from openmpca.cooperation.threats.statements import Comparison
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

SCALES = rule(
    850,
    "A scale has two words or more, each once",
    source="design idea 7: comparison on agreed scales",
    mend="Write the words from the lowest up with < between them: remote < possible < likely.",
)
COMPARED = rule(
    851,
    "What is compared or scored is named once, for two parties or more",
    source="design idea 7: comparison of the parties' views",
    mend="Name each party and each thing once, and at least two parties.",
)
AFTER = rule(
    852,
    "A comparison or a round does not come after itself",
    source="design idea 7: cyclic dependencies",
    mend="Name the one that was before it, or none.",
)


def _comparison(segment: Segment, known: Known, act: Act) -> list[Problem]:
    found = list[Problem]()
    for where, fields in rows(segment):
        found += _scales(fields, where)
        found += compared(fields, "threats", where, least=1)
        found += sealing.of_party(fields["parties"], act, fields["code"], where, "parties")
        found += comes_after(Comparison, fields, known, act, where)
    return [*found, *sealing.settled(segment, known, act, SORT)]


def _scales(fields: Any, where: str) -> Iterator[Problem]:
    if not fields.get("scales"):
        yield SCALES.problem("There is no scale.", record=where, field="scales")
    for name, scale in fields.get("scales", {}).items():
        given = words(scale)
        if not name.strip() or len(given) < 2 or len(set(given)) < len(given) or "" in given:
            yield SCALES.problem(f"{name!r} has the words {scale!r}.", record=where, field="scales")


def compared(fields: Any, name: str, where: str, *, least: int) -> Iterator[Problem]:
    """What is wrong with the parties and the things of a comparison or a round (rule 851)."""
    for field, few in (("parties", 2), (name, least)):
        given = fields.get(field, [])
        if len(given) < few or len(set(given)) < len(given):
            yield COMPARED.problem(f"There are {len(set(given))} of {len(given)}.", record=where, field=field)


def comes_after(kind: type[Said], fields: Any, known: Known, act: Act, where: str) -> Iterator[Problem]:
    """Whether a comparison or a round would come after itself (rule 852)."""
    code, before = fields["code"], fields.get("after", "")
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    if before and (before == code or returns(befores(claims, kind), code, before)):
        yield AFTER.problem(f"{code} would come after itself.", record=where, field="after")


def _averaging(segment: Segment, known: Known, act: Act) -> list[Problem]:
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = list[Problem]()
    for where, fields in rows(segment):
        named = matters.parties(claims, f"{SORT}:{fields['comparison']}", act.party)
        found += sealing.of_party(named, act, fields["comparison"], where, "comparison")
    return found


CHECKS: Final[dict[str, Check]] = {"cooperation.comparison": _comparison, "cooperation.averaging": _averaging}
