"""What is due of the receiver when a shipper corrects a shipment: receipts and differences that follow it.

Rules kept here:

1. The receipt is corrected to the new data and the difference (DI) by as much, so that the receiver's measured value
   stays.

Source: Code 10 (receipts on the shipper's data, DI).
"""

from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from openmpca.accounting.accounts import DIFFERENCE
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.accounting.shares import proportional
from openmpca.accounting.statements import Change
from openmpca.accounting.transit.board import about
from openmpca.accounting.transit.consignments import SHIPMENTS, total
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.record.known import query
from openmpca.record.reading import stored, stored_many


def proposed_corrections(shipment: int | Change, view: View) -> list[Change]:
    """The statements due on the receiver's side to bring it into step with a shipment: receipts and their differences.

    ``shipment`` is the number of one that stands, or a correction of one (``corrects``) that is not stated yet. Each
    proposal is complete; what is in step already is left out. A receipt whose difference was never stated was accepted
    as shipped, so nothing is measured to keep.
    """
    change = _change(stored(shipment, view.using).statement) if isinstance(shipment, int) else shipment
    number = shipment if isinstance(shipment, int) else change.corrects
    if number is None or change.code not in SHIPMENTS:
        return []
    seen = about(number, view)
    receipts = sorted({each.number for part in seen for each in part.receipts if each.number >= 0})
    return [due for receipt in receipts for due in _corrected_receipt(receipt, receipts, change, view)]


def _corrected_receipt(number: int, receipts: list[int], change: Change, view: View) -> list[Change]:
    stood = {each.number: _change(each.statement) for each in stored_many(receipts, view.using)}
    receipt = stood[number]
    due = share_of_shipment(change.weights, [stood[each].weights for each in receipts], receipts.index(number))
    if _same(receipt.weights, due) and receipt.shipper_batch in ("", change.name or change.batch):
        return []
    reason = f"The shipper corrected: {change.reason}".rstrip(": ")
    corrected = msgspec.structs.replace(
        receipt,
        weights=due,
        items=change.items if len(receipts) == 1 else receipt.items,
        description=change.description if len(receipts) == 1 else receipt.description,
        shipper_batch=(change.name or change.batch) if receipt.shipper_batch else "",
        corrects=number,
        reason=reason,
    )
    return [corrected, *_corrected_difference(receipt, due, reason, view)]


def _corrected_difference(receipt: Change, due: Mapping[str, str], reason: str, view: View) -> list[Change]:
    number = _difference_of(receipt, view)
    if number is None:
        return []
    stood = _change(stored(number, view.using).statement)
    weights = _sum(stood.weights, due, {key: f"-{text}".replace("--", "") for key, text in receipt.weights.items()})
    return [msgspec.structs.replace(stood, weights=weights, corrects=number, reason=reason)]


def _sum(*parts: Mapping[str, str]) -> dict[str, str]:
    """The sum of several weights in grams, key by key."""
    added = total({key: parse_grams(text) for key, text in each.items()} for each in parts)
    return {key: format_grams(ug) for key, ug in added.items()}


def _difference_of(receipt: Change, view: View) -> int | None:
    """The last difference that stands for a received batch."""
    sql = (
        "SELECT MAX(p.number) FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND a.code = %s AND p.batch = %s AND p.line < %s AND p.number <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
    )
    given = [receipt.mba, DIFFERENCE, receipt.batch, NEGATED, view.number, view.number]
    found = query(sql, given, {"number": pl.Int64}, view.using)["number"][0]
    return None if found is None else int(found)


def _change(statement: object) -> Change:
    if not isinstance(statement, Change):
        raise TypeError("only inventory changes are transfers")
    return statement


def share_of_shipment(shipped: Mapping[str, str], received: Sequence[Mapping[str, str]], index: int) -> dict[str, str]:
    """What one of several receipts is due of a shipment: all when there is one, else in proportion to what stood.

    >>> share_of_shipment({"E": "11"}, [{"E": "5"}, {"E": "5"}], 0)
    {'E': '5.5'}
    """
    if len(received) == 1:
        return dict(shipped)
    due = {}
    for key, text in shipped.items():
        stood = [parse_grams(each.get(key, "0")) for each in received]
        due[key] = format_grams(proportional(parse_grams(text), stood)[index])
    return {key: text for key, text in due.items() if key in received[index]}


def _same(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    return {key: parse_grams(text) for key, text in first.items()} == {
        key: parse_grams(text) for key, text in second.items()
    }
