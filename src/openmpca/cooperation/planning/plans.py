"""Plans as they stand: every revision with its content and digest, which is in force, the baseline and the current one.

Rules kept here:

1. The content of a revision is what the party that states it puts under it: its tasks, milestones and logframe, in one
   form of bytes. Its SHA-256 is what a decision approves, as an attachment called ``plan CODE``.
2. A revision is in force while a decision in force approves just that content: a task that is changed afterwards takes
   the approval away.
3. The baseline is the first revision in force, the current plan the last.
4. Where no revision is in force, the last that was stated is shown, and said to be a draft.

Source: the research on joint programmes, 1.6: a versioned plan whose every revision is valid with all signatures.
"""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from openmpca.cooperation.boards.deciding import Judge
from openmpca.cooperation.boards.statements import Decision
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.planning.statements import LogLine, Milestone, Plan, Task

S = TypeVar("S", Task, Milestone, LogLine)
_Part = Plan | Task | Milestone | LogLine
_SETTING = ("day", "release", "replaces")


@dataclass(frozen=True)
class Revision:
    """A revision of a plan as one party states it; ``approved`` is the decision in force that approves it."""

    claim: Claim[Plan]
    tasks: tuple[Claim[Task], ...]
    milestones: tuple[Claim[Milestone], ...]
    lines: tuple[Claim[LogLine], ...]
    approved: str = ""
    since: date | None = None

    @property
    def code(self) -> str:
        """The code of the plan."""
        return self.claim.code

    @property
    def digest(self) -> str:
        """The SHA-256 of its content."""
        return sha256(self.content).hexdigest()

    @property
    def content(self) -> bytes:
        """What a decision approves, as bytes (rule 1)."""
        parts: dict[str, list[_Part]] = {
            "tasks": [each.said for each in self.tasks],
            "milestones": [each.said for each in self.milestones],
            "logframe": [each.said for each in self.lines],
        }
        own = {name: sorted(map(_own, told), key=_text) for name, told in parts.items()}
        content = {"format": "openmpca plan v1", "plan": _own(self.claim.said), **own}
        return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _own(said: _Part) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(said).items() if name not in _SETTING}


def _text(own: dict[str, Any]) -> str:
    return json.dumps(own, sort_keys=True)


def paper(code: str) -> str:
    """The name by which a decision has the content of a plan among its papers.

    >>> paper("PL-2")
    'plan PL-2'
    """
    return f"plan {code}"


def revisions(claims: Claims, project: str) -> list[Revision]:
    """The revisions of the plan of a project, by number; each as each party states it."""
    plans = [each for each in claims.of(Plan) if each.said.project == project]
    approved = _approvals(claims, {each.code for each in plans})
    found = []
    for each in sorted(plans, key=lambda each: (each.said.revision, each.known, each.number)):
        made = Revision(each, _of(claims, Task, each), _of(claims, Milestone, each), _of(claims, LogLine, each))
        decision, since = approved.get((each.code, made.digest), ("", None))
        found.append(Revision(each, made.tasks, made.milestones, made.lines, decision, since))
    return found


def _of(claims: Claims, kind: type[S], plan: Claim[Plan]) -> tuple[Claim[S], ...]:
    return tuple(each for each in claims.of(kind) if each.said.plan == plan.code and each.party == plan.party)


def _approvals(claims: Claims, plans: set[str]) -> dict[tuple[str, str], tuple[str, date]]:
    """The decisions in force that approve contents of plans, by plan and digest."""
    names = {paper(each): each for each in plans}
    judge, found = Judge(claims), dict[tuple[str, str], tuple[str, date]]()
    for code in sorted({each.code for each in claims.of(Decision) if each.said.attachments.keys() & names.keys()}):
        held = judge.in_force(code)
        for name, sha in (held.content.said.attachments if held else {}).items():
            if held and name in names:
                found[names[name], sha] = code, held.day
    return found


@dataclass(frozen=True)
class Standing:
    """The plan of a project: its baseline, its current revision, and whether that is only a draft (rule 4)."""

    baseline: Revision
    current: Revision

    @property
    def draft(self) -> bool:
        """Whether no decision approves it."""
        return not self.current.approved


def plan(claims: Claims, project: str) -> Standing | None:
    """The plan of a project; None where none is stated."""
    told = revisions(claims, project)
    valid = [each for each in told if each.approved]
    if not told:
        return None
    return Standing(valid[0], valid[-1]) if valid else Standing(told[0], told[-1])
