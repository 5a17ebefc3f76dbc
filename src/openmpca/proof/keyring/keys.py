"""Private keys of this home: made, found, opened and replaced; and what the record says of them.

    signer = keys.load("log")

Rules kept here:

1. A private key is in a file of the folder of keys (see `keyfolder`) and nowhere else: not in the record, the database,
   a backup, a message or the `repr` of anything. A statement holds the public key alone.
2. A key signs when two persons have introduced it by a statement, and until another took its place.
3. To rotate is to make a new file `USE.key.ID`, which waits until its statement is recorded. Then it becomes `USE.key`
   and the old one is kept aside under its own id. So there is at no time no key, and never two.
4. A file is never written over, and never deleted by this program.

Source: issue "Prove it", keys; design idea 7.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from openmpca.problems import Problem
from openmpca.proof.keyring import keyfolder, keyrules, passphrase, sealing
from openmpca.proof.keyring.keyfolder import KEY_FILE
from openmpca.proof.keyring.keyrules import INTRODUCED, KEY_FITS, ONE_KEY, TYPES
from openmpca.proof.keyring.passphrase import PASSPHRASE
from openmpca.proof.statements import Key
from openmpca.record import commands, proposals, reading
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.home import configuration
from openmpca.record.known import query
from openmpca.record.models import PersonName
from openmpca.record.record import Refused
from openmpca.record.statements import Statement
from openmpca.tlog.vkey import SEED_BYTES, KeyTextError, Signer, Verifier

USES: Final = tuple(TYPES)
_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_COLUMNS: Final = {
    "number": pl.Int64,
    "of": pl.String,
    "use": pl.String,
    "vkey": pl.String,
    "replaces": pl.String,
    "from_day": pl.Date,
}


@dataclass(frozen=True)
class Introduced:
    """A key as the record knows it; ``in_force`` until another took its place."""

    number: int
    of: str
    use: str
    vkey: str
    replaces: str
    from_day: object
    in_force: bool


@dataclass(frozen=True)
class KeyFile:
    """A key file: the public key in it and whether a passphrase seals it."""

    path: Path
    vkey: str
    sealed: bool


@dataclass(frozen=True)
class Made:
    """A key that was made or proposed: its file, its public text, and what came of stating it."""

    file: Path
    vkey: str
    sealed: bool
    stated: Stated


def introduced(use: str = "") -> list[Introduced]:
    """The keys that the record knows, of a use or of all, in the order in which they came."""
    sql = 'SELECT number, "of", "use", vkey, replaces, from_day FROM proof_key ORDER BY number'
    rows = query(sql, [], _COLUMNS).rows()
    last = {(row[1], row[2]): row[0] for row in rows}
    made = [
        Introduced(number, of, own, vkey, replaces, from_day, last[of, own] == number)
        for number, of, own, vkey, replaces, from_day in rows
    ]
    return [each for each in made if use in ("", each.use)]


def origin() -> str:
    """The origin of the log: as the record says it, else as configured; empty when neither does."""
    begun = [str(each.fields["origin"]) for each in reading.by_kind("proof.origin")]
    return keyrules.origin_of(begun, _log_vkeys()) or configuration().origin


def log_verifiers() -> list[Verifier]:
    """The public keys that the log ever signed with, as the record and the files of this home know them."""
    known = _log_vkeys()
    for path in every_file():
        if path.name.startswith("log."):
            with suppress(Refused, OSError):
                known.append(read(path).vkey)
    return [Verifier.parse(each) for each in dict.fromkeys(known)]


def _log_vkeys() -> list[str]:
    """Read from the statements themselves, so that verification needs no derived table."""
    return [str(each.fields["vkey"]) for each in reading.by_kind("proof.key") if each.fields["use"] == "log"]


def files(use: str, person: str = "") -> list[KeyFile]:
    """The key files of a use: the one in its place first, then those that wait or are kept aside."""
    stem = _stem(use, person)
    found = keyfolder.folder().glob(f"{stem}.key*")
    named = re.compile(re.escape(stem) + r"\.key(\.[0-9a-f]{8})?", re.ASCII)
    return [read(path) for path in sorted(found) if named.fullmatch(path.name)]


def every_file() -> Iterator[Path]:
    """The paths of all key files of the home."""
    named = re.compile(r"(log|witness|party|person-.+)\.key(\.[0-9a-f]{8})?", re.ASCII)
    return (path for path in sorted(keyfolder.folder().glob("*.key*")) if named.fullmatch(path.name))


def read(path: Path) -> KeyFile:
    """What a key file holds, as far as it can be told without a passphrase. Raises `Refused` where it is none."""
    text = keyfolder.read(path)
    try:
        if sealing.is_sealed(text):
            return KeyFile(path, str(Verifier.parse(sealing.parsed(text).public)), True)
        return KeyFile(path, str(Signer.parse(text.removesuffix("\n")).verifier), False)
    except (KeyTextError, sealing.SealError) as error:
        message = f"It is no key file: {error}."
        raise Refused([KEY_FILE.problem(message, record=str(path))]) from None


def load(use: str, *, person: str = "", passphrase: str | None = None) -> Signer:
    """The key of this home that signs for a use; ``person`` names whose, where the use is person.

    A sealed one asks for its passphrase where none is given. Raises `Refused` where there is no such file, where two
    persons have not introduced it, or where the passphrase does not open it.
    """
    try:
        return _loaded(use, person, passphrase)
    except FileNotFoundError:  # Another process put a key that came into force in its place meanwhile.
        return _loaded(use, person, passphrase)


def _loaded(use: str, person: str, given: str | None) -> Signer:
    file = signing(use, person)
    signer = _opened(file, given)
    _settle(file, use, person)
    return signer


def signing(use: str, person: str = "") -> KeyFile:
    """The file of the key that signs for a use. Raises `Refused` where there is none that was introduced."""
    found = files(use, person)
    if not found:
        message = f"There is no key for {use} in {keyfolder.folder()}."
        mend = f"Put its file back from where it is kept, or make one with `openmpca key new {use}`."
        raise Refused([INTRODUCED.problem(message, record=use, mend=mend)])
    in_force = {each.vkey for each in introduced(use) if each.in_force}
    for each in found:
        if each.vkey in in_force:
            return each
    raise Refused([_not_introduced(use, found)])


def _not_introduced(use: str, found: list[KeyFile]) -> Problem:
    waits = [str(number) for number, fields in proposals.waiting("proof.key") if fields["use"] == use]
    if waits:
        mend = f"Let another person approve it: `openmpca approve {waits[-1]} --by HANDLE`."
        return INTRODUCED.problem("The statement about it waits for a second person.", record=use, mend=mend)
    return INTRODUCED.problem(f"The record does not say that {found[0].path.name} signs.", record=use)


def _opened(file: KeyFile, given: str | None) -> Signer:
    text = keyfolder.read(file.path)
    if file.sealed:
        try:
            text = sealing.opened(text, passphrase.asked(file.path.name) if given is None else given)
        except sealing.SealError as error:
            raise Refused([PASSPHRASE.problem(f"{str(error).capitalize()}.", record=file.path.name)]) from None
    try:
        signer = Signer.parse(text.removesuffix("\n"))
    except KeyTextError:
        signer = None
    if signer is None or str(signer.verifier) != file.vkey:
        raise Refused([KEY_FILE.problem("It is not the key that it says.", record=str(file.path))])
    return signer


def _settle(file: KeyFile, use: str, person: str) -> None:
    """Put a key that came into force in its place; whoever is not let in leaves that to the next."""
    place = _path(use, person)
    if file.path == place:
        return
    with keyfolder.alone(wait=False) as got:
        if not got or not file.path.exists():
            return
        if place.exists():
            place.rename(_aside(place, read(place).vkey))
        file.path.rename(place)


@dataclass(frozen=True)
class Asked:
    """What is asked for: a use, who states it, whose key where the use is person, a passphrase to seal it with."""

    use: str
    act: Act
    person: str = ""
    secret: str = field(default="", repr=False)
    reason: str = ""
    when: Circumstances = NOW

    def statement(self, vkey: str, replaces: str = "") -> Key:
        """The statement that introduces a public key."""
        of = _of(self.use, self.act, self.person)
        day, reason = self.when.today, self.reason
        return Key(day=day, of=of, use=self.use, vkey=vkey, replaces=replaces, reason=reason)

    def state(self, said: Sequence[Statement], *, dry_run: bool = False) -> Stated:
        """State it, or only check it."""
        return commands.state(said, self.act, when=self.when, dry_run=dry_run)


def new(asked: Asked, name: str = "") -> Made:
    """Make a key file and state its public key, which takes two persons.

    A file that is there and was never introduced is proposed again. Raises `Refused`, and then makes no file.
    """
    place = _path(asked.use, asked.person)
    if place.exists():
        file = read(place)
        _check_unused(file)
        return Made(place, file.vkey, file.sealed, asked.state([asked.statement(file.vkey)]))
    signer = fresh(asked.use, name or _proposed_name(asked.use, asked.person))
    return made(asked, signer, place, [asked.statement(str(signer.verifier))])


def rotate(asked: Asked) -> Made:
    """Make a new key under the old name, and state that it takes the place of the old one."""
    before = in_force(asked.use, asked.act, asked.person)
    signer = fresh(asked.use, before.vkey.partition("+")[0])
    return successor(asked, signer, before.vkey)


def successor(asked: Asked, signer: Signer, replaces: str, first: Sequence[Statement] = ()) -> Made:
    """Let a new key wait to take the place of another, in one proposal with the statements that come first."""
    vkey = str(signer.verifier)
    place = _aside(_path(asked.use, asked.person), vkey)
    return made(asked, signer, place, [*first, asked.statement(vkey, replaces)])


def made(asked: Asked, signer: Signer, place: Path, said: Sequence[Statement]) -> Made:
    """Write the key file and state what is said of it; where that is refused, no file is made."""
    asked.state(said, dry_run=True)
    vkey, text = str(signer.verifier), signer.text()
    keyfolder.create(place, sealing.sealed(text, vkey, asked.secret) if asked.secret else f"{text}\n")
    return Made(place, vkey, bool(asked.secret), asked.state(said))


def in_force(use: str, act: Act, person: str = "") -> Introduced:
    """The key in force of the acting party or of a person for a use. Raises `Refused` where there is none."""
    _check_use(use)
    of = _of(use, act, person)
    for each in introduced(use):
        if each.of == of and each.in_force:
            return each
    raise Refused([INTRODUCED.problem(f"{of} has no key for {use}.", record=use)])


def fresh(use: str, name: str) -> Signer:
    """A new random key. Raises `Refused` where there can be no such name."""
    _check_use(use)
    try:
        return Signer.made(name, TYPES[use], secrets.token_bytes(SEED_BYTES))
    except KeyTextError as error:
        message = f"No key can be called so: {error}."
        mend = "Give a name without spaces and plus signs, such as sra.example/openmpca, with --name."
        raise Refused([KEY_FITS.problem(message, record=use, field="name", mend=mend)]) from None


def _check_unused(file: KeyFile) -> None:
    record = str(file.path)
    if any(each.vkey == file.vkey for each in introduced()):
        raise Refused([ONE_KEY.problem("There is a key for this use, and it was introduced.", record=record)])
    for number, fields in proposals.waiting("proof.key"):
        if fields["vkey"] == file.vkey:
            mend = f"Let another person approve it: `openmpca approve {number} --by HANDLE`."
            raise Refused([ONE_KEY.problem(f"It is there; proposal {number} waits.", record=record, mend=mend)])


def _proposed_name(use: str, person: str) -> str:
    """The name of a key where none is given: the origin, or what belongs beside it."""
    beside = origin().partition("/")[0]
    if use == "log" and configuration().origin:
        return configuration().origin
    if use == "log" or not beside:
        message = "The key has no name."
        mend = "Give it with --name: a name for ever, best under a domain of yours, such as sra.example/openmpca."
        raise Refused([KEY_FITS.problem(message, record=use, field="name", mend=mend)])
    if use != "person":
        return f"{beside}/{use}"
    # Not the identifier as it is: where it is shown, a handle takes its place, and the key would be another.
    return f"{beside}/person-{_identifier(person).removeprefix('p-')}"


def _check_use(use: str) -> None:
    if use not in TYPES:
        mend = f"Name one of {', '.join(TYPES)}."
        raise Refused([KEY_FITS.problem(f"{use!r} is no use of a key.", field="use", mend=mend)])


def _of(use: str, act: Act, person: str) -> str:
    return _identifier(person) if use == "person" else act.party


def _identifier(person: str) -> str:
    try:
        return commands.person_of(person)
    except KeyError:
        raise Refused([KEY_FITS.problem(f"Nobody is called {person!r}.", record="person", field="of")]) from None


def _stem(use: str, person: str = "") -> str:
    """How the files of a use are called: a person's by their handle where it makes a plain name."""
    _check_use(use)
    if use != "person":
        return use
    identifier = _identifier(person)
    handle = PersonName.handle_of(identifier)
    return f"person-{handle if _PLAIN.fullmatch(handle) else identifier}"


def _path(use: str, person: str = "") -> Path:
    return keyfolder.folder() / f"{_stem(use, person)}.key"


def _aside(place: Path, vkey: str) -> Path:
    return place.with_name(f"{place.name}.{Verifier.parse(vkey).key_id.hex()}")
