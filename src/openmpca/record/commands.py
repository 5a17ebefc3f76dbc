"""The verbs of the record: state, propose, approve, reject, withhold, found.

Every change goes this way: check the rules, ask who may, append. A two-person kind that one person states becomes a
proposal, which is no part of the record; it is checked again when the second person approves it with a call of their own.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import msgspec

from openmpca.problems import Problem, errors
from openmpca.record import clock, grants, rules
from openmpca.record.act import Act
from openmpca.record.commitment import Random
from openmpca.record.frames import Segment, lines, segments
from openmpca.record.known import Known
from openmpca.record.models import Head, PersonName, Proposal, Row
from openmpca.record.record import Refused, Writing, head, writing
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import KINDS, Fields, Founding, Statement, Withholding
from openmpca.tlog.disclosure import Body
from openmpca.tlog.merkle import EMPTY_ROOT


@dataclass(frozen=True)
class Stated:
    """What came of stating: the numbers recorded, or the proposal that waits; and the problems that did not refuse."""

    numbers: range
    problems: list[Problem]
    proposal: int | None = None


@dataclass(frozen=True)
class Circumstances:
    """When and with what salts something is stated; the machine's own unless a demonstration sets them."""

    moment_us: int | None = None
    random: Random = os.urandom

    @property
    def today(self) -> date:
        """The day, in UTC, on which something is stated."""
        return clock.day(self.moment_us or clock.now_us())


NOW = Circumstances()
Progress = Callable[[int], None]


class _DryRun(Exception):  # noqa: N818
    """Ends a writing that only checked."""


def state(
    stated: Iterable[Statement] | list[Segment],
    act: Act,
    *,
    when: Circumstances = NOW,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Stated:
    """Check and record statements in one transaction, all or nothing.

    Raises `Refused` with every problem found when one of them is an error. When the only thing that is missing is a
    second person, the statements become a proposal.
    """
    given = list(stated)
    parts: list[Segment] = [each for each in given if isinstance(each, Segment)] or segments(given)  # type: ignore[arg-type]
    if not act.approved_by and _takes_two(parts, when.today):
        return _propose(parts, act, when, dry_run)
    numbers, found = _write(parts, act, when, dry_run, progress)
    return Stated(numbers, found)


def _takes_two(parts: list[Segment], day: date) -> bool:
    size, _ = head()
    known = Known("default", size)
    return size > 0 and any(
        grants.duty(of, known, day).persons > 1 for of in {part.kind.name: part.kind for part in parts}.values()
    )


def _write(
    parts: list[Segment],
    act: Act,
    when: Circumstances,
    dry_run: bool,
    progress: Progress | None = None,
    forgiven: frozenset[int] = frozenset(),
) -> tuple[range, list[Problem]]:
    found: list[Problem] = []
    numbers = range(0)
    with suppress(_DryRun), writing(act, moment_us=when.moment_us, random=when.random) as opened:
        for part in parts:
            wrong = rules.overridden(_check(part, opened, act, clock.day(opened.recorded_us)), act.overrides)
            found += [each for each in wrong if each.rule not in forgiven]
            if not errors(found):
                opened.append(part, progress)
        if not errors(found):
            drawn = [each for name, kept in opened.kept.items() for each in ROOMS[name].conclude(kept, opened.known)]
            found += rules.overridden(drawn, act.overrides)
        if errors(found):
            raise Refused(found)
        numbers = range(opened.first, opened.size)
        if dry_run:
            raise _DryRun
    return numbers, found


def _check(part: Segment, opened: Writing, act: Act, today: date) -> list[Problem]:
    return [
        *rules.permit(part, act, opened.known, today),
        *rules.future(part, today),
        *ROOMS[part.kind.room].check(part, opened.known, act),
    ]


def _propose(parts: list[Segment], act: Act, when: Circumstances, dry_run: bool) -> Stated:
    _, found = _write(parts, act, when, dry_run=True, forgiven=frozenset({rules.SECOND_PERSON.number}))
    if dry_run:
        return Stated(range(0), found)
    saved = Proposal.objects.create(
        party=act.party,
        prepared_by=act.prepared_by,
        prepared_us=when.moment_us or clock.now_us(),
        title=", ".join(f"{part.frame.height} x {part.kind.name}" for part in parts[:4]),
        statements=_pack(parts),
        overrides=act.overrides,
    )
    return Stated(range(0), found, proposal=saved.pk)


def _pack(parts: list[Segment]) -> bytes:
    packed = [(part.kind.name, [dict(own) for own in lines(part.kind.name, part.frame)]) for part in parts]
    return msgspec.json.encode(packed)


def proposed(proposal: Proposal) -> list[Segment]:
    """The statements of a proposal."""
    from openmpca.record.frames import frame

    packed = msgspec.json.decode(bytes(proposal.statements), type=list[tuple[str, list[Fields]]])
    return [Segment(KINDS[name], frame(name, rows)) for name, rows in packed]


def approve(proposal_id: int, person: str, *, when: Circumstances = NOW) -> Stated:
    """Record what another person prepared; the rules run again on the book as it is now."""
    waiting = _open_proposal(proposal_id)
    act = Act(
        party=waiting.party,
        prepared_by=waiting.prepared_by,
        approved_by=[person],
        overrides=dict(waiting.overrides),
    )
    numbers, found = _write(proposed(waiting), act, when, dry_run=False)
    _close(waiting, person, when, number=numbers.start)
    return Stated(numbers, found)


def reject(proposal_id: int, person: str, reason: str, *, when: Circumstances = NOW) -> None:
    """Close a proposal without recording it; who prepared it may also take it back so."""
    _close(_open_proposal(proposal_id), person, when, refusal=reason or "withdrawn")


class NoProposal(Exception):  # noqa: N818
    """There is no such proposal, or it is closed."""


def _open_proposal(proposal_id: int) -> Proposal:
    waiting = Proposal.objects.filter(pk=proposal_id, closed_us=None).first()
    if waiting is None:
        raise NoProposal(f"There is no open proposal {proposal_id}. See `openmpca proposals`.")
    return waiting


def _close(
    waiting: Proposal, person: str, when: Circumstances, *, number: int | None = None, refusal: str = ""
) -> None:
    Proposal.objects.filter(pk=waiting.pk).update(
        closed_us=when.moment_us or clock.now_us(), closed_by=person, number=number, refusal=refusal
    )


def found_record(founding: Founding, names: dict[str, tuple[str, str]], *, when: Circumstances = NOW) -> Stated:
    """Make the first statement of an empty record; ``names`` gives (handle, name) of each person, kept outside it."""
    Head.objects.get_or_create(id=1, defaults={"size": 0, "recorded_us": 0, "root": EMPTY_ROOT})
    act = Act(party=founding.of_party, prepared_by=founding.persons[0])
    made = state([founding], act, when=when)
    for person, (handle, name) in names.items():
        PersonName.objects.create(person=person, handle=handle, name=name)
    return made


def withhold(withholding: Withholding, act: Act, *, when: Circumstances = NOW) -> Stated:
    """Turn lines of a stored statement into bare digests, by a statement that names them."""
    made = state([withholding], act, when=when)
    if made.proposal is None:
        apply_withholding(withholding)
    return made


def apply_withholding(withholding: Withholding) -> None:
    """Put the digests in place of the lines; the entry, and so the tree, stay as they are."""
    row = Row.objects.get(number=withholding.statement)
    Row.objects.filter(number=row.number).update(body=Body.parse(row.body).withhold(withholding.fields).text)


def person_of(handle: str) -> str:
    """The identifier behind a handle or an identifier; KeyError when nobody is called so."""
    found = PersonName.objects.filter(handle=handle).values_list("person", flat=True).first()
    if found:
        return str(found)
    if PersonName.objects.filter(person=handle).exists():
        return handle
    raise KeyError(handle)


def party_of(person: str, day: date) -> str:
    """The party that a person acts for when it is not said: the party of their only grants on that day."""
    size, _ = head()
    parties = grants.grants(person, Known("default", size), day)["party"].unique().to_list()
    if len(parties) != 1:
        raise LookupError(f"{person} acts for {len(parties)} parties on {day}; say which with --party.")
    return str(parties[0])
