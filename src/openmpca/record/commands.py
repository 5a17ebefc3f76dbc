"""The verbs of the record: state, propose, approve, reject, found.

Every change goes this way: check the rules, ask who may, append. A two-person kind that one person states becomes a
proposal, which is no part of the record; it is checked again when the second person approves it with a call of their
own, and it is closed in the transaction that records it, so it is recorded once. What is stated of a form
(`record.once`) is recorded or proposed once, however often that is sent.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from django.db import transaction

from openmpca.problems import Problem, errors
from openmpca.record import clock, grants, once, proposals, references, rules
from openmpca.record.act import Act
from openmpca.record.commitment import Random
from openmpca.record.frames import Segment, segments
from openmpca.record.known import Known
from openmpca.record.models import Head, PersonName, Proposal
from openmpca.record.proposals import NoProposal
from openmpca.record.reading import stored
from openmpca.record.record import Refused, Writing, head, last_us, number_at, writing
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import KINDS, Founding, Statement, Withholding
from openmpca.tlog.merkle import EMPTY_ROOT

__all__ = [
    "NOW",
    "Circumstances",
    "NoProposal",
    "Stated",
    "Stream",
    "approve",
    "found_record",
    "party_of",
    "person_of",
    "reject",
    "state",
    "withhold",
]


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
    def now_us(self) -> int:
        """The time at which something is stated."""
        return clock.now_us() if self.moment_us is None else self.moment_us

    @property
    def today(self) -> date:
        """The day, in UTC, on which something is stated."""
        return clock.day(self.now_us)

    @property
    def given(self) -> bool:
        """Whether anything was set from outside."""
        return self.moment_us is not None or self.random is not os.urandom


NOW = Circumstances()
Progress = Callable[[int], None]


def _nothing_more(known: Known) -> list[Problem]:
    return []


@dataclass(frozen=True)
class Stream:
    """Segments that are made while they are written, so that they never all stand in memory.

    ``kinds`` names the kinds that may come; ``before`` are problems that were found in making them; ``afterwards`` sees
    what is known when all is written, before the commit.
    """

    kinds: tuple[str, ...]
    segments: Callable[[], Iterator[Segment]]
    before: tuple[Problem, ...] = ()
    afterwards: Callable[[Known], list[Problem]] = _nothing_more


Within = Callable[[Writing], None]


class _DryRun(Exception):  # noqa: N818
    """Ends a writing that only checked."""


def state(
    stated: Iterable[Statement] | list[Segment] | Stream,
    act: Act,
    *,
    when: Circumstances = NOW,
    dry_run: bool = False,
    progress: Progress | None = None,
    within: Within | None = None,
    proposed: Callable[[int], None] | None = None,
) -> Stated:
    """Check and record statements in one transaction, all or nothing.

    Raises `Refused` with every problem found when one of them is an error. When the only thing that is missing is a
    second person, the statements become a proposal. Statements may speak of each other (see `references`). ``within``
    is called in the same transaction when all is written, to keep beside the record what belongs to it; ``proposed``
    in the one that keeps a proposal, with its number. Raises `StatedAlready` for a form that was stated before.
    """
    if not dry_run:
        _of_a_new_form()
    stream = stated if isinstance(stated, Stream) else _stream(stated)
    if not act.approved_by and _takes_two(stream.kinds, when.today):
        return _propose(stream, act, when, dry_run, proposed)
    try:
        numbers, found = _write(stream, act, when, dry_run=dry_run, progress=progress, within=within)
    except Refused as refused:
        if act.approved_by or all(each.rule != rules.SECOND_PERSON.number for each in refused.problems):
            raise
        return _propose(stream, act, when, dry_run, proposed)
    return Stated(numbers, found)


def _of_a_new_form() -> None:
    """Refuse a form that is too old; raises `StatedAlready` for one that was stated."""
    try:
        if (form := once.held()) is not None:
            form.must_be_new()
    except once.TooOld:
        raise Refused([rules.FORM_TOO_OLD.problem("This form was opened too long ago.")]) from None


def _stream(stated: Iterable[Statement] | list[Segment]) -> Stream:
    given = list(stated)
    try:
        parts: list[Segment] = [each for each in given if isinstance(each, Segment)] or segments(given)  # type: ignore[arg-type]
    except UnicodeEncodeError as error:
        wrong = rules.FIELDS.problem(f"A text holds what is no character: {error.object[error.start : error.end]!a}.")
        raise Refused([wrong]) from None
    return Stream(tuple({part.kind.name: None for part in parts}), lambda: iter(parts))


def _takes_two(kinds: Iterable[str], day: date) -> bool:
    size, _ = head()
    known = Known("default", size)
    return size > 0 and any(grants.duty(KINDS[name], known, day).persons > 1 for name in kinds)


def _write(
    stream: Stream,
    act: Act,
    when: Circumstances,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    forgiven: frozenset[int] = frozenset(),
    within: Within | None = None,
) -> tuple[range, list[Problem]]:
    found: list[Problem] = [*stream.before, *rules.unfit(act.overrides)]
    numbers = range(0)
    stated = 0
    with suppress(_DryRun), writing(act, moment_us=when.moment_us, random=when.random) as opened:
        found += rules.clock_set(_is_demonstration(stream)) if when.given else []
        for given in stream.segments():
            part = references.resolved(given, opened.first)
            refused = range(opened.size, opened.first + stated)
            checked = [each for each in _check(part, opened, act) if not references.follows(each, part, refused)]
            wrong = rules.overridden(checked, act.overrides)
            stated += part.frame.height
            found += [part.told(each) for each in wrong if each.rule not in forgiven]
            if not errors(found):
                opened.append(part, progress)
        if not errors(found):
            found += rules.overridden(opened.conclude(), act.overrides) + stream.afterwards(opened.known)
        if errors(found):
            raise Refused(found)
        numbers = range(opened.first, opened.size)
        if dry_run:
            raise _DryRun
        if within is not None:
            within(opened)
        if (form := once.held()) is not None and numbers:
            form.recorded(numbers)
    return numbers, found


def _check(part: Segment, opened: Writing, act: Act) -> list[Problem]:
    day = clock.day(opened.recorded_us)
    unwritable = rules.text(part)
    return [
        *unwritable,
        *rules.permit(part, act, opened.known, day),
        *rules.future(part, day),
        *([] if unwritable else ROOMS[part.kind.room].check(part, opened.known, act)),
    ]


def _is_demonstration(stream: Stream) -> bool:
    try:
        return bool(stored(0).fields.get("demonstration"))
    except KeyError:
        first = next(stream.segments(), None)
        return first is not None and "demonstration" in first.frame.columns and bool(first.frame["demonstration"][0])


def _propose(
    stream: Stream, act: Act, when: Circumstances, dry_run: bool, proposed: Callable[[int], None] | None
) -> Stated:
    forgiven = frozenset({rules.SECOND_PERSON.number})
    _, found = _write(stream, act, when, dry_run=True, forgiven=forgiven)
    if dry_run:
        return Stated(range(0), found)
    with transaction.atomic():
        saved = proposals.save(list(stream.segments()), act, max(when.now_us, last_us()))
        if proposed is not None:
            proposed(saved)
        if (form := once.held()) is not None:
            form.proposed(saved)
    return Stated(range(0), found, proposal=saved)


def approve(proposal_id: int, person: str, *, when: Circumstances = NOW, dry_run: bool = False) -> Stated:
    """Record what another person prepared; the rules run again on the book as it is now.

    What is no longer as it was when it was prepared, so that the second person would sign something else, is refused.
    """
    if not dry_run:
        _of_a_new_form()
    waiting = proposals.opened(proposal_id)
    act = Act(
        party=waiting.party,
        prepared_by=waiting.prepared_by,
        approved_by=[person],
        overrides=dict(waiting.overrides),
    )

    def close(opened: Writing) -> None:
        proposals.close(waiting, person, opened.recorded_us, number=opened.first)

    parts = proposals.statements(waiting)

    def meanwhile(known: Known) -> list[Problem]:
        before, now = number_at(waiting.prepared_us), known.number - 1 - sum(part.frame.height for part in parts)
        return [each for part in parts for each in ROOMS[part.kind.room].meanwhile(part, before, now)]

    waiting_for = replace(_stream(parts), afterwards=meanwhile)
    numbers, found = _write(waiting_for, act, when, dry_run=dry_run, within=close)
    return Stated(numbers, found)


def reject(proposal_id: int, person: str, reason: str, *, when: Circumstances = NOW) -> None:
    """Close a proposal without recording it: whoever might have approved it, or the preparer, who takes it back."""
    _of_a_new_form()
    waiting = proposals.opened(proposal_id)
    if person != waiting.prepared_by and (lacking := _refusing(waiting, person, when.today)):
        raise Refused(lacking)
    with transaction.atomic():
        proposals.close(waiting, person, when.now_us, refusal=reason.strip() or "withdrawn")
        if (form := once.held()) is not None:
            form.proposed(proposal_id)


def _refusing(waiting: Proposal, person: str, day: date) -> list[Problem]:
    known = Known("default", head()[0])
    act = Act(party=waiting.party, prepared_by=waiting.prepared_by, approved_by=[person])
    found = [each for part in proposals.statements(waiting) for each in rules.permit(part, act, known, day)]
    return [each for each in found if each.rule == rules.NO_GRANT_TO_APPROVE.number]


def found_record(founding: Founding, names: dict[str, tuple[str, str]], *, when: Circumstances = NOW) -> Stated:
    """Make the first statement of an empty record; ``names`` gives (handle, name) of each person, kept outside it."""
    Head.objects.bulk_create([Head(id=1, size=0, recorded_us=0, root=EMPTY_ROOT)], ignore_conflicts=True)
    act = Act(party=founding.of_party, prepared_by=next(iter(founding.persons), ""))

    def name_people(opened: Writing) -> None:
        PersonName.objects.bulk_create(
            PersonName(person=person, handle=handle, name=name) for person, (handle, name) in names.items()
        )

    numbers, found = _write(_stream([founding]), act, when, within=name_people)
    return Stated(numbers, found)


def withhold(withholding: Withholding, act: Act, *, when: Circumstances = NOW) -> Stated:
    """Turn lines of a stored statement into bare digests, by a statement that names them."""
    return state([withholding], act, when=when)


def person_of(handle: str) -> str:
    """The identifier behind a handle or an identifier; KeyError when nobody is called so."""
    found = PersonName.objects.filter(handle=handle).values_list("person", flat=True).first()
    if found:
        return str(found)
    known = Known("default", head()[0])
    if known.frame("SELECT 1 FROM record_person WHERE person = %s LIMIT 1", [handle], {"one": pl.Int64}).height:
        return handle
    raise KeyError(handle)


def party_of(person: str, day: date) -> str:
    """The party that a person acts for when it is not said: the party of their only grants on that day."""
    size, _ = head()
    parties = grants.grants(person, Known("default", size), day)["party"].unique().sort().to_list()
    if len(parties) != 1:
        acts_for = ", ".join(parties) or "no party"
        raise LookupError(f"{person} acts for {acts_for} on {day}; say which with --party.")
    return str(parties[0])
