"""Proposals: statements that one person prepared and that wait for a second person.

Operational, never the source of a figure. A proposal keeps the statements as their fields with the version of their
kind, so that one made before an update of OpenMPCA is read after it. What was recorded is dropped from it: the record
has it.
"""

from collections.abc import Iterator

import msgspec

from openmpca.record import clock
from openmpca.record.act import Act
from openmpca.record.frames import Segment, frame, lines
from openmpca.record.layout import counted
from openmpca.record.models import Proposal
from openmpca.record.rooms import ROOMS, Foreseen
from openmpca.record.statements import KINDS, Fields, read_fields

_Packed = list[tuple[str, int, list[Fields]]]
_EMPTY = b"[]"


class NoProposal(Exception):  # noqa: N818
    """There is no such proposal, or it is closed."""


def save(parts: list[Segment], act: Act, prepared_us: int) -> int:
    """Keep statements for a second person; gives the number of the proposal."""
    packed = [
        (part.kind.name, part.kind.version, [dict(own) for own in lines(part.kind.name, part.frame)]) for part in parts
    ]
    saved = Proposal.objects.create(
        party=act.party,
        prepared_by=act.prepared_by,
        prepared_us=prepared_us,
        title=titled(parts),
        statements=msgspec.json.encode(packed),
        overrides=act.overrides,
    )
    return int(saved.pk)


def statements(proposal: Proposal) -> list[Segment]:
    """The statements of a proposal, each kind lifted to its newest version."""
    packed = msgspec.json.decode(bytes(proposal.statements), type=_Packed)
    return [
        Segment(KINDS[name], frame(name, [read_fields(name, version, row) for row in rows]))
        for name, version, rows in packed
    ]


def titled(parts: list[Segment]) -> str:
    """What statements say, in short: the first in the words of its room, and how many more there are."""
    first, total = parts[0], sum(part.frame.height for part in parts)
    words = ROOMS[first.kind.room].words(first.kind.name, first.frame.row(0, named=True))
    return words if total == 1 else f"{words}, and {counted(total - 1, 'further statement')}"


def waiting(kind: str) -> Iterator[tuple[int, Fields]]:
    """The fields of each statement of a kind that waits, with the number of its proposal."""
    for each in Proposal.objects.filter(closed_us=None).order_by("pk"):
        for part in statements(each):
            if part.kind.name == kind:
                yield from ((int(each.pk), row) for row in part.frame.iter_rows(named=True))


def opened(proposal_id: int) -> Proposal:
    """The open proposal with this number; `NoProposal` when there is none."""
    waiting = Proposal.objects.filter(pk=proposal_id, closed_us=None).first()
    if waiting is None:
        raise NoProposal(f"There is no open proposal {proposal_id}.")
    return waiting


def close(waiting: Proposal, person: str, closed_us: int, *, number: int | None = None, refusal: str = "") -> None:
    """Close a proposal, once: `NoProposal` when somebody else closed it meanwhile."""
    changed: dict[str, object] = {"closed_us": closed_us, "closed_by": person, "number": number, "refusal": refusal}
    if number is not None:
        changed["statements"] = _EMPTY
    if not Proposal.objects.filter(pk=waiting.pk, closed_us=None).update(**changed):
        raise NoProposal(f"Proposal {waiting.pk} was closed by somebody else meanwhile.")


def listed(number: int | None = None, *, closed: bool = False) -> list[dict[str, object]]:
    """A row for each open proposal, or for closed ones too, or for one."""
    found = Proposal.objects.order_by("pk")
    if number is not None:
        found = found.filter(pk=number)
    elif not closed:
        found = found.filter(closed_us=None)
    return [
        {
            "proposal": each.pk,
            "title": each.title,
            "party": each.party,
            "prepared_by": each.prepared_by,
            "prepared": clock.to_text(each.prepared_us)[:19].replace("T", " "),
            "overrides": each.overrides,
            "status": _status(each),
        }
        for each in found
    ]


def _status(proposal: Proposal) -> str:
    if proposal.closed_us is None:
        return "waits"
    if proposal.number is not None:
        return f"recorded as {proposal.number} with the approval of {proposal.closed_by}"
    return f"rejected by {proposal.closed_by}: {proposal.refusal}"


def contents(number: int) -> list[dict[str, object]]:
    """The fields of each statement of a proposal, with its kind."""
    return [
        {"kind": part.kind.name, **{name: _shown(value) for name, value in own}}
        for part in statements(Proposal.objects.get(pk=number))
        for own in lines(part.kind.name, part.frame)
    ]


def foreseen(number: int) -> list[Foreseen]:
    """What the statements of a proposal would come to if it were approved now."""
    parts = statements(Proposal.objects.get(pk=number))
    return [told for part in parts if (told := ROOMS[part.kind.room].foreseen(part)) is not None]


def _shown(value: object) -> object:
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value
