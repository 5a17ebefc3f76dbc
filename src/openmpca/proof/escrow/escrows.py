"""Escrow: a whole inventory committed to now, opened step by step later, each step by two persons.

    declared("S-2026", records, act)          the secret is kept, root and size go into the record
    opened("S-2026", ["LT-0001"], to, act)    the release of some records, as a statement
    written(release, path)                    the file for the recipient, once the release is recorded

Rules kept here:

1. The secret is on the disk before the root is stated, and taken away again when the statement is refused: there is
   never a declaration that nobody can open.
2. Salts are fresh. Where those of another escrow come up again, nothing is declared.
3. Only leaves that a recorded release names are ever written to a file, and only for the root that was declared.
4. An escrow is finished when all its leaves are opened to one recipient. Records that are still closed are not opened
   along with the decoys unless that was asked for.

What an opened file proves is checked by `escrow_checking`, on a machine that has nothing else.

Source: design, ideas 6 and 7; cryptographic escrow as an idea of Philippe, Glaser and Felten (2019).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from openmpca.problems import Problem
from openmpca.proof.disclosures import showing
from openmpca.proof.escrow import escrow_files, escrow_rules
from openmpca.proof.escrow.escrow_files import OPENING_FORMAT, Declaration, OpeningFile
from openmpca.proof.models import Checkpoint, EscrowOpening
from openmpca.proof.models import Escrow as Declared
from openmpca.proof.statements import Escrow as EscrowStatement
from openmpca.proof.statements import EscrowOpening as OpeningStatement
from openmpca.record import commands, proposals, reading
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.record import Refused
from openmpca.tlog.escrow import Escrow, EscrowError, Record, size_for

SHOWN: Final = ("kind", "version", "party", "recorded", "day", "name", "size", "root", "replaces")
"""The fields of the declaration that an opening file shows: all but persons and notes."""


class Release(NamedTuple):
    """To whom leaves are opened, what for, and by what authority."""

    recipient: str
    purpose: str
    authority: str


class NoEscrow(LookupError):  # noqa: N818
    """There is no such escrow, record or release here; the text says what would help."""


def declared(
    name: str,
    records: Sequence[Record],
    act: Act,
    *,
    size: int = 0,
    replaces: str = "",
    about: str = "",
    seal: bool = False,
    when: Circumstances = NOW,
    dry_run: bool = False,
) -> tuple[Stated, Path]:
    """Declare records in escrow under a name; ``size`` 0 is the next power of two. Gives where the secret lies."""
    escrow = _fresh(records, size or size_for(len(records)), when)
    old = declaration(replaces).number if replaces else None
    statement = EscrowStatement(
        day=when.today, name=name, size=escrow.size, root=escrow.root.hex(), replaces=old, about=about
    )
    made = commands.state([statement], act, when=when, dry_run=True)
    path = escrow_files.secret_path(name)
    if dry_run:
        return made, path
    try:
        escrow_files.keep_secret(name, escrow, seal=seal)
    except FileExistsError:
        raise Refused([_secret_lies_there(name, path)]) from None
    try:
        return commands.state([statement], act, when=when), path
    except Refused:
        path.unlink()
        raise


def _fresh(records: Sequence[Record], size: int, when: Circumstances) -> Escrow:
    try:
        escrow = Escrow.made(records, size, when.random)
    except EscrowError as error:
        raise Refused([escrow_rules.FORM.problem(f"{str(error)[:1].upper()}{str(error)[1:]}.")]) from None
    if any(escrow.salts & other.salts for other in escrow_files.open_secrets()):
        raise Refused(
            [escrow_rules.ONCE.problem("Salts of another escrow came up again.", mend="Mend the randomness.")]
        )
    return escrow


def _secret_lies_there(name: str, path: Path) -> Problem:
    mend = f"Choose another name. If the proposal with that root was rejected, move {path} away first."
    return escrow_rules.ONCE.problem(f"{path.name} is the secret of an escrow {name}.", field="name", mend=mend)


def declaration(name: str) -> Declared:
    """The declaration of an escrow by its name or the number of its statement. Raises NoEscrow."""
    found = Declared.objects.filter(name=name).first()
    if found is None and name.isdecimal() and len(name) < 19:
        found = Declared.objects.filter(number=int(name)).first()
    if found is not None:
        return found
    waits = [number for number, fields in proposals.waiting(escrow_rules.ESCROW) if fields["name"] == name]
    if waits:
        raise NoEscrow(f"The escrow {name} waits for a second person, as proposal {waits[0]}.")
    raise NoEscrow(f"There is no escrow {name}.")


def _secret_of(of: Declared) -> Escrow:
    try:
        escrow = escrow_files.secret(of.name)
    except FileNotFoundError:
        raise NoEscrow(f"The secret of {of.name} is not here: {escrow_files.secret_path(of.name)}.") from None
    if escrow.root.hex() != of.root or escrow.size != of.size:
        raise NoEscrow(f"The secret that lies here is not that of the escrow {of.name} as it was declared.")
    return escrow


def opened(
    name: str, ids: Sequence[str], to: Release, act: Act, *, when: Circumstances = NOW, dry_run: bool = False
) -> Stated:
    """State that the records with these ids are opened. Raises NoEscrow."""
    of = declaration(name)
    escrow = _secret_of(of)
    try:
        leaves = [escrow.leaf_of(each) for each in dict.fromkeys(ids)]
    except KeyError as missing:
        raise NoEscrow(f"The escrow {of.name} holds no record {missing.args[0]}.") from None
    return _release(of, leaves, to, act, when, dry_run)


def finished(
    name: str, to: Release, act: Act, *, with_records: bool = False, when: Circumstances = NOW, dry_run: bool = False
) -> Stated:
    """State that all leaves not yet opened to the recipient are opened. Raises NoEscrow."""
    of = declaration(name)
    escrow = _secret_of(of)
    shown = EscrowOpening.objects.filter(escrow=of.number, recipient=to.recipient).values_list("leaf", flat=True)
    left = sorted(set(range(escrow.size)) - set(shown))
    closed = [escrow.leaves[leaf].id for leaf in left if escrow.leaves[leaf].body]
    if closed and not with_records:
        message = f"{len(closed)} records are not opened to {to.recipient}, the first of them {closed[0]}."
        mend = "Open them by their ids, or all of them now with --with-records."
        raise Refused([escrow_rules.LEAVES.problem(message, record=of.name, mend=mend)])
    if not left:
        raise NoEscrow(f"Every leaf of {of.name} is opened to {to.recipient} already.")
    return _release(of, left, to, act, when, dry_run)


def _release(of: Declared, leaves: list[int], to: Release, act: Act, when: Circumstances, dry_run: bool) -> Stated:
    statement = OpeningStatement(
        day=when.today,
        escrow=of.number,
        leaves=sorted(leaves),
        recipient=to.recipient,
        purpose=to.purpose,
        authority=to.authority,
    )
    return commands.state([statement], act, when=when, dry_run=dry_run)


def written(number: int, path: Path) -> OpeningFile:
    """Write the opening file of a recorded release to a new file. Raises NoEscrow, FileExistsError."""
    release = _recorded(number)
    of = Declared.objects.get(number=release.escrow)
    escrow = _secret_of(of)
    file = OpeningFile(
        format=OPENING_FORMAT,
        name=of.name,
        size=of.size,
        root=of.root,
        recipient=release.recipient,
        purpose=release.purpose,
        authority=release.authority,
        opened=[escrow.opened(leaf) for leaf in release.leaves],
        declared=_shown(of.number),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(file.encode())
    return file


def _recorded(number: int) -> OpeningStatement:
    try:
        found = reading.stored(number).statement
    except KeyError:
        found = None
    if not isinstance(found, OpeningStatement):
        raise NoEscrow(f"Statement {number} opens no leaves of an escrow.")
    return found


def _shown(number: int) -> Declaration | None:
    """The declaration with the first checkpoint after it that others signed too, or the first; None without any."""
    after = list(Checkpoint.objects.filter(size__gt=number).order_by("size"))
    if not after:
        return None
    chosen = next((each for each in after if each.note.rpartition("\n\n")[2].count("\n") > 1), after[0])
    open_fields = [name for name in SHOWN if name in reading.stored(number).body]
    (statement,) = showing.shown({number: open_fields}, chosen.size)
    return Declaration(chosen.note, statement)


def listed() -> list[dict[str, Any]]:
    """A row for each escrow: how many of its leaves were opened to anybody, what took its place, its secret."""
    replaced = dict(Declared.objects.exclude(replaces=None).values_list("replaces", "name"))
    return [
        {
            "escrow": each.name,
            "number": each.number,
            "day": each.day,
            "party": each.party,
            "size": each.size,
            "root": each.root,
            "opened": EscrowOpening.objects.filter(escrow=each.number).values("leaf").distinct().count(),
            "replaced_by": replaced.get(each.number, ""),
            "secret": escrow_files.secret_path(each.name).exists(),
        }
        for each in Declared.objects.order_by("number")
    ]
