"""Disclosing: chosen fields of chosen statements go to a recipient, by a release of two persons, in one file.

    release(["28:kind,day,weights"], to, day)     the statement that one person prepares and another approves
    written(44, note, "joint")                    the file of that release, under a checkpoint with its cosignatures

Rules kept here:

1. A release is a statement of its own (`proof.disclosure`): recipient, purpose, authority, and each field by name.
2. The file opens just what its release names. Whatever else the statements hold is a digest, filling included (see
   `showing`).
3. Where the checkpoint covers the release too, the file proves it, so that nobody can alter recipient, purpose or
   authority, or add what was released at another time.
4. What the record itself withholds cannot be disclosed, neither when the release is prepared nor when the file is
   written; the release of a field that was erased meanwhile gives no file.
5. Every file is checked before it leaves: a record that does not give the root of its own checkpoint gives none.
6. A party releases what it stated itself; the party that keeps the record may release all of it.

Source: design, ideas 6 and 7.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec
import polars as pl

from openmpca.problems import WARNING, Problem, rule
from openmpca.proof import releasing
from openmpca.proof.disclosures import showing
from openmpca.proof.disclosures.checking import FORMAT, OF_RELEASE, RELEASE_KIND, DisclosureFile
from openmpca.proof.disclosures.showing import ShowingError
from openmpca.proof.models import Release
from openmpca.proof.signing import checkpoints
from openmpca.proof.statements import Disclosure
from openmpca.record import reading
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known, placeholders
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.disclosure import entry_of, fields_of
from openmpca.tlog.lines import bytes_of
from openmpca.tlog.note import Note
from openmpca.tlog.proof import TlogProof

RELEASED: Final = rule(
    70,
    "A release names fields that stand open in known statements",
    source="design idea 6",
    mend="See `openmpca show NUMBER` for what a statement shows; what is withheld is gone and cannot be disclosed.",
)
NAMED: Final = rule(
    71,
    "A release says to whom, for what and on what authority",
    source="design idea 7: recipient, purpose, authority",
    mend="Give --to, --purpose and --authority in words that will be understood in ten years.",
)
MEANING: Final = rule(
    72,
    "What gives a statement its meaning goes with it",
    severity=WARNING,
    source="selective disclosure: a value without its context can mislead",
    mend="Disclose these fields too, or be sure that the recipient needs them not.",
)
COVERED: Final = rule(
    73,
    "What is disclosed stands under a signed checkpoint",
    source="C2SP tlog-checkpoint",
    mend="Make a checkpoint with `openmpca checkpoint`, have it cosigned, and write the file then.",
)
UNPROVEN: Final = rule(
    79,
    "A disclosure file proves its own release",
    severity=WARNING,
    source="design idea 7: every release is a statement of two persons",
    mend="Make a checkpoint after the release, and write the file again; until then it proves all but the release.",
)

CONTEXT: Final = ("kind", "party", "recorded", "day")
AT_ONCE: Final = 500
_CHOICE: Final = re.compile(r"(?P<number>[0-9]{1,18})(?::(?P<names>[^:,]+(?:,[^:,]+)*))?", re.ASCII)
_FIELD: Final = re.compile(r"([0-9]{1,18}):([^:,]+)", re.ASCII)


class NoRelease(LookupError):  # noqa: N818
    """There is no release to disclose with this number."""


class Purpose(NamedTuple):
    """To whom something is released, for what, and on what authority."""

    recipient: str
    purpose: str
    authority: str


def release(chosen: Iterable[str], to: Purpose, day: date) -> Disclosure:
    """The statement that releases what was chosen, each as NUMBER or NUMBER:FIELD,FIELD.

    A number alone means all that the statement shows but who inside prepared and approved it. Raises ValueError for
    what is no such choice, `Refused` for a statement that is not there.
    """
    fields: dict[int, list[str]] = {}
    for text in chosen:
        number, names = _choice(text)
        fields.setdefault(number, []).extend(names or _all_of(number))
    named = [f"{number}:{name}" for number in sorted(fields) for name in sorted(set(fields[number]))]
    return Disclosure(day=day, **to._asdict(), statements=sorted(fields), fields=named)


def _choice(text: str) -> tuple[int, list[str]]:
    found = _CHOICE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text} does not read NUMBER or NUMBER:FIELD,FIELD")
    return int(found["number"]), found["names"].split(",") if found["names"] else []


def _all_of(number: int) -> list[str]:
    try:
        body = reading.stored(number).body
    except KeyError:
        raise Refused([_missing(number)]) from None
    return [name for name in body if name not in showing.PERSONS]


def _missing(number: int) -> Problem:
    return RELEASED.problem(f"There is no statement {number}.", record=RELEASE_KIND, field="statements")


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of releases before they are recorded."""
    return [each for row in segment.frame.iter_rows(named=True) for each in _check(row, known, act)]


def _check(row: dict[str, object], known: Known, act: Act) -> Iterator[Problem]:
    for field in ("recipient", "purpose", "authority"):
        if not str(row[field]).strip():
            yield NAMED.problem("It is blank.", record=RELEASE_KIND, field=field)
    names = [str(each) for each in row["fields"] or []]  # type: ignore[attr-defined]
    named = by_number(names)
    numbers = list(row["statements"] or [])  # type: ignore[call-overload]
    if named is None or not numbers or numbers != sorted(named) or len(set(names)) < len(names):
        message = "The fields are not NUMBER:FIELD, each once, of just the statements that are named, in their order."
        yield RELEASED.problem(message, record=RELEASE_KIND, field="fields")
        return
    shown = {number: fields_of(body) for number, body in _bodies(numbers, known).items()}
    yield from releasing.unfit(shown, str(row["recipient"]).strip(), known, act, RELEASE_KIND)
    for number, chosen in named.items():
        if number not in shown:
            yield _missing(number)
        else:
            yield from _of_one(number, chosen, shown[number])


def by_number(names: Iterable[str]) -> dict[int, list[str]] | None:
    """Fields given as NUMBER:FIELD by the numbers of their statements; None where one is not of that form."""
    found: dict[int, list[str]] = {}
    for name in names:
        parts = _FIELD.fullmatch(name)
        if parts is None:
            return None
        found.setdefault(int(parts[1]), []).append(parts[2])
    return found


def _bodies(numbers: Sequence[int], known: Known) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        sql = f"SELECT number, body FROM record_statement WHERE number IN {placeholders(part)} AND number < %s"  # noqa: S608  placeholders only
        rows = known.frame(sql, [*part, known.number], {"number": pl.Int64, "body": pl.String})
        found |= dict(rows.iter_rows())
    return found


def _of_one(number: int, chosen: Sequence[str], shown: dict[str, object]) -> Iterator[Problem]:
    where = f"{RELEASE_KIND} of statement {number}"
    for name in chosen:
        if name not in shown:
            message = f"Statement {number} shows no {name}: it never had it, or it is withheld for ever."
            yield RELEASED.problem(message, record=where, field=name)
    if lacking := [name for name in CONTEXT if name in shown and name not in chosen]:
        yield MEANING.problem(f"Not released with it: {', '.join(lacking)}.", record=where)


def last_checkpoint() -> str:
    """The last signed checkpoint with its cosignatures, as a note. Raises `Refused` where nothing was signed."""
    last = checkpoints.latest()
    if last is None:
        raise Refused([COVERED.problem("There is no signed checkpoint yet.", record="record")])
    return last.note.encode().decode()


def written(number: int, note: str, policy: str = "") -> tuple[DisclosureFile, list[Problem]]:
    """The file of a release under a signed checkpoint, and what is to be said of it.

    Raises `NoRelease`, or `Refused` where the checkpoint or the record does not give it.
    """
    if not Release.objects.filter(number=number, sort="disclosure").exists():
        raise NoRelease(f"Statement {number} releases no disclosure.")
    stated = msgspec.convert(reading.stored(number).fields, Disclosure)
    checkpoint = Checkpoint.parse(Note.parse(note.encode()).text)
    late = [each for each in stated.statements if each >= checkpoint.size]
    if late:
        message = f"Statement {late[0]} came after the last checkpoint, which has {checkpoint.size} statements."
        raise Refused([COVERED.problem(message, record=f"statement {number}")])
    opened = by_number(stated.fields) or {}
    covered = number < checkpoint.size
    if covered:
        opened[number] = list(OF_RELEASE)
    file = DisclosureFile(
        format=FORMAT,
        policy=policy,
        recipient=stated.recipient,
        purpose=stated.purpose,
        authority=stated.authority,
        release=number,
        checkpoint=note,
        statements=_shown(number, opened, checkpoint),
    )
    later = f"Its release, statement {number}, came after the last checkpoint ({checkpoint.size} statements)."
    return file, [] if covered else [UNPROVEN.problem(later, record=f"statement {number}")]


def _shown(number: int, opened: dict[int, list[str]], checkpoint: Checkpoint) -> list[showing.ShownStatement]:
    try:
        made = showing.shown(opened, checkpoint.size)
    except ShowingError as error:
        raise Refused([RELEASED.problem(f"{_sentence(error)}.", record=f"statement {number}")]) from error
    try:
        showing.proven(made, checkpoint.size, checkpoint.root)
    except ShowingError as error:
        message = f"This record is not the one of the checkpoint: {error}."
        raise Refused([COVERED.problem(message, record="record", mend="Run `openmpca verify`.")]) from error
    return made


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]


def proofs(file: DisclosureFile) -> Iterator[tuple[str, bytes]]:
    """For each statement of a file two files for tools of others, by name: its entry, and the proof of that entry."""
    for each in file.statements:
        made = TlogProof(each.number, tuple(map(bytes_of, each.proof)), file.checkpoint.encode())
        yield f"statement-{each.number}.tlog-proof", made.encode()
        yield f"statement-{each.number}.entry", entry_of(each.body)
