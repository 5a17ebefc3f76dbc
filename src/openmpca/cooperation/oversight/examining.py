"""What to examine first: assets ranked by value, by how sure one is of them, by how long ago somebody looked.

Rules kept here:

1. The rank of an asset is value x (1 - assurance) x days since the last check, in whole numbers without rounding.
   Whoever never looked counts from the day on which the asset was stated, with no assurance at all.
2. How sure a method makes is a percentage of this programme (`ASSURANCE`), not of any treaty: a visit makes surer than
   a certificate. A check that found something else than what was stated assures of nothing.
3. A party's own word on its own asset is a host certificate at most: only checks of others count for more.
4. Values of different currencies are ranked apart.

Source: the research on joint programmes, 1.5: examinations ranked by value x (1 - assurance) x time since last check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.oversight.following import requests
from openmpca.cooperation.oversight.statements import DENIED, Asset, Check

ASSURANCE: Final[Mapping[str, int]] = {
    "visit": 95,
    "tag read": 80,
    "video": 70,
    "photograph": 50,
    "host certificate": 25,
}
_OWN: Final = "host certificate"


@dataclass(frozen=True)
class Ranked:
    """An asset with its last check by anybody, how sure that makes in percent, since how many days, its rank."""

    claim: Claim[Asset]
    last: Claim[Check] | None
    assurance: int
    days: int
    denied: bool

    @property
    def rank(self) -> Decimal:
        """Value times what is not assured, in hundredths, times days."""
        return Decimal(self.claim.said.value) * (100 - self.assurance) * self.days


def ranked(claims: Claims, project: str = "") -> list[Ranked]:
    """The assets that have not been disposed of, by currency, the first to be examined first."""
    denied = {
        asset
        for each in requests(claims)
        if each.answer is not None and each.answer.said.answer == DENIED
        for asset in each.claim.said.assets
    }
    found = [
        _ranked(claims, told[-1], denied)
        for told in claims.by_thing(Asset).values()
        if told[-1].said.condition != "disposed of" and project in ("", told[-1].said.project)
    ]
    return sorted(found, key=lambda each: (each.claim.said.currency, -each.rank, each.claim.code))


def _ranked(claims: Claims, asset: Claim[Asset], denied: set[str]) -> Ranked:
    said = sorted(claims.about(Check, asset.thing), key=lambda each: (each.said.day, each.known, each.number))
    last = said[-1] if said else None
    since = last.said.day if last else asset.said.day
    sure = _assurance(last, asset) if last else 0
    return Ranked(asset, last, sure, max((claims.day - since).days, 0), asset.code in denied)


def _assurance(last: Claim[Check], asset: Claim[Asset]) -> int:
    if last.said.result != "as stated":
        return 0
    sure = ASSURANCE[last.said.method]
    return min(sure, ASSURANCE[_OWN]) if last.party == asset.said.custodian else sure
