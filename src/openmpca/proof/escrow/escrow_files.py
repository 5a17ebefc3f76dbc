"""The files of an escrow: the list it is made of, the secret that opens it, and what is handed over when it is opened.

    HOME/keys/escrow-NAME.json    records and salts: whoever has it can open everything; without it nobody can
    OUT                           an opening file: some leaves, with what shows that they were declared

Rules kept here:

1.  Secret and opening file are canonical JSON (RFC 8785, `tlog.escrow`) and one line feed; no other spelling is read,
    so nothing in them can be read in two ways.
2.  The secret is a file of the folder of keys, for its owner alone (`keyfolder`), and may be sealed under a passphrase.
    It is never written over, and never in the database, in its backups or in a log.
3.  A list is a table (each cell a text, blank cells left out) or JSON; each record has an id of its own.

Source: design, ideas 6 and 7; issue, "Prove it".
"""

from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from openmpca.formats.tables.read import read_table
from openmpca.problems import errors, rule
from openmpca.proof.disclosures.showing import ShownStatement
from openmpca.proof.keyring import keyfolder, passphrase, sealing
from openmpca.record.record import Refused
from openmpca.tlog.escrow import DEEPEST, Escrow, EscrowError, Leaf, Opened, Record, canonical, read

SECRET_FORMAT: Final = "openmpca/escrow-secret/v1"  # noqa: S105  the name of a format
OPENING_FORMAT: Final = "openmpca/escrow-opening/v1"
DEEPEST_FILE: Final = DEEPEST + 4
LARGEST_FILE: Final = 256 * 1024 * 1024

_Form = TypeVar("_Form", bound=msgspec.Struct)

FILE_FORM = rule(
    95,
    "A file of an escrow has the one form of its format",
    source="formats openmpca/escrow-secret/v1 and openmpca/escrow-opening/v1",
    mend="Ask whoever made it for the file again, unchanged.",
)


class SecretLeaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf as the secret keeps it."""

    record: dict[str, Any] | None
    salt: str


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens an escrow."""

    format: Literal["openmpca/escrow-secret/v1"]
    leaves: list[SecretLeaf]
    name: str
    root: str


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The statement that declared an escrow, as shown to others, and a checkpoint of the record that it stands in."""

    checkpoint: str
    statement: ShownStatement


class OpeningFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is handed over: leaves of an escrow, and for whom. Only ``opened`` and ``declared`` prove anything."""

    format: Literal["openmpca/escrow-opening/v1"]
    name: str
    size: int
    root: str
    recipient: str
    purpose: str
    authority: str
    opened: list[Opened]
    declared: Declaration | None = None

    def encode(self) -> bytes:
        """The bytes of the file."""
        return canonical(msgspec.to_builtins(self), DEEPEST_FILE) + b"\n"


def parsed(data: bytes, name: str) -> OpeningFile:
    """An opening file; `name` is what problems call it. Raises Refused."""
    if len(data) > LARGEST_FILE:
        raise Refused([FILE_FORM.problem(f"It has more than {LARGEST_FILE >> 20} MiB.", record=name)])
    try:
        return _converted(data, OpeningFile)
    except (EscrowError, msgspec.ValidationError) as error:
        raise Refused([FILE_FORM.problem(f"It cannot be read: {error}.", record=name)]) from None


def _converted(data: bytes, form: type[_Form]) -> _Form:
    if not data.endswith(b"\n"):
        raise EscrowError("it does not end in a line feed")
    return msgspec.convert(read(data[:-1], DEEPEST_FILE), form)


def secret_path(name: str) -> Path:
    """Where the secret of an escrow lies in the open home."""
    return keyfolder.folder() / f"escrow-{name}.json"


def keep_secret(name: str, escrow: Escrow, *, seal: bool) -> Path:
    """Write the secret, on the disk when this returns; FileExistsError where there is one of that name."""
    leaves = [SecretLeaf(each.record, each.salt.hex()) for each in escrow.leaves]
    kept = Secret(SECRET_FORMAT, leaves, name, escrow.root.hex())
    text = canonical(msgspec.to_builtins(kept), DEEPEST_FILE).decode() + "\n"
    path = secret_path(name)
    if seal:
        text = sealing.sealed(text, f"escrow:{name}:{kept.root}", passphrase.chosen(path.name))
    keyfolder.create(path, text)
    return path


def secret(name: str) -> Escrow:
    """The escrow whose secret lies here. Raises FileNotFoundError, or Refused where it does not hold."""
    path = secret_path(name)
    text = keyfolder.read(path)
    try:
        if sealing.is_sealed(text):
            text = sealing.opened(text, passphrase.asked(path.name))
        return _held(_converted(text.encode(), Secret), name)
    except sealing.SealError as error:
        raise Refused([passphrase.PASSPHRASE.problem(f"{error}.", record=path.name)]) from None
    except (EscrowError, msgspec.ValidationError, ValueError) as error:
        raise Refused([FILE_FORM.problem(f"It cannot be read: {error}.", record=path.name)]) from None


def _held(kept: Secret, name: str) -> Escrow:
    escrow = Escrow(tuple(Leaf.of(each.record, bytes.fromhex(each.salt)) for each in kept.leaves))
    if escrow.root.hex() != kept.root or kept.name != name:
        raise EscrowError("it is the secret of another escrow, or was changed")
    return escrow


def open_secrets() -> list[Escrow]:
    """The escrows whose secrets lie here unsealed."""
    paths = sorted(keyfolder.folder().glob("escrow-*.json"))
    names = [path.name.removeprefix("escrow-").removesuffix(".json") for path in paths]
    return [
        secret(name) for path, name in zip(paths, names, strict=True) if not sealing.is_sealed(keyfolder.read(path))
    ]


def records_of(path: Path, field: str = "id") -> list[Record]:
    """The records of a list, in its order; ``field`` is the one that becomes their `id`. Raises Refused."""
    found = _from_json(path) if path.suffix.lower() == ".json" else _from_table(path)
    if not found:
        raise Refused([FILE_FORM.problem("It holds no records.", record=path.name, mend="Give a list of records.")])
    return [_with_id(each, field, f"{path.name} record {at}") for at, each in enumerate(found, 1)]


def _from_json(path: Path) -> list[Record]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[dict[str, Any]])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"It is no JSON list of records: {error}."
        raise Refused([FILE_FORM.problem(message, record=path.name, mend="Give a list of objects.")]) from None


def _from_table(path: Path) -> list[Record]:
    frame, problems = read_table(path)
    if errors(problems):
        raise Refused(problems)
    return [
        {name: value for name, value in row.items() if name != "row" and value is not None}
        for row in frame.iter_rows(named=True)
    ]


def _with_id(record: Record, field: str, where: str) -> Record:
    value = record.get(field)
    if not isinstance(value, str) or not value.strip():
        message = f"It has no {field} that is text."
        mend = "Give every record an id of its own; --id names the field that holds it."
        raise Refused([FILE_FORM.problem(message, record=where, field=field, mend=mend)])
    if field != "id" and "id" in record:
        mend = "Take the id, or name the other field so that only one is called id."
        raise Refused([FILE_FORM.problem(f"It has an id beside {field}.", record=where, field="id", mend=mend)])
    return {"id": value, **{name: each for name, each in record.items() if name != field}}
