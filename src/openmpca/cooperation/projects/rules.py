"""What is checked of statements about projects: rules 860 to 869."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.projects.life import following, in_order
from openmpca.cooperation.projects.statements import ProjectState
from openmpca.cooperation.rules import Check, rows, sound
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

FOLLOWS = rule(
    860,
    "A state of a project follows one that leads to it",
    source="research on joint programmes, 1.2: the life of a project",
    mend="State the states between, or replace the statement that is wrong; see the page of the project.",
)
PERIOD = rule(
    861,
    "What is planned begins before it ends",
    source="design idea 7: milestones before start",
    mend="Put the two days right.",
)

Told = tuple[date, str]


def check_project(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Projects that end before they begin."""
    found = []
    for where, said in sound(segment):
        if said.starts and said.ends and said.ends < said.starts:
            told = f"It ends on {said.ends}, before {said.starts}."
            found.append(PERIOD.problem(told, record=where, field="ends"))
    return found


def check_state(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """States that do not follow from what the same party told before, or do not lead to what it told of later days."""
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    own = [each for each in in_order(claims.of(ProjectState)) if each.ours and each.party == act.party]
    replaced = {fields.get("replaces") for _where, fields in rows(segment)}
    courses: dict[str, list[Told]] = {}
    for each in own:
        if each.number not in replaced:
            courses.setdefault(each.code, []).append((each.said.day, each.said.state))
    return [found for where, said in sound(segment) for found in _placed(where, said, courses)]


def _placed(where: str, said: ProjectState, courses: dict[str, list[Told]]) -> Iterator[Problem]:
    """Put a state where its day stands in its course; tell what does not fit before or after it."""
    course, day, state = courses.setdefault(said.project, []), said.day, said.state
    at = sum(each[0] <= day for each in course)
    passed = [each[1] for each in course[:at]]
    course.insert(at, (day, state))
    if state not in following(passed):
        yield FOLLOWS.problem(_told(passed, state), record=where, field="state")
    elif at + 1 < len(course) and course[at + 1][1] not in following([*passed, state]):
        yield FOLLOWS.problem(_told([*passed, state], course[at + 1][1]), record=where, field="state")


def _told(passed: list[str], state: str) -> str:
    leads = following(passed)
    if not leads:
        return f"After {passed[-1]} comes nothing more, so not {state}."
    return f"After {passed[-1]} comes {', '.join(leads)}, not {state}."


CHECKS: Final[dict[str, Check]] = {"cooperation.project": check_project, "cooperation.project_state": check_state}
