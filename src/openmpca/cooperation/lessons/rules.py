"""What is checked of statements about lessons: rules 895 to 896."""

from typing import Final

from openmpca.cooperation.lessons import statements  # noqa: F401  registers its kinds
from openmpca.cooperation.rules import Check, sound
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

GROUNDED = rule(
    895,
    "A lesson says what happened, why, and by what evidence",
    source="research on joint programmes: lessons with evidence",
    mend="Fill in the field: a lesson that nobody can check helps nobody.",
)
REASONED = rule(
    896,
    "Whoever does not wholly agree says why",
    source="design idea 7: each party's view",
    mend="Give the reason.",
)


def check_lesson(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Lessons without ground."""
    return [
        GROUNDED.problem("It is blank.", record=where, field=name)
        for where, said in sound(segment)
        for name in ("happened", "why", "advice", "evidence")
        if not getattr(said, name).strip()
    ]


def check_view(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Dissent without a reason."""
    return [
        REASONED.problem("It is blank.", record=where, field="reason")
        for where, said in sound(segment)
        if said.opinion != "agrees" and not said.reason.strip()
    ]


CHECKS: Final[dict[str, Check]] = {"cooperation.lesson": check_lesson, "cooperation.lesson_view": check_view}
