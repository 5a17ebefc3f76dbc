"""Material description codes: physical form, chemical form, containment, irradiation status and quality.

Rules kept here:

* A description is four characters, one for each position; reports write them with slashes (``B/Q/2/F``), people
  without (``BQ2F``). Both are read.
* A sealed source is ``Q`` with ``S`` in the second position, which then is no chemical form.
* The letter O is plain ASCII; the zero and the slashed letter that print for it are refused by name.
* Which characters go together is nowhere laid down: the pairings are expectations, unverified, and only ever warn.

Source: Model Subsidiary Arrangement Code 10, label 430. Data: ``data/description.toml``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from openmpca.nuclear.tables import rows

SEALED_SOURCE: Final = "QS"

Code = tuple[str, str, str, str]


class DescriptionError(ValueError):
    """A text that is no material description; the message names the position and what may stand there."""


class Keyword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One character and what it says; ``irradiated`` is known of the fourth position only."""

    code: str
    name: str
    irradiated: bool | None = None


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the four positions with its characters."""

    number: int
    name: str
    source: str
    codes: tuple[Keyword, ...]


class Pairing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An expectation: any of ``codes`` at ``position`` goes with one of ``needs_codes`` at ``needs_position``."""

    position: int
    codes: str
    needs_position: int
    needs_codes: str
    reason: str
    unverified: bool


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What a material description says, in words."""

    code: str
    physical_form: str
    chemical_form: str
    containment: str
    status: str
    irradiated: bool
    sealed_source: bool

    def __str__(self) -> str:
        words = (self.physical_form, self.chemical_form, self.containment, self.status)
        return ", ".join(word for word in words if word)


POSITIONS: Final[tuple[Position, ...]] = rows("description", "position", Position)
PAIRINGS: Final[tuple[Pairing, ...]] = rows("description", "pairing", Pairing)
_KEYWORDS: Final[tuple[Mapping[str, Keyword], ...]] = tuple(
    MappingProxyType({keyword.code: keyword for keyword in position.codes}) for position in POSITIONS
)


def split_code(text: str) -> Code:
    """The four characters of a description written with or without slashes; each is checked.

    >>> split_code("BQ2F"), split_code("Q/S/1/A")
    (('B', 'Q', '2', 'F'), ('Q', 'S', '1', 'A'))
    """
    parts = tuple(text.split("/")) if "/" in text else tuple(text)
    if len(parts) != 4 or any(len(part) != 1 for part in parts):
        raise DescriptionError(f"{text!r} is no material description: write four characters, for example BQ2F.")
    first, second, third, fourth = parts
    for index, character in enumerate(parts):
        if not (character in _KEYWORDS[index] or (index == 1 and first + second == SEALED_SOURCE)):
            raise DescriptionError(_fault(text, index, character))
    if first == "Q" and second != "S":
        raise DescriptionError(f"{text!r}: Q is a sealed source and takes S in the second position.")
    return first, second, third, fourth


def describe(text: str) -> Description:
    """What a material description says.

    >>> str(describe("BQ2F"))
    'fuel elements, dioxide, fuel units in shipping or storage containers, fresh fuel'
    >>> describe("Q/S/1/A").sealed_source
    True
    """
    code = split_code(text)
    sealed = "".join(code[:2]) == SEALED_SOURCE
    status = _KEYWORDS[3][code[3]]
    return Description(
        code="".join(code),
        physical_form=_KEYWORDS[0][code[0]].name,
        chemical_form="" if sealed else _KEYWORDS[1][code[1]].name,
        containment=_KEYWORDS[2][code[2]].name,
        status=status.name,
        irradiated=status.irradiated is True,
        sealed_source=sealed,
    )


def with_slashes(text: str) -> str:
    """The description as the labelled format writes it.

    >>> with_slashes("BQ2F")
    'B/Q/2/F'
    """
    return "/".join(split_code(text))


def unusual_pairings(text: str) -> tuple[Pairing, ...]:
    """The expectations that a valid description does not meet; they warn and never refuse.

    >>> [pairing.reason for pairing in unusual_pairings("NG4B")][0]
    'what is in a core is fuel elements or components'
    """
    code = split_code(text)
    return tuple(
        pairing
        for pairing in PAIRINGS
        if code[pairing.position - 1] in pairing.codes and code[pairing.needs_position - 1] not in pairing.needs_codes
    )


def _fault(text: str, index: int, character: str) -> str:
    position = POSITIONS[index]
    known = " ".join(keyword.code for keyword in position.codes)
    hint = " The letter O is meant, not a zero." if character in ("0", "Ø", "ø") else ""
    hint = " Write capital letters." if character.upper() in _KEYWORDS[index] else hint
    return f"{text!r}: {character!r} is no {position.name} (position {position.number}: {known}).{hint}"
