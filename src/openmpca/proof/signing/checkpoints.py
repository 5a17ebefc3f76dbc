"""Checkpoints of this record: made, signed, kept, and held against the record.

    signed = checkpoints.make()
    signed.note.encode()

Rules kept here:

1. A log never signs two inconsistent trees. Before anything is signed, the last signed checkpoint is held against the
   record by a consistency proof: it has the same origin, it is not larger, and the tree to be signed begins with it.
   Otherwise nothing is signed; the way on is to bring the missing statements back, or a new origin (rule 6).
2. The last signed checkpoint is beside the key (`log.signed`), not in the database, so that a database restored from an
   older backup is noticed. It is on the disk before the checkpoint is handed to anybody.
3. One at a time signs: under the lock of the key's folder and the lock of the record, so that size and root are those
   of one moment, and two processes cannot sign from the same last checkpoint.
4. The same tree is signed once with a key; Ed25519 gives the same bytes anyway.
5. Who holds the machine can put back database and file together. Only the partners see that: their witnesses hold what
   they saw last.
6. A new origin begins with a statement of two persons that names the last checkpoint of the old one whole, and with a
   key of its own. A partner sees both.

Source: C2SP tlog-checkpoint v1.0.0 ("a log MUST NOT sign two inconsistent checkpoints"); issue "Prove it".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from openmpca.problems import Problem, rule
from openmpca.proof.keyring import keyfolder, keyrules, keys
from openmpca.proof.keyring.keys import Asked, Made
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.statements import Origin as Begins
from openmpca.record import clock, reading
from openmpca.record.record import Refused, head, read_leaves, read_tile, tree
from openmpca.record.turn import turn
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.merkle import EMPTY_ROOT, HASH_BYTES, ProofError, verify_consistency
from openmpca.tlog.note import Note, NoteError, signed, verified
from openmpca.tlog.tree import TILE_WIDTH, StoredLogError, Tree
from openmpca.tlog.vkey import Signer, Verifier

SIGNED_FILE: Final = "log.signed"

FOLLOWS = rule(
    56,
    "What the log signs begins with all that it signed before",
    source="C2SP tlog-checkpoint: a log never signs two inconsistent trees",
    mend="Either bring the missing statements back: restore the newest backup into a new home, move the folder keys"
    " into it, and go on there. Or, when they are lost, begin a new origin with `openmpca checkpoint --new-origin NAME"
    " --reason TEXT`, which another person approves, and tell the partners why.",
)
SIGNED = rule(
    58,
    "A kept checkpoint is signed by the log and is that of the record",
    source="C2SP tlog-checkpoint; design idea 6",
    mend="Find out who could write there. A false log.signed is put back from where the keys are kept, or taken out of"
    " the folder: then the stored checkpoints are held against the record.",
)


@dataclass(frozen=True)
class Signed:
    """A checkpoint with its signed note; ``fresh`` when it was signed just now."""

    checkpoint: Checkpoint
    note: Note
    fresh: bool = False


def origin() -> str:
    """The origin of the log: as the record says it, else as configured; empty when neither does."""
    return keys.origin()


def signed_file() -> Path:
    """Where the last signed checkpoint lies."""
    return keyfolder.folder() / SIGNED_FILE


def last() -> Signed | None:
    """The last checkpoint that was signed, as the file beside the key has it; `Refused` where it is not the log's."""
    try:
        data = signed_file().read_bytes()
    except FileNotFoundError:
        return None
    return _proven(data, str(signed_file()))


def latest() -> Signed | None:
    """The last checkpoint that was signed, with the cosignatures that were collected for it."""
    found = last()
    if found is None:
        return _last_kept(keys.origin())
    kept = Kept.objects.filter(origin=found.checkpoint.origin, size=found.checkpoint.size).first()
    if kept is None:
        return found
    note = Note.parse(kept.note.encode())
    return (
        found if note.text != found.note.text else Signed(found.checkpoint, found.note.with_signatures(note.signatures))
    )


def make(*, passphrase: str | None = None, size: int | None = None) -> Signed:
    """Sign a checkpoint of the record as it stands, or of its first ``size`` statements.

    Gives the last one when it is that, or when one of more than ``size`` was signed meanwhile. Raises `Refused` where
    the record does not begin with what was signed before (rule 56), or no key may sign.
    """
    check(size)
    signer = keys.load("log", passphrase=passphrase)
    with keyfolder.alone(), turn("openmpca checkpoint") as standing:
        if keys.signing("log").vkey != str(signer.verifier):
            raise Refused([keyrules.INTRODUCED.problem("The key was replaced meanwhile.", mend="Try again.")])
        made = _signed(signer, check(standing.size if size is None else size))
        if made.fresh:
            keyfolder.replace(signed_file(), made.note.encode())
        _keep(made)
    return made


def keep_cosignatures(note: Note) -> None:
    """Store the signatures that a note has beyond those that are stored with its checkpoint.

    A checkpoint that the database does not have (a backup from before it was restored) is stored with them.
    """
    found = Checkpoint.parse(note.text)
    text = note.encode().decode()
    with transaction.atomic():
        kept, fresh = Kept.objects.select_for_update().get_or_create(
            origin=found.origin, size=found.size, defaults={"note": text, "made_us": clock.now_us()}
        )
        if not fresh and (before := Note.parse(kept.note.encode())).text == note.text:
            kept.note = before.with_signatures(note.signatures).encode().decode()
            kept.save(update_fields=["note"])


def new_origin(name: str, asked: Asked) -> Made:
    """State that the log goes on under a new origin with a new key; the last checkpoint is named whole."""
    before = last() or _last_kept(keys.origin())
    if before is None:
        message = "Nothing was signed yet, so there is nothing to go on from."
        raise Refused([keyrules.ORIGIN.problem(message, mend="Run `openmpca checkpoint`.")])
    previous = before.note.encode().decode()
    begins: Begins = Begins(day=asked.when.today, origin=name, previous=previous, reason=asked.reason)
    replaces = [each.vkey for each in keys.introduced("log") if each.in_force]
    return keys.successor(asked, keys.fresh("log", name), "".join(replaces[-1:]), [begins])


def _signed(signer: Signer, checkpoint: Checkpoint) -> Signed:
    before = last()
    if before is not None and before.checkpoint == checkpoint:
        mine = signer.name, signer.verifier.key_id
        if any(each[:2] == mine for each in before.note.signatures):
            return before
    return Signed(checkpoint, signed(checkpoint.text(), signer), True)


def _keep(made: Signed) -> None:
    origin, size = made.checkpoint.origin, made.checkpoint.size
    before = Kept.objects.filter(origin=origin, size=size).first()
    note = made.note
    if before is not None and (stored := Note.parse(before.note.encode())).text == note.text:
        note = note.with_signatures(stored.signatures)
    text = note.encode().decode()
    if before is None or before.note != text:
        now = {"note": text, "made_us": clock.now_us()}
        Kept.objects.update_or_create(origin=origin, size=size, defaults=now)


def check(size: int | None = None) -> Checkpoint:
    """The checkpoint that may be signed; `Refused` where the record does not begin with what was signed before."""
    standing, root = head()
    name, stored = keys.origin(), tree()
    before = [each for each in (last(), _last_kept(name)) if each is not None]
    further = [each.checkpoint.size for each in before if each.checkpoint.size <= standing]
    wanted = standing if size is None else max(size, *further, 0)
    for each in before:
        if wrong := _parted(each.checkpoint, name, stored, wanted):
            raise Refused([wrong])
    name = name or keys.signing("log").vkey.partition("+")[0]
    computed = _root(stored, wanted)
    if wanted > standing or (wanted == standing and computed != root):
        message = f"The record has {standing} statements, whose tiles do not give the root of its head."
        raise Refused([SIGNED.problem(message, record="head", mend="Run `openmpca verify`.")])
    return Checkpoint(name, wanted, computed)


def _parted(before: Checkpoint, name: str, stored: Tree, size: int) -> Problem | None:
    """What keeps the tree of a size from following the last signed checkpoint; None where it follows."""
    record = f"checkpoint {before.size}"
    if before.origin != name:
        if _gone_over(before, name):
            return None
        message = (
            f"The last checkpoint was signed for {before.origin}; the record says that the log is {name or 'none'}."
        )
        return FOLLOWS.problem(message, record=record, field="origin")
    if size < before.size:
        message = (
            f"The record has {size} statements, and {before.size} were signed: a backup from before was restored, or"
            " the end was cut off."
        )
        return FOLLOWS.problem(message, record=record, field="size")
    try:
        if before.size:
            proof = stored.consistency_proof(before.size, size)
            verify_consistency(before.size, size, proof, before.root, _root(stored, size))
    except (ProofError, StoredLogError, ObjectDoesNotExist):
        message = (
            f"The first {before.size} statements of the record are not those that were signed: it was rewritten, or a"
            " backup from before was restored and then added to."
        )
        return FOLLOWS.problem(message, record=record, field="root")
    return None


def _gone_over(before: Checkpoint, name: str) -> bool:
    """Whether the record says that its log went on under this name from just that checkpoint."""
    begun = [each.fields for each in reading.by_kind("proof.origin")][-1:]
    if not begun or begun[0]["origin"] != name:
        return False
    return Note.parse(str(begun[0]["previous"]).encode()).text == before.text()


def _root(stored: Tree, size: int) -> bytes:
    try:
        return stored.root(size) if size else EMPTY_ROOT
    except (StoredLogError, ObjectDoesNotExist) as error:
        message = f"The tiles of the record are not whole: {error}."
        raise Refused([SIGNED.problem(message, record="record", mend="Run `openmpca verify`.")]) from None


def _last_kept(name: str) -> Signed | None:
    kept = Kept.objects.filter(origin=name).order_by("-size").first()
    return None if kept is None else _proven(kept.note.encode(), f"checkpoint {kept.size}")


def _proven(data: bytes, where: str, known: Sequence[Verifier] = ()) -> Signed:
    """A checkpoint that this log signed, with one of the known keys or any it ever had; `Refused` where it is none."""
    try:
        note = Note.parse(data)
        verified(note, known or keys.log_verifiers())
        return Signed(Checkpoint.parse(note.text), note)
    except NoteError as error:
        raise Refused([SIGNED.problem(f"It is no checkpoint of this log: {error}.", record=where)]) from None


def problems(newest: int | None = None) -> list[Problem]:
    """What is wrong between the record as it stands and the checkpoints that were signed of it, all or the newest."""
    found: list[Problem] = []
    try:
        before = last()
    except Refused as refused:
        before, found = None, refused.problems
    name, known = keys.origin(), keys.log_verifiers()
    rows = list(Kept.objects.filter(origin=name).order_by("-size")[:newest])
    size = head()[0]
    stored = _by_tiles(size)
    if before is not None:
        found += _told(lambda: _parted(before.checkpoint, name, stored, size))
    for kept in reversed(rows):
        found += _told(lambda kept=kept: _stale(kept, stored, size, known))  # type: ignore[misc]
    return found


def _by_tiles(size: int) -> Tree:
    """The tree, for the roots of many sizes: what is in a full tile by now is read from the tile, once."""
    tile = lru_cache(4)(read_tile)

    def leaves(start: int, end: int) -> list[bytes]:
        if start + TILE_WIDTH > size:
            return read_leaves(start, end)
        hashes = tile(0, start // TILE_WIDTH)
        return [hashes[at * HASH_BYTES :][:HASH_BYTES] for at in range(end - start)]

    return Tree(tile, leaves)


def _stale(kept: Kept, stored: Tree, size: int, known: Sequence[Verifier]) -> Problem | None:
    """What is wrong with a stored checkpoint; the tiles are known to be those of the record, so its root is enough."""
    where = f"checkpoint {kept.size}"
    checkpoint = _proven(kept.note.encode(), where, known).checkpoint
    if checkpoint.size <= size and _root(stored, checkpoint.size) == checkpoint.root:
        return None
    return FOLLOWS.problem("It is not of the record as it stands.", record=where, field="root")


def _told(look: Callable[[], Problem | None]) -> list[Problem]:
    try:
        wrong = look()
    except Refused as refused:
        return refused.problems
    return [] if wrong is None else [wrong]
