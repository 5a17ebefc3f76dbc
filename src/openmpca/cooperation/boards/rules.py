"""What is checked of statements about boards: rules 870 to 879."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec
import polars as pl

from openmpca.cooperation.boards import deciding
from openmpca.cooperation.boards.content import digest
from openmpca.cooperation.boards.handed_over import standing
from openmpca.cooperation.boards.statements import Board, Decision
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.rules import Check, Fields, rows, sound
from openmpca.problems import Problem, rule
from openmpca.record import clock
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.record import last_us
from openmpca.tlog.vkey import ED25519, KeyTextError, Verifier

MEMBERS = rule(
    870,
    "A decision names every party of its board",
    source="design idea 7: decisions are valid only with the signatures of all parties",
    mend="Name the parties of the board, each once; see the page of the board.",
)
SEAT = rule(
    871,
    "A party seats its own co-chairs, with keys that it handed over",
    source="design idea 7: no host can forge what a party has not said",
    mend="Let the party state its seat, with a key that this record knows for it: `openmpca key show`, `partner list`.",
)
SIGNED = rule(
    872,
    "A co-chair whose seat is in force signs just the content that stands",
    source="design idea 7: N-of-N decisions cannot be forged, back-dated or changed after signing",
    mend="Let a co-chair who holds a seat today sign the file of `openmpca decision text`, and bring that note in.",
)
DECIDED = rule(
    873,
    "What all parties have signed is changed by a further decision, not by one of them",
    source="design idea 7: N-of-N decisions cannot be changed after signing",
    mend="State a new decision that revokes this one, and let all parties sign it.",
)
_PERSON: Final = {"person": pl.String}


def check_seat(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Seats that another party states, or with keys that were not handed over."""
    found = []
    for where, said in sound(segment):
        told = _unseated(said.of, said.vkey, known, act)
        if said.until and said.until < said.day:
            told = told or ("until", f"It ends on {said.until}, before it begins.")
        if told:
            found.append(SEAT.problem(told[1], record=where, field=told[0]))
    return found


def _unseated(of: str, vkey: str, known: Known, act: Act) -> tuple[str, str] | None:
    """The field that is wrong with a seat, and what; None where nothing is."""
    party = standing(of, known.number - 1, known.using)
    if party.here and act.party != of:
        return "of", f"{of} has persons here, and states its seats itself."
    if party.here and (strange := _strange(of, known, act)):
        return "of", f"{', '.join(strange)} is no person of {of}."
    try:
        verifier = Verifier.parse(vkey)
    except KeyTextError as error:
        return "vkey", f"It is no public key: {error}."
    if verifier.type != ED25519:
        return "vkey", "It is the key of a witness."
    if not party.by_seat and vkey not in {each.vkey for each in party.keys if each.until is None}:
        return "vkey", f"No such key is known here for {of}."
    if party.by_seat and _keeps(of, known):
        return "vkey", f"{of} keeps this record, and has introduced no key of its own."
    return None


def _strange(of: str, known: Known, act: Act) -> list[str]:
    """Those who prepare and approve a seat of a party, and are none of its persons."""
    sql = "SELECT person FROM record_person WHERE party = %s AND number < %s"
    own = set(known.frame(sql, [of, known.number], _PERSON)["person"])
    return sorted({act.prepared_by, *act.approved_by} - own)


def _keeps(of: str, known: Known) -> bool:
    keeper = known.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})["code"]
    return of in set(keeper)


def check_decision(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Decisions for fewer than the parties of their board, and those put in the place of what all have signed."""
    claims = _claims(known, act)
    found = list(_decided(segment, claims, act))
    for where, said in sound(segment):
        parties, board = said.parties, claims.about(Board, f"board:{said.board}")
        missing = sorted({party for each in board for party in each.said.parties} - set(parties))
        if missing:
            found.append(MEMBERS.problem(f"The board has {', '.join(missing)} too.", record=where, field="parties"))
        elif len(parties) < 2 or len(set(parties)) < len(parties):
            told = "It takes two parties at least, each named once."
            found.append(MEMBERS.problem(told, record=where, field="parties"))
    return found


def check_withdrawal(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Withdrawals of what all parties have signed."""
    return list(_decided(segment, _claims(known, act), act))


def _decided(segment: Segment, claims: Claims, act: Act) -> Iterator[Problem]:
    replaced = {fields.get("replaces"): (where, fields) for where, fields in rows(segment)}
    for each in claims.of(Decision) if set(replaced) - {None} else []:
        if not each.ours or each.number not in replaced or _same(each, replaced[each.number][1]):
            continue
        valid = [content for content in deciding.matter(claims, each.code).contents if content.since is not None]
        if any(content.digest == digest(each.said) for content in valid):
            where = replaced[each.number][0]
            yield DECIDED.problem(f"All parties have signed decision {each.code}.", record=where, field="replaces")


def _same(claim: Claim[Decision], fields: Fields) -> bool:
    """Whether a decision is only released to others, its content the same."""
    try:
        return digest(msgspec.convert(dict(fields), Decision)) == digest(claim.said)
    except msgspec.ValidationError:
        return False


def check_signature(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Signatures that would not count: of a stranger, under other words, of who holds no seat now."""
    claims, last = _claims(known, act), clock.day(last_us())
    judge, found = deciding.Judge(claims), []
    for where, said in sound(segment):
        claim = Claim(act.party, known.number, "", known.number, f"decision:{said.decision}", said)
        why = judge.why_not(claim, max(last, said.day))
        if why:
            found.append(SIGNED.problem(why, record=where, field="note"))
    return found


def _claims(known: Known, act: Act) -> Claims:
    """What the party that states may read itself: no problem tells what another keeps."""
    return Claims(date.max, known.number - 1, [act.party], known.using)


CHECKS: Final[dict[str, Check]] = {
    "cooperation.seat": check_seat,
    "cooperation.decision": check_decision,
    "cooperation.signature": check_signature,
    "cooperation.withdrawal": check_withdrawal,
}
