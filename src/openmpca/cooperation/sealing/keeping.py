"""Sealing and opening on the own machine: what is sealed is kept beside the record until it is opened.

Rules kept here:

1. Only the party that keeps this record seals with its content here. A party that another hosts makes its digest on a
   machine of its own (`openmpca seal make`) and hands in that alone; the content reaches the host with the opening.
2. Salt and content are kept in the transaction that states the digest, or keeps the proposal to state it; they are in
   the backup, and go when the opening is recorded.
"""

import os

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.models import Sealed as Kept
from openmpca.cooperation.sealing import digests, matters
from openmpca.cooperation.sealing.digests import Opening, Random
from openmpca.cooperation.sealing.standing import standing
from openmpca.cooperation.sealing.statements import Opened, Sealed
from openmpca.problems import Problem, of_asking
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.reading import stored
from openmpca.record.record import Refused, Writing


def keeper() -> str:
    """The party that keeps this record: that of its founding."""
    return stored(0).party


def seal(
    matter: str,
    content: object,
    act: Act,
    *,
    when: Circumstances = NOW,
    dry_run: bool = False,
    random: Random = os.urandom,
) -> Stated:
    """Seal a content for a matter; one that was sealed before is replaced. Raises `Refused`."""
    if act.party != keeper():
        raise _refused(
            f"{act.party} does not keep this record: its content is not to come here before it is opened.",
            "Make the digest elsewhere with `openmpca seal make`, and state that.",
        )
    claims = Claims(when.today, readers=[act.party])
    said = matters.terms(claims, matter, act.party)
    if wrong := matters.unfit(said, matter, content):
        raise Refused([of_asking(each, field="content") for each in wrong])
    opening = digests.made(act.party, matter, content, random)
    before = standing(claims, matter, act.party).of(act.party).sealed
    stating = Sealed(
        day=when.today,
        matter=matter,
        digest=digests.digest(opening),
        release=others(claims, matter, act.party),
        replaces=before.number if before is not None else None,
    )

    def keep(opened: Writing) -> None:
        _keep(opening)

    def keep_waiting(proposal: int) -> None:
        _keep(opening)

    return commands.state([stating], act, when=when, dry_run=dry_run, within=keep, proposed=keep_waiting)


def unseal(
    matter: str, act: Act, opening: Opening | None = None, *, when: Circumstances = NOW, dry_run: bool = False
) -> Stated:
    """Open what the party sealed for a matter: with what is kept here, or with an opening kept elsewhere."""
    claims = Claims(when.today, readers=[act.party])
    sealed = standing(claims, matter, act.party).of(act.party).sealed
    if sealed is None:
        raise _refused(f"{act.party} has sealed nothing for {matter} that counts.", "Seal it first.")
    held = opening or kept(sealed.said.digest)
    if held is None:
        raise _refused("What opens it is not kept here.", "Give the file that was kept when it was sealed.")
    stating = Opened(
        day=when.today,
        matter=matter,
        sealed=sealed.number,
        salt=held.salt,
        content=held.content,
        release=others(claims, matter, act.party),
    )

    def forget(opened: Writing) -> None:
        Kept.objects.filter(party=act.party, matter=matter).delete()

    return commands.state([stating], act, when=when, dry_run=dry_run, within=forget)


def kept(digest: str) -> Opening | None:
    """What opens a digest, where that is kept here."""
    row = Kept.objects.filter(digest=digest).first()
    return None if row is None else Opening(row.party, row.matter, row.salt, row.content)


def others(claims: Claims, matter: str, party: str) -> list[str]:
    """The other parties of a matter, who are to read what is sealed and opened."""
    return [each for each in matters.parties(claims, matter, party) if each != party]


def _keep(opening: Opening) -> None:
    fields = {"party": opening.party, "matter": opening.matter, "salt": opening.salt, "content": opening.content}
    Kept.objects.update_or_create(digest=digests.digest(opening), defaults=fields)


def _refused(message: str, mend: str) -> Refused:
    problem: Problem = of_asking(message, mend=mend)
    return Refused([problem])
