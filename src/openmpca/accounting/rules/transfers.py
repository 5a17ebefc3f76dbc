"""The rules of transit, 500 to 599: whether shipments and receipts within the State answer each other.

They see the statements that are about to be recorded together with those that stand, so a shipment and its receipt,
or a correction and its pair, may come in one writing. Reported history is accepted as reported: there errors are
warnings.

Source: Code 10 (receipts on the shipper's data; labels 407, 430, 446, 447); frequent mistakes.
"""

from collections.abc import Iterator
from datetime import date

import msgspec
import polars as pl

from openmpca.accounting import accounts, register
from openmpca.accounting.book import lines
from openmpca.accounting.queries import View
from openmpca.accounting.rules.settled import ALWAYS, RD, SD, keys_of, unsettled
from openmpca.accounting.transit.board import by_category, transfers, weights_by_number
from openmpca.accounting.transit.consignments import Consignment, Transfer, consign
from openmpca.problems import ERROR, NOTE, WARNING, Problem, Rule, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known, placeholders

NO_SHIPMENT = rule(
    501,
    "A domestic receipt answers a shipment that is known",
    severity=NOTE,
    source="Code 10; a receipt may become known before its shipment",
    mend="Nothing, if the shipper has yet to state it; else check areas, batch name (447) and category.",
)
NOT_SHIPPERS_DATA = rule(
    502,
    "A receipt is booked on the shipper's data",
    soft=True,
    source="Code 10",
    mend="Give the weights of the shipment, and state what was measured as a shipper/receiver difference (DI).",
)
OTHER_DESCRIPTION = rule(
    503,
    "A batch is received under the description under which it was shipped",
    severity=WARNING,
    source="Code 10, label 430",
    mend="Give the shipper's description; a new one comes with a rebatching.",
)
MAY_NOT_RECEIVE = rule(
    504,
    "A batch is shipped to an area that may receive",
    soft=True,
    source="facility attachments: codes allowed in an area",
    mend="Check the receiving area, or allow the code RD there in the register.",
)
NOT_EACH_OTHER = rule(
    505,
    "A shipment and its receipt name each other's area and batch",
    soft=True,
    source="Code 10, labels 372, 374, 446, 447",
    mend="Correct the area or the batch name of the one that is wrong.",
)
RECEIVED_TWICE = rule(
    506,
    "A shipped batch is received once",
    soft=True,
    source="frequent mistakes",
    mend="Delete the receipt that was stated twice, or correct it to its lot.",
)
OUT_OF_STEP = rule(
    507,
    "A corrected shipment has its receipt and difference corrected too",
    severity=WARNING,
    source="Code 10; a receipt is on the shipper's data, so both change as a pair",
    mend="Let the receiver state the corrections that `openmpca transit --due` proposes.",
)
NO_SUCH_SHIPMENT = rule(
    508,
    "The shipment that a receipt names stands",
    soft=True,
    source="ours",
    mend="Name the number of a shipment (SD) that was not deleted, or none.",
)
STILL_OPEN = rule(
    509,
    "A shipment is received in full",
    severity=NOTE,
    source="ours",
    mend="Nothing, if another lot is to come.",
)


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """What is wrong with the domestic shipments and receipts of a segment, in view of those that stand."""
    if segment.kind.name != "accounting.change":
        return []
    rows = segment.frame.with_row_index("row", 1).filter(pl.col("code").is_in([SD, RD]))
    if not rows.height:
        return []
    rows = rows.with_columns(number=pl.col("row").cast(pl.Int64) + (known.number - 1))
    found = _unreceivable(rows, known)
    rows = unsettled(rows, known)
    if rows.height:
        new = _New(rows, known)
        found += [problem for one in new.consignments() for problem in _of_consignment(one, new)]
        found += new.unknown_shipments()
    return sorted(found, key=lambda each: (each.rule, each.record))


class _New:
    """The shipments and receipts of a segment among those that stand, with the numbers that they would get."""

    def __init__(self, rows: pl.DataFrame, known: Known) -> None:
        self._known, self._first = known, known.number - 1
        self._reported = set(rows.filter(pl.col("reported") != "")["row"])
        self._gone = set(rows["corrects"].drop_nulls())
        self._named = sorted(set(rows["shipment"].drop_nulls()))
        self._roots = self._first_of([*self._gone, *self._named])
        self._rows = {row["number"]: row for row in rows.iter_rows(named=True)}
        self.parts = list(self._parts(rows))
        self.standing = [each for each in self._stood() if each.number not in self._gone]

    def _first_of(self, numbers: list[int]) -> dict[int, int]:
        found = {number: number for number in numbers}
        for start in range(0, len(numbers), 400):
            part = numbers[start : start + 400]
            sql = f"SELECT number, first FROM accounting_correction WHERE number IN {placeholders(part)}"  # noqa: S608
            found |= dict(self._known.frame(sql, part, {"number": pl.Int64, "first": pl.Int64}).iter_rows())
        return found

    def _parts(self, numbered: pl.DataFrame) -> Iterator[Transfer]:
        weights = weights_by_number(lines(numbered))
        for number, row in self._rows.items():
            fields = {
                **row,
                "root": self._roots.get(row["corrects"], number),
                "shipment": self._roots.get(row["shipment"]),
                "other": row["counterpart"],
            }
            yield from by_category(fields, weights.get(number, {}))

    def _stood(self) -> list[Transfer]:
        named = keys_of([*self._named, *self._gone, *self._roots.values()], self._known)
        keys = sorted({each.key for each in self.parts} | named)
        return transfers(View(ALWAYS, self._first, self._known.using), [SD, RD], keys)

    def consignments(self) -> list[Consignment]:
        """The consignments in which a new statement takes part."""
        everything = [*self.standing, *self.parts]
        on = max((each.day for each in everything), default=date.min)
        return [one for one in consign(everything, on) if any(map(self.is_new, _sides(one)))]

    def is_new(self, transfer: Transfer) -> bool:
        """Whether a statement is of the segment."""
        return transfer.number > self._first

    def problem(self, broken: Rule, transfer: Transfer, message: str, field: str) -> Problem:
        """The problem of a statement; of reported history it does not refuse."""
        row = transfer.number - self._first
        where = f"accounting.change {row}" if row > 0 else f"statement {transfer.number}"
        made = broken.problem(message, record=where, field=field)
        mild = row in self._reported and made.severity == ERROR
        return msgspec.structs.replace(made, severity=WARNING) if mild else made

    def unknown_shipments(self) -> list[Problem]:
        """Receipts that name a shipment which does not stand."""
        stand = {each.root for each in (*self.standing, *self.parts) if each.ships}
        wrong = {each.number: each for each in self.parts if each.shipment is not None and each.shipment not in stand}
        return [
            self.problem(NO_SUCH_SHIPMENT, each, f"No shipment {self._rows[number]['shipment']} stands.", "shipment")
            for number, each in wrong.items()
        ]

    def waiting_elsewhere(self, receipt: Transfer) -> list[Transfer]:
        """Shipments of a batch that are not to the area that received it, or not from the area that it names."""
        return [
            each
            for each in (*self.standing, *self.parts)
            if each.ships and (each.key, each.category) == (receipt.key, receipt.category) and not _fit(each, receipt)
        ]


def _sides(one: Consignment) -> tuple[Transfer, ...]:
    return ((one.shipment,) if one.shipment else ()) + one.receipts


def _fit(shipment: Transfer, receipt: Transfer) -> bool:
    return shipment.shipper.fits(receipt.shipper) and shipment.receiver.fits(receipt.receiver)


def _of_consignment(one: Consignment, new: _New) -> Iterator[Problem]:
    if one.shipment is None:
        yield from _unanswered(one.receipts[0], new)
    elif one.receipts:
        yield from _amounts(one, one.shipment, new)
        for receipt in one.receipts:
            if new.is_new(receipt):
                yield from _names(one.shipment, receipt, new)


def _unanswered(receipt: Transfer, new: _New) -> Iterator[Problem]:
    elsewhere = new.waiting_elsewhere(receipt)
    if elsewhere and receipt.shipment is None:
        other = elsewhere[0]
        message = (
            f"Batch {receipt.key} was shipped from {other.shipper} to {other.receiver},"
            f" not from {receipt.shipper} to {receipt.receiver}."
        )
        yield new.problem(NOT_EACH_OTHER, receipt, message, "counterpart")
    else:
        yield new.problem(NO_SHIPMENT, receipt, f"No shipment of batch {receipt.key} is known.", "shipper_batch")


def _amounts(one: Consignment, shipment: Transfer, new: _New) -> Iterator[Problem]:
    latest = max(one.receipts, key=lambda each: each.number)
    message = f"Batch {shipment.key}, {_differing(one)}."
    if one.standing == "matched":
        return
    if not new.is_new(latest):
        yield new.problem(OUT_OF_STEP, shipment, f"{message} Receipt: statement {latest.number}.", "weights")
    elif one.open_ug < 0 and len(one.receipts) > 1:
        yield new.problem(RECEIVED_TWICE, latest, message, "batch")
    elif one.standing == "partly matched" and one.is_lot:
        yield new.problem(STILL_OPEN, latest, message, "weights")
    else:
        yield new.problem(NOT_SHIPPERS_DATA, latest, message, "weights")


def _differing(one: Consignment) -> str:
    from openmpca.nuclear.mass import format_grams

    told = [
        f"{key} shipped {format_grams(one.shipped.get(key, 0))} g, received {format_grams(one.received.get(key, 0))} g"
        for key in one.open
        if key != accounts.ITEMS
    ]
    return "; ".join(told)


def _names(shipment: Transfer, receipt: Transfer, new: _New) -> Iterator[Problem]:
    if not _fit(shipment, receipt) or shipment.key != receipt.key:
        message = (
            f"Shipment {shipment.number} is of batch {shipment.key} from {shipment.shipper} to {shipment.receiver};"
            f" the receipt is of batch {receipt.key} from {receipt.shipper} to {receipt.receiver}."
        )
        yield new.problem(NOT_EACH_OTHER, receipt, message, "shipment")
    if shipment.description and receipt.description and shipment.description != receipt.description:
        message = f"Batch {shipment.key} was shipped as {shipment.description}, received as {receipt.description}."
        yield new.problem(OTHER_DESCRIPTION, receipt, message, "description")


def _unreceivable(rows: pl.DataFrame, known: Known) -> list[Problem]:
    shipped = rows.filter(pl.col("code") == SD).with_columns(area=pl.col("counterpart").str.split("/").list.last())
    table = register.mba_table(known, shipped["area"].unique().to_list()).unique("mba", keep="last")
    closed = [area for area, codes in table.select("mba", "codes").iter_rows() if codes and RD not in codes]
    wrong = shipped.filter(pl.col("area").is_in(closed)).select("row", "area", pl.col("reported") != "")
    return [_may_not_receive(row, area, reported) for row, area, reported in wrong.iter_rows()]


def _may_not_receive(row: int, area: str, reported: bool) -> Problem:
    where = f"accounting.change {row}"
    made = MAY_NOT_RECEIVE.problem(f"{area} may not book RD.", record=where, field="counterpart")
    return msgspec.structs.replace(made, severity=WARNING) if reported else made
