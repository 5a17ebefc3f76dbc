"""What waits for a second person: the list, one proposal with what it would do, approving it, rejecting it.

Rules kept here:

1. A proposal is shown to who prepared it, and to whoever reads every place that it speaks of; to others there is none.
2. What is shown is what is kept: the fields of the statements, and what the book would make of them now.
3. Approving takes a fresh proof that the person sits there, and is a call of their own; the record's rules decide
   whether they may. Nobody approves what they prepared.
4. Rejecting takes a reason. Who prepared a proposal takes it back so.

Source: design, idea 1 (two persons); `record.commands`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.effects import would_do
from openmpca.pages.acting import value
from openmpca.pages.blocks import LINKS, Beside, Block, Button, Effect, Facts, Field, Form, Link, Page, Problems, Table
from openmpca.pages.blocks import Text as Said
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import Problem
from openmpca.record import commands, rules
from openmpca.record import proposals as kept
from openmpca.record.frames import Segment, frame
from openmpca.record.known import Known
from openmpca.record.models import PersonName, Proposal
from openmpca.record.reading import stored
from openmpca.record.record import Refused, head
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import KINDS, Statement

MOST: Final = 100
"""How many statements of a proposal are shown one by one, and tried on the book."""


@page("record/proposals", title=gettext_lazy("Waiting for a second person"), needs=Open.READER, menu=5)
def proposals(asking: Asking, closed: bool = False) -> Page:
    """What waits for a second person; closed ones too, when asked for."""
    heads = {
        "proposal": _("Proposal"),
        "title": _("What"),
        "party": _("Party"),
        "prepared_by": _("Prepared by"),
        "prepared": _("Prepared"),
        "status": _("Status"),
    }
    table = Table(visible(asking, closed=closed), heads, name="proposals", empty=_("Nothing waits."))
    if closed:
        other = Link(_("Only those that wait"), asking.to("record/proposals"))
    else:
        other = Link(_("Closed ones too"), asking.to("record/proposals", closed=1))
    return Page(_("Waiting for a second person"), [table], links=[other])


def visible(asking: Asking, *, closed: bool = False) -> list[dict[str, Any]]:
    """A row for each proposal that who asks may read, persons by their handles, with its link."""
    found = {each.pk: each for each in _those(closed)}
    return [
        {**_named(row), LINKS: {"proposal": asking.to("record/proposal", number=row["proposal"])}}
        for row in kept.listed(closed=closed)
        if (proposal := found.get(int(str(row["proposal"])))) is not None and _may_read(asking, proposal)
    ]


def _those(closed: bool) -> Iterator[Proposal]:
    every = Proposal.objects.order_by("pk")
    return iter(every if closed else every.filter(closed_us=None))


def _named(row: dict[str, object]) -> dict[str, object]:
    names = PersonName.handles()
    words = str(row["status"]).split(" ")
    status = " ".join(names.get(each.rstrip(":"), each.rstrip(":")) + ":" * each.endswith(":") for each in words)
    by = names.get(str(row["prepared_by"]), row["prepared_by"])
    return {**row, "title": worded(str(row["title"])), "prepared_by": by, "status": worded(status)}


def _may_read(asking: Asking, proposal: Proposal) -> bool:
    if _kept_from(asking, proposal):
        return False
    if asking.reach.everywhere or (proposal.prepared_by == asking.person and not asking.reach.narrowed):
        return True
    scopes = {each.scope for each in asking.reach.held}
    known = Known("default", head()[0])
    covering = [one for part in _parts(proposal) for one in ROOMS[part.kind.room].scopes(part, known)]
    return bool(covering) and all(scopes & each for each in covering)


def _kept_from(asking: Asking, proposal: Proposal) -> bool:
    """Whether the party of a proposal keeps some of it from who asks."""
    return any(
        ROOMS[part.kind.room].kept_from(row, proposal.party, asking.reach.parties)
        for part in _parts(proposal)
        for row in part.frame.iter_rows(named=True)
    )


def _parts(proposal: Proposal) -> list[Segment]:
    """The statements of a proposal; of one that was recorded the first, which the record has."""
    if proposal.number is None:
        return kept.statements(proposal)
    first = stored(proposal.number)
    return [Segment(first.kind, frame(first.kind.name, [first.fields]))]


def _one(asking: Asking, number: int) -> Proposal:
    found = Proposal.objects.filter(pk=number).first() if number < 1 << 62 else None
    if found is None or not _may_read(asking, found):
        raise NotFound(_("There is no proposal %(number)s that you may read.") % {"number": number})
    return found


@page("record/proposal", title=gettext_lazy("Proposal"), needs=Open.READER)
def proposal(asking: Asking, number: int) -> Page:
    """One proposal: what it says, what it would do, who prepared it, and the ways to decide."""
    return _shown(asking, _one(asking, number))


@page("record/approve", title=gettext_lazy("Approve"), needs=Open.READER, in_person=True)
def approve(asking: Asking, number: int, sent: Sent | None = None) -> Page | Go:
    """Approve a proposal, or with the step ``check`` see whether that would be refused."""
    found = _one(asking, number)
    if sent is None:
        return _shown(asking, found)
    only_check = sent.get("step") == "check"
    if not only_check:
        must_be_fresh(asking)
    try:
        made = commands.approve(number, asking.person, dry_run=only_check)
    except Refused as refused:
        return _shown(asking, found, refused.problems, status=200 if only_check else 422)
    except commands.NoProposal as error:
        return _shown(asking, _one(asking, number), said=worded(str(error)), status=409)
    if only_check:
        return _shown(asking, found, made.problems, said=_("Nothing refuses it."))
    return Go(asking.to("record/proposal", number=number), _recorded(made), value(made))


@page("record/reject", title=gettext_lazy("Reject"), needs=Open.READER, in_person=True)
def reject(asking: Asking, number: int, sent: Sent | None = None) -> Page | Go:
    """Close a proposal without recording it; who prepared it takes it back so."""
    found = _one(asking, number)
    if sent is None:
        return _shown(asking, found)
    reason = str(sent.get("reason", "")).strip()
    if not reason:
        lacking = rules.FIELDS.problem(_("Say why."), field="reason", mend=_("Write a reason of a few words."))
        return _shown(asking, found, [lacking], status=422)
    try:
        commands.reject(number, asking.person, reason)
    except Refused as refused:
        return _shown(asking, found, refused.problems, reason=reason, status=422)
    except commands.NoProposal as error:
        return _shown(asking, _one(asking, number), said=worded(str(error)), reason=reason, status=409)
    said = _("Proposal %(number)s is closed; nothing was recorded.") % {"number": number}
    return Go(asking.to("record/proposals"), said)


def _recorded(made: commands.Stated) -> str:
    first, last = made.numbers[0], made.numbers[-1]
    if first == last:
        return _("Recorded as statement %(first)s.") % {"first": first}
    return _("Recorded as statements %(first)s to %(last)s.") % {"first": first, "last": last}


def _shown(
    asking: Asking,
    found: Proposal,
    problems: Sequence[Problem] = (),
    *,
    said: str = "",
    reason: str = "",
    status: int = 200,
) -> Page:
    told: list[Block] = [Problems(problems)] if problems else []
    told += [Said(said, name="said")] if said else []
    row = _named(kept.listed(found.pk)[0])
    waits = found.closed_us is None
    decide = _ways_to_decide(asking, found, reason) if waits else []
    blocks = [*told, _facts(row), *decide, *(_what_it_says(found) if waits else [])]
    above = [Link(_("Waiting for a second person"), asking.to("record/proposals"))]
    return Page(str(row["title"]), blocks, above=above, status=status)


def _facts(row: dict[str, object]) -> Facts:
    facts: dict[str, object] = {
        _("Proposal"): row["proposal"],
        _("Prepared by"): row["prepared_by"],
        _("For the party"): row["party"],
        _("Prepared"): row["prepared"],
        _("Status"): row["status"],
    }
    overrides: Any = row["overrides"]
    for number, reason in dict(overrides).items():
        facts[_("In spite of rule %(number)s") % {"number": number}] = reason
    return Facts(facts, name="proposal")


def _ways_to_decide(asking: Asking, found: Proposal, reason: str) -> list[Block]:
    why = Field("reason", _("Reason to reject"), reason, required=True, help=_("Who prepared it reads this."))
    to_reject = Form([why], [Button(_("Reject"))], action=asking.to("record/reject", number=found.pk), name="rejecting")
    if found.prepared_by == asking.person:
        own = _("You prepared it: another person approves it. You may take it back.")
        return [Said(own, name="own"), to_reject]
    buttons = [Button(_("Approve"), "approve", main=True), Button(_("Check"), "check")]
    to_approve = Form([], buttons, action=asking.to("record/approve", number=found.pk), name="approving")
    return [Beside([to_approve, to_reject])]


def _what_it_says(found: Proposal) -> list[Block]:
    contents = kept.contents(found.pk)
    blocks: list[Block] = [_would_do(found, contents)]
    for place, each in enumerate(contents[:MOST], 1):
        refers = KINDS[str(each["kind"])].refers
        facts = {name: _in_words(value, name in refers) for name, value in each.items() if name != "kind"}
        blocks.append(Facts(facts, name=f"statement_{place}", caption=f"{place}. {each['kind']}"))
    if len(contents) > MOST:
        more = _("The first %(shown)s of %(count)s statements are shown.")
        blocks.append(Said(more % {"shown": MOST, "count": len(contents)}, name="more"))
    return blocks


def _in_words(value: object, refers: bool) -> object:
    if refers and isinstance(value, int) and value < 0:
        return _("statement %(place)s of this proposal") % {"place": -value}
    if isinstance(value, dict):
        return ", ".join(f"{key} {text}" for key, text in value.items())
    return value


def _would_do(found: Proposal, contents: Sequence[dict[str, object]]) -> Effect:
    blocks: list[Block] = [
        Table(
            told.rows, {name: _(head) for name, head in told.heads.items()}, name="foreseen", empty=_("Nothing moves.")
        )
        for told in kept.foreseen(found.pk)
    ]
    statements = list(_moving(contents))
    if statements and len(contents) <= MOST and not _opens(contents):
        blocks += would_do(statements)
    return Effect(blocks, caption=_("If it is approved now") if blocks else "")


def _opens(contents: Sequence[dict[str, object]]) -> bool:
    """Whether they open an area: what its lines come to is foreseen, and its postings are made of them when they are
    on record."""
    return any(each["kind"] == "accounting.inventory" and bool(each.get("opening")) for each in contents)


def _moving(contents: Sequence[dict[str, object]]) -> Iterator[Statement]:
    """The statements of accounting, as `preview` takes them."""
    for each in contents:
        kind = KINDS[str(each["kind"])]
        if kind.room == "accounting":
            yield msgspec.convert({name: value for name, value in each.items() if name != "kind"}, kind.struct)
