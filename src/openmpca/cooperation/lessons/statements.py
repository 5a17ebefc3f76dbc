"""The statements about lessons: what was learned, what each party thinks of it, and what can be used again.

Source: issue "Partnership": a register of lessons so that a third country starts from them; the research on joint
programmes, 2.4 (a library of solved problems).
"""

from typing import Annotated, Final

from openmpca.cooperation.marks import DIGEST, Introduces, Names, OneOf
from openmpca.cooperation.statements import Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
POSITIVE, NEGATIVE = "do it again", "do it otherwise"
ABOUT: Final = ("clause", "project", "agreement", "template", "site", "assumption", "permit", "plan", "board")


@kind("cooperation.lesson", prepare=STATING, approve=STATING)
class Lesson(Said, frozen=True, kw_only=True):
    """What a party has learned: what happened, why, what it advises, and by what evidence."""

    code: Annotated[str, Introduces("lesson")]
    title: str
    sort: Annotated[str, OneOf(POSITIVE, NEGATIVE)]
    happened: str
    why: str
    advice: str
    evidence: str
    about: list[Annotated[str, Names(*ABOUT)]] = []
    topics: list[str] = []
    papers: dict[str, Annotated[str, DIGEST]] = {}


@kind("cooperation.lesson_view", prepare=STATING, approve=STATING)
class LessonView(Said, frozen=True, kw_only=True):
    """What a party thinks of a lesson, its own or another's."""

    lesson: Annotated[str, Names("lesson")]
    opinion: Annotated[str, OneOf("agrees", "agrees in part", "disagrees")]
    reason: str = ""


@kind("cooperation.template", prepare=STATING, approve=STATING)
class Template(Said, frozen=True, kw_only=True):
    """A text that was used and can be used again, such as a clause, an access arrangement or an act of acceptance."""

    code: Annotated[str, Introduces("template")]
    title: str
    sort: Annotated[str, OneOf("clause", "access arrangement", "act of acceptance", "plan", "procedure")]
    text: str
    origin: str = ""
