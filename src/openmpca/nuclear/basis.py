"""Measurement basis: by whom the quantity of a batch was measured and whether it was reported before.

Rules kept here: the Agency knows N, L, M and T; Euratom knows the same four and a twin of each for an estimated
quantity, which is reported to the Agency as the basis it twins.

Source: Model Subsidiary Arrangement Code 10, label 469; Euratom regulations 302/2005 and 2025/974.
Data: ``data/basis.toml``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from openmpca.nuclear.tables import by_code


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measurement basis; ``reported_before`` means in a report of this area."""

    code: str
    name: str
    measured_here: bool
    reported_before: bool
    euratom_estimated: str
    source: str


BASES: Final[Mapping[str, Basis]] = by_code("basis", "basis", Basis)

AGENCY_BASIS: Final[Mapping[str, str]] = MappingProxyType(
    {code: code for code in BASES} | {basis.euratom_estimated: basis.code for basis in BASES.values()}
)
"""Agency basis of every Euratom basis.

>>> AGENCY_BASIS["G"], AGENCY_BASIS["N"]
('T', 'N')
"""


def basis_of(measured_here: bool, reported_before: bool) -> Basis:
    """The basis that says where a quantity was measured and whether this area reported it before.

    >>> basis_of(measured_here=False, reported_before=True).code
    'L'
    """
    wanted = (measured_here, reported_before)
    return next(basis for basis in BASES.values() if (basis.measured_here, basis.reported_before) == wanted)
