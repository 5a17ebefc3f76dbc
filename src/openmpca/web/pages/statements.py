"""Statements as they stand in the record: one with all that hangs on it, and the log of the last ones.

Rules kept here:

1. A person is shown by handle to who holds a grant everywhere or for the same party; others see the identifier.
2. The log is cut to the reach: of what lies beyond it nothing is shown and nothing is counted.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages import stated
from openmpca.accounting.pages.asked import question
from openmpca.pages.blocks import LINKS, Block, Choice, Facts, Field, Link, Page, Row, Table, Verbatim
from openmpca.pages.reach import Reach, readable_statements
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.stored import last_known, statement_of
from openmpca.pages.told import worded
from openmpca.record import reading
from openmpca.record.models import PersonName
from openmpca.record.reading import Stored
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import AUTHORITY, CUSTODIAN, KINDS, OFFICER
from openmpca.web.pages.statement_fields import FIELDS

SHOWN: Final = 50
LOOKED_AT: Final = 400
"""How many statements are looked at for a page of the log, where not all may be read."""
_CORRECTED: Final = ("accounting.change", "accounting.listed")
_STATING: Final = frozenset({AUTHORITY, OFFICER, CUSTODIAN})
_REFERS: Final = ("corrects", "shipment", "inventory", "of", "grant", "statement")


@page("record/statement", title=gettext_lazy("Statement"), needs=Open.READER)
def statement(asking: Asking, number: int) -> Page:
    """One statement: what it says, who stated it and when, what it led to, its commitment."""
    found = statement_of(asking, number)
    room = ROOMS[found.kind.room]
    blocks: list[Block] = [_fields(asking, found), _stated(asking, found)]
    if isinstance(text := found.fields.get("text"), str) and text:
        blocks.append(Verbatim(text, caption=str(FIELDS["text"])))
    if found.kind.room == "accounting":
        blocks += stated.blocks(asking, found)
    commitment = reading.commitment_of(number)
    blocks.append(Facts(commitment, "commitment", _("Commitment"), heads=_heads(commitment)))
    return Page(
        _("Statement %(number)d") % {"number": number},
        blocks,
        lead=worded(room.words(found.kind.name, found.fields)),
        action=_mending(asking, found),
        links=_releasing(asking, found),
        above=[Link(_("The log"), asking.to("record/log", before=number + SHOWN // 2))],
    )


def _fields(asking: Asking, found: Stored) -> Facts:
    """What the statement says, in the order of its kind: every field that is not blank, but for long texts."""
    names = [each.name for each in msgspec.structs.fields(found.kind.struct)]
    fields = {name: found.fields[name] for name in names if _says(name, found.fields.get(name))}
    leads = stated.leads(asking, found) if found.kind.room == "accounting" else {}
    for name in _REFERS:
        value = fields.get(name)
        if name in found.kind.refers and isinstance(value, int) and _readable(asking, value):
            leads[name] = asking.to("record/statement", number=value)
    return Facts(fields, "fields", _("What it says"), leads, _heads(fields))


def _mending(asking: Asking, found: Stored) -> Link | None:
    """The way to correct what stands, where it can be corrected and who asks may state something."""
    stands = found.kind.name in _CORRECTED and not ROOMS[found.kind.room].fate(found.number)
    if not (stands and asking.times.is_now and asking.reach.states and asking.reach.roles & _STATING):
        return None
    return Link(_("Correct it"), asking.to("accounting/correct", number=found.number))


def _releasing(asking: Asking, found: Stored) -> list[Link]:
    """The way to release fields of it, for who may prepare such a release."""
    may = (
        asking.times.is_now
        and asking.reach.states
        and asking.reach.everywhere
        and asking.reach.roles & set(KINDS["proof.disclosure"].prepare)
    )
    return [Link(_("Release fields of it"), asking.to("proof/disclose", number=found.number))] if may else []


def _says(name: str, value: object) -> bool:
    return value not in (None, "", [], {}, False) and name != "text"


def _readable(asking: Asking, number: int) -> bool:
    try:
        statement_of(asking, number)
    except NotFound:
        return False
    return True


def _heads(names: Iterable[str]) -> dict[str, str]:
    return {name: str(FIELDS.get(name, name)) for name in names}


def _stated(asking: Asking, found: Stored) -> Facts:
    """Who stated it, when, as what, and what became of it."""
    fate = ROOMS[found.kind.room].fate(found.number) if asking.times.known_at is None else ""
    known = handles(asking.reach, [found])
    facts = {
        "kind": found.kind.name,
        "version": found.body["version"],
        "party": found.party,
        "prepared_by": known.get(found.prepared_by, found.prepared_by),
        "approved_by": [known.get(each, each) for each in found.approved_by],
        "recorded": found.recorded[:19].replace("T", " "),
        "overrides": found.body.get("overrides", {}),
        "standing": worded(fate),
    }
    told = {name: value for name, value in facts.items() if value not in ("", {}, [])}
    links = {"kind": asking.to("glossary", kind=found.kind.name)}
    return Facts(told, "stated", _("Who stated it"), links, _heads(told))


def handles(reach: Reach, found: Iterable[Stored]) -> dict[str, str]:
    """The handles of those who stated some statements, as far as they may be seen (rule 1)."""
    parties = {each.party for each in reach.held}
    people = {
        person
        for each in found
        for person in (each.prepared_by, *each.approved_by)
        if reach.everywhere or each.party in parties or person == reach.person
    }
    return dict(PersonName.objects.filter(person__in=people).values_list("person", "handle"))


@page("record/log", title=gettext_lazy("Log"), needs=Open.READER, menu=10)
def log(asking: Asking, kind: str = "", before: int | None = None) -> Page:
    """The last statements, the newest first, of a kind or of all that say something."""
    if kind and kind not in KINDS:
        raise NotFound(_("There is no kind %(kind)s.") % {"kind": kind})
    until = last_known(asking) + 1
    begin = until if before is None else max(0, min(before, until))
    found, older = _looked_up(asking.reach, begin, kind)
    known = handles(asking.reach, found)
    rows = [_row(asking, each, known) for each in found]
    names = ["number", "recorded", "what", "kind", "party", "prepared_by", "approved_by"]
    table = Table(rows, _heads(names), name="log", empty=_("No statement that you may read stands here."))
    links = [Link(_("Older"), asking.to("record/log", kind=kind, before=older))] if older else []
    if asking.reach.everywhere and asking.reach.states:
        links.append(Link(_("State anything"), asking.to("record/state")))
    choices = [Choice("", _("all")), *(Choice(each, each) for each in KINDS)]
    fields = [
        Field("kind", _("Kind of statement"), kind, choices=choices),
        Field("before", _("Before statement"), "" if before is None else str(before), "number"),
    ]
    return Page(_("Log"), [table, question(asking, "record/log", fields)], links=links)


def _looked_up(reach: Reach, begin: int, kind: str) -> tuple[list[Stored], int]:
    """The newest statements before a number that may be read, newest first, and before which number to go on."""
    count = SHOWN if reach.everywhere else LOOKED_AT
    looked = reading.last(count, begin, kind)[::-1]
    found = readable_statements(reach, looked)[:SHOWN]
    if len(looked) < count and len(found) < SHOWN:
        return found, 0
    return found, found[-1].number if len(found) == SHOWN else looked[-1].number


def _row(asking: Asking, each: Stored, known: dict[str, str]) -> Row:
    return {
        "number": each.number,
        "recorded": each.recorded[:19].replace("T", " "),
        "what": worded(ROOMS[each.kind.room].words(each.kind.name, each.fields)),
        "kind": each.kind.name,
        "party": each.party,
        "prepared_by": known.get(each.prepared_by, each.prepared_by),
        "approved_by": [known.get(person, person) for person in each.approved_by],
        LINKS: {"number": asking.to("record/statement", number=each.number)},
    }
