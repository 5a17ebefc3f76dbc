"""What one does with material, as the statements it takes: ship, receive, split, merge, discharge, correct and so on.

Each function only says which statements an operation is made of; nothing is recorded before `preview.perform`. Rules
kept here:

1. A receipt is stated on the shipper's data; what the receiver measured becomes a difference (DI) beside it.
2. Splitting, merging and rebatching conserve mass: what leaves batches (RM) enters others (RP), which name their
   parents.
3. Loss, production and category change follow from the masses before, as the book has them, and those after. What
   no nuclear reaction makes more of is refused: thorium, and uranium save U-233.
4. A correction repeats the whole statement with what is changed; the pair of a corrected shipment is proposed with it.
5. Blank is not zero: a measurement gives every weight that the shipper gave.

Sources: Code 10, definitions of the inventory changes; INFCIRC/153, paragraphs 11, 13, 35 to 38.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.batch_history import alike
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change, Deletion, Listed
from openmpca.accounting.transit.consignments import total
from openmpca.accounting.transit.following import proposed_corrections
from openmpca.nuclear.categories import CATEGORIES, split_key
from openmpca.nuclear.changes import ACCOUNT_GROUPS
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.nuclear.transformation import PRODUCTION, Transformation, decay_losses, transformation
from openmpca.record.known import placeholders, query

Weights = Mapping[str, int]
"""Micrograms by weight key."""

CARRIED: Final = ("name", "description", "basis", "programme", "owner", "method", "operator_code")
OF_THE_NEW: Final = ("name", "items", "parents", "place", "item_numbers", "seals")
LATEST: Final = date(9999, 12, 31)


class OperationError(ValueError):
    """An operation that cannot be put into statements; the text says why, ``mend`` what would help."""

    def __init__(self, message: str, mend: str = "Check what was given, and the book on that day.") -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True)
class Correction:
    """A correction and the statements that it makes due on the other side."""

    statement: Change | Listed
    due: list[Change]


def grams(weights: Weights) -> dict[str, str]:
    """Weights in grams as statements carry them; items left out."""
    return {key: format_grams(ug) for key, ug in weights.items() if key != ITEMS}


def micrograms(weights: Mapping[str, str]) -> dict[str, int]:
    """Weights of a statement in micrograms."""
    return {key: parse_grams(text) for key, text in weights.items()}


def contents(mba: str, batch: str, view: View, codes: Sequence[str] = (MAIN,)) -> dict[str, int]:
    """What a batch holds in some accounts of an area, by weight key, with items under ``#``."""
    ids = view.accounts([mba], codes)["account"].to_list()
    rows = query(
        "SELECT category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608  placeholders only
        f" WHERE batch = %s AND account IN {placeholders(ids)} AND day <= %s AND number <= %s"
        " GROUP BY category, nuclide HAVING SUM(ug) <> 0 ORDER BY category, nuclide",
        [batch, *ids, view.day, view.number],
        {"category": pl.String, "nuclide": pl.String, "ug": pl.Int64},
        view.using,
    )
    found: dict[str, int] = {}
    for category, nuclide, ug in rows.iter_rows():
        key = ITEMS if nuclide == ITEMS else f"{category}/{nuclide}" if nuclide else category
        found[key] = found.get(key, 0) + ug
    return found


def whole(mba: str, batch: str, view: View, codes: Sequence[str] = (MAIN,)) -> dict[str, int]:
    """All that a batch holds; raises when it holds nothing."""
    found = contents(mba, batch, view, codes)
    if not {key for key in found if key != ITEMS}:
        if not view.opened.has(mba):
            raise OperationError(f"There is no area {mba}.", "See `openmpca register mba`.")
        where = "on the book" if tuple(codes) == (MAIN,) else "there"
        meant = f"Did you mean {near}? " if (near := alike(batch, view, mba)) else ""
        raise OperationError(
            f"Batch {batch} of {mba} holds nothing {where} on {accounts.date_of(view.day)}.",
            f"{meant}See `openmpca book {mba} --by-batch`, and `openmpca batch {batch}`.",
        )
    return found


def carried(mba: str, batch: str, view: View) -> dict[str, Any]:
    """What the last statement about a batch says of it that stays true of it and of batches made of it."""
    from openmpca.record.reading import stored

    main = view.accounts([mba])
    sql = (
        "SELECT MAX(number) FROM (SELECT p.number FROM accounting_posting p WHERE p.batch = %s AND p.account = %s"
        " AND p.line < %s AND p.day <= %s AND p.number NOT IN (SELECT number FROM accounting_closing)"
        " UNION ALL SELECT l.number FROM accounting_listed l JOIN accounting_inventory i ON i.number = l.inventory"
        " WHERE l.batch = %s AND i.mba = %s) AS stated"
        " WHERE number <= %s AND number NOT IN (SELECT corrects FROM accounting_correction WHERE number <= %s)"
    )
    account = main.filter(pl.col("code") == MAIN)["account"].to_list() or [-1]
    given = [batch, account[0], NEGATED, view.day, batch, mba, view.number, view.number]
    number = query(sql, given, {"number": pl.Int64}, view.using)["number"][0]
    if number is None:
        return {}
    fields = stored(number, view.using).fields
    return {name: value for name in CARRIED if (value := fields.get(name))}


def ship(
    mba: str, batch: str, to: str, day: date, view: View, *, weights: Weights | None = None, **fields: Any
) -> list[Change]:
    """A shipment of a batch, or of ``weights`` of it, to ``COUNTRY/MBA``; foreign when that is another country."""
    moved = weights or whole(mba, batch, view)
    code = "SD" if at_home(to, view) else "SF"
    given = {**carried(mba, batch, view), **_items(moved), **fields}
    return [Change(day=day, mba=mba, code=code, batch=batch, weights=grams(moved), counterpart=to, **given)]


def at_home(counterpart: str, view: View) -> bool:
    """Whether the other side, ``COUNTRY/MBA``, is in our own State."""
    from openmpca.accounting.register import own_country
    from openmpca.record.known import Known

    return counterpart.partition("/")[0] == own_country(Known(view.using, view.number + 1))


def receive_with_measurement(
    shipment: int, day: date, view: View, *, batch: str = "", measured: Weights | None = None, **fields: Any
) -> list[Change]:
    """The receipt of a domestic shipment on its data, and the difference when the receiver measured something else.

    ``measured`` gives every weight that the shipper gave. ``weights`` among the fields receives one lot of it only.
    """
    from openmpca.accounting.transit.consignments import side
    from openmpca.record.reading import stored

    shipped = stored(shipment, view.using).statement
    if not isinstance(shipped, Change) or shipped.code != "SD":
        raise OperationError(f"Statement {shipment} is no domestic shipment.")
    country = shipped.counterpart.partition("/")[0]
    given: dict[str, Any] = {
        "weights": shipped.weights,
        "items": shipped.items,
        "description": shipped.description,
        "name": "" if batch else shipped.name,
        "counterpart": f"{country}/{shipped.mba}",
        "shipper_batch": shipped.name or shipped.batch,
        "shipment": shipment,
        "programme": shipped.programme,
        "owner": shipped.owner,
        "basis": "N",
    } | fields
    receiver = side(shipped.counterpart, domestic=True).area
    receipt = Change(day=day, mba=receiver, code="RD", batch=batch or shipped.batch, **given)
    return [receipt, *difference(receipt, measured)]


def receive_from_abroad(
    mba: str,
    batch: str,
    counterpart: str,
    day: date,
    weights: Weights,
    *,
    measured: Weights | None = None,
    **fields: Any,
) -> list[Change]:
    """The receipt of an import on the shipper's data, and the difference when the receiver measured something else."""
    return _received("RF", mba, batch, counterpart, day, weights, measured, fields)


def receive_before_its_shipment(
    mba: str,
    batch: str,
    counterpart: str,
    day: date,
    weights: Weights,
    *,
    measured: Weights | None = None,
    **fields: Any,
) -> list[Change]:
    """The receipt from an area of ours that has not stated the shipment yet, on the data that came with the batch."""
    return _received("RD", mba, batch, counterpart, day, weights, measured, fields)


def _received(
    code: str,
    mba: str,
    batch: str,
    counterpart: str,
    day: date,
    weights: Weights,
    measured: Weights | None,
    fields: dict[str, Any],
) -> list[Change]:
    given = {"shipper_batch": batch} | fields
    receipt = Change(day=day, mba=mba, code=code, batch=batch, weights=grams(weights), counterpart=counterpart, **given)
    return [receipt, *difference(receipt, measured)]


def difference(receipt: Change, measured: Weights | None) -> list[Change]:
    """The shipper/receiver difference of a receipt: shipper's value less the measured one; none when they agree."""
    if measured is None:
        return []
    shippers = micrograms(receipt.weights)
    if missing := sorted(shippers.keys() ^ measured.keys()):
        raise OperationError(
            f"{', '.join(missing)}: the shipper's data and the measurement must give the same weights."
        )
    differing = {key: ug - measured[key] for key, ug in shippers.items()}
    if not any(differing.values()):
        return []
    kept: dict[str, Any] = {
        name: getattr(receipt, name)
        for name in ("mba", "batch", "after_cutoff", "name", "kmp", "description", "shipment", "method")
    }
    return [Change(day=receipt.day, code="DI", weights=grams(differing), basis="M", **kept)]


def split(mba: str, batch: str, parts: Mapping[str, Weights], day: date, view: View, **fields: Any) -> list[Change]:
    """New batches of some weights out of one; what is not given to them stays where it is."""
    if not parts:
        raise OperationError("Name at least one new batch with its weights.")
    kept = {**carried(mba, batch, view), **fields}
    made = [
        _rebatched("RP", mba, new, day, weights, {**kept, "name": "", "parents": [batch]})
        for new, weights in parts.items()
    ]
    return [_rebatched("RM", mba, batch, day, total(parts.values()), kept), *made]


def merge(mba: str, batches: Sequence[str], into: str, day: date, view: View, **fields: Any) -> list[Change]:
    """One batch out of all that several hold; the fields given, such as the point, hold for those merged too.

    What describes the new batch describes a merged one only as far as nothing else is known of it.
    """
    if len(set(batches)) < 2:
        raise OperationError("Name at least two batches to merge.")
    held = {batch: whole(mba, batch, view) for batch in dict.fromkeys(batches)}
    shared = {name: value for name, value in fields.items() if name not in OF_THE_NEW}
    out = [
        _rebatched("RM", mba, batch, day, weights, shared | carried(mba, batch, view))
        for batch, weights in held.items()
    ]
    kept = {**carried(mba, next(iter(held)), view), "name": "", "parents": list(held), **fields}
    return [*out, _rebatched("RP", mba, into, day, total(held.values()), kept)]


def rebatch(mba: str, batch: str, new: str, day: date, view: View, **fields: Any) -> list[Change]:
    """All that a batch holds under a new identifier."""
    return split(mba, batch, {new: whole(mba, batch, view)}, day, view, **fields)


def _rebatched(code: str, mba: str, batch: str, day: date, weights: Weights, fields: Mapping[str, Any]) -> Change:
    given = {**fields, **_items(weights)}
    return Change(day=day, mba=mba, code=code, batch=batch, weights=grams(weights), **given)


def _items(weights: Weights) -> dict[str, int]:
    return {"items": weights[ITEMS]} if weights.get(ITEMS) else {}


def discharge(
    mba: str, batch: str, after: Weights, day: date, view: View, *, scheme: Sequence[str] = (), **fields: Any
) -> list[Change]:
    """Nuclear loss, production and category change that take a batch from what the book has to ``after``."""
    before = {key: ug for key, ug in whole(mba, batch, view).items() if key != ITEMS}
    due = transformation(before, after, day, scheme) if scheme else transformation(before, after, day)
    if grown := [each for each in due if each.code == PRODUCTION and not _can_be_produced(each, before)]:
        told = ", ".join(f"{each.category} by {format_grams(each.weights[each.category])} g" for each in grown)
        raise OperationError(
            f"{batch} of {mba} would hold more after than before: {told}. Irradiation makes no thorium, and no uranium"
            " but U-233. Check the weights after; if those before are wrong, correct them first."
        )
    return _transformed(mba, batch, due, {**carried(mba, batch, view), "reference_date": day, **fields})


def _can_be_produced(production: Transformation, before: Weights) -> bool:
    """Whether a batch can come to hold so much more of a category; uranium bred from thorium is not U-233 alone."""
    element = CATEGORIES[production.category].element
    if element != "U":
        return element != "Th"
    bred = sum(ug for key, ug in production.weights.items() if "U233" in split_key(key)[1].split("+"))
    thorium = any(CATEGORIES[split_key(key)[0]].element == "Th" for key in before)
    return bred > 0 and (thorium or production.weights[production.category] <= bred)


def decay(
    mba: str, batch: str, since: date, day: date, view: View, *, grown: Sequence[str] = (), **fields: Any
) -> list[Change]:
    """The nuclear loss, and production of ``grown`` daughters, by the decay of a batch from one date to another."""
    before = {key: ug for key, ug in whole(mba, batch, view).items() if key != ITEMS}
    due = decay_losses(before, since, day, grown)
    return _transformed(mba, batch, due, {**carried(mba, batch, view), "reference_date": day, **fields})


def _transformed(mba: str, batch: str, due: Sequence[Transformation], fields: Mapping[str, Any]) -> list[Change]:
    """A change without a code is between national classes that are one to the Agency: a rebatching into itself."""
    made = []
    for each in due:
        leaves = Change(
            day=each.day, mba=mba, code=each.code or "RM", batch=batch, weights=grams(each.weights), **fields
        )
        if each.code and each.new_category:
            leaves = msgspec.structs.replace(leaves, weights=grams({**each.weights, **each.new_weights}))
        made.append(leaves)
        if not each.code:
            made.append(msgspec.structs.replace(leaves, code="RP", weights=grams(each.new_weights)))
    return made


GOES: Final = {
    "discard": "LD",
    "retain": "TW",
    "exempt-use": "EU",
    "exempt-quantity": "EQ",
    "terminate": "TU",
    "lose": "LA",
}
RETURNS: Final = {"retrieve": "FW", "de-exempt-use": "DU", "de-exempt-quantity": "DQ"}


def take_off(
    how: str, mba: str, batch: str, day: date, view: View, *, weights: Weights | None = None, **fields: Any
) -> list[Change]:
    """A batch, or ``weights`` of it, leaves the inventory: a key of `GOES` says how."""
    moved = weights or whole(mba, batch, view)
    given = {**carried(mba, batch, view), **_items(moved), **fields}
    return [Change(day=day, mba=mba, code=GOES[how], batch=batch, weights=grams(moved), **given)]


def bring_back(
    how: str, mba: str, batch: str, day: date, view: View, *, weights: Weights | None = None, **fields: Any
) -> list[Change]:
    """Retained waste or exempted material comes back to the inventory: a key of `RETURNS` says how."""
    code = RETURNS[how]
    group = accounts.group(ACCOUNT_GROUPS[code])
    moved = weights or whole(mba, batch, view, group)
    given = {**carried(mba, batch, view), **_items(moved), **fields}
    return [Change(day=day, mba=mba, code=code, batch=batch, weights=grams(moved), **given)]


def correct(number: int, reason: str, changed: Mapping[str, Any], view: View) -> Correction:
    """The correction of a change or listed line: all its fields but those ``changed``, and what it makes due."""
    from openmpca.record.reading import stored

    stood = stored(number, view.using).statement
    if not isinstance(stood, Change | Listed):
        raise OperationError(f"Statement {number} is neither an inventory change nor a line of a physical inventory.")
    if unknown := sorted(set(changed) - set(stood.__struct_fields__)):
        raise OperationError(f"{', '.join(unknown)}: no such field in {type(stood).__name__.lower()}.")
    if all(_same(getattr(stood, name), value) for name, value in changed.items()):
        raise OperationError(f"Nothing is changed: statement {number} says all of that already.")
    fields = {name: getattr(stood, name) for name in stood.__struct_fields__}
    fields |= {"reported": "", "booked": None} if isinstance(stood, Change) else {"reported": ""}
    corrected = msgspec.convert({**fields, **changed, "corrects": number, "reason": reason}, type(stood))
    due = proposed_corrections(corrected, view) if isinstance(corrected, Change) else []
    return Correction(corrected, due)


def _same(stood: object, given: object) -> bool:
    """Whether a field stays as it was, however its weights are written."""
    if isinstance(stood, dict) and isinstance(given, Mapping):
        return micrograms(stood) == micrograms(given)
    return stood == given


def delete(number: int, reason: str, view: View) -> list[Deletion]:
    """The deletion of a change or listed line."""
    from openmpca.record.reading import stored

    stood = stored(number, view.using).statement
    if not isinstance(stood, Change | Listed):
        raise OperationError(f"Statement {number} is neither an inventory change nor a line of a physical inventory.")
    return [Deletion(day=stood.day, mba=stood.mba, corrects=number, reason=reason)]
