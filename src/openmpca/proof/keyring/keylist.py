"""The keys of a home for people: what the record knows, what files are here, and where each stands."""

from contextlib import suppress

from openmpca.proof.keyring import keys
from openmpca.proof.keyring.keys import Introduced, KeyFile
from openmpca.record import proposals
from openmpca.record.record import Refused


def rows(use: str = "") -> list[dict[str, object]]:
    """A row for each public key: its use and owner, key id, vkey, file, since when, and whether it signs."""
    here = {each.vkey: each for each in _files()}
    known = {each.vkey: each for each in keys.introduced()}
    waits = {str(fields["vkey"]): (number, fields) for number, fields in proposals.waiting("proof.key")}
    made: list[dict[str, object]] = []
    for vkey in dict.fromkeys([*known, *waits, *here]):
        said, file = known.get(vkey), here.get(vkey)
        number, fields = waits.get(vkey, (None, {}))
        own = said.use if said else str(fields.get("use") or (file.path.name.partition(".")[0] if file else ""))
        made.append(
            {
                "use": own.partition("-")[0],
                "of": said.of if said else str(fields.get("of", "")),
                "key_id": vkey.split("+")[1],
                "vkey": vkey,
                "standing": _standing(said, number),
                "since": str(said.from_day) if said else "",
                "statement": said.number if said else None,
                "file": str(file.path) if file else "",
                "sealed": file.sealed if file else None,
            }
        )
    return [row for row in made if use in ("", row["use"])]


def _standing(said: Introduced | None, proposal: int | None) -> str:
    if said is not None:
        return "signs" if said.in_force else "replaced"
    return "not introduced" if proposal is None else f"proposal {proposal} waits"


def _files() -> list[KeyFile]:
    """The key files that can be read; of the others the doctor tells."""
    found = []
    for path in keys.every_file():
        with suppress(Refused):
            found.append(keys.read(path))
    return found
