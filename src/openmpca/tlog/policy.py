"""Policies: whose log is meant, which witnesses are known, and which of them must have cosigned a checkpoint.

    >>> policy = Policy.parse(
    ...     "log example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\\n"
    ...     "witness one Wit1+55ee4561+AVhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk\\n"
    ...     "group partners any one\\n"
    ...     "quorum partners\\n"
    ... )
    >>> policy.groups, policy.quorum
    ({'partners': Group(at_least=1, members=('one',))}, 'partners')
    >>> str(policy.witnesses["one"].verifier)[:13]
    'Wit1+9b3fb2d5'

Rules for the text:

1.  Lines, each with a line feed: `log <vkey> [url]`, `witness <name> <vkey> [url]`, `quorum <name>|none`, and
    `group <name> all|any|<k> <members>`. Items stand apart by spaces and tabs; nothing else divides them. Bytes outside
    ASCII are opaque, so that a look-alike is another name; no control character but tab and line feed is taken.
2.  A line that begins with # is a comment. An item that begins with # begins one too, so no name can.
3.  A name is defined once, for a witness or a group, before it is used, and `none` never. It is a member at most once,
    so each witness counts in one way only. A group has a member, and k is from 1 to their number.
4.  There is one quorum. No two logs have the same public key, nor two witnesses, whatever their names; several keys may
    sign for one log, as they do after it changed its key.
5.  A log has a key of type 0x01 or 0x06, a witness one of 0x04 or 0x06; a witness given by a plain Ed25519 key (0x01)
    is taken for the cosigner with that key (0x04). No witness has the public key of a log: it would witness itself.

Rules for the judgement:

6.  The name in the key of a log is its origin: a checkpoint of another origin is not judged, whoever signed it.
7.  Every signature by a key of the policy is verified, and a false one makes the whole note fail.
8.  A checkpoint meets the policy when a key of the log signed it and the quorum cosigned it.
9.  It existed no later than the time by which the quorum was there: of a group that needs k members, the k-th earliest
    of their times. Who needs none learns no time. No witness outside the quorum can move that time.

What follows: an honest witness cosigns one of two trees that contradict each other. So a log cannot show both under the
policy while any two sets of witnesses that make the quorum share an honest one: of n witnesses k must sign, and 2k - n
is more than those who may lie. The witness of the log's own keeper is one of these, and the policy cannot see whose it
is. So `2` of three does not hold against one dishonest State with a witness of its own; `all` does, whoever else lies,
while one witness is honest.

Source: C2SP tlog-policy (5ba5ee83), which has no comments after other items; some programs take them, and so do we.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from openmpca.tlog.checkpoint import Checkpoint, CheckpointError
from openmpca.tlog.cosignature import cosigned_checkpoint_at
from openmpca.tlog.lines import LineError, decimal_of, shown
from openmpca.tlog.note import Note, NoteError, Signature, by_name_and_id, check_signature
from openmpca.tlog.vkey import COSIGNATURE, ED25519, KeyTextError, Verifier

MAX_POLICY_BYTES = 256 * 1024
NONE = "none"

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_APART = re.compile("[ \t]+")


class PolicyError(ValueError):
    """A text is no policy, or the policy knows no such log; the message names the line."""


class Party(NamedTuple):
    """The key of a log or a witness, and where it is reached, as far as the policy says."""

    verifier: Verifier
    url: str | None


class Group(NamedTuple):
    """How many of the members must have cosigned."""

    at_least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """What a policy makes of a checkpoint: who cosigned when, whether that is enough, and by when it was."""

    log_verified: bool
    cosigned: Mapping[str, int]
    met: bool
    no_later_than: int | None


@dataclass(frozen=True)
class Policy:
    """A policy that was read. Logs go by their origin, and of several keys of one `logs` has the one named first."""

    logs: Mapping[str, Party]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str
    log_keys: tuple[Verifier, ...]

    @classmethod
    def parse(cls, text: str | bytes) -> "Policy":
        """Read the text of a policy file. Raises PolicyError."""
        if len(text) > MAX_POLICY_BYTES:
            raise PolicyError(f"a policy has at most {MAX_POLICY_BYTES} bytes")
        whole = text.decode(errors="surrogateescape") if isinstance(text, bytes) else text
        *lines, rest = whole.split("\n")
        if rest:
            raise PolicyError("the last line of a policy needs a line feed")
        reading = _Reading()
        for number, line in enumerate(lines, 1):
            try:
                reading.read(line)
            except (KeyTextError, PolicyError) as error:
                raise PolicyError(f"line {number}: {error}") from error
        return reading.read_to_end()

    def keys_of(self, log: str) -> tuple[Verifier, ...]:
        """All keys that may sign for the log of this origin. Raises PolicyError where there is none."""
        keys = tuple([key for key in self.log_keys if key.name == log])
        if not keys:
            raise PolicyError(f"the policy knows no log {shown(log)}")
        return keys

    def judged(self, note: Note, log: str) -> Judgement:
        """Hold a checkpoint of the log of this origin against the policy.

        Raises PolicyError for a log that the policy does not know, and NoteError for what is no checkpoint, one of
        another origin, or has a false signature by a key of the policy. Whether enough have signed, the answer says.
        """
        keys = self.keys_of(log)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != log:
            raise CheckpointError(f"the checkpoint is of {shown(checkpoint.origin)}, not of {shown(log)}")
        times = self._verified(note, checkpoint)
        log_verified = any(key in times for key in keys)
        cosigned = {name: times[key] for name, (key, _) in self.witnesses.items() if key in times}
        reached = self._reached(cosigned)
        met = log_verified and (self.quorum == NONE or reached is not None)
        return Judgement(log_verified, cosigned, met, reached if met else None)

    def _verified(self, note: Note, checkpoint: Checkpoint) -> dict[Verifier, int]:
        """The keys of the policy that signed, with the time of each; 0 for the plain signature of a log."""
        known = by_name_and_id([*self.log_keys, *[key for key, _ in self.witnesses.values()]])
        text = note.text.encode()
        times: dict[Verifier, int] = {}
        for signature in note.signatures:
            key = known.get((signature.name, signature.key_id))
            if key and key not in times:
                times[key] = self._signed_at(note.text, text, checkpoint, signature, key)
        return times

    def _signed_at(self, text: str, encoded: bytes, checkpoint: Checkpoint, signature: Signature, key: Verifier) -> int:
        if key.type == ED25519:
            check_signature(key, encoded, signature)
            return 0
        return cosigned_checkpoint_at(text, checkpoint, signature, key, by_log=key in self.log_keys)

    def _reached(self, cosigned: Mapping[str, int]) -> int | None:
        """When the quorum was there. Groups come after their members, so one pass finds the time of each."""
        times = dict(cosigned)
        for name, group in self.groups.items():
            there = sorted([times[member] for member in group.members if member in times])
            if len(there) >= group.at_least:
                times[name] = there[group.at_least - 1]
        return times.get(self.quorum)


class _Reading:
    """A policy of which some lines have been read."""

    def __init__(self) -> None:
        self.logs: dict[str, Party] = {}
        self.log_keys: dict[bytes, Verifier] = {}
        self.witnesses: dict[str, Party] = {}
        self.witness_keys: dict[bytes, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.members: set[str] = set()
        self.quorum: str | None = None
        self.lines: dict[str, Callable[[list[str]], None]] = {
            "log": self.log,
            "witness": self.witness,
            "group": self.group,
            "quorum": self.end,
        }

    def read(self, line: str) -> None:
        if _FORBIDDEN.search(line):
            raise PolicyError("there is a control character other than tab and line feed")
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            return
        items = _APART.split(stripped)
        comment = next((at for at, item in enumerate(items) if item.startswith("#")), len(items))
        keyword, *rest = items[:comment]
        if keyword not in self.lines:
            raise PolicyError(f"neither log, witness, group nor quorum: {shown(keyword)}")
        self.lines[keyword](rest)

    def read_to_end(self) -> Policy:
        if self.quorum is None:
            raise PolicyError("the policy has no quorum line; where none is wanted, it says: quorum none")
        for public in self.log_keys.keys() & self.witness_keys.keys():
            log, witness = shown(self.log_keys[public].name), shown(self.witness_keys[public].name)
            raise PolicyError(f"the log {log} and the witness {witness} have the same public key")
        try:
            by_name_and_id([*self.log_keys.values(), *self.witness_keys.values()])
        except NoteError as error:
            raise PolicyError(str(error)) from error
        return Policy(self.logs, self.witnesses, self.groups, self.quorum, tuple(self.log_keys.values()))

    def log(self, items: list[str]) -> None:
        _counted(items, 1, 2, "log <vkey> [url]")
        key = Verifier.parse(items[0])
        if key.type == COSIGNATURE:
            raise PolicyError(f"the key of {shown(key.name)} is that of a cosigner, not of a log")
        _once(key, self.log_keys, "log")
        self.logs.setdefault(key.name, Party(key, items[1] if len(items) > 1 else None))

    def witness(self, items: list[str]) -> None:
        _counted(items, 2, 3, "witness <name> <vkey> [url]")
        name = self._new(items[0])
        key = Verifier.parse(items[1]).as_cosigner()
        _once(key, self.witness_keys, "witness")
        self.witnesses[name] = Party(key, items[2] if len(items) > 2 else None)

    def group(self, items: list[str]) -> None:
        _counted(items, 3, len(items), "group <name> all|any|<k> <members>")
        name, needed, *members = items
        self._new(name)
        for member in members:
            if member in self.members:
                raise PolicyError(f"{shown(member)} is a member already")
            self._check_defined(member)
            self.members.add(member)
        self.groups[name] = Group(_needed(needed, len(members)), tuple(members))

    def end(self, items: list[str]) -> None:
        _counted(items, 1, 1, "quorum <name>|none")
        if self.quorum is not None:
            raise PolicyError("there is a second quorum line")
        if items[0] != NONE:
            self._check_defined(items[0])
        self.quorum = items[0]

    def _new(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyError(f"the name is taken: {shown(name)}")
        return name

    def _check_defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyError(f"no witness or group of an earlier line is named {shown(name)}")


def _counted(items: list[str], least: int, most: int, form: str) -> None:
    if not least <= len(items) <= most:
        raise PolicyError(f"a line of this kind is: {form}")


def _once(key: Verifier, known: dict[bytes, Verifier], kind: str) -> None:
    if key.public in known:
        raise PolicyError(f"the key of {shown(key.name)} is that of another {kind}, {shown(known[key.public].name)}")
    known[key.public] = key


def _needed(text: str, members: int) -> int:
    if text in ("any", "all"):
        return members if text == "all" else 1
    try:
        needed = decimal_of(text)
    except LineError as error:
        raise PolicyError(f"neither all, any nor a number: {shown(text)}") from error
    if not 1 <= needed <= members:
        raise PolicyError(f"{needed} of {members} members cannot be needed: from 1 to their number")
    return needed
