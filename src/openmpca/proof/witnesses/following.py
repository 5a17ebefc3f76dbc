"""Following the log of a partner: what it shows now is held against all that was seen of it before.

Rules kept here:

1. A log is known by its key in the policy. A look-alike name is another name, and a checkpoint that no key of the
   policy signed is nobody's.
2. What was seen of a log, by following it or as its witness, is the beginning of what it shows: the tiles, proven by
   the new root, give the old root at the old size. So a rewritten entry, a cut-off end and a view that others do not
   get are noticed, at the latest with the next checkpoint.
3. What shows a log to be at fault is kept: both checkpoints, as they came, in `evidence` of the home. What was seen
   before stays what was seen.
4. Only what holds is kept as seen, by comparing and replacing in one turn (see `seen`); nothing is forgotten for a
   network's sake: while files are fetched nothing is locked.
5. Whether enough witnesses have cosigned is told and does not by itself say that the log is at fault. Asking the
   witnesses what they have cosigned shows a split view at once; only a checkpoint that log and witness both signed
   speaks, and the log is read again before it is held against one that is larger.

Source: C2SP tlog-checkpoint, tlog-tiles, tlog-witness (monitoring); issue "Prove it": following.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from openmpca.problems import Problem, errors
from openmpca.proof.keyring import keyfolder
from openmpca.proof.moments import DAY
from openmpca.proof.publishing.reaching import Unreachable, log_at
from openmpca.proof.witnesses import seen
from openmpca.proof.witnesses.seen import FOLLOWED, WITNESSED, Seen
from openmpca.proof.witnesses.shown_rules import COSIGNED, GROWS, KNOWN_LOG, ONE_TREE, REACHED, TILES
from openmpca.record.home import home
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.lines import shown
from openmpca.tlog.note import Note, NoteError
from openmpca.tlog.policy import Judgement, Policy, PolicyError
from openmpca.tlog.remote import Fetch, NotThere, RemoteError, RemoteTree
from openmpca.tlog.tree import StoredLogError

EVIDENCE: Final = "evidence"
HOUR: Final = 3600

T = TypeVar("T")
Clock = Callable[[], float]
Reach = Callable[[str], Fetch]


class Wrong(Exception):  # noqa: N818  the word of the field
    """What ends the following of a log: a problem, and the other checkpoint where that is evidence."""

    def __init__(self, problem: Problem, other: bytes = b"") -> None:
        super().__init__(problem.message)
        self.problem, self.other = problem, other


@dataclass
class Followed:
    """What came of following one log."""

    place: str
    origin: str = ""
    checkpoint: Checkpoint | None = None
    note: Note | None = None
    before: Seen | None = None
    judged: Judgement | None = None
    problems: list[Problem] = field(default_factory=list)
    evidence: Path | None = None

    @property
    def holds(self) -> bool:
        """Whether the log is at no fault, as far as was seen."""
        return not errors(self.problems)

    @property
    def faulty(self) -> bool:
        """Whether there is more wrong than that it could not be read."""
        return any(each.rule != REACHED.number for each in errors(self.problems))


@dataclass(frozen=True)
class Follower:
    """Who follows: by which policy, how logs are reached, by which clock, and how old a cosignature may be."""

    policy: Policy
    reach: Reach = log_at
    clock: Clock = time.time
    within: float = 0.0
    ask_witnesses: bool = False

    def follow(self, what: str) -> Followed:
        """Follow a log of the policy by its name, or the one at an address or in a folder."""
        found = self._found(what)
        try:
            self._judge(found)
            self._compare(found, self._asked(found) if self.ask_witnesses else {})
        except Wrong as wrong:
            found.problems.insert(0, wrong.problem)
            if wrong.other and found.note is not None:
                found.evidence = _kept(found.origin, wrong.other, found.note.encode())
        return found

    def places(self) -> list[str]:
        """The names of the logs of the policy that have an address."""
        return [name for name, (_, url) in self.policy.logs.items() if url]

    def _found(self, what: str) -> Followed:
        if what not in self.policy.logs:
            return Followed(what)
        url = self.policy.logs[what].url
        if not url:
            message = "The policy tells no address of this log."
            mend = "Give the address, or the folder that was carried here, instead of the name."
            return Followed("", what, problems=[REACHED.problem(message, record=what, mend=mend)])
        return Followed(url, what)

    def _judge(self, found: Followed) -> None:
        """Read the checkpoint, and believe it for its signature."""
        if found.problems:
            raise Wrong(found.problems.pop())
        self._believe(found)
        assert found.judged is not None  # noqa: S101  `_believe` has set it
        if not found.judged.met:
            who = ", ".join(found.judged.cosigned) or "no witness of the policy"
            message = f"It is cosigned by {who}, which is not the quorum."
            found.problems.append(COSIGNED.problem(message, record=found.origin))
        self._check_age(found, found.judged)

    def _believe(self, found: Followed) -> None:
        expected = found.origin
        try:
            note = Note.parse(self.reach(found.place)("checkpoint"))
            checkpoint = Checkpoint.parse(note.text)
        except (NotThere, Unreachable) as error:
            raise Wrong(REACHED.problem(f"There is no checkpoint: {error}.", record=found.place)) from None
        except NoteError as error:
            raise Wrong(KNOWN_LOG.problem(f"It is no checkpoint: {error}.", record=found.place)) from None
        found.origin = checkpoint.origin
        if expected and checkpoint.origin != expected:
            message = f"At the address of {shown(expected)} is the log {shown(checkpoint.origin)}."
            raise Wrong(KNOWN_LOG.problem(message, record=found.place))
        found.judged = self._judged(note, checkpoint.origin)
        found.checkpoint, found.note = checkpoint, note

    def _judged(self, note: Note, origin: str) -> Judgement:
        try:
            judged = self.policy.judged(note, origin)
        except (PolicyError, NoteError) as error:
            known = ", ".join(map(shown, self.policy.logs)) or "none"
            message = f"{str(error)[:1].upper()}{str(error)[1:]}; the logs of the policy: {known}."
            raise Wrong(KNOWN_LOG.problem(message, record=shown(origin))) from None
        if not judged.log_verified:
            message = "No key that the policy names for this log has signed the checkpoint."
            raise Wrong(KNOWN_LOG.problem(message, record=shown(origin)))
        return judged

    def _check_age(self, found: Followed, judged: Judgement) -> None:
        now = self.clock()
        newest = max((each for each in judged.cosigned.values() if each <= now + DAY), default=0)
        if self.within and newest < now - self.within * HOUR:
            message = f"No witness has cosigned it in the last {self.within:g} hours."
            raise Wrong(GROWS.problem(message, record=found.origin))

    def _compare(self, found: Followed, cosigned: Mapping[str, Seen]) -> None:
        """Hold the checkpoint against what was seen before and what witnesses cosigned, and keep it as seen."""
        assert found.checkpoint is not None  # noqa: S101  `_judge` has set it
        assert found.note is not None  # noqa: S101
        tree = RemoteTree(self.reach(found.place), found.checkpoint.size, found.checkpoint.root)
        while True:
            with seen.turn() as kept:
                before = _before(kept, found.origin)
            found.before = max(before, key=lambda each: each.size, default=None)
            for each in before:
                _continues(tree, each, found.origin)
            _read(tree.check, tree, found.origin)
            for witness, other in cosigned.items():
                _continues(tree, other, found.origin, f"{witness} has cosigned")
            with seen.turn() as kept:
                if _before(kept, found.origin) == before:
                    made = found.checkpoint
                    seconds = int(self.clock())
                    kept.put(FOLLOWED, Seen(found.origin, made.size, made.root, found.note.encode(), seconds))
                    return

    def _asked(self, found: Followed) -> dict[str, Seen]:
        """What the witnesses of the policy cosigned of this log, each by its own signature.

        One of them may have cosigned a checkpoint that came after the one that was read: then the log is read again.
        """
        cosigned: dict[str, Seen] = {}
        for witness, (_, url) in self.policy.witnesses.items():
            if url:
                try:
                    cosigned[witness] = self._cosigned(witness, url, found.origin)
                except (NotThere, Unreachable, NoteError) as error:
                    problem = COSIGNED.problem(f"It does not tell what it cosigned: {error}.", record=witness)
                    found.problems.append(problem)
        assert found.checkpoint is not None  # noqa: S101  `_judge` has set it
        if any(each.size > found.checkpoint.size for each in cosigned.values()):
            self._believe(found)
        return cosigned

    def _cosigned(self, witness: str, url: str, origin: str) -> Seen:
        data = self.reach(url)(f"{sha256(origin.encode()).hexdigest()}/checkpoint")
        note = Note.parse(data)
        judged = self.policy.judged(note, origin)
        if not judged.log_verified or witness not in judged.cosigned:
            raise NoteError("the checkpoint that it shows is not signed by the log and by itself")
        made = Checkpoint.parse(note.text)
        return Seen(origin, made.size, made.root, data, judged.cosigned[witness])


def _before(kept: seen.Kept, origin: str) -> list[Seen]:
    """What was seen of a log: by following it, and as its witness."""
    return [each for how in (FOLLOWED, WITNESSED) if (each := kept.last(how, origin)) is not None]


def _continues(tree: RemoteTree, before: Seen, origin: str, who: str = "Seen before were") -> None:
    """Raise `Wrong` unless what was seen is the beginning of the tree."""
    if before.size > tree.size:
        message = f"{who} {before.size} statements; it shows {tree.size}: an old checkpoint, or a log cut off."
        raise Wrong(GROWS.problem(message, record=origin), before.note)
    if _root(tree, before.size, origin) != before.root:
        same = "as many" if before.size == tree.size else f"now {tree.size}"
        message = f"{who} {before.size} statements, and {same} are shown: they are not the same ones."
        raise Wrong(ONE_TREE.problem(message, record=origin), before.note)


def _root(tree: RemoteTree, size: int, origin: str) -> bytes:
    """The root at a size; that of the whole tree is the signed one, whatever its tiles say."""
    return tree.signed_root if size == tree.size else _read(lambda: tree.root(size), tree, origin)


def _read(reading: Callable[[], T], tree: RemoteTree, origin: str) -> T:
    """What a reading of tiles gives; `Wrong` where they are missing or not of the signed tree."""
    try:
        return reading()
    except (RemoteError, StoredLogError) as error:
        raise Wrong(TILES.problem(f"{str(error)[:1].upper()}{str(error)[1:]}.", record=origin)) from None
    except NotThere as error:
        message = f"It signed {tree.size} statements and does not give {error}."
        raise Wrong(TILES.problem(message, record=origin)) from None
    except Unreachable as error:
        raise Wrong(REACHED.problem(f"{error}.", record=origin)) from None


def _kept(origin: str, before: bytes, now: bytes) -> Path:
    """Keep both checkpoints as they came; gives their folder."""
    plain = re.sub("[^A-Za-z0-9.-]+", "-", origin)[:60]
    folder = home() / EVIDENCE / f"{plain}-{sha256(before + now).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, note in (("seen.checkpoint", before), ("shown.checkpoint", now)):
        keyfolder.replace(folder / name, note)
    return folder
