"""A receipt from abroad on the shipper's data as a partner's bundle shows it; stated by us, as any other of ours.

Rules kept here:

1. Only a shipment whose batch and weights are open is a ground for a receipt; what is withheld is never guessed.
2. The note of the receipt names the partner, its statement and the bundle, so that the ground can be found and proven.

Source: Code 10 (receipts on the shipper's data); design, idea 7.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.joint.theirs import Part, stated
from openmpca.accounting.joint.view import joint
from openmpca.accounting.operations import OperationError, receive_from_abroad
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change
from openmpca.accounting.transit.consignments import side, total
from openmpca.proof.bundles.receiving import stated_by


def receipt(
    partner: str,
    number: int,
    day: date,
    view: View,
    *,
    mba: str = "",
    batch: str = "",
    sender: str = "",
    measured: Mapping[str, int] | None = None,
    **fields: Any,
) -> list[Change]:
    """The receipt of what a partner's statement ``number`` shipped, and the difference when we measured another mass.

    ``mba`` and ``sender`` (``COUNTRY/MBA``) are taken from their statement and our book where not given. Raises
    `OperationError` where their statement does not give what a receipt takes.
    """
    parts = [each for each in stated(stated_by(partner, view.number), day) if each.number == number]
    if not parts:
        raise OperationError(
            f"No bundle of {partner} shows a shipment {number} up to {day}, or it was corrected since."
        )
    first = parts[0]
    if first.code != "SF" or not all(each.key and each.weights for each in parts):
        hidden = ", ".join((*first.withheld, *first.unreadable)) or "nothing"
        raise OperationError(f"Statement {number} of {partner} is no shipment that is wholly shown; hidden: {hidden}.")
    to = mba or side(first.other, domestic=False).area
    if not to:
        raise OperationError("Their statement does not say to which area: name it with --mba.")
    weights = total(each.weights for each in parts)
    items = {"items": weights.pop(ITEMS)} if ITEMS in weights else {}
    ground = f"On statement {number} of {partner}, in the bundle that came as statement {_received(first)}."
    given = {"shipper_batch": first.key, "note": ground, **items, **fields}
    from_ = sender or _sender(first, partner, view)
    return receive_from_abroad(to, batch or first.key, from_, day, weights, measured=measured, **given)


def _received(part: Part) -> int:
    return part.proof.received if part.proof else -1


def _sender(part: Part, partner: str, view: View) -> str:
    """Their area, in the country in which our book places it."""
    countries = [each for each in joint(partner, view).countries if each != partner]
    if len(countries) != 1:
        raise OperationError("Our book does not place them in one country: name it with --from COUNTRY/MBA.")
    return f"{countries[0]}/{part.mba}" if part.mba else countries[0]
