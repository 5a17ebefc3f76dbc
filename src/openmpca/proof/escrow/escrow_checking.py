"""Opening files of escrows, held against what was declared: no home, no database, no network, no clock.

Rules, in the order in which they are kept:

1.  A file has the one form of its format (`escrow_files`). Files with one root are of one escrow, and say one size.
2.  Where a file shows the declaration, that is a `proof.escrow` with this name, size and root, and stands by its proof
    in the tree of the checkpoint. With a policy, the checkpoint is signed by a log of the policy; who cosigned and
    whether that is enough, the policy of whoever checks says. With a policy, a declaration must be there.
3.  Each leaf is held against size and root (`tlog.escrow`). In one file it stands once; in several it is the same.
4.  Escrows share no salt: whoever used one again has shown more than was opened.
5.  That somebody declared it is told only where a policy has judged the signatures under the declaration, or size and
    root are those that were noted when it was declared. Without either a file only agrees with itself.
6.  Nothing is left unopened only where every leaf is open and all of them give the root.

What is in a file besides leaves and declaration (recipient, purpose, authority) is its own word and proves nothing.

Source: design, ideas 6 and 7; C2SP tlog-checkpoint, tlog-cosignature and tlog-policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openmpca.problems import Problem, rule
from openmpca.proof.disclosures import showing
from openmpca.proof.escrow import escrow_files
from openmpca.proof.escrow.escrow_files import Declaration, OpeningFile
from openmpca.proof.escrow.escrow_rules import ESCROW
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint, CheckpointError
from openmpca.tlog.escrow import EscrowError, Openings
from openmpca.tlog.note import Note, NoteError
from openmpca.tlog.policy import Judgement, Policy, PolicyError

MOST_TOLD: Final = 100
_RELY_NOT = "Do not rely on it, and ask whoever opened it: it was changed, or was never declared."

STANDS = rule(96, "What is opened is what was declared", source="format escrow/v1", mend=_RELY_NOT)
AGREE = rule(
    97,
    "Files of one escrow agree, and escrows share no salt",
    source="format escrow/v1",
    mend="Compare size and root with what was noted when the escrow was declared.",
)
DECLARED = rule(
    98,
    "The declaration of an escrow stands in the record of whoever declared it",
    source="design idea 6; RFC 9162 2.1.3.2",
    mend="Ask for a file written after a checkpoint was made, or check it without a policy against a noted root.",
)
WITNESSED = rule(
    99,
    "The declaration of an escrow is signed as the policy asks",
    source="C2SP tlog-checkpoint, tlog-cosignature, tlog-policy",
    mend="Compare the policy with the one agreed, or ask for a file with further cosignatures.",
)


@dataclass(frozen=True)
class Standing:
    """A declaration that stands in the tree of a checkpoint; ``judged`` is None where no policy was given."""

    number: int
    fields: dict[str, object]
    checkpoint: Checkpoint
    judged: Judgement | None


@dataclass
class Checked:
    """What came of the files of one escrow."""

    name: str
    openings: Openings
    files: list[str] = field(default_factory=list)
    declared: Standing | None = None
    held: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Whether what is open was declared: nothing is wrong, and ``held`` against a policy or what was noted."""
        return self.held and not self.problems

    @property
    def whole(self) -> bool:
        """Whether that is proven, and nothing is left unopened."""
        return self.proven and self.openings.whole

    def data(self) -> dict[str, Any]:
        """All of it as plain data."""
        seen, standing = self.openings, self.declared
        return {
            "escrow": self.name,
            "size": seen.size,
            "root": seen.root.hex(),
            "files": self.files,
            "records": seen.records,
            "decoys": seen.decoys,
            "unopened": seen.unopened,
            "proven": self.proven,
            "whole": self.whole,
            "declared": _standing(standing) if standing is not None and self.proven else None,
        }


def _standing(of: Standing) -> dict[str, Any]:
    judged = of.judged
    return {
        "statement": of.number,
        "party": of.fields.get("party", ""),
        "recorded": of.fields.get("recorded", ""),
        "log": of.checkpoint.origin,
        "checkpoint_size": of.checkpoint.size,
        "cosigned": {} if judged is None else dict(judged.cosigned),
        "met": judged is not None and judged.met,
        "no_later_than": None if judged is None else judged.no_later_than,
    }


def check(
    files: Sequence[tuple[str, bytes]], policy: Policy | None = None, expect: tuple[int, bytes] | None = None
) -> tuple[list[Checked], list[Problem]]:
    """What files (name, bytes) open, by escrow, and every problem; ``expect`` is a size and a root noted elsewhere."""
    found: list[Problem] = []
    groups: dict[str, list[tuple[str, OpeningFile]]] = {}
    for name, data in files:
        try:
            file = escrow_files.parsed(data, name)
        except Refused as refused:
            found += refused.problems
        else:
            groups.setdefault(file.root, []).append((name, file))
    checked = []
    for group in groups.values():
        try:
            checked.append(_checked(group, policy, expect))
        except EscrowError as error:
            found.append(AGREE.problem(f"{error}.", record=group[0][0], field="size"))
    found += [each for one in checked for each in one.problems]
    found += _shared_salts(checked)
    return checked, found[:MOST_TOLD]


def _checked(group: list[tuple[str, OpeningFile]], policy: Policy | None, expect: tuple[int, bytes] | None) -> Checked:
    first = group[0][1]
    standings = [_judged(name, file, policy) for name, file in group]
    declared = _best([each for each in standings if isinstance(each, Standing)])
    size = declared.fields["size"] if declared is not None else first.size
    if not isinstance(size, int):
        raise EscrowError("the declaration has no size")
    openings = Openings(size, _root(first.root))
    held = policy is not None or expect is not None
    made = Checked(first.name, openings, [name for name, _ in group], declared if held else None, held)
    made.problems += [each for each in standings if isinstance(each, Problem)]
    for name, file in group:
        made.problems += _disagreeing(name, file, made)
        made.problems += _opened(name, file, openings)
    if policy is not None and declared is None and not made.problems:
        made.problems.append(DECLARED.problem("No file shows the declaration.", record=first.name))
    if expect is not None and expect != (openings.size, openings.root):
        made.problems.append(AGREE.problem("It is not the size and root that were noted.", record=first.name))
    if not made.problems and not openings.unopened and not openings.whole:
        message = "All leaves are open and do not give the root: another size was declared."
        made.problems.append(AGREE.problem(message, record=first.name, field="size"))
    return made


def _root(text: str) -> bytes:
    try:
        read = bytes.fromhex(text)
    except ValueError:
        read = b""
    if read.hex() != text:
        raise EscrowError("the root is not 64 hexadecimal digits, in small letters")
    return read


def _disagreeing(name: str, file: OpeningFile, made: Checked) -> Iterator[Problem]:
    if file.size != made.openings.size:
        message = f"It says {file.size} leaves, where {made.openings.size} were declared."
        yield AGREE.problem(message, record=name, field="size")
    if file.name != made.name:
        yield AGREE.problem("Another file of this root has another name for the escrow.", record=name, field="name")


def _opened(name: str, file: OpeningFile, openings: Openings) -> Iterator[Problem]:
    here: set[int] = set()
    for each in file.opened:
        if each.leaf in here:
            yield STANDS.problem(f"Leaf {each.leaf} is opened twice in one file.", record=name, field="opened")
            continue
        here.add(each.leaf)
        try:
            openings.take(each)
        except EscrowError as error:
            message = str(error)
            yield STANDS.problem(f"{message[:1].upper()}{message[1:]}.", record=name, field="opened")


def _judged(name: str, file: OpeningFile, policy: Policy | None) -> Standing | Problem | None:
    if file.declared is None:
        return None
    try:
        return _proven(file, file.declared, policy)
    except (NoteError, PolicyError) as error:
        return WITNESSED.problem(f"{error}.", record=name, field="declared")
    except showing.ShowingError as error:
        return DECLARED.problem(f"{error}.", record=name, field="declared")


def _same(said: object, value: object) -> bool:
    """Whether two values of JSON are one: there, true is no 1."""
    return type(said) is type(value) and said == value


def _proven(file: OpeningFile, given: Declaration, policy: Policy | None) -> Standing:
    try:
        note = Note.parse(given.checkpoint.encode())
        checkpoint = Checkpoint.parse(note.text)
    except (NoteError, CheckpointError, UnicodeError) as error:
        raise showing.ShowingError(f"the checkpoint breaks its form: {error}") from None
    (proven,) = showing.proven([given.statement], checkpoint.size, checkpoint.root)
    said = {"kind": ESCROW, "name": file.name, "size": file.size, "root": file.root}
    for field_name, value in said.items():
        if not _same(proven.fields.get(field_name), value):
            raise showing.ShowingError(f"statement {proven.number} declares another escrow: its {field_name} differs")
    judged = None if policy is None else _held_against(policy, note, checkpoint)
    return Standing(proven.number, proven.fields, checkpoint, judged)


def _held_against(policy: Policy, note: Note, checkpoint: Checkpoint) -> Judgement:
    judged = policy.judged(note, checkpoint.origin)
    if not judged.log_verified:
        raise NoteError("no key that the policy holds for the log has signed the checkpoint")
    if not judged.met:
        signed = ", ".join(sorted(judged.cosigned)) or "no witness of the policy"
        raise NoteError(f"cosigned by {signed}, which is not what the policy asks for")
    return judged


def _best(standings: list[Standing]) -> Standing | None:
    """The declaration that is proven for the earliest time."""

    def time(of: Standing) -> float:
        known = of.judged.no_later_than if of.judged is not None else None
        return float("inf") if known is None else known

    return min(standings, key=time, default=None)


def _shared_salts(checked: Sequence[Checked]) -> Iterator[Problem]:
    seen: dict[bytes, Checked] = {}
    for one in checked:
        for at, leaf in sorted(one.openings.leaves.items()):
            other = seen.setdefault(leaf.salt, one)
            if other is not one:
                message = f"Leaf {at} has a salt of the escrow {other.name}."
                yield AGREE.problem(message, record=one.name, field="opened")
