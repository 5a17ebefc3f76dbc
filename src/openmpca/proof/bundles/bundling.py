"""Bundles to be sent: what goes to which partner, prepared, approved, written as one signed file.

    said = bundling.prepare({17: None, 18: ["day", "weights"]}, to, {"note.pdf": data}, act)     a proposal
    data = bundling.written(release, [signer])                                                   after the approval

Rules kept here:

1. What goes out is named by a statement of two persons, field by field, with recipient, purpose, authority and the
   digest of every file. Nothing else is written, and the statement itself goes with it, proven, so that the recipient
   sees that just this was released.
2. Files that go with it are kept under their digests when it is prepared, so that whoever approves can look at them
   (`openmpca bundle extract`), and what is sent is what was approved. What is refused leaves none behind.
3. A bundle is proven in the tree of a checkpoint that the log signed after the release. Of those the newest is taken
   that meets the policy of this home; without a policy the one with the most signatures.
4. The party's key signs, which the record says is in force; persons may add theirs. A signature is put to a file only
   when the file keeps all rules of its form.
5. Where no fields are named, all are shown that stand open but those that name persons inside (`showing.PERSONS`). Kind
   and version are always shown: without them the others mean nothing.

Source: design, ideas 6 and 7.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from openmpca.proof.bundles import partners
from openmpca.proof.bundles.bundle_checks import digests_by_name, fields_by_number
from openmpca.proof.bundles.bundle_form import (
    FORMAT,
    LARGEST,
    Attachment,
    FormError,
    SignedBundle,
    encoded,
    note_text,
    sentence,
)
from openmpca.proof.bundles.bundle_form import Bundle as Content
from openmpca.proof.bundles.bundle_rules import FORM, LOGGED, SENT, SIGNED
from openmpca.proof.disclosures import showing
from openmpca.proof.keyring import keys
from openmpca.proof.models import BundleFile
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.signing import checkpoints
from openmpca.proof.statements import Bundle
from openmpca.proof.witnesses import policies
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.home import configuration
from openmpca.record.models import Row
from openmpca.record.reading import stored
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.note import Note, signed
from openmpca.tlog.vkey import Signer

CANDIDATES: Final = 50
MOST_ATTACHED: Final = LARGEST // 2
Chosen = Mapping[int, Collection[str] | None]


@dataclass(frozen=True)
class Terms:
    """To whom, for what, on what authority."""

    recipient: str
    purpose: str
    authority: str


def prepare(
    chosen: Chosen,
    terms: Terms,
    files: Mapping[str, bytes],
    act: Act,
    *,
    when: Circumstances = NOW,
    dry_run: bool = False,
) -> Stated:
    """Propose a bundle; ``files`` are kept here. Raises `Refused`, and then keeps none."""
    if sum(map(len, files.values())) > MOST_ATTACHED:
        message = f"The files have more than {MOST_ATTACHED >> 20} MiB together."
        mend = "Send fewer at once, or smaller ones."
        raise Refused([SENT.problem(message, record="proof.bundle", field="attachments", mend=mend)])
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    said = Bundle(
        day=when.today,
        recipient=terms.recipient,
        purpose=terms.purpose,
        authority=terms.authority,
        statements=sorted(chosen),
        fields=[f"{number}:{name}" for number in sorted(chosen) for name in _shown(number, chosen[number])],
        attachments=[f"{name} {digest}" for name, digest in sorted(digests.items())],
    )
    there = set(BundleFile.objects.filter(sha256__in=digests.values()).values_list("sha256", flat=True))
    fresh = {digests[name]: content for name, content in files.items() if digests[name] not in there}
    BundleFile.objects.bulk_create(
        [BundleFile(sha256=digest, content=content) for digest, content in fresh.items()], ignore_conflicts=True
    )
    kept = False
    try:
        made = commands.state([said], act, when=when, dry_run=dry_run)
        kept = not dry_run
    finally:
        if not kept:
            BundleFile.objects.filter(sha256__in=list(fresh)).delete()
    return made


def _shown(number: int, names: Collection[str] | None) -> list[str]:
    if names is not None:
        return sorted(set(names) | showing.ALWAYS)
    text = Row.objects.filter(number=number).values_list("body", flat=True).first()
    if text is None:
        raise Refused([SENT.problem(f"There is no statement {number}.", record="proof.bundle", field="statements")])
    return showing.by_default(text)


def written(release: int, signers: Sequence[Signer]) -> SignedBundle:
    """The file of a bundle that was released by statement ``release``, signed. Raises `Refused`."""
    said, party = released(release)
    recipient = partners.partner(said.recipient, NOW.today)
    sender = _own_key(party, signers)
    checkpoint, note = _checkpoint(release)
    shown = {**fields_by_number(said.fields), release: _of_release(release)}
    try:
        statements = showing.shown(shown, checkpoint.size)
        showing.proven(statements, checkpoint.size, checkpoint.root)
    except showing.ShowingError as error:
        raise Refused([SENT.problem(f"{sentence(error)}.", record=f"statement {release}")]) from None
    content = encoded(
        Content(
            format=FORMAT,
            sender=sender,
            recipient=recipient.party_key,
            purpose=said.purpose,
            authority=said.authority,
            release=release,
            checkpoint=note.encode().decode(),
            statements=statements,
            attachments=[
                Attachment(name, sha256(content).hexdigest(), content)
                for name, content in files(digests_by_name(said.attachments))
            ],
        )
    )
    return checked(SignedBundle(signed(note_text(content), *signers), content).encode())


def released(number: int) -> tuple[Bundle, str]:
    """What statement ``number`` released as a bundle, and which party did. Raises `Refused` where it is none."""
    try:
        found = stored(number)
    except KeyError:
        raise Refused([SENT.problem(f"There is no statement {number}.", record=f"statement {number}")]) from None
    if not isinstance(found.statement, Bundle):
        mend = "Name the statement that released it: see `openmpca bundle list`."
        raise Refused([SENT.problem("It releases no bundle.", record=f"statement {number}", mend=mend)])
    return found.statement, found.party


def checked(data: bytes) -> SignedBundle:
    """A file held against its form, before somebody signs it or it leaves. Raises `Refused`."""
    try:
        return SignedBundle.parse(data)
    except FormError as error:
        raise Refused([FORM.problem(f"{sentence(error)}.", record="bundle")]) from None


def countersigned(data: bytes, signer: Signer) -> SignedBundle:
    """The file with a further signature, of a person. Raises `Refused`."""
    before = checked(data)
    return SignedBundle(before.note.with_signatures(signed(before.note.text, signer).signatures), before.content)


def read(path: Path) -> bytes:
    """The bytes of a file, of which no more is read than a bundle may have. Raises `Refused` for a longer one."""
    with path.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused([FORM.problem(f"It has more than {LARGEST >> 20} MiB.", record=str(path))])
    return data


def _own_key(party: str, signers: Sequence[Signer]) -> str:
    """The key of the party among those that sign; only a key that the record has in force is one that partners know."""
    in_force = [each.vkey for each in keys.introduced("party") if each.of == party and each.in_force]
    for each in signers:
        if str(each.verifier) in in_force:
            return str(each.verifier)
    mend = "Make the party's key with `openmpca key new party`, and let another person approve it."
    raise Refused([SIGNED.problem(f"No key of {party} signs it.", record="bundle", field="sender", mend=mend)])


def _of_release(number: int) -> list[str]:
    return showing.by_default(Row.objects.values_list("body", flat=True).get(number=number))


def files(digests: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """The kept files that go with a bundle, by name. Raises `Refused` where one is not there as it was."""
    found = []
    for name, digest in sorted(digests.items()):
        kept = BundleFile.objects.filter(sha256=digest).first()
        if kept is None or sha256(kept.content).hexdigest() != digest:
            message = f"The file {name} is not kept here as it was when the bundle was prepared."
            mend = "Prepare the bundle again with the file; or restore it from a backup."
            raise Refused([SENT.problem(message, record="bundle", field="attachments", mend=mend)])
        found.append((name, bytes(kept.content)))
    return found


def _checkpoint(release: int) -> tuple[Checkpoint, Note]:
    """The checkpoint under which a bundle is proven (rule 3)."""
    candidates = list(_signed_after(release))
    if not candidates:
        message = "No checkpoint was signed since it was released."
        mend = "Run `openmpca checkpoint`, and have it cosigned as your partners ask."
        raise Refused([LOGGED.problem(message, record=f"statement {release}", mend=mend)])
    if configuration().policy:
        agreed = policies.policy()
        for checkpoint, note in candidates:
            if checkpoint.origin in agreed.logs and agreed.judged(note, checkpoint.origin).met:
                return checkpoint, note
    return max(candidates, key=lambda each: (len(each[1].signatures), each[0].size))


def _signed_after(release: int) -> Iterator[tuple[Checkpoint, Note]]:
    latest = checkpoints.latest()
    if latest is not None and latest.checkpoint.size > release:
        yield latest.checkpoint, latest.note
    kept = Kept.objects.filter(origin=keys.origin(), size__gt=release).order_by("-size")[:CANDIDATES]
    for each in kept:
        note = Note.parse(each.note.encode())
        yield Checkpoint.parse(note.text), note
