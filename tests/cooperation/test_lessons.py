"""Lessons learned: with evidence, with dissent beside them, found from what they are about."""

from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.lessons.register import lessons
from openmpca.cooperation.lessons.statements import Lesson, LessonView, Template
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.test_claims import agreement
from tests.cooperation.test_projects import project
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in


def lesson(**others: Any) -> Lesson:
    given = {
        "day": DAY,
        "code": "LL-1",
        "title": "Confirm what will be fed in",
        "sort": "do it otherwise",
        "happened": "A plant was completed and never used.",
        "why": "Nobody had to confirm that the propellant would come.",
        "advice": "Let an owner on each side confirm it before each obligation.",
        "evidence": "Report of the auditors",
        "about": ["project:P-07"],
        "topics": ["Feedstock"],
        "release": ["*"],
    }
    return Lesson(**{**given, **others})


def view(opinion: str, reason: str = "") -> LessonView:
    return LessonView(day=DAY, lesson="LL-1", opinion=opinion, reason=reason, release=["*"])


def stated() -> tuple[Any, Any]:
    ours, theirs = hosting()
    state(ours, agreement(release=["*"]), project(agreement="UA", release=["*"]), lesson())
    state(theirs, view("agrees in part", "The owner had been told by word of mouth."))
    return ours, theirs


def codes(**asked: str) -> list[str]:
    return [each.code for each in lessons(Claims(DAY), **asked)]


def test_a_lesson_has_ground_and_dissent_has_a_reason(state_home: State) -> None:
    ours, theirs = stated()
    assert refused(ours, lesson(evidence=" ", why="")) == [(895, "why"), (895, "evidence")]
    assert refused(theirs, view("disagrees")) == [(896, "reason")]
    (found,) = lessons(Claims(DAY))
    assert (found.contested, found.about, found.topics) == (True, ["project:P-07"], ["Feedstock"])
    state(theirs, view("agrees"))
    assert not lessons(Claims(DAY))[0].contested
    assert state(ours, Template(day=DAY, code="T-1", title="Act", sort="act of acceptance", text="We accept."))


def test_lessons_are_found_from_what_they_are_about_and_what_that_rests_on(state_home: State) -> None:
    ours, _theirs = stated()
    state(ours, lesson(code="LL-2", about=["agreement:UA"], topics=["Tax"], sort="do it again"))
    state(ours, lesson(code="LL-3", about=[], topics=[]))
    assert codes() == ["LL-1", "LL-2", "LL-3"]
    assert codes(about="project:P-07") == ["LL-1", "LL-2"]
    assert codes(about="agreement:UA") == ["LL-2"]
    assert codes(sort="do it again") == ["LL-2"]
    assert codes(topic="feedstock") == ["LL-1"]


def test_lessons_on_the_command_line(
    state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    run = Run(monkeypatch, capsys)
    stated()
    assert [row["contested"] for row in run.json("lesson", "list", "--about", "project:P-07")[1]] == ["yes"]
    assert run.json("lesson", "list", "--topic", "tax")[1] == []
    assert f"{HOSTED} agrees in part: The owner" in run.text("lesson", "show", "LL-1")[1]
    assert run.json("lesson", "show", "LL-1")[1]["views"][0]["party"] == HOSTED
    assert run.text("lesson", "show", "LL-9")[0] == 4


def test_lessons_on_pages_without_what_was_kept(site: State) -> None:
    ours, _theirs = stated()
    state(ours, lesson(code="QQ-9", title="Ours alone", release=[]))
    anna, hana = signed_in("anna"), signed_in("hana")
    assert "Ours alone" in anna.get("/cooperation/lessons").content.decode()
    assert "QQ-9" not in hana.get("/cooperation/lessons").content.decode()
    assert hana.get("/cooperation/lesson?code=QQ-9").status_code == 404
    assert "Nobody has given a view" in anna.get("/cooperation/lesson?code=QQ-9").content.decode()
    one = hana.get("/cooperation/lesson?code=LL-1").content.decode()
    assert "word of mouth" in one
    assert "LL-1" in hana.get("/cooperation/lessons?about=project:P-07&sort=do+it+otherwise").content.decode()
