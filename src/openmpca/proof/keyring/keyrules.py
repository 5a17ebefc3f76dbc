"""What is checked before a key or an origin is recorded.

Source: design, ideas 6 and 7; C2SP signed-note (names and ids of keys), tlog-checkpoint (origins).
"""

from typing import Final

import polars as pl

from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.note import Note, NoteError, by_name_and_id, check_signature
from openmpca.tlog.vkey import COSIGNATURE, ED25519, KeyTextError, Verifier

TYPES: Final = {"log": ED25519, "witness": COSIGNATURE, "party": ED25519, "person": ED25519}
"""The uses of keys, and the type of key that each takes."""

KEY_FITS = rule(
    53,
    "A key is of the type and the owner that its use takes",
    source="C2SP signed-note; design idea 7",
    mend="Make it with `openmpca key new`; see `openmpca key show`.",
)
ONE_KEY = rule(
    54,
    "One key at a time has a use, and each key one use",
    source="C2SP signed-note; design idea 7",
    mend="Put a new key in the place of the old with `openmpca key rotate`.",
)
INTRODUCED = rule(
    55,
    "A key signs when two persons have introduced it",
    source="design ideas 1 and 7",
    mend="Introduce it with `openmpca key new`, and let another person approve the proposal.",
)
ORIGIN = rule(
    57,
    "A new origin names the last checkpoint of the one before",
    source="C2SP tlog-checkpoint: a log never signs two inconsistent trees",
    mend="Begin it with `openmpca checkpoint --new-origin NAME --reason TEXT`.",
)

_KEY: Final = "proof.key"
_ORIGIN: Final = "proof.origin"
_COLUMNS: Final = {"number": pl.Int64, "of": pl.String, "use": pl.String, "vkey": pl.String}
Row = dict[str, object]


def key(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements that introduce keys."""
    introduced = known.frame(
        'SELECT number, "of", "use", vkey FROM proof_key WHERE number < %s ORDER BY number', [known.number], _COLUMNS
    )
    rows = list(segment.frame.iter_rows(named=True))
    if len(rows) > 1:
        return [ONE_KEY.problem("State one key at a time.", record=_KEY)]
    return [found for row in rows for found in _key(row, introduced, known, act)]


def _key(row: Row, introduced: pl.DataFrame, known: Known, act: Act) -> list[Problem]:
    use, of = str(row["use"]), str(row["of"])
    try:
        verifier = Verifier.parse(str(row["vkey"]))
    except KeyTextError as error:
        return [KEY_FITS.problem(f"It is no public key: {error}.", record=_KEY, field="vkey")]
    if use not in TYPES:
        return [KEY_FITS.problem(f"{use!r} is no use: {', '.join(TYPES)}.", record=_KEY, field="use")]
    found = [] if verifier.type == TYPES[use] else [_unfit(f"A key for {use} is of type {TYPES[use]}.", "vkey")]
    return found + _owner(use, of, known, act) + _place(row, verifier, introduced) + _named(use, verifier, known)


def _owner(use: str, of: str, known: Known, act: Act) -> list[Problem]:
    """Whose key it may be: of the acting party or one of its persons; the log is of the party that keeps the record."""
    keeper = _one("SELECT code FROM record_party WHERE number = %s", [0], known)
    party = of
    if use == "person":
        party = _one("SELECT party FROM record_person WHERE person = %s AND number < %s", [of, known.number], known)
    elif not _one("SELECT code FROM record_party WHERE code = %s AND number < %s", [of, known.number], known):
        party = ""
    if not party:
        return [_unfit(f"The record knows no {'person' if use == 'person' else 'party'} {of}.", "of")]
    if use == "log" and of != keeper:
        return [_unfit(f"The log is kept by {keeper}, not by {of}.", "of")]
    return [] if act.party in (party, keeper) else [_unfit(f"{act.party} introduces no key of {party}.", "of")]


def _place(row: Row, verifier: Verifier, introduced: pl.DataFrame) -> list[Problem]:
    """One key at a time for a use, and no key twice."""
    found = []
    if any(Verifier.parse(each).public == verifier.public for each in introduced["vkey"]):
        found.append(ONE_KEY.problem("This key was introduced before.", record=_KEY, field="vkey"))
    same = introduced.filter(pl.col("of").eq(row["of"]) & pl.col("use").eq(row["use"]))
    before = str(same["vkey"][-1]) if same.height else ""
    if row["replaces"] != before:
        message = f"The key in its place is {before}." if before else "There is no key in its place."
        found.append(ONE_KEY.problem(message, record=_KEY, field="replaces"))
    return found


def _named(use: str, verifier: Verifier, known: Known) -> list[Problem]:
    """The key of the log is called as the log's origin, so that a policy that names the key names the log."""
    wanted = origin(known) if use == "log" else ""
    if not wanted or verifier.name == wanted:
        return []
    return [_unfit(f"The origin is {wanted}, the key is called {verifier.name}.", "vkey")]


def origin(known: Known) -> str:
    """The origin of the log as the record says it: the last one begun, else the name of the log's first key."""
    begun = known.frame(
        "SELECT origin FROM proof_origin WHERE number < %s ORDER BY number", [known.number], {"origin": pl.String}
    )
    return origin_of(list(begun["origin"]), [str(each) for each in log_keys(known)])


def origin_of(begun: list[str], vkeys: list[str]) -> str:
    """The origin of a log that began these origins and signed with these keys, in their order; empty when with none."""
    return begun[-1] if begun else "".join(vkeys[:1]).partition("+")[0]


def begins(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements that begin an origin."""
    rows = list(segment.frame.iter_rows(named=True))
    if len(rows) > 1:
        return [ORIGIN.problem("State one origin at a time.", record=_ORIGIN)]
    return [found for row in rows for found in _begins(row, known)]


def _begins(row: Row, known: Known) -> list[Problem]:
    try:
        note = Note.parse(str(row["previous"]).encode())
        last = Checkpoint.parse(note.text)
        for each in by_name_and_id(log_keys(known)).items():
            for signature in note.signatures:
                if signature[:2] == each[0]:
                    check_signature(each[1], note.text.encode(), signature)
    except NoteError as error:
        return [ORIGIN.problem(f"It is no checkpoint: {error}.", record=_ORIGIN, field="previous")]
    used = known.frame("SELECT origin FROM proof_origin WHERE number < %s", [known.number], {"origin": pl.String})
    before = {*used["origin"], *(each.name for each in log_keys(known)), last.origin}
    if row["origin"] in before:
        return [ORIGIN.problem(f"{row['origin']} was an origin before.", record=_ORIGIN, field="origin")]
    return []


def log_keys(known: Known) -> list[Verifier]:
    """The keys of the log that were ever introduced, the newest last."""
    sql = "SELECT vkey FROM proof_key WHERE \"use\" = 'log' AND number < %s ORDER BY number"
    return [Verifier.parse(each) for each in known.frame(sql, [known.number], {"vkey": pl.String})["vkey"]]


def _one(sql: str, parameters: list[object], known: Known) -> str:
    found = known.frame(sql, parameters, {"one": pl.String})
    return str(found["one"][0]) if found.height else ""


def _unfit(message: str, field: str) -> Problem:
    return KEY_FITS.problem(message, record=_KEY, field=field)


CHECKS: Final = {_KEY: key, _ORIGIN: begins}
