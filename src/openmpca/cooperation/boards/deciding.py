"""Whether a decision is in force: who has signed its content, whose signature counts, who is awaited, since when.

    found = in_force(claims, "D-7")            None until co-chairs of all parties have signed

Rules kept here:

1. A decision is valid with the signature of a co-chair of every party of it and of its board, each over just this
   content: where its words are replaced, signatures under the former words no longer count.
2. A signature counts by a key that this record knows for the party (`handed_over`), whoever brought it here.
3. It is in force from the day on which this record came to know the last of what it takes, never from a day that
   somebody typed.
4. Its signer held a seat with that key on the day that the note tells; where the note did not come from its own party's
   record, on the day too on which it became known here: nobody signs back into a time when they were co-chair.
5. A seat that ends later, a key replaced later, a party that joins the board later take nothing from what was valid.
6. One decision ends another by naming it; nobody ends one alone.

Source: the research on joint programmes, 1.6; issue "Partnership": decisions of N of N.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from openmpca.cooperation.boards.content import ContentError, Text, digest, is_signed_by, text_in
from openmpca.cooperation.boards.handed_over import Standing, seated, standing
from openmpca.cooperation.boards.handed_over import in_force as seat_holds
from openmpca.cooperation.boards.statements import Board, Decision, Seat, Signature
from openmpca.cooperation.claims import Claim, Claims
from openmpca.record import clock
from openmpca.record.reading import stored


@dataclass(frozen=True)
class Signed:
    """A signature under a content: of which party and day, since which statement it counts; else ``why`` not."""

    claim: Claim[Signature]
    text: Text
    since: int
    why: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return not self.why


@dataclass(frozen=True)
class Content:
    """One content of a decision, as one or more parties state it, with the signatures under it."""

    digest: str
    claims: tuple[Claim[Decision], ...]
    signed: tuple[Signed, ...]
    awaited: tuple[str, ...]
    since: int | None

    @property
    def said(self) -> Decision:
        """The decision."""
        return self.claims[0].said


@dataclass(frozen=True)
class InForce:
    """A decision in force: its content, since which day of the record and which statement."""

    content: Content
    day: date
    number: int


@dataclass(frozen=True)
class Matter:
    """A decision with every content that parties state for it, and the signatures that fit none of them."""

    code: str
    contents: tuple[Content, ...]
    stray: tuple[tuple[Claim[Signature], str], ...]


def matters(claims: Claims) -> list[Matter]:
    """Every decision that somebody states, by code."""
    judge = Judge(claims)
    return [judge.matter(thing.partition(":")[2]) for thing in sorted(claims.by_thing(Decision))]


def matter(claims: Claims, code: str) -> Matter:
    """A decision with its contents and signatures; without contents where nobody states it."""
    return Judge(claims).matter(code)


def in_force(claims: Claims, code: str) -> InForce | None:
    """The decision of a code as it is in force on the day of the claims, None where it is not (yet, or any more)."""
    return Judge(claims).in_force(code)


@dataclass
class Judge:
    """Says of signatures whether they count, as known to some claims; what it looks up it looks up once."""

    claims: Claims
    _standings: dict[str, Standing] = field(default_factory=dict)

    def in_force(self, code: str, asked: frozenset[str] = frozenset()) -> InForce | None:
        """The decision as it is in force on the day of the claims; ``asked`` are those that ask whether this one is."""
        held = [self._held(each) for each in self.matter(code).contents]
        found = max((each for each in held if each), key=lambda each: each.number, default=None)
        if found is None or self._revoked(code, found, asked | {code}):
            return None
        return found

    def _held(self, content: Content) -> InForce | None:
        if content.since is None:
            return None
        day = self.day_of(content.since)
        return InForce(content, day, content.since) if day <= self.claims.day else None

    def _revoked(self, code: str, found: InForce, asked: frozenset[str]) -> bool:
        ends = {each.code for each in self.claims.of(Decision) if each.said.revokes == code} - asked
        later = (self.in_force(each, asked) for each in sorted(ends))
        return any(each and each.content.said.revokes == code for each in later)

    def matter(self, code: str) -> Matter:
        """A decision with its contents, the signatures under each, and those that fit none."""
        told: dict[str, list[Claim[Decision]]] = {}
        for each in self.claims.about(Decision, f"decision:{code}"):
            told.setdefault(digest(each.said), []).append(each)
        notes: dict[str, list[tuple[Claim[Signature], Text]]] = {}
        stray = []
        for claim in self.claims.about(Signature, f"decision:{code}"):
            text, why = self._text(claim, told)
            if text is None:
                stray.append((claim, why))
            else:
                notes.setdefault(text.content, []).append((claim, text))
        contents = tuple(self._content(sha, tuple(found), notes.get(sha, [])) for sha, found in told.items())
        return Matter(code, contents, tuple(stray))

    def _text(self, claim: Claim[Signature], told: dict[str, list[Claim[Decision]]]) -> tuple[Text | None, str]:
        """What a note says where it is one under a content that stands; else why not."""
        try:
            text = text_in(claim.said.note)
        except ContentError as error:
            return None, f"It is no signature of a decision: {error}."
        if text.decision != claim.code or text.content not in told:
            return None, "It was signed under other words than those that stand."
        if text.board != told[text.content][0].said.board:
            return None, "It was signed for another board."
        return text, ""

    def _content(
        self, sha: str, told: tuple[Claim[Decision], ...], notes: Iterable[tuple[Claim[Signature], Text]]
    ) -> Content:
        signed = tuple(self.signed(claim, text) for claim, text in notes)
        first: dict[str, int] = {}
        for each in signed:
            if each.counts:
                party = each.text.party
                first[party] = min(each.since, first.get(party, each.since))
        asked = set(told[0].said.parties)
        known = max([min(each.known for each in told), *(first[each] for each in asked & first.keys())])
        if asked <= first.keys():
            more = self._board(told[0].said.board, known) - asked
            known = max([known, *(first[each] for each in more & first.keys())])
        else:
            more = self._board(told[0].said.board, self.claims.known_at) - asked
        awaited = tuple(sorted((asked | more) - first.keys()))
        return Content(sha, told, signed, awaited, None if awaited else known)

    def _board(self, board: str, known_at: int) -> set[str]:
        """The parties of a board as known at a statement."""
        claims = self._as_known(self.claims.day, known_at)
        return {party for each in claims.about(Board, f"board:{board}") for party in each.said.parties}

    def why_not(self, claim: Claim[Signature], recorded: date) -> str:
        """Why a signature that would be recorded on a day would not count; empty where it would."""
        told = {digest(each.said): [each] for each in self.claims.about(Decision, claim.thing)}
        text, why = self._text(claim, told)
        return why if text is None else self.signed(claim, text, recorded).why

    def signed(self, claim: Claim[Signature], text: Text, on: date | None = None) -> Signed:
        """Whether a signature counts for the party that it names, and since which statement."""
        party = self._standing(text.party)
        recorded = on or self.day_of(claim.known)
        if text.day > recorded:
            return Signed(claim, text, claim.known, f"It is dated {text.day}, and was known on {recorded}.")
        days = [text.day] if party.partner and claim.party == text.party and not claim.ours else [text.day, recorded]
        ats = dict.fromkeys([self.claims.known_at, claim.known])
        found = [since for at in ats if (since := self._since(claim, text, days, at)) is not None]
        if found:
            return Signed(claim, text, min(found))
        return Signed(claim, text, claim.known, self._why(claim, text, days))

    def _since(self, claim: Claim[Signature], text: Text, days: list[date], at: int) -> int | None:
        """The statement since which a signer's seat, key and signature are known, with what was known at another."""
        known = []
        for day in days:
            seats = [each for each in self._seats(text, day, at) if seat_holds(each.said, day)]
            since = [max(each.known, key) for each in seats if (key := self._key(claim, text, each)) is not None]
            if not since:
                return None
            known.append(min(since))
        return max([claim.known, *known])

    def _key(self, claim: Claim[Signature], text: Text, seat: Claim[Seat]) -> int | None:
        """The statement since which the key of a seat is known, where it made the signature and was not replaced."""
        if not is_signed_by(claim.said.note, seat.said.vkey):
            return None
        party = self._standing(text.party)
        if party.by_seat:
            return seat.known
        own = [each for each in party.keys if each.vkey == seat.said.vkey]
        return min((each.since for each in own if each.until is None or claim.known < each.until), default=None)

    def _why(self, claim: Claim[Signature], text: Text, days: list[date]) -> str:
        """Why a signature does not count, for whoever has to mend it."""
        note, party = claim.said.note, self._standing(text.party)
        seats = [each.said.vkey for day in days for each in self._seats(text, day, self.claims.known_at)]
        known = seats if party.by_seat else [each.vkey for each in party.keys]
        if not any(is_signed_by(note, each) for each in known):
            return f"No key that is known here for {text.party} has signed it."
        if not any(is_signed_by(note, each) for each in seats):
            return f"No seat for {text.party} on {text.board} has this key."
        return f"Who signed it held no seat for {text.party} on {max(days)}, or their key was replaced before it came."

    def _seats(self, text: Text, day: date, at: int) -> list[Claim[Seat]]:
        return seated(self._as_known(day, at), text.board, text.party, self._standing(text.party))

    def _standing(self, party: str) -> Standing:
        if party not in self._standings:
            self._standings[party] = standing(party, self.claims.known_at, self.claims.using)
        return self._standings[party]

    def _as_known(self, day: date, known_at: int) -> Claims:
        """The claims of a day as known at a statement, for the same readers."""
        if (day, known_at) not in self._known:
            here = self.claims
            self._known[day, known_at] = Claims(day, known_at, here.readers, here.using)
        return self._known[day, known_at]

    @cached_property
    def _known(self) -> dict[tuple[date, int], Claims]:
        return {(self.claims.day, self.claims.known_at): self.claims}

    def day_of(self, number: int) -> date:
        """The day on which a statement of this record was recorded."""
        return clock.day(clock.from_text(stored(number, self.claims.using).recorded))
