"""The pages of boards and decisions: who co-chairs, what is decided, who has signed and who is awaited.

Rules kept here:

1. Nobody signs on a page: the key of a co-chair stays on their machine. The page gives the file that they sign and
   takes the note that they bring.
2. Whether a decision is in force is told from what who asks may read, as everything in this room.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.boards.content import ContentError, text_in, written
from openmpca.cooperation.boards.deciding import Content, InForce, Matter, Signed, in_force, matter, matters
from openmpca.cooperation.boards.members import Held, boards
from openmpca.cooperation.boards.members import board as board_of
from openmpca.cooperation.boards.recording import recorded
from openmpca.cooperation.boards.statements import Board, Decision, Seat
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Block, Button, Facts, Field, Form, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, File, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.record import commands
from openmpca.record.record import Refused

HEADS.update(
    {
        "board": gettext_lazy("Board"),
        "of": gettext_lazy("Of party"),
        "person": gettext_lazy("Co-chair"),
        "vkey": gettext_lazy("Public key"),
        "until": gettext_lazy("Until"),
        "text": gettext_lazy("What is decided"),
        "initiated": gettext_lazy("Initiated by"),
        "revokes": gettext_lazy("Revokes"),
        "attachments": gettext_lazy("Papers"),
        "decision": gettext_lazy("Decision"),
        "note": gettext_lazy("Signed note"),
    }
)
MEANINGS.update(
    {
        "seat.vkey": gettext_lazy("The key with which they sign, as openmpca key show tells it."),
        "decision.parties": gettext_lazy("All parties of the board: each must sign."),
        "decision.attachments": gettext_lazy("NAME=SHA256 of each paper that belongs to it, one in a line."),
    }
)


@page("cooperation/boards", title=gettext_lazy("Boards"), needs=Open.WHOLE, menu=24)
def list_boards(asking: Asking) -> Page:
    """The boards, their parties, and for whom nobody holds a seat."""
    rows = [
        {
            "board": each.code,
            "title": each.title,
            "parties": ", ".join(each.parties),
            "unseated": ", ".join(each.unseated),
            LINKS: {"board": asking.to("cooperation/board", code=each.code)},
        }
        for each in boards(claims_of(asking))
    ]
    heads = {"board": _("Board"), "title": _("Title"), "parties": _("Parties"), "unseated": _("No co-chair for")}
    return Page(
        _("Boards"),
        [Table(rows, heads, name="boards", empty=_("There are no boards that you may read."))],
        lead=_("A board decides when a co-chair of every party has signed."),
        action=to_say(asking, Board, _("State a board")),
    )


@page("cooperation/board", title=gettext_lazy("Board"), needs=Open.WHOLE)
def one_board(asking: Asking, code: str) -> Page:
    """A board: its co-chairs with their keys, its decisions."""
    claims = claims_of(asking)
    found = board_of(claims, code)
    if found is None:
        raise NotFound(_("There is no board %(code)s that you may read.") % {"code": code})
    heads = {"party": _("Party"), "person": _("Co-chair"), "until": _("Until"), "standing": _("Standing")}
    seats = Table(
        [_seat(asking, each) for each in found.seats],
        {**heads, "vkey": _("Public key")},
        name="seats",
        caption=_("Co-chairs"),
        empty=_("Nobody holds a seat."),
    )
    own = [each for each in matters(claims) if any(content.said.board == code for content in each.contents)]
    links = [to_say(asking, Seat, _("Seat a co-chair"), board=code)]
    return Page(
        f"{code}: {found.title}",
        [seats, _decisions(asking, claims, own)],
        lead=_("Parties: %(parties)s.") % {"parties": ", ".join(found.parties)},
        action=to_say(asking, Decision, _("State a decision"), board=code, parties=""),
        links=[each for each in links if each],
        above=[Link(_("Boards"), asking.to("cooperation/boards"))],
    )


def _seat(asking: Asking, each: Held) -> dict[str, object]:
    return {
        "party": each.party,
        "person": each.person,
        "until": each.until,
        "standing": worded(each.standing),
        "vkey": each.vkey,
        LINKS: {"person": to_claim(asking, each.claim)},
    }


@page("cooperation/decisions", title=gettext_lazy("Decisions"), needs=Open.WHOLE, menu=26)
def list_decisions(asking: Asking) -> Page:
    """The decisions: in force since when, or whose signature is awaited."""
    claims = claims_of(asking)
    return Page(
        _("Decisions"),
        [_decisions(asking, claims, matters(claims))],
        lead=_("In force from the day on which the last signature became known here."),
        action=to_say(asking, Decision, _("State a decision")),
        links=[Link(_("Bring in a signature"), asking.to("cooperation/signature"))],
    )


def _decisions(asking: Asking, claims: Claims, found: list[Matter]) -> Table:
    rows = [
        {
            "decision": each.code,
            "title": content.said.title,
            "standing": told(content, in_force(claims, each.code)),
            "awaited": ", ".join(content.awaited),
            LINKS: {"decision": asking.to("cooperation/decision", code=each.code)},
        }
        for each in found
        for content in each.contents
    ]
    heads = {"decision": _("Decision"), "title": _("Title"), "standing": _("Standing"), "awaited": _("Awaits")}
    empty = _("There are no decisions that you may read.")
    return Table(rows, heads, name="decisions", caption=_("Decisions"), empty=empty)


def told(content: Content, held: InForce | None) -> str:
    """How a content stands."""
    if held is not None and held.content.digest == content.digest:
        return _("in force since %(day)s") % {"day": held.day}
    return _("not in force") if content.since is not None else _("awaits signatures")


@page("cooperation/decision", title=gettext_lazy("Decision"), needs=Open.WHOLE)
def one_decision(asking: Asking, code: str) -> Page:
    """A decision: its content, who has signed it, who is awaited, which signatures do not count and why."""
    claims = claims_of(asking)
    found = _must_be(claims, code)
    held = in_force(claims, code)
    blocks = [block for each in found.contents for block in _content(asking, each, held)]
    if len(found.contents) > 1:
        several = _("The parties state different contents: each stands below with its own signatures.")
        blocks.insert(0, Text(several, name="several"))
    if found.stray:
        blocks.append(_stray(asking, found))
    first = found.contents[0]
    return Page(
        f"{code}: {first.said.title}",
        blocks,
        lead=told(held.content if held else first, held),
        action=Link(_("Bring in a signature"), asking.to("cooperation/signature")),
        links=[_file_of(asking, code, each) for each in found.contents],
        above=[Link(_("Board"), asking.to("cooperation/board", code=first.said.board))],
    )


def _must_be(claims: Claims, code: str) -> Matter:
    found = matter(claims, code)
    if not found.contents:
        raise NotFound(_("There is no decision %(code)s that you may read.") % {"code": code})
    return found


def _file_of(asking: Asking, code: str, content: Content) -> Link:
    text = _("The file to sign, SHA-256 %(digest)s") % {"digest": content.digest[:16]}
    return Link(text, asking.to("cooperation/decision-text", code=code, sha256=content.digest))


def _content(asking: Asking, content: Content, held: InForce | None) -> Iterator[Block]:
    said, short = content.said, content.digest[:8]
    facts = {
        "text": said.text,
        "parties": ", ".join(said.parties),
        "initiated": said.initiated,
        "revokes": said.revokes,
        "about": ", ".join(said.about),
        "attachments": ", ".join(f"{name} {sha}" for name, sha in said.attachments.items()),
        "stated": ", ".join(each.party for each in content.claims),
        "sha256": content.digest,
    }
    heads = {
        **{name: str(HEADS[name]) for name in facts if name in HEADS},
        "stated": _("Stated by"),
        "sha256": _("SHA-256"),
    }
    shown = {name: value for name, value in facts.items() if value}
    links = {"text": to_claim(asking, content.claims[0])}
    yield Facts(shown, name=f"content-{short}", caption=told(content, held), links=links, heads=heads)
    awaited: list[Row] = [{"party": each, "day": "", "standing": _("is awaited")} for each in content.awaited]
    rows: list[Row] = [*(_signed(asking, each) for each in content.signed), *awaited]
    names = {"party": _("Party"), "day": _("Signed on"), "standing": _("Standing")}
    yield Table(rows, names, name=f"signatures-{short}", caption=_("Signatures"))


def _signed(asking: Asking, each: Signed) -> dict[str, object]:
    standing = worded(each.why) if each.why else _("counts")
    links = {"party": to_claim(asking, each.claim)}
    return {"party": each.text.party, "day": each.text.day, "standing": standing, LINKS: links}


def _stray(asking: Asking, found: Matter) -> Table:
    rows = [
        {"party": claim.party, "why": worded(why), LINKS: {"party": to_claim(asking, claim)}}
        for claim, why in found.stray
    ]
    heads = {"party": _("Brought by"), "why": _("Why it does not count")}
    return Table(rows, heads, name="stray", caption=_("Signatures that fit no content"))


@page("cooperation/decision-text", title=gettext_lazy("File of a decision"), needs=Open.WHOLE)
def decision_text(asking: Asking, code: str, sha256: str) -> File:
    """The content of a decision as the file that co-chairs read and sign."""
    for each in _must_be(claims_of(asking), code).contents:
        if each.digest == sha256:
            return File(f"{code}-{sha256[:8]}.json", written(each.said), "application/json")
    raise NotFound(_("There is no decision %(code)s that you may read.") % {"code": code})


@page("cooperation/signature", title=gettext_lazy("Bring in a signature"), needs=Open.WHOLE)
def signature(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The form that takes a signed note; the content goes into the record with it where the party has not stated it."""
    if sent is None:
        return _form(asking, {})
    note = "\n".join(str(sent.get("note", "")).split("\r\n")).strip("\n") + "\n"
    try:
        code = text_in(note).decision
    except ContentError as error:
        return _form(asking, sent, _("It is no signed note of a decision: %(why)s.") % {"why": worded(str(error))})
    act = acting.act(asking, sent)
    try:
        made = commands.state(recorded(claims_of(asking), note, act.party, asking.reach.day), act)
    except Refused as refused:
        return refused_as(refused.problems, _form(asking, sent, " ".join(worded(e.message) for e in refused.problems)))
    return acting.gone(made, asking.to("cooperation/decision", code=code), _("The signature is in the record."))


def _form(asking: Asking, given: Sent, error: str = "") -> Page:
    field = Field(
        "note",
        _("Signed note"),
        str(given.get("note", "")),
        "lines",
        help=_("The whole text that openmpca decision sign wrote, with the signature below it."),
        required=True,
        error=error,
    )
    form = Form([field, *acting.fields(asking, given)], [Button(_("State"), "state", main=True)], name="signature")
    lead = _("A co-chair signs on their own machine, with their own key; here the note comes in.")
    return Page(_("Bring in a signature"), [form], lead=lead, status=422 if error else 200)
