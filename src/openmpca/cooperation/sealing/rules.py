"""What is checked of what is sealed and opened: rules 840 to 847.

They hold for what this record's parties state. What comes from partners is not refused but judged: `standing` tells
what counts and why something does not. A party is told nothing of what it may not read.

Source: issue "Partnership": sealed until all have committed, provable in the record.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from openmpca.cooperation.claims import Claim, Claims, readable
from openmpca.cooperation.rules import Check, rows
from openmpca.cooperation.sealing import digests, matters
from openmpca.cooperation.sealing.standing import Matter, standing, unfit
from openmpca.cooperation.sealing.statements import Opened, Sealed
from openmpca.problems import WARNING, Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

SHOWN = rule(
    840,
    "What is sealed or opened may be read by all parties of its matter",
    source="design idea 7: sealed until both have committed",
    mend="Name all other parties of the matter in the release.",
)
PARTY = rule(
    841,
    "A party seals and states for matters that it is a party of",
    source="design idea 7: independent scoring by each party",
    mend="Ask whoever introduced the matter to name your party, or introduce one of your own.",
)
ONCE = rule(
    842,
    "A party seals once a matter, and replaces it until anybody has opened",
    source="design idea 7: a sealed score cannot be changed after the other's is opened",
    mend="Replace the statement that stands; once somebody has opened, begin another round.",
)
ALL_SEALED = rule(
    843,
    "Nobody opens before all parties of the matter have sealed",
    source="design idea 7: sealed until both have committed",
    mend="Wait for the others' sealed statements, or receive the bundles that bring them.",
)
FITS = rule(
    844,
    "What is opened is what the party sealed in the matter",
    source="design idea 7: commit, then reveal, provable in the record",
    mend="Give the number of your standing sealed statement, and its salt and content letter for letter.",
)
READ = rule(
    845,
    "What is opened is in the form of its matter",
    severity=WARNING,
    source="design idea 7: agreed scales",
    mend="What does not fit does not count; seal what fits in the next round.",
)
COPIED = rule(
    846,
    "A digest is sealed once",
    source="attack: the digest of another party is handed in as one's own",
    mend="Make a digest of your own with `openmpca seal make`.",
)
SETTLED = rule(
    847,
    "What parties have sealed for stays as it is",
    source="design idea 7: agreed scales",
    mend="Introduce another matter that names this one as the one it comes after.",
)


def _claims(known: Known, act: Act) -> Claims:
    """What the party that states may read, all days."""
    return Claims(date.max, known.number - 1, [act.party], known.using)


def _of_matter(claims: Claims, fields: Any, act: Act, where: str) -> Iterator[Problem]:
    """What is wrong with who states in a matter, and with who may read it (rules 840 and 841).

    Of a matter that nobody has introduced rule 800 tells.
    """
    named = matters.parties(claims, fields["matter"], act.party)
    if named and act.party not in named:
        yield PARTY.problem(f"{act.party} is no party of {fields['matter']}.", record=where, field="matter")
    elif kept := [each for each in named if not readable(act.party, fields.get("release", []), [each])]:
        yield SHOWN.problem(f"It is kept from {', '.join(kept)}.", record=where, field="release")


def _sealed(segment: Segment, known: Known, act: Act) -> list[Problem]:
    claims = _claims(known, act)
    found, taken = list[Problem](), {each.said.digest for each in claims.ever(Sealed)}
    for where, fields in rows(segment):
        found += _of_matter(claims, fields, act, where)
        if fields["digest"] in taken:
            found.append(COPIED.problem("This digest was sealed before.", record=where, field="digest"))
        taken.add(fields["digest"])
        found += _once(standing(claims, fields["matter"], act.party), fields.get("replaces"), act, where)
    matter = [fields["matter"] for _where, fields in rows(segment)]
    if len(matter) > len(set(matter)):
        found.append(ONCE.problem("It is sealed for one matter twice.", record="cooperation.sealed", field="matter"))
    return found


def _once(stands: Matter, replaces: int | None, act: Act, where: str) -> Iterator[Problem]:
    before = stands.of(act.party).sealed
    if stands.first is not None:
        told = f"{stands.first.party} has opened what it sealed."
        yield ONCE.problem(told, record=where, field="matter")
    elif before is not None and replaces != before.number:
        told = f"Statement {before.number} stands for {stands.thing}."
        yield ONCE.problem(told, record=where, field="replaces")


def _opened(segment: Segment, known: Known, act: Act) -> list[Problem]:
    claims = _claims(known, act)
    found = list[Problem]()
    for where, fields in rows(segment):
        found += _of_matter(claims, fields, act, where)
        stands = standing(claims, fields["matter"], act.party)
        if missing := [each.party for each in stands.standings if each.sealed is None]:
            told = f"Nothing that counts is sealed by {', '.join(missing)}."
            found.append(ALL_SEALED.problem(told, record=where, field="matter"))
        own = stands.of(act.party).sealed
        if (told := _misfit(own, fields, act)) or own is None:
            found.append(FITS.problem(f"{told}.", record=where, field="sealed"))
            continue
        said = matters.terms(claims, fields["matter"], act.party)
        for each in matters.unfit(said, fields["matter"], digests.read(fields["content"])):
            found.append(READ.problem(each, record=where, field="content"))
    return found


def _misfit(own: Claim[Sealed] | None, fields: Any, act: Act) -> str:
    """Why an opening does not fit what its party sealed."""
    if own is None or fields["sealed"] != own.number:
        return f"{act.party} has sealed nothing as statement {fields['sealed']} that counts in this matter"
    given = {name: fields.get(name, "") for name in ("matter", "salt", "content")}
    said = Opened(day=date.max, sealed=own.number, **given)
    if told := unfit(act.party, said, own.said.digest):
        return told[0].upper() + told[1:]
    return ""


def settled(segment: Segment, known: Known, act: Act, sort: str) -> Iterator[Problem]:
    """What would change under those who have sealed (rule 847); for whoever introduces things of a sort of matter."""
    claims = _claims(known, act)
    for where, fields in rows(segment):
        matter = f"{sort}:{fields['code']}"
        if fields.get("replaces") is not None and any(each.said.matter == matter for each in claims.ever(Sealed)):
            yield SETTLED.problem(f"Somebody has sealed for {fields['code']}.", record=where, field="replaces")


def of_party(parties: Collection[str], act: Act, thing: str, where: str, field: str) -> Iterator[Problem]:
    """Whether who states is a party of a matter (rule 841); of one that nobody has introduced rule 800 tells."""
    if parties and act.party not in parties:
        yield PARTY.problem(f"{act.party} is no party of {thing}.", record=where, field=field)


CHECKS: Final[dict[str, Check]] = {"cooperation.sealed": _sealed, "cooperation.opened": _opened}
