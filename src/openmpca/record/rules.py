"""The rules of the record's own room and of every act: rules 1 to 99."""

from collections.abc import Callable
from datetime import date

import msgspec
import polars as pl

from openmpca.problems import WARNING, Problem, rule
from openmpca.record import grants
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import KINDS, ROLES

NO_GRANT_TO_PREPARE = rule(
    1, "Who prepares holds a grant", source="design idea 1", mend="Ask an administrator of the party for the grant."
)
NO_GRANT_TO_APPROVE = rule(
    2,
    "Who approves holds a grant",
    source="design idea 1",
    mend="Let a person approve who holds the grant, or ask for it.",
)
SECOND_PERSON = rule(
    3,
    "A two-person statement has a second person",
    source="design idea 1",
    mend="Propose it, and let another person approve the proposal with a call of their own.",
)
SAME_PERSON = rule(4, "Nobody approves what they prepared", source="design idea 1", mend="Let another person approve.")
OVERRIDE = rule(
    5,
    "Only a soft rule is overridden, with a reason",
    source="design idea 5",
    mend="Give the number of a soft rule and a reason of a few words, or mend what the rule found.",
)
UNKNOWN_ROLE = rule(6, "A grant names a known role", source="design", mend=f"Use one of {', '.join(ROLES)}.")
UNKNOWN_SCOPE = rule(
    7, "A grant names a scope", source="design", mend="Use * or facility:CODE or mba:CODE, with capital letters."
)
UNKNOWN_PARTY = rule(8, "A party is introduced first", source="design idea 1", mend="State record.party first.")
UNKNOWN_PERSON = rule(9, "A person is introduced first", source="design idea 1", mend="State record.person first.")
KNOWN_TWICE = rule(10, "A party or person is introduced once", source="design idea 1", mend="Use another identifier.")
NO_SUCH_GRANT = rule(
    11, "A grant that ends exists", source="design idea 1", mend="Give the number of a grant statement."
)
DUTY = rule(
    12,
    "A duty names a known kind, known roles and one or two persons",
    source="design idea 1",
    mend="See `openmpca kinds` for kinds and roles; a two-person duty needs roles that approve.",
)
WITHHOLDING = rule(
    13,
    "Only fields that no figure depends on are withheld",
    source="design idea 6",
    mend="Name fields that stand in the statement and that its kind lists as erasable.",
)
FOUNDED_ONCE = rule(14, "A record is founded once", source="design idea 1", mend="Begin a new record in another home.")
FUTURE_DAY = rule(
    15,
    "A statement does not speak of a day to come",
    severity=WARNING,
    source="frequent mistakes: dates in the future",
    mend="Check the date, and the clock of this machine.",
)


def permit(segment: Segment, act: Act, known: Known, day: date) -> list[Problem]:
    """Whether this act may record this segment on this day: grants, second person."""
    if known.number == 0:
        return []
    duty = grants.duty(segment.kind, known, day)
    places = ROOMS[segment.kind.room].scopes(segment, known)
    where = segment.kind.name
    found = []
    if lacking := grants.missing(act.prepared_by, act.party, duty.prepare, places, known, day):
        found.append(NO_GRANT_TO_PREPARE.problem(f"{lacking}, which {where} takes.", record=where, field="prepared_by"))
    if act.prepared_by in act.approved_by:
        found.append(SAME_PERSON.problem(f"{act.prepared_by} prepared it.", record=where, field="approved_by"))
    if len(act.approved_by) < duty.persons - 1:
        found.append(SECOND_PERSON.problem("One name is not enough.", record=where, field="approved_by"))
    for person in act.approved_by:
        if lacking := grants.missing(person, act.party, duty.approve, places, known, day):
            found.append(
                NO_GRANT_TO_APPROVE.problem(f"{lacking}, which approving takes.", record=where, field="approved_by")
            )
    return found


def future(segment: Segment, today: date) -> list[Problem]:
    """Statements that speak of a day to come."""
    late = segment.frame.with_row_index("row", 1).filter(pl.col("day") > today)
    if segment.kind.room == "record" or not late.height:
        return []
    return [
        FUTURE_DAY.problem(f"{day} is after {today}.", record=f"{segment.kind.name} {row}", field="day")
        for row, day in late.select("row", "day").iter_rows()
    ]


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The checks of a segment of this room's own statements."""
    found: list[Problem] = []
    for row in segment.frame.iter_rows(named=True):
        found += _CHECKS[segment.kind.name](row, known)
    return found


Row = dict[str, object]


def _exists(table: str, column: str, value: object, known: Known) -> bool:
    sql = f'SELECT 1 FROM {table} WHERE "{column}" = %s AND number < %s LIMIT 1'  # noqa: S608  names of our own tables
    return known.frame(sql, [value, known.number], {"one": pl.Int64}).height > 0


def _founding(row: Row, known: Known) -> list[Problem]:
    if known.number:
        return [FOUNDED_ONCE.problem("This record has statements already.", record="record.founding")]
    return []


def _party(row: Row, known: Known) -> list[Problem]:
    if _exists("record_party", "code", row["code"], known):
        return [KNOWN_TWICE.problem(f"The party {row['code']} is known.", record="record.party", field="code")]
    return []


def _person(row: Row, known: Known) -> list[Problem]:
    found = []
    if _exists("record_person", "person", row["person"], known):
        found.append(KNOWN_TWICE.problem(f"{row['person']} is known.", record="record.person", field="person"))
    if not _exists("record_party", "code", row["of"], known):
        found.append(UNKNOWN_PARTY.problem(f"No party {row['of']}.", record="record.person", field="of"))
    return found


def _grant(row: Row, known: Known) -> list[Problem]:
    found, name = [], "record.grant"
    if row["role"] not in ROLES:
        found.append(UNKNOWN_ROLE.problem(f"{row['role']!r} is no role.", record=name, field="role"))
    scope = str(row["scope"])
    if scope != "*" and not (scope.startswith(("facility:", "mba:")) and scope.partition(":")[2]):
        found.append(UNKNOWN_SCOPE.problem(f"{scope!r} is no scope.", record=name, field="scope"))
    if not _exists("record_party", "code", row["for_party"], known):
        found.append(UNKNOWN_PARTY.problem(f"No party {row['for_party']}.", record=name, field="for_party"))
    for field in ("person", "deputy_for"):
        if row[field] and not _exists("record_person", "person", row[field], known):
            found.append(UNKNOWN_PERSON.problem(f"No person {row[field]}.", record=name, field=field))
    return found


def _grant_end(row: Row, known: Known) -> list[Problem]:
    if not _exists("record_grant", "number", row["grant"], known):
        return [
            NO_SUCH_GRANT.problem(f"Statement {row['grant']} gave no grant.", record="record.grant_end", field="grant")
        ]
    return []


def _duty(row: Row, known: Known) -> list[Problem]:
    prepare, approve = list(row["prepare"]), list(row["approve"])  # type: ignore[call-overload]
    wrong = [
        (row["of"] not in KINDS, "of", f"{row['of']} is no kind."),
        (row["persons"] not in (1, 2), "persons", f"{row['persons']} is not one or two."),
        (not prepare or not set(prepare + approve) <= set(ROLES), "prepare", "A role is missing or unknown."),
        (row["persons"] == 2 and not approve, "approve", "Nobody could approve."),
    ]
    return [DUTY.problem(text, record="record.duty", field=field) for bad, field, text in wrong if bad]


def _withholding(row: Row, known: Known) -> list[Problem]:
    from openmpca.record.reading import stored

    found, name = [], "record.withholding"
    number = row["statement"]
    if not isinstance(number, int) or not 0 <= number < known.number:
        return [WITHHOLDING.problem(f"There is no statement {number}.", record=name, field="statement")]
    kept = stored(number)
    for field in list(row["fields"]):  # type: ignore[call-overload]
        if field not in kept.kind.erasable:
            found.append(
                WITHHOLDING.problem(f"{field} of {kept.kind.name} may not be withheld.", record=name, field=field)
            )
        elif field not in kept.fields:
            found.append(WITHHOLDING.problem(f"Statement {number} shows no {field}.", record=name, field=field))
    return found


_CHECKS: dict[str, Callable[[Row, Known], list[Problem]]] = {
    "record.founding": _founding,
    "record.party": _party,
    "record.person": _person,
    "record.grant": _grant,
    "record.grant_end": _grant_end,
    "record.duty": _duty,
    "record.withholding": _withholding,
}


def overridden(problems: list[Problem], overrides: dict[str, str]) -> list[Problem]:
    """The problems with those of soft, overridden rules turned into notes; an override that may not be is a problem."""
    from openmpca.problems import NOTE, RULES

    found = []
    for number, reason in overrides.items():
        known = RULES.get(int(number)) if number.isdigit() else None
        if known is None or not known.soft or not reason.strip():
            found.append(OVERRIDE.problem(f"Rule {number} cannot be overridden so.", field="overrides"))
    taken = {int(number) for number in overrides if number.isdigit()} if not found else set()
    return found + [
        msgspec.structs.replace(problem, severity=NOTE) if problem.rule in taken else problem for problem in problems
    ]
