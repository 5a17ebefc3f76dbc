"""The other side, made up: logs that do as they should, and the same logs when they do not.

log = Log()
log.grow(300)
log.fetch("checkpoint"), log.fetch("tile/0/000.p/44")
fork = log.rewritten(7)     # the same key over another past
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.merkle import leaf_hash
from openmpca.tlog.note import Note, signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.remote import NotThere
from openmpca.tlog.tiles import name_of, write_bundle
from openmpca.tlog.tree import StoredLogError, Tree, full_tiles
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer

NAME = "partner.example/log"
LOG = Signer.made(NAME, ED25519, bytes([7] * 32))
WITNESSES = {
    name: Signer.made(f"{name}.example/witness", COSIGNATURE, bytes([number] * 32))
    for number, name in enumerate(("one", "two"), 11)
}
NOW = 1_700_000_000


@dataclass
class Log:
    """A log of a partner. What stands in `lies` is served in the place of the truth."""

    signer: Signer = LOG
    entries: list[bytes] = field(default_factory=list)
    lies: dict[str, bytes] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    witnesses: tuple[Signer, ...] = ()
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda path: None

    def grow(self, count: int) -> "Log":
        self.entries += [b"%s %d" % (self.signer.name.encode(), len(self.entries) + each) for each in range(count)]
        return self

    def rewritten(self, at: int, more: int = 0) -> "Log":
        """A log with the same key whose entry at a place is another one."""
        entries = [b"another" if number == at else entry for number, entry in enumerate(self.entries)]
        return Log(self.signer, entries, witnesses=self.witnesses).grow(more)

    def cut(self, size: int) -> "Log":
        """The same log as it was when it was smaller: restored from a backup, or an old view of it."""
        return Log(self.signer, self.entries[:size], witnesses=self.witnesses)

    @property
    def size(self) -> int:
        return len(self.entries)

    def tree(self) -> Tree:
        leaves = [leaf_hash(entry) for entry in self.entries]
        stored = {(made.level, made.n): made.hashes for made in full_tiles(0, [], leaves, lambda level, n: b"")}
        return Tree(lambda level, n: stored[level, n], lambda start, end: leaves[start:end])

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        at = self.size if size is None else size
        return Checkpoint(self.signer.name, at, self.tree().root(at))

    def note(self, size: int | None = None, seconds: int = NOW) -> Note:
        made = signed(self.checkpoint(size).text(), self.signer)
        return made.with_signatures([cosigned(made, each, seconds) for each in self.witnesses])

    def fetch(self, path: str) -> bytes:
        self.asked.append(path)
        self.before(path)
        if path in self.lies:
            return self.lies[path]
        if path in self.missing:
            raise NotThere(path)
        return self.note().encode() if path == "checkpoint" else self.tile(path)

    def tile(self, path: str) -> bytes:
        level, n, width = name_of(path)
        if level is None:
            return write_bundle(self.entries[n * 256 : n * 256 + width])
        try:
            return self.tree().tile(level, n, width, self.size)
        except StoredLogError as error:
            raise NotThere(path) from error


def policy(*logs: tuple[Signer, str], witnesses: Iterable[tuple[str, str]] = (), quorum: str = "none") -> Policy:
    """A policy of logs with their addresses, and of witnesses named here with theirs."""
    lines = [f"log {signer.verifier} {url}".strip() for signer, url in logs]
    lines += [f"witness {name} {WITNESSES[name].verifier} {url}".strip() for name, url in witnesses]
    return Policy.parse("\n".join([*lines, f"quorum {quorum}", ""]))
