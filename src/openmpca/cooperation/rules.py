"""What is checked of every statement of this room before it is recorded: rules 800 to 809.

The forms follow from the marks of the fields (`marks`), so they are the same for every kind. What a kind asks for
beside them stands in the `rules` of its subject, which gives its checks here under the name of the kind.

Source: design, ideas 5 and 7.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from openmpca.cooperation.book import introduces, named, thing_of
from openmpca.cooperation.claims import Claims, readable
from openmpca.cooperation.marks import EVERYBODY, PARTY, Mark, OneOf, marked, unfit
from openmpca.cooperation.statements import Said
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment, lines
from openmpca.record.known import Known, placeholders
from openmpca.record.statements import KINDS, Statement

INTRODUCED = rule(
    800,
    "A thing is introduced before it is spoken of",
    source="design idea 7: claims of parties about the same things",
    mend="State the thing first, or write its code as it was stated: see the list of such things.",
)
WORD = rule(
    801,
    "A field holds one of its words",
    source="design idea 5: rules and codes are data",
    mend="Use one of the words that the field takes.",
)
FORM = rule(
    802,
    "Amounts, shares, parties, currencies, digests and moments are written in one form",
    source="design idea 4: no floating point; exact decimals",
    mend="Write it as the example of the field shows.",
)
CODE = rule(
    803,
    "A code is short and plain",
    source="design idea 7: codes that several parties use",
    mend="Use up to 40 letters, figures and . - _ / and begin with a letter or figure.",
)
REPLACED = rule(
    804,
    "A party replaces or takes back what it stated itself",
    source="design ideas 1 and 7: nobody overwrites what another stated",
    mend="Give the number of a standing statement of your own party, of the same kind and about the same thing.",
)
RELEASED = rule(
    805,
    "A release names parties that the record knows",
    source="design idea 7: a party decides who reads what it states",
    mend="Name parties by their codes, or * for all.",
)

CODES: Final = re.compile(r"[^\W_][\w./-]{0,39}")
_PART: Final = 500
_STATED: Final = {"thing": pl.String, "party": pl.String, "release": pl.String}

Fields = Mapping[str, Any]
Check = Callable[[Segment, Known, Act], list[Problem]]


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of a segment: those that follow from the marks, then those of its kind."""
    found = [*_marks(segment, known, act), *_replacing(segment, known, act), *_releasing(segment, known)]
    own = CHECKS.get(segment.kind.name)
    return [*found, *(own(segment, known, act) if own else [])]


CHECKS: Final[dict[str, Check]] = {}
"""The checks of each kind beside those of all; a subject gives its own when the room is made."""


def rows(segment: Segment) -> Iterator[tuple[str, Fields]]:
    """The statements of a segment: how a problem names each, and its fields that are not blank."""
    own = segment.frame.select(segment.kind.struct.__struct_fields__)
    for at, each in enumerate(lines(segment.kind.name, own), 1):
        where = segment.kind.name if segment.frame.height == 1 else f"{segment.kind.name} {at}"
        yield where, dict(each)


def sound(segment: Segment) -> Iterator[tuple[str, Any]]:
    """The statements of a segment whose words and forms can be read, each as it is typed; the others are refused."""
    struct = segment.kind.struct
    for where, fields in rows(segment):
        if not any(unfit(struct, fields)):
            yield where, struct(**fields)


def _marks(segment: Segment, known: Known, act: Act) -> Iterator[Problem]:
    struct = segment.kind.struct
    parties, there = _parties(known), _there(segment, known, act)
    introduced = set[str]()
    for where, fields in rows(segment):
        for field, mark, told in (*unfit(struct, fields), *_unknown(struct, fields, parties)):
            yield (WORD if isinstance(mark, OneOf) else FORM).problem(told, record=where, field=field)
        code = introduces(struct, fields)
        if code and not CODES.fullmatch(code.partition(":")[2]):
            yield CODE.problem(f"{code.partition(':')[2]!r} is no code.", record=where, field="code")
        introduced.add(code)
        for field, target in named(struct, fields):
            if target not in there and target not in introduced:
                yield INTRODUCED.problem(f"Nobody has stated {target!r}.", record=where, field=field)


def _unknown(struct: type[Statement], fields: Fields, parties: frozenset[str]) -> Iterator[tuple[str, Mark, str]]:
    """The parties that are named and that the record does not know."""
    for each in marked(struct):
        for mark, text in each.texts(fields.get(each.name)):
            if mark == PARTY and text not in parties:
                yield each.name, mark, f"The record knows no party {text!r}."


def _parties(known: Known) -> frozenset[str]:
    found = known.frame("SELECT code FROM record_party WHERE number < %s", [known.number], {"code": pl.String})
    return frozenset(found["code"])


def _there(segment: Segment, known: Known, act: Act) -> frozenset[str]:
    """Those of the things that a segment names of which somebody has stated something that its party may read."""
    struct = segment.kind.struct
    wanted = sorted({target for _where, fields in rows(segment) for _field, target in named(struct, fields)})
    found = set(stated_by_whom(wanted, known, act.party))
    if len(found) < len(wanted):
        found |= Claims(date.max, known.number - 1, [act.party], known.using).things_of_partners
    return frozenset(found)


def stated_by_whom(things: Sequence[str], known: Known, reader: str) -> dict[str, set[str]]:
    """The parties of this record that stated something of each thing, as far as a party may read it.

    What it may not read is as if it were not there: no rule tells that somebody keeps something from it.
    """
    found: dict[str, set[str]] = {}
    for start in range(0, len(things), _PART):
        part = things[start : start + _PART]
        sql = (
            "SELECT DISTINCT thing, party, release FROM cooperation_claim"  # noqa: S608  placeholders only
            f" WHERE thing IN {placeholders(part)} AND number < %s"
        )
        for thing, party, release in known.frame(sql, [*part, known.number], _STATED).iter_rows():
            if readable(party, release.split(), [reader]):
                found.setdefault(thing, set()).add(party)
    return found


def _replacing(segment: Segment, known: Known, act: Act) -> Iterator[Problem]:
    """Statements that take the place of what is not their own party's, or not there (rule 804)."""
    taken = set[int]()
    for where, fields in rows(segment):
        number = fields.get("replaces")
        told = ""
        if number is None:
            told = "It does not say which." if segment.kind.name == "cooperation.withdrawal" else ""
        elif number in taken:
            told = f"Statement {number} is replaced here twice."
        else:
            taken.add(number)
            told = _not_own(number, thing_of(segment.kind.struct, fields), segment.kind.name, known, act)
        if told:
            yield REPLACED.problem(told, record=where, field="replaces")


def _not_own(number: int, thing: str, kind: str, known: Known, act: Act) -> str:
    sql = (
        "SELECT kind, party, thing, (SELECT COUNT(*) FROM cooperation_claim r WHERE r.replaces = c.number"
        " AND r.number < %s) AS gone FROM cooperation_claim c WHERE number = %s AND number < %s"
    )
    schema = {"kind": pl.String, "party": pl.String, "thing": pl.String, "gone": pl.Int64}
    found = known.frame(sql, [known.number, number, known.number], schema).rows(named=True)
    if not found or found[0]["party"] != act.party:
        return f"{act.party} has stated no {number} in this room."
    if found[0]["gone"]:
        return f"Statement {number} was replaced or taken back before."
    if kind != "cooperation.withdrawal" and (found[0]["kind"], found[0]["thing"]) != (kind, thing):
        return f"Statement {number} is {found[0]['kind']} about {found[0]['thing']}."
    return ""


def _releasing(segment: Segment, known: Known) -> Iterator[Problem]:
    parties = _parties(known) | {EVERYBODY}
    for where, fields in rows(segment):
        if unknown := sorted(set(fields.get("release", [])) - parties):
            told = f"The record knows no party {', '.join(unknown)}."
            yield RELEASED.problem(told, record=where, field="release")


def kinds() -> list[type[Said]]:
    """The kinds of this room, in the order in which they were registered."""
    return [each.struct for each in KINDS.values() if issubclass(each.struct, Said)]
