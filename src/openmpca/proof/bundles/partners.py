"""Whose keys are whose: those of the own party, and those of partners as two persons of ours have stated them.

Rules kept here:

1. A partner's key is known because a `proof.partner` statement of this record says so, never because a file or a policy
   names it: whoever adds a partner compares the text of each key with what the partner handed over.
2. The last such statement about a partner counts, whole: a key that it leaves out signs no more.
3. Keys are compared as their whole text: name, type and public key. A name that looks alike is another key.
4. What is addressed to a former key of the own party is still for the own party.

Source: design, idea 7.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from openmpca.problems import Problem
from openmpca.proof.bundles.bundle_rules import PARTNER
from openmpca.record.known import Known, query
from openmpca.record.record import Refused, head
from openmpca.tlog.vkey import ED25519, KeyTextError, Verifier

_PARTNER: Final = {
    "number": pl.Int64,
    "of": pl.String,
    "party_key": pl.String,
    "log_key": pl.String,
    "person_keys": pl.String,
}
_KEY: Final = {"vkey": pl.String}


@dataclass(frozen=True)
class Partner:
    """A partner as stated: the number of the statement, our code for it, the keys of party, log and persons."""

    number: int
    of: str
    party_key: str
    log_key: str
    person_keys: tuple[str, ...] = ()


def partners(day: date, known: Known | None = None) -> dict[str, Partner]:
    """The partners on a day, by code."""
    seen = known or Known("default", head()[0])
    sql = (
        'SELECT number, "of", party_key, log_key, person_keys FROM proof_partner'
        " WHERE from_day <= %s AND number < %s ORDER BY from_day, number"
    )
    found = {}
    for number, of, party, log, persons in query(sql, [day, seen.number], _PARTNER, seen.using).rows():
        found[of] = Partner(number, of, party, log, tuple(persons.split()))
    return found


def partner(code: str, day: date) -> Partner:
    """A partner by its code. Raises `Refused` where nobody has stated its keys."""
    found = partners(day).get(code)
    if found is None:
        raise Refused([PARTNER.problem(f"The keys of {code} are not known here.", record=code)])
    return found


def own_keys(party: str, known: Known | None = None) -> list[str]:
    """The keys of a party of this record, as texts, the newest last; replaced ones too."""
    seen = known or Known("default", head()[0])
    sql = 'SELECT vkey FROM proof_key WHERE "of" = %s AND "use" = %s AND number < %s ORDER BY number'
    return list(query(sql, [party, "party", seen.number], _KEY, seen.using)["vkey"])


def unfit(row: dict[str, object], known: Known) -> list[Problem]:
    """What is wrong with a statement about a partner."""
    code, found = str(row["of"]), []
    parties = known.frame("SELECT code, number FROM record_party", [], {"code": pl.String, "number": pl.Int64})
    numbers = dict(parties.iter_rows())
    if numbers.get(code, known.number) >= known.number or numbers[code] == 0:
        message = f"{code} keeps this record." if numbers.get(code) == 0 else f"The record knows no party {code}."
        found.append(PARTNER.problem(message, record="proof.partner", field="of"))
    listed = [str(each) for each in row["person_keys"] or []]  # type: ignore[attr-defined]
    given = [("party_key", str(row["party_key"])), ("log_key", str(row["log_key"]))]
    given += [("person_keys", each) for each in listed]
    wrong = [(name, told) for name, text in given if (told := _unfit_key(text))]
    if not wrong:
        wrong = _taken([(name, Verifier.parse(text)) for name, text in given], code, known)
    return found + [PARTNER.problem(told, record="proof.partner", field=name) for name, told in wrong]


def _unfit_key(text: str) -> str:
    try:
        verifier = Verifier.parse(text)
    except KeyTextError as error:
        return f"It is no public key: {error}."
    return "" if verifier.type == ED25519 else "It is the key of a witness."


def _taken(given: list[tuple[str, Verifier]], code: str, known: Known) -> list[tuple[str, str]]:
    """Keys that stand twice, or that are somebody else's already: nobody signs for two."""
    publics = [key.public for _, key in given]
    own = known.frame("SELECT vkey FROM proof_key WHERE number < %s", [known.number], _KEY)["vkey"]
    others = [each for of, each in partners(date.max, known).items() if of != code]
    texts = [*own, *(key for each in others for key in (each.party_key, each.log_key, *each.person_keys))]
    taken = {Verifier.parse(each).public for each in texts}
    return [
        (name, "This key is given twice, or is somebody else's.")
        for name, key in given
        if key.public in taken or publics.count(key.public) > 1
    ]
