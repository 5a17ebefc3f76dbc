"""The rules of the record's own room and of every act: rules 1 to 99."""

from collections.abc import Callable
from datetime import date
from functools import cached_property

import msgspec
import polars as pl

from openmpca.problems import NOTE, RULES, WARNING, Problem, rule
from openmpca.record import grants
from openmpca.record.act import Act
from openmpca.record.frames import PAIRS, Segment
from openmpca.record.known import Known
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import ADMINISTRATOR, KINDS, ROLES

FOUNDING = "record.founding"

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
FOUNDED_ONCE = rule(
    14,
    "A record begins with its founding, once",
    source="design idea 1",
    mend="Found a new record with `openmpca init`, in a home of its own.",
)
FUTURE_DAY = rule(
    15,
    "A statement does not speak of a day to come",
    severity=WARNING,
    source="frequent mistakes: dates in the future",
    mend="Check the date, and the clock of this machine.",
)


FOUNDERS = rule(
    16,
    "A founding names a party and at least two persons",
    source="design idea 1: two persons",
    mend="Name the party, and two different persons: one alone could change nothing that takes two.",
)
SET_CLOCK = rule(
    17,
    "Only a demonstration sets its clock and its salts",
    source="design idea 6",
    mend="Leave the time to this machine, or found the record as a demonstration.",
)
DEPUTY = rule(
    18,
    "A deputy stands in for a holder of the role, until a day",
    source="design idea 1: periods and deputies",
    mend="Give the last day, and name a person who holds this role for this party.",
)
OTHER_PARTY = rule(
    19,
    "A party is administered by itself or by the party that keeps the record",
    source="design idea 7",
    mend="Let an administrator of that party, or of the founding party, state it.",
)
TWO_ADMINISTRATORS = rule(
    20,
    "The founding party keeps two administrators",
    source="design idea 1: two persons",
    mend="Grant another person the role of administrator first.",
)
FIELDS = rule(
    21,
    "A statement has the fields of its kind",
    source="design idea 1",
    mend="See `openmpca kinds KIND` for its fields and their form.",
)
TEXT = rule(22, "Text holds no NUL character", source="PostgreSQL takes none", mend="Remove the character U+0000.")
EVENT_AHEAD = rule(
    23,
    "What is stated to have happened has happened",
    source="frequent mistakes: dates in the future",
    mend="Check the date, and the clock of this machine. What is to come is stated when it has come.",
    soft=True,
)
FORM_TOO_OLD = rule(
    24,
    "A form is stated within thirty days",
    source="no statement twice, whenever the server or the connection ends",
    mend="Look whether it was stated. If it was not, state it again now.",
)


def permit(segment: Segment, act: Act, known: Known, day: date) -> list[Problem]:
    """Whether this act may record this segment on this day: grants, second person."""
    if known.number == 0:
        return [] if segment.kind.name == FOUNDING else [FOUNDED_ONCE.problem("This record is not founded yet.")]
    duty = grants.duty(segment.kind, known, day)
    room = ROOMS[segment.kind.room]
    places = room.scopes(segment, known)
    where = segment.kind.name
    found = []
    if lacking := grants.missing(act.prepared_by, act.party, duty.prepare, places, known, day):
        found.append(NO_GRANT_TO_PREPARE.problem(f"{lacking}, which {where} takes.", record=where, field="prepared_by"))
    if act.prepared_by in act.approved_by:
        found.append(SAME_PERSON.problem(f"{act.prepared_by} prepared it.", record=where, field="approved_by"))
    elif len({act.prepared_by, *act.approved_by}) < max(duty.persons, room.persons(segment, known, day)):
        found.append(SECOND_PERSON.problem("One name is not enough.", record=where, field="approved_by"))
    for person in act.approved_by:
        if lacking := grants.missing(person, act.party, duty.approve or duty.prepare, places, known, day):
            found.append(
                NO_GRANT_TO_APPROVE.problem(f"{lacking}, which approving takes.", record=where, field="approved_by")
            )
    return found


def future(segment: Segment, today: date) -> list[Problem]:
    """Statements that speak of a day to come; an event may be of the next day, which is today further east.

    What was reported long ago is told, and taken as it was reported.
    """
    if segment.kind.room == "record" or "day" not in segment.frame.columns:
        return []
    late = segment.frame.with_row_index("row", 1).filter(pl.col("day") > today)
    if "reported" not in late.columns:
        late = late.with_columns(reported=pl.lit(""))
    return [
        (EVENT_AHEAD if segment.kind.event and not reported and (day - today).days > 1 else FUTURE_DAY).problem(
            f"{day} is after {today}.", record=f"{segment.kind.name} {row}", field="day"
        )
        for row, day, reported in late.select("row", "day", "reported").iter_rows()
    ]


def text(segment: Segment) -> list[Problem]:
    """Texts that a database would refuse."""
    columns = [(name, text) for name, column in segment.frame.schema.items() for text in _texts(name, column)]
    marks = [text.str.contains("\0", literal=True).any().alias(str(at)) for at, (_, text) in enumerate(columns)]
    marked = segment.frame.select(marks).row(0) if marks else ()
    found = dict.fromkeys(name for (name, _), wrong in zip(columns, marked, strict=True) if wrong)
    return [TEXT.problem("There is a NUL character.", record=segment.kind.name, field=name) for name in found]


def _texts(name: str, column: pl.DataType) -> list[pl.Expr]:
    """The texts of a column, also those in its lists and mappings."""
    if column == PAIRS:
        return [pl.col(name).explode().struct.field(part) for part in ("key", "value")]
    if column == pl.List(pl.String):
        return [pl.col(name).explode()]
    return [pl.col(name)] if column == pl.String else []


def clock_set(demonstration: bool) -> list[Problem]:
    """Whether a time or salts may be given from outside."""
    return [] if demonstration else [SET_CLOCK.problem("This State is real.", record="record.founding")]


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The checks of a segment of this room's own statements."""
    found: list[Problem] = []
    asked = _Asked(known.using, known.number)
    for row in segment.frame.iter_rows(named=True):
        found += _CHECKS[segment.kind.name](row, asked, act)
    return found + _twice(segment)


Row = dict[str, object]


class _Asked(Known):
    """What is known, with what the checks of one segment ask again and again."""

    @cached_property
    def keeper(self) -> str:
        """The party that keeps the record: the one that the founding named."""
        found = self.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})
        return str(found["code"][0]) if found.height else ""


def _twice(segment: Segment) -> list[Problem]:
    """What is introduced, or withheld from, twice at once: the tables do not know the first yet."""
    name = segment.kind.name
    field = {"record.party": "code", "record.person": "person", "record.withholding": "statement"}.get(name)
    if field is None:
        same = name == FOUNDING and segment.frame.height > 1
        return [FOUNDED_ONCE.problem("Two foundings.", record=name)] if same else []
    again = segment.frame.filter(pl.col(field).is_duplicated())[field].unique(maintain_order=True)
    return [KNOWN_TWICE.problem(f"{value} stands here twice.", record=name, field=field) for value in again]


def _exists(table: str, column: str, value: object, known: _Asked) -> bool:
    sql = f'SELECT 1 FROM {table} WHERE "{column}" = %s AND number < %s LIMIT 1'  # noqa: S608  names of our own tables
    return known.frame(sql, [value, known.number], {"one": pl.Int64}).height > 0


def _administers(act: Act, party: object, known: _Asked, name: str) -> list[Problem]:
    if act.party in (party, known.keeper):
        return []
    return [OTHER_PARTY.problem(f"{act.party} does not administer {party}.", record=name, field="party")]


def _founding(row: Row, known: _Asked, act: Act) -> list[Problem]:
    if known.number:
        return [FOUNDED_ONCE.problem("This record has statements already.", record=FOUNDING)]
    people = [str(each).strip() for each in list(row["persons"])]  # type: ignore[call-overload]
    found = []
    if len(set(people)) < max(2, len(people)) or "" in people or not str(row["of_party"]).strip():
        message = f"Different persons named: {len(set(people) - {''})}; party: {row['of_party']!r}."
        found.append(FOUNDERS.problem(message, record=FOUNDING))
    for role in list(row["roles"]):  # type: ignore[call-overload]
        if role not in ROLES:
            found.append(UNKNOWN_ROLE.problem(f"{role!r} is no role.", record=FOUNDING, field="roles"))
    return found


def _party(row: Row, known: _Asked, act: Act) -> list[Problem]:
    found = _administers(act, known.keeper, known, "record.party")
    if _exists("record_party", "code", row["code"], known):
        found.append(KNOWN_TWICE.problem(f"The party {row['code']} is known.", record="record.party", field="code"))
    return found


def _person(row: Row, known: _Asked, act: Act) -> list[Problem]:
    found = _administers(act, row["of"], known, "record.person")
    if _exists("record_person", "person", row["person"], known):
        found.append(KNOWN_TWICE.problem(f"{row['person']} is known.", record="record.person", field="person"))
    if not _exists("record_party", "code", row["of"], known):
        found.append(UNKNOWN_PARTY.problem(f"No party {row['of']}.", record="record.person", field="of"))
    return found


def _grant(row: Row, known: _Asked, act: Act) -> list[Problem]:
    name = "record.grant"
    found = _administers(act, row["for_party"], known, name)
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
    return found + (_deputy(row, known) if row["deputy_for"] else [])


def _deputy(row: Row, known: _Asked) -> list[Problem]:
    held = grants.grants(str(row["deputy_for"]), known, row["day"])  # type: ignore[arg-type]
    same = held.filter(pl.col("party").eq(row["for_party"]) & pl.col("role").eq(row["role"]))
    if row["until"] is not None and same.height:
        return []
    lacks = "The last day is missing." if same.height else f"{row['deputy_for']} is no {row['role']} on that day."
    return [DEPUTY.problem(lacks, record="record.grant", field="until" if same.height else "deputy_for")]


def _grant_end(row: Row, known: _Asked, act: Act) -> list[Problem]:
    name = "record.grant_end"
    given = grants.given(int(str(row["grant"])), known)
    people = given["person"].unique().sort().to_list()
    if not people:
        return [NO_SUCH_GRANT.problem(f"Statement {row['grant']} gave no grant.", record=name, field="grant")]
    found = _administers(act, given["party"][0], known, name)
    if row["person"] not in ("" if len(people) == 1 else people[0], *people):
        found.append(
            NO_SUCH_GRANT.problem(
                f"Statement {row['grant']} gave grants to {', '.join(people)}.",
                record=name,
                field="person",
                mend="Say whose grant ends with the field person.",
            )
        )
    left = grants.holders(ADMINISTRATOR, known.keeper, known, row["day"], besides=row)  # type: ignore[arg-type]
    if len(left) < 2:
        found.append(TWO_ADMINISTRATORS.problem(f"Left: {', '.join(left) or 'nobody'}.", record=name, field="grant"))
    return found


def _duty(row: Row, known: _Asked, act: Act) -> list[Problem]:
    prepare, approve = list(row["prepare"]), list(row["approve"])  # type: ignore[call-overload]
    wrong = [
        (row["of"] not in KINDS or row["of"] == FOUNDING, "of", f"{row['of']} is no kind."),
        (row["persons"] not in (1, 2), "persons", f"{row['persons']} is not one or two."),
        (row["persons"] == 1 and _takes_two(row["of"]), "persons", f"{row['of']} always takes two."),
        (not prepare or not set(prepare + approve) <= set(ROLES), "prepare", "A role is missing or unknown."),
        (row["persons"] == 2 and not approve, "approve", "Nobody could approve."),
    ]
    found = [DUTY.problem(message, record="record.duty", field=field) for bad, field, message in wrong if bad]
    return found + _administers(act, known.keeper, known, "record.duty")


def _takes_two(name: object) -> bool:
    return name in KINDS and KINDS[str(name)].persons == 2


def _withholding(row: Row, known: _Asked, act: Act) -> list[Problem]:
    from openmpca.record.reading import stored

    name, number = "record.withholding", row["statement"]
    if not isinstance(number, int) or not 0 <= number < known.number:
        return [WITHHOLDING.problem(f"There is no statement {number}.", record=name, field="statement")]
    kept = stored(number)
    found = _administers(act, kept.party, known, name)
    names = [str(field) for field in list(row["fields"])]  # type: ignore[call-overload]
    if not names or len(set(names)) != len(names):
        found.append(WITHHOLDING.problem("No field, or one twice.", record=name, field="fields"))
    for field in names:
        if field not in kept.kind.erasable:
            found.append(
                WITHHOLDING.problem(f"{field} of {kept.kind.name} may not be withheld.", record=name, field=field)
            )
        elif field not in kept.body:
            found.append(WITHHOLDING.problem(f"Statement {number} shows no {field}.", record=name, field=field))
    return found


_CHECKS: dict[str, Callable[[Row, _Asked, Act], list[Problem]]] = {
    "record.founding": _founding,
    "record.party": _party,
    "record.person": _person,
    "record.grant": _grant,
    "record.grant_end": _grant_end,
    "record.duty": _duty,
    "record.withholding": _withholding,
}


def unfit(overrides: dict[str, str]) -> list[Problem]:
    """Overrides that may not be: of a rule that is not soft or not known, or without a reason."""
    return [
        OVERRIDE.problem(f"Rule {number} cannot be overridden so.", field="overrides")
        for number, reason in overrides.items()
        if not (number.isdecimal() and int(number) in RULES and RULES[int(number)].soft and reason.strip())
    ]


def overridden(problems: list[Problem], overrides: dict[str, str]) -> list[Problem]:
    """The problems with those of overridden rules turned into notes; see `unfit` for what may be overridden."""
    taken = {number for number in overrides if number.isdecimal() and int(number) in RULES and RULES[int(number)].soft}
    return [
        msgspec.structs.replace(problem, severity=NOTE) if str(problem.rule) in taken else problem
        for problem in problems
    ]
