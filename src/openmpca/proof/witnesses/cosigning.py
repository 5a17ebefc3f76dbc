"""Asking the witnesses of a policy to cosign the last checkpoint, and keeping what they sign.

Rules kept here:

1. Each witness is asked from the size that it holds: the one it cosigned last as far as is known here, else the one
   that its answer 409 tells. It is believed about that, and asked again from there with the right proof.
2. What it answers counts only as its cosignature under just this checkpoint, verified by the key of the policy, at a
   time that is at most a day ahead of the clock here.
3. An alarm is raised, and nobody asks again, where a witness shows that it has seen another tree of this log: it holds
   one that is larger than all that was signed here, or does not take our proof from the size it holds, or answers 409
   with our own size to who asked from that size (some answer so where 422 is due).
4. Who is busy (429, 5xx) or not reached is asked again after a while that doubles, or as long as it says, a few times.
   403 and 404 both say that it does not know the log. No witness holds up the others, and each cosignature is kept as
   it comes, whatever becomes of the asking.

Source: C2SP tlog-witness v1.0.0; reference 5.5 for what other witnesses answer.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain
from typing import Final

from openmpca.problems import Problem
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.moments import DAY, moment
from openmpca.proof.publishing import reaching
from openmpca.proof.publishing.log_files import LogFiles
from openmpca.proof.publishing.reaching import BUSY, LONGEST_WAIT, WAITS, Answer, Sleep, Unreachable
from openmpca.proof.signing import checkpoints
from openmpca.proof.witnesses import seen
from openmpca.proof.witnesses.seen import Seen
from openmpca.proof.witnesses.shown_rules import ANSWERED, FORK, REACHED, REQUESTED
from openmpca.proof.witnesses.witnessing import Witness
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import CosignatureError, cosigned_at
from openmpca.tlog.lines import LineError, decimal_of, shown
from openmpca.tlog.note import Note, NoteError, Signature
from openmpca.tlog.policy import Policy
from openmpca.tlog.tree import Proofs
from openmpca.tlog.vkey import Verifier
from openmpca.tlog.witness import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    MAX_REQUEST_BYTES,
    NOT_FOUND,
    OK,
    UNPROCESSABLE,
    AddCheckpoint,
    RequestError,
    cosignatures,
)

CORRECTIONS: Final = 3
AT_ONCE: Final = 8
HERE: Final = "here"

Send = Callable[[str, bytes], Answer]


def _send(url: str, body: bytes) -> Answer:
    return reaching.send(url, body, limit=MAX_REQUEST_BYTES)


@dataclass
class Asking:
    """One witness and how far the asking has come: it ends with a cosignature or with a problem."""

    name: str
    key: Verifier
    url: str
    old: int = 0
    busy: int = 0
    corrected: int = 0
    wait: float = 0.0
    cosignature: Signature | None = None
    seconds: int = 0
    problem: Problem | None = None
    passed: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more is asked; ``passed`` where what it signed was carried here before."""
        return self.passed or self.cosignature is not None or self.problem is not None

    @property
    def alarmed(self) -> bool:
        """Whether the witness has seen another tree of this log."""
        return self.problem is not None and self.problem.rule == FORK.number

    def request(self, note: Note, size: int, proofs: Proofs) -> bytes:
        """What is asked next."""
        proof = proofs.consistency_proof(self.old, size) if self.old else []
        return AddCheckpoint(self.old, tuple(proof), note).encode()

    def heard(self, answer: Answer | Unreachable, note: Note, size: int) -> None:
        """Take in what the witness answered."""
        self.wait = 0.0
        if isinstance(answer, Unreachable):
            self._again(str(answer), 0.0)
        elif answer.status in BUSY:
            self._again(f"it answers {answer.status}", answer.retry_after)
        elif answer.status == OK:
            self._signed(answer.body, note)
        elif answer.status == CONFLICT:
            self._told(answer.body, size)
        else:
            self.problem = self._refused(answer)

    def _again(self, why: str, asked: float) -> None:
        if self.busy == len(WAITS):
            self.problem = REACHED.problem(f"It was asked {self.busy + 1} times: {why}.", record=self.name)
            return
        self.wait = min(max(WAITS[self.busy], asked), LONGEST_WAIT)
        self.busy += 1

    def _signed(self, body: bytes, note: Note) -> None:
        try:
            found = [each for each in cosignatures(body) if each[:2] == (self.key.name, self.key.key_id)]
            if not found:
                raise RequestError(f"there is no cosignature by {self.key.name}+{self.key.key_id.hex()}")
            self.seconds = _cosigned_at(note, found[0], self.key)
            self.cosignature = found[0]
        except (RequestError, NoteError) as error:
            self.problem = ANSWERED.problem(f"{_sentence(str(error))}", record=self.name)

    def _told(self, body: bytes, size: int) -> None:
        try:
            told = decimal_of(body[:64].decode("ascii", "replace").strip())
        except LineError:
            self.problem = ANSWERED.problem("It holds another size and does not tell which.", record=self.name)
            return
        if told > size:
            message = f"It holds a tree of {told} statements of this log, more than the {size} of the last checkpoint."
            self.problem = FORK.problem(message, record=self.name)
        elif told == self.old == size:
            self.problem = FORK.problem(f"It holds another tree of {size} statements.", record=self.name)
        elif self.corrected == CORRECTIONS or told == self.old:
            self.problem = ANSWERED.problem(f"It goes on asking for a proof from {told}.", record=self.name)
        else:
            self.old, self.corrected = told, self.corrected + 1

    def _refused(self, answer: Answer) -> Problem:
        why = shown(answer.body[:80].decode("utf-8", "replace").strip())
        if answer.status == UNPROCESSABLE and self.old:
            message = f"It does not find its tree of {self.old} statements at the beginning of ours: {why}."
            return FORK.problem(message, record=self.name)
        reasons = {FORBIDDEN: "It does not know the key", NOT_FOUND: "It does not know the log"}
        reasons |= {BAD_REQUEST: "It does not understand the request"}
        return ANSWERED.problem(
            f"{reasons.get(answer.status, 'It refuses')} ({answer.status}: {why}).", record=self.name
        )


def _cosigned_at(note: Note, signature: Signature, key: Verifier) -> int:
    """When it was cosigned. Raises `NoteError` where it was not, or at a time that is yet to come."""
    seconds = cosigned_at(note, signature, key)
    if seconds > time.time() + DAY:
        raise CosignatureError(f"the cosignature of {shown(key.name)} is of a time to come: {moment(seconds)}")
    return seconds


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def collect(
    note: Note,
    proofs: Proofs,
    askings: Sequence[Asking],
    send: Send = _send,
    sleep: Sleep = time.sleep,
    keep: Callable[[Asking], None] = lambda asking: None,
) -> None:
    """Ask every witness until each has answered for good; requests go out side by side.

    ``keep`` gets each that has cosigned, as soon as it has.
    """
    size = Checkpoint.parse(note.text).size
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while waiting := [each for each in askings if not each.ended]:
            if pause := max(each.wait for each in waiting):
                sleep(pause)
            asked = {
                pool.submit(
                    _answer, send, f"{each.url.rstrip('/')}/add-checkpoint", each.request(note, size, proofs)
                ): each
                for each in waiting
            }
            for answer in as_completed(asked):
                each = asked[answer]
                each.heard(answer.result(), note, size)
                if each.cosignature is not None:
                    keep(each)


def _answer(send: Send, url: str, body: bytes) -> Answer | Unreachable:
    try:
        return send(url, body)
    except Unreachable as error:
        return error


@dataclass(frozen=True)
class Collected:
    """What came of it: the checkpoint with all its cosignatures, and every witness that was asked."""

    note: Note
    askings: list[Asking]

    @property
    def problems(self) -> list[Problem]:
        """Why witnesses have not cosigned."""
        return [each.problem for each in self.askings if each.problem is not None]

    @property
    def alarm(self) -> bool:
        """Whether a witness has seen another tree of this log."""
        return any(each.alarmed for each in self.askings)


def cosign(
    policy: Policy,
    names: Iterable[str] = (),
    send: Send = _send,
    sleep: Sleep = time.sleep,
    witness: Witness | None = None,
) -> Collected:
    """Ask the witnesses of a policy, or those of these names, and keep what they sign.

    ``witness`` is the one of this home, which is asked here and not over a network.
    """
    note, origin = last_signed()
    wanted = set(names)
    with seen.turn() as kept:
        held = {name: kept.last(seen.asked_of(name), origin) for name in policy.witnesses}
    askings = [
        _asking(name, key, url, note, _held(held[name], note), witness)
        for name, (key, url) in policy.witnesses.items()
        if not wanted or name in wanted
    ]
    tree = LogFiles.of(note.encode()).tree
    collect(own(note), tree, askings, _routed(send, witness), sleep, lambda each: _keep(note, origin, [each]))
    good = [each for each in askings if each.cosignature is not None]
    if any(each.alarmed for each in askings) and last_signed()[0].text != note.text:
        return cosign(policy, names, send, sleep, witness)  # Somebody signed and asked meanwhile: that is no fork.
    return Collected(note.with_signatures([each.cosignature for each in good if each.cosignature]), askings)


def _asking(name: str, key: Verifier, url: str | None, note: Note, old: int, witness: Witness | None) -> Asking:
    if witness is not None and key == witness.signer.verifier:
        return Asking(name, key, HERE, old)
    asking = Asking(name, key, url or "", old)
    if not url and all(each[:2] != (key.name, key.key_id) for each in note.signatures):
        mend = f"Carry files: `openmpca log request FILE --witness {name}`, and `openmpca cosign --file ANSWER`."
        asking.problem = REACHED.problem("The policy tells no address.", record=name, mend=mend)
    elif not url:
        asking.passed = True
    return asking


def _routed(send: Send, witness: Witness | None) -> Send:
    """What goes to this home's own witness stays here."""

    def routed(url: str, body: bytes) -> Answer:
        if witness is not None and url.startswith(HERE):
            outcome = witness.add_checkpoint(body)
            return Answer(outcome.status, outcome.body)
        return send(url, body)

    return routed


def last_signed() -> tuple[Note, str]:
    """The last signed checkpoint with its cosignatures, and its origin. Raises `Refused` where there is none."""
    found = checkpoints.latest()
    if found is None:
        mend = "Run `openmpca checkpoint` first."
        raise Refused([REQUESTED.problem("Nothing was signed yet.", record="checkpoint", mend=mend)])
    return found.note, found.checkpoint.origin


def own(note: Note) -> Note:
    """The checkpoint with the signatures of the log alone, as a witness is asked."""
    origin = note.text.partition("\n")[0]
    return Note(note.text, tuple([each for each in note.signatures if each.name == origin]))


def request(name: str, old: int | None = None) -> AddCheckpoint:
    """The request to one witness, to be carried as a file; from the size it is known to hold unless one is given."""
    note, origin = last_signed()
    size = Checkpoint.parse(note.text).size
    if old is None:
        with seen.turn() as kept:
            old = _held(kept.last(seen.asked_of(name), origin), note)
    if not 0 <= old <= size:
        message = f"The last checkpoint has {size} statements, which is less than {old}."
        raise Refused([REQUESTED.problem(message, record=name, field="old")])
    proof = LogFiles.of(note.encode()).tree.consistency_proof(old, size) if old else []
    return AddCheckpoint(old, tuple(proof), own(note))


def adopt(answer: bytes, policy: Policy) -> tuple[Note, dict[str, int]]:
    """Keep the cosignatures of an answer that was carried here; gives the checkpoint and the time of each.

    The answer may be to a checkpoint before the last. Raises `Refused` where nothing of it is a cosignature by a
    witness of the policy.
    """
    try:
        found = cosignatures(answer)
    except RequestError as error:
        raise Refused([ANSWERED.problem(_sentence(str(error)), record="answer")]) from None
    newest, origin = last_signed()
    kept = Kept.objects.filter(origin=origin).order_by("-size").iterator()
    for note in chain([newest], (Note.parse(each.note.encode()) for each in kept)):
        good = [each for each in (_verified(one, note, policy) for one in found) if each is not None]
        if good:
            _keep(note, origin, good)
            made = note.with_signatures([each.cosignature for each in good if each.cosignature])
            return made, {each.name: each.seconds for each in good}
    message = f"No witness of the policy has cosigned a checkpoint of {origin} in it."
    raise Refused([ANSWERED.problem(message, record="answer")])


def _verified(signature: Signature, note: Note, policy: Policy) -> Asking | None:
    for name, (key, url) in policy.witnesses.items():
        if signature[:2] == (key.name, key.key_id):
            try:
                seconds = _cosigned_at(note, signature, key)
            except NoteError:
                return None
            return Asking(name, key, url or "", cosignature=signature, seconds=seconds)
    return None


def _keep(note: Note, origin: str, good: Sequence[Asking]) -> None:
    """Store the cosignatures with the checkpoint, and remember what each witness holds now."""
    checkpoints.keep_cosignatures(note.with_signatures([each.cosignature for each in good if each.cosignature]))
    checkpoint = Checkpoint.parse(note.text)
    with seen.turn() as kept:
        for each in good:
            held = Seen(origin, checkpoint.size, checkpoint.root, b"", each.seconds)
            kept.put(seen.asked_of(each.name), held)


def _held(last: Seen | None, note: Note) -> int:
    """From which size to ask: never more than the checkpoint has, so that the witness tells what it holds."""
    return min(last.size, Checkpoint.parse(note.text).size) if last else 0
