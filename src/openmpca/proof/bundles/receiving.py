"""Bundles of partners: checked, kept as they came beside the record, read as the other's statements, never as ours.

    found = receiving.checked(data, policy, party, day)      what the file proves, or `Refused`
    receiving.receive(data, policy, act)                     checks it, states that it came in, keeps the file

Rules, in the order in which they are kept:

1. The file keeps all rules of its form (`bundle_form`).
2. Its sender is a partner whose party key two persons of ours have stated, and that key signed it. A stripped or false
   signature, and one by a key that only bears a similar name, is refused. Signatures by persons of the partner whose
   keys are stated are told; a false one of them is refused; others are nobody's.
3. It is addressed to a key of the party that receives it.
4. Its checkpoint is of the log whose key was stated for just this partner, is signed by it, and is cosigned as the
   policy of whoever receives asks. So no partner can pass another's statements, or ours, off as its own.
5. Each statement stands, by its inclusion proof, in the tree of that checkpoint.
6. Its release is a statement of that log that names purpose, authority, each open field and each file, no more and no
   less.
7. It says nothing else about a number than what came before from the same log: two entries under one number, or two
   roots at one size, prove that the log was rewritten. An older checkpoint is taken with a reason only.
8. The file is kept byte for byte in the transaction that states its digest. Reading it again begins with the digest.

What is not shown: that what the partner states is true, or still stands in its record.

Source: design, ideas 6 and 7; attacks of the issue "Prove it".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

import polars as pl

from openmpca.problems import Problem
from openmpca.proof.bundles import partners
from openmpca.proof.bundles.bundle_checks import digests_by_name
from openmpca.proof.bundles.bundle_form import Bundle, FormError, SignedBundle, sentence
from openmpca.proof.bundles.bundle_rules import FORK, FORM, KEPT, LOGGED, PARTNER, RELEASED, SIGNED, STANDS
from openmpca.proof.bundles.partners import Partner
from openmpca.proof.disclosures import showing
from openmpca.proof.disclosures.showing import PERSONS, Proven
from openmpca.proof.keyring import keyfolder
from openmpca.proof.models import BundleFile
from openmpca.proof.statements import Received
from openmpca.proof.witnesses import seen
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.doctor import Finding
from openmpca.record.known import query
from openmpca.record.layout import counted
from openmpca.record.record import Refused, Writing, head
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.disclosure import entry_of, fields_of
from openmpca.tlog.note import Note, NoteError, verified
from openmpca.tlog.policy import Judgement, Policy, PolicyError
from openmpca.tlog.vkey import Verifier

RELEASE_KIND: Final = "proof.bundle"
LEAST_OF_DIGEST: Final = 8
_CAME: Final = {
    "number": pl.Int64,
    "day": pl.Date,
    "sender": pl.String,
    "sha256": pl.String,
    "origin": pl.String,
    "size": pl.Int64,
    "root": pl.String,
    "release": pl.Int64,
}


@dataclass(frozen=True)
class Came:
    """A bundle that was received: the statement that says so, and what it says."""

    number: int
    day: date
    sender: str
    sha256: str
    origin: str
    size: int
    root: str
    release: int


@dataclass(frozen=True)
class Checked:
    """What a file proves: who sent it, who signed it, under which checkpoint of whose log, and the statements."""

    sha256: str
    bundle: Bundle
    sender: Partner
    signers: tuple[str, ...]
    checkpoint: Checkpoint
    judgement: Judgement
    release: Proven
    statements: tuple[Proven, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of receiving: what was checked and stated; or the statement by which it was received before."""

    checked: Checked | None
    stated: Stated | None
    before: Came | None = None


def receive(data: bytes, policy: Policy, act: Act, *, when: Circumstances = NOW, dry_run: bool = False) -> Outcome:
    """Check a file, state that it came in, keep it. Raises `Refused`; the same file twice changes nothing."""
    digest = sha256(data).hexdigest()
    for each in came():
        if each.sha256 == digest:
            if not dry_run:
                _keep(data)
            return Outcome(None, None, each)
    found = checked(data, policy, act.party, when.today)
    said = Received(
        day=when.today,
        sender=found.sender.of,
        sha256=digest,
        origin=found.checkpoint.origin,
        size=found.checkpoint.size,
        root=found.checkpoint.root.hex(),
        release=found.release.number,
    )

    def keep(opened: Writing) -> None:
        _keep(data)

    made = commands.state([said], act, when=when, dry_run=dry_run, within=keep)
    if made.proposal is not None:
        _keep(data)
    return Outcome(found, made)


def _keep(data: bytes) -> None:
    BundleFile.objects.update_or_create(sha256=sha256(data).hexdigest(), defaults={"content": data})


def checked(data: bytes, policy: Policy, party: str, day: date) -> Checked:
    """What a file proves to ``party`` on a day. Raises `Refused` with the first rule that it breaks."""
    try:
        file = SignedBundle.parse(data)
    except FormError as error:
        raise _refused(FORM.problem(f"{sentence(error)}.", record="bundle")) from None
    sender = _sender(file.bundle, day)
    signers = _signers(file.note, sender)
    if file.bundle.recipient not in partners.own_keys(party):
        message = f"It is addressed to {file.bundle.recipient!a}, which is no key of {party}."
        raise _refused(SIGNED.problem(message, record="bundle", field="recipient"))
    checkpoint, judgement = _logged(file.bundle.checkpoint, sender, policy)
    try:
        statements = showing.proven(file.bundle.statements, checkpoint.size, checkpoint.root)
    except showing.ShowingError as error:
        raise _refused(STANDS.problem(f"{sentence(error)}.", record="bundle", field="statements")) from None
    release = next(each for each in statements if each.number == file.bundle.release)
    others = tuple(each for each in statements if each is not release)
    wrong = [*_as_released(file.bundle, release, others), *_contradictions(checkpoint, statements)]
    if wrong:
        raise Refused(wrong)
    digest = sha256(data).hexdigest()
    return Checked(digest, file.bundle, sender, signers, checkpoint, judgement, release, others)


def _sender(bundle: Bundle, day: date) -> Partner:
    for each in partners.partners(day).values():
        if each.party_key == bundle.sender:
            return each
    message = f"Nobody here has stated that {bundle.sender[:200]!a} is the key of a partner."
    raise _refused(PARTNER.problem(message, record="bundle", field="sender"))


def _signers(note: Note, sender: Partner) -> tuple[str, ...]:
    """The names of the known keys that signed, that of the party first."""
    party = Verifier.parse(sender.party_key)
    try:
        verified(note, [party])
        known = verified(note, [party, *map(Verifier.parse, sender.person_keys)])
    except NoteError as error:
        message = f"The key of {sender.of} did not sign it as it stands: {error}."
        raise _refused(SIGNED.problem(message, record="bundle", field="signed")) from None
    return (party.name, *(each.name for each in known if each != party))


def _logged(text: str, sender: Partner, policy: Policy) -> tuple[Checkpoint, Judgement]:
    try:
        note = Note.parse(text.encode())
        checkpoint = Checkpoint.parse(note.text)
        log = Verifier.parse(sender.log_key)
        if log not in policy.keys_of(checkpoint.origin):
            raise PolicyError(f"the policy has another key for this log than was stated for {sender.of}")
        verified(note, [log])
        judgement = policy.judged(note, checkpoint.origin)
    except (NoteError, PolicyError, UnicodeError) as error:
        raise _refused(LOGGED.problem(f"{sentence(error)}.", record="bundle", field="checkpoint")) from None
    if not judgement.met:
        signed = ", ".join(sorted(judgement.cosigned)) or "no witness of the policy"
        message = f"Cosigned by {signed}: that is not what the policy asks for."
        raise _refused(LOGGED.problem(message, record="bundle", field="checkpoint"))
    return checkpoint, judgement


def _as_released(bundle: Bundle, release: Proven, others: Sequence[Proven]) -> Iterator[Problem]:
    files = {each.name: each.sha256 for each in bundle.attachments}
    shows: dict[str, object] = {
        "kind": RELEASE_KIND,
        "purpose": bundle.purpose,
        "authority": bundle.authority,
        "statements": [each.number for each in others],
        "fields": sorted(f"{each.number}:{name}" for each in others for name in each.fields),
        "attachments": files,
    }
    for name, shown in shows.items():
        if _stated(release, name) != shown:
            message = f"The release, statement {release.number} of the sender, has something else."
            yield RELEASED.problem(message, record="bundle", field=name)


def _stated(release: Proven, name: str) -> object:
    """A field of the release in the form in which it is compared; None where it has none."""
    stated = release.fields.get(name, [] if name == "attachments" else None)
    if not isinstance(stated, list):
        return stated
    if name == "fields":
        return sorted(map(str, stated))
    if name == "statements":
        return stated
    try:
        return digests_by_name([str(each) for each in stated])
    except ValueError:
        return None


def _contradictions(checkpoint: Checkpoint, statements: Sequence[Proven]) -> Iterator[Problem]:
    """What the same log showed otherwise before: statements of other bundles, the tree that was followed here."""
    entries = {each.number: each.entry for each in statements}
    for each in came():
        if each.origin == checkpoint.origin and (number := _differing(each, entries)) is not None:
            message = f"The bundle of statement {each.number} shows another statement {number} of {each.origin}."
            yield FORK.problem(message, record="bundle", field="statements")
    if (keyfolder.folder() / seen.FILE).exists():
        with seen.turn() as kept_beside:
            before = [kept_beside.last(how, checkpoint.origin) for how in (seen.FOLLOWED, seen.WITNESSED)]
        for known in before:
            if known is not None and known.size == checkpoint.size and known.root != checkpoint.root:
                message = f"Another root of {checkpoint.origin} at size {known.size} was seen here."
                yield FORK.problem(message, record="bundle", field="checkpoint")


def _differing(which: Came, entries: Mapping[int, bytes]) -> int | None:
    """The first number under which a received bundle shows another entry; what is not kept is the doctor's to tell."""
    try:
        statements = opened(which).statements
    except Refused:
        return None
    differing = (each for each in statements if each.number in entries and entry_of(each.body) != entries[each.number])
    return next((each.number for each in differing), None)


def came(sender: str = "", until: int | None = None, using: str = "default") -> list[Came]:
    """The bundles that were received, of a sender or of all, as known at a number, in the order in which they came."""
    sql = 'SELECT number, "day", sender, sha256, origin, "size", root, "release" FROM proof_received WHERE number <= %s'
    parameters: list[object] = [head()[0] if until is None else until]
    if sender:
        sql, parameters = f"{sql} AND sender = %s", [*parameters, sender]
    return [Came(*row) for row in query(f"{sql} ORDER BY number", parameters, _CAME, using).iter_rows()]


def found(name: str) -> Came:
    """The received bundle that a number or the beginning of a digest names. KeyError where none or several do."""
    named = [each for each in came() if str(each.number) == name]
    if not named and len(name) >= LEAST_OF_DIGEST:
        named = [each for each in came() if each.sha256.startswith(name.lower())]
    if len(named) != 1:
        raise KeyError(f"{'No' if not named else 'More than one'} bundle that was received is {name}.")
    return named[0]


def opened(which: Came) -> Bundle:
    """What a received bundle holds. Raises `Refused` where its file is not kept as it came."""
    data = kept(which)
    try:
        return SignedBundle.parse(data).bundle
    except FormError as error:
        raise _refused(_not_kept(which, f"{sentence(error)}.")) from None


def kept(which: Came) -> bytes:
    """The file of a received bundle as it came. Raises `Refused` where it is missing or was changed."""
    row = BundleFile.objects.filter(sha256=which.sha256).first()
    if row is None:
        raise _refused(_not_kept(which, "The file is missing."))
    if sha256(row.content).hexdigest() != which.sha256:
        raise _refused(_not_kept(which, "The file is not the one that came: its digest is another."))
    return bytes(row.content)


def _not_kept(which: Came, message: str) -> Problem:
    return KEPT.problem(message, record=f"bundle {which.number} {which.sha256}")


@dataclass(frozen=True)
class Shown:
    """A statement of a partner as a received bundle shows it: never a statement of ours.

    ``fields`` are those that are open; what is not among them is withheld, or was never stated: that cannot be told
    apart, save for fields that a kind cannot lack. It came last with the bundle ``came``; ``since`` is the statement
    of ours by which the bundle was received that first showed all of it, but for the persons who made it: what was
    withheld before could still be chosen.
    """

    number: int
    fields: Mapping[str, object]
    came: Came
    since: int

    @property
    def kind(self) -> str:
        """The kind of the statement, empty where it is withheld."""
        return str(self.fields.get("kind", ""))


def stated_by(sender: str, until: int | None = None) -> list[Shown]:
    """The statements that a partner's bundles show: each number of a log once, with all fields that any opens."""
    shown: dict[tuple[str, int], Shown] = {}
    for each in came(sender, until):
        bundle = opened(each)
        for given in bundle.statements:
            if given.number == bundle.release:
                continue
            key = each.origin, given.number
            before = shown.get(key, Shown(given.number, {}, each, each.number))
            fields = {**before.fields, **fields_of(given.body)}
            since = each.number if fields.keys() - before.fields.keys() - PERSONS else before.since
            shown[key] = Shown(given.number, fields, each, since)
    return [shown[key] for key in sorted(shown)]


def examine() -> Iterator[Finding]:
    """What the doctor says of the files that are kept."""
    wrong = 0
    received = came()
    for each in received:
        try:
            kept(each)
        except Refused as refused:
            wrong += 1
            yield Finding("bundles", "wrong", f"{refused.problems[0].record}: {refused.problems[0].message}", KEPT.mend)
    if received and not wrong:
        yield Finding("bundles", "fine", f"{counted(len(received), 'file')} of partners kept as they came.")


def _refused(problem: Problem) -> Refused:
    return Refused([problem])
