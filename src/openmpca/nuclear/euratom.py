"""Euratom codes and what they are in the reports to the Agency.

Rules kept here:

* The code lists are those of the regulations; the mapping to Agency codes is inferred, so every row of it is
  unverified and shown as such. Codes without a counterpart are marked, never guessed.
* Euratom's signs of shipper/receiver difference and MUF are the reverse of ours: ``negated`` rows turn theirs.

Source: Commission Regulations (Euratom) 302/2005 and 2025/974. Data: ``data/euratom.toml``.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from openmpca.nuclear.tables import by_code


class EuratomChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One inventory change code with its Agency counterparts; ``relation`` says how the two relate."""

    code: str
    title: str
    effect: Literal[-1, 0, 1]
    agency: tuple[str, ...]
    relation: Literal["same", "choice", "split", "none", "unreported"]
    regulations: tuple[Literal["E05", "E25"], ...]
    unverified: bool
    negated: bool = False
    mbr_only: bool = False

    @property
    def one_to_one(self) -> bool:
        """Whether one line is one Agency entry under one code."""
        return self.relation == "same"


class EuratomCategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One element category and the category of ours that it is."""

    code: str
    name: str
    category: str


class EuratomCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One code of a list (isotope, state, container, form) and what it says."""

    code: str
    name: str
    unverified: bool = False


EURATOM_CHANGES: Final[Mapping[str, EuratomChange]] = by_code("euratom", "change", EuratomChange)
EURATOM_CATEGORIES: Final[Mapping[str, EuratomCategory]] = by_code("euratom", "category", EuratomCategory)
EURATOM_ISOTOPES: Final[Mapping[str, EuratomCode]] = by_code("euratom", "isotope", EuratomCode)
EURATOM_STATES: Final[Mapping[str, EuratomCode]] = by_code("euratom", "state", EuratomCode)
EURATOM_CONTAINERS: Final[Mapping[str, EuratomCode]] = by_code("euratom", "container", EuratomCode)
EURATOM_FORMS: Final[Mapping[str, EuratomCode]] = by_code("euratom", "form", EuratomCode)


def from_agency(code: str) -> tuple[EuratomChange, ...]:
    """The Euratom codes that stand for an Agency code, the plain counterpart first; none where there is none.

    >>> [change.code for change in from_agency("LN")], [change.code for change in from_agency("EN")]
    (['NL'], ['CE', 'CB', 'CC'])
    """
    return tuple(change for change in EURATOM_CHANGES.values() if code in change.agency)
