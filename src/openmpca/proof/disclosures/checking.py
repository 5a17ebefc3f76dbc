"""A disclosure file, held against a policy and nothing else: no home, no database, no network, no clock.

Rules, in the order in which they are kept:

1.  The file is UTF-8 JSON of one form and at most `LARGEST` bytes: the members of `DisclosureFile` in their order,
    each once, none unknown, nothing after them. Only white space between them is free. Whatever else comes is a
    `NotProven`, never another error.
2.  Statements stand in ascending order of their numbers, none twice, at least one.
3.  The checkpoint is signed by the key that the policy holds for a log of that origin. A name that only looks alike
    is another name.
4.  Each statement keeps the rules of `showing`: body, entry, leaf and inclusion proof lead to the root of that
    checkpoint, at the number that the file says. Nothing is believed that does not hang on that root. No value is
    nested deeper than `DEEPEST`, so that it can be told. Of what is wrong, the first `TOLD` are told.
5.  Where the release is among the statements, it is a `proof.disclosure` and opens nothing beside `OF_RELEASE`;
    recipient, purpose and authority of the file are its own, and the statements that the file shows and the fields
    that it opens are what it names.
6.  Cosignatures are judged by the policy of whoever checks; the name of a policy in the file is only a name.

What was proven is told by `telling`.

Source: design, ideas 6 and 7; C2SP tlog-checkpoint, tlog-cosignature and tlog-policy; RFC 9162, section 2.1.3.2.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final, Literal

import msgspec

from openmpca.problems import Problem, rule
from openmpca.proof.disclosures import showing
from openmpca.proof.disclosures.showing import ShowingError, ShownStatement
from openmpca.proof.legible import visible
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.disclosure import DIGESTS_ARE_A_MULTIPLE_OF
from openmpca.tlog.lines import shown
from openmpca.tlog.note import Note, NoteError
from openmpca.tlog.policy import Judgement, Policy, PolicyError

FORMAT: Final = "openmpca/disclosure/v1"
RELEASE_KIND: Final = "proof.disclosure"
OF_RELEASE: Final = ("kind", "version", "day", "party", "recipient", "purpose", "authority", "statements", "fields")
LARGEST: Final = 32 * 1024 * 1024
DEEPEST: Final = 64
TOLD: Final = 20

_ASK_AGAIN = "Ask whoever disclosed it for the file again, unchanged."
FORM = rule(
    74,
    "A disclosure file has the one form of its format",
    source="PROOF: openmpca/disclosure/v1",
    mend=_ASK_AGAIN,
)
STANDS = rule(
    75,
    "A disclosed statement stands in the tree that the checkpoint names",
    source="design idea 6; RFC 9162 2.1.3.2",
    mend="Do not rely on it, and ask whoever disclosed it: it was changed, or was never in that record.",
)
SIGNED = rule(
    76,
    "The checkpoint is signed by a log of the policy",
    source="C2SP tlog-checkpoint, tlog-policy",
    mend="Compare the key in the policy with the one that the other party handed over; a name alone proves nothing.",
)
WITNESSED = rule(
    77,
    "The cosignatures are those that the policy asks for",
    source="C2SP tlog-cosignature, tlog-policy",
    mend="Ask for a file with further cosignatures, or rely on the log alone: `--without-quorum`.",
)
AS_RELEASED = rule(
    78,
    "A disclosure file shows what its release names, to whom it names",
    source="design idea 7: every release is a statement of two persons",
    mend="Do not rely on it, and tell whoever disclosed it: its recipient, purpose, authority or content was changed.",
)


class NotProven(Exception):  # noqa: N818
    """The file proves nothing; ``problems`` says why, each with its mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems[:3])))
        self.problems = list(problems)


class DisclosureFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a disclosure file holds, in the order in which it stands there."""

    format: Literal["openmpca/disclosure/v1"]
    policy: str
    recipient: str
    purpose: str
    authority: str
    release: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    checkpoint: str
    statements: Annotated[list[ShownStatement], msgspec.Meta(min_length=1)]

    def encode(self) -> bytes:
        """The bytes of the file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


@dataclass(frozen=True)
class Fact:
    """What one statement is proven to say: its open fields, and how many lines of it stay hidden."""

    number: int
    fields: dict[str, object]
    hidden: int

    @property
    def least(self) -> int:
        """The fewest values that the hidden lines can hold; the most is all of them."""
        return max(0, self.hidden - DIGESTS_ARE_A_MULTIPLE_OF + 1)


@dataclass(frozen=True)
class Proven:
    """What a file proves: by the log's signature on the checkpoint, and as far as the quorum goes by witnesses.

    ``cosigned`` holds the second since 1970 at which each witness of the policy signed; ``no_later_than`` the one by
    which the quorum was met, None where it is not or where the policy asks for none. ``release`` is the statement of
    the release where the file proves it.
    """

    file: DisclosureFile
    checkpoint: Checkpoint
    facts: tuple[Fact, ...]
    cosigned: dict[str, int]
    met: bool
    no_later_than: int | None
    release: Fact | None = None

    @property
    def problems(self) -> list[Problem]:
        """That the quorum is not met, where it is not."""
        if self.met:
            return []
        signed = ", ".join(sorted(self.cosigned)) or "no witness of the policy"
        return [WITNESSED.problem(f"Signed by {signed}; that is not what the policy asks for.", field="checkpoint")]


def read(data: bytes) -> DisclosureFile:
    """The file, held against rules 1 and 2. Raises NotProven."""
    if len(data) > LARGEST:
        raise _form(f"The file has more than {LARGEST // 1024 // 1024} MiB.")
    try:
        file = msgspec.json.decode(data, type=DisclosureFile)
        same = msgspec.json.encode(file) == msgspec.json.format(data, indent=-1)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _form(f"It cannot be read: {visible(str(error))}.") from None
    if not same:
        raise _form("A member stands twice or out of its order, or a text is written in a needless way.")
    numbers = [each.number for each in file.statements]
    if any(one >= two for one, two in pairwise(numbers)):
        raise _form("The statements are not in the order of their numbers, or one stands twice.", "statements")
    return file


def _form(message: str, field: str = "") -> NotProven:
    return NotProven([FORM.problem(message, field=field)])


def check(data: bytes, policy: Policy) -> Proven:
    """All that the file proves under this policy. Raises NotProven where it proves nothing; where only cosignatures are
    missing, see ``Proven.problems``."""
    file = read(data)
    checkpoint, judged = _signed(file.checkpoint, policy)
    facts, wrong = _facts(file, checkpoint)
    release = facts.pop(file.release, None)
    if not wrong and release is not None:
        wrong += _as_released(file, release, facts.values())
    if not wrong and not facts:
        wrong.append(FORM.problem("It shows no statement but its own release.", field="statements"))
    if wrong:
        raise NotProven(wrong)
    return Proven(
        file,
        checkpoint,
        tuple(facts.values()),
        dict(judged.cosigned),
        judged.met,
        judged.no_later_than,
        release=release,
    )


def _facts(file: DisclosureFile, checkpoint: Checkpoint) -> tuple[dict[int, Fact], list[Problem]]:
    facts: dict[int, Fact] = {}
    wrong: list[Problem] = []
    for each in file.statements:
        made = _fact(each, checkpoint)
        if isinstance(made, Fact):
            facts[made.number] = made
        else:
            wrong.append(made)
        if len(wrong) == TOLD:
            break
    return facts, wrong


def _fact(statement: ShownStatement, checkpoint: Checkpoint) -> Fact | Problem:
    where = f"statement {statement.number}"
    try:
        (given,) = showing.proven([statement], checkpoint.size, checkpoint.root)
    except ShowingError as error:
        why = visible(str(error).removeprefix(f"{where}: "))
        return STANDS.problem(f"{why[:1].upper()}{why[1:]}.", record=where)
    if any(_deeper(value, DEEPEST) for value in given.fields.values()):
        return FORM.problem(f"A value holds lists in each other, deeper than {DEEPEST}.", record=where)
    return Fact(given.number, given.fields, given.withheld)


def _deeper(value: object, levels: int) -> bool:
    """Whether lists and mappings stand in each other on more than so many levels."""
    level: list[object] = [value]
    for _ in range(levels + 1):
        inner = [each for each in level if isinstance(each, (list, dict))]
        level = [one for each in inner for one in (each.values() if isinstance(each, dict) else each)]
    return bool(level)


def _signed(text: str, policy: Policy) -> tuple[Checkpoint, Judgement]:
    try:
        note = Note.parse(text.encode())
        checkpoint = Checkpoint.parse(note.text)
    except (NoteError, UnicodeError) as error:
        raise _form(f"Its checkpoint cannot be read: {error}.", "checkpoint") from None
    origin = shown(checkpoint.origin)
    try:
        judged = policy.judged(note, checkpoint.origin)
    except PolicyError:
        knows = ", ".join(map(shown, policy.logs)) or "none"
        raise _unsigned(f"The policy knows no log {origin}; it knows {knows}.") from None
    except NoteError as error:
        raise _unsigned(f"A signature by a key of the policy is false: {error}.") from None
    if not judged.log_verified:
        raise _unsigned(f"No key that the policy holds for {origin} has signed it.")
    return checkpoint, judged


def _unsigned(message: str) -> NotProven:
    return NotProven([SIGNED.problem(message, field="checkpoint")])


def _as_released(file: DisclosureFile, release: Fact, facts: Collection[Fact]) -> Iterator[Problem]:
    for name in sorted(release.fields.keys() - OF_RELEASE):
        message = "The file opens it, and no release names it."
        yield AS_RELEASED.problem(message, record=f"statement {release.number}", field=name)
    said: dict[str, object] = {
        "kind": RELEASE_KIND,
        "recipient": file.recipient,
        "purpose": file.purpose,
        "authority": file.authority,
        "statements": [each.number for each in facts],
        "fields": sorted(f"{each.number}:{name}" for each in facts for name in each.fields),
    }
    stated = dict(release.fields)
    if isinstance(names := stated.get("fields"), list):
        stated["fields"] = sorted(map(str, names))
    for name, value in said.items():
        if stated.get(name) != value:
            message = "What the file says or opens is not what the release states."
            yield AS_RELEASED.problem(message, record=f"statement {release.number}", field=name)
