"""The rules of whole physical inventories: when one is closed, and when a list comes back that was ticked (650 to 699).

Rules of a single line or closing (its area, its order, its weights) stand in the three hundreds.

Sources: INFCIRC/153, paragraphs 63 to 67 and 103; Code 10, labels 309 and 469; design, ideas 2 and 5.
"""

from contextlib import suppress
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import BEFORE_CUTOFF, CUTOFF, ITEMS, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.inventory.differences import Inventory, NoInventory, differences, inventories, lines_of
from openmpca.accounting.register import mba as area_of
from openmpca.accounting.statements import Listed
from openmpca.nuclear.basis import AGENCY_BASIS
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.mass import format_grams
from openmpca.problems import WARNING, Problem, Rule, rule
from openmpca.record.frames import Segment
from openmpca.record.known import Known, query
from openmpca.record.layout import counted

_SHOWN: Final = 10
_LONG_AGO: Final = -2_000_000_000

NOTHING_FOUND = rule(
    650,
    "An inventory without any line is closed knowingly",
    source="Code 10, empty physical inventory listing",
    mend="Take in what was found, or say that nothing was (--empty).",
)
NO_BASIS = rule(
    651,
    "Every line of a physical inventory has its measurement basis",
    severity=WARNING,
    source="Code 10, label 469",
    mend="Correct the lines named: basis T or L where nothing was measured, M or N where it was.",
)
ITEM_DIFFERENCE = rule(
    652,
    "An area of items has no MUF",
    severity=WARNING,
    source="CNSC REGDOC-2.13.1: in item facilities any difference is an anomaly to investigate",
    mend="Look for the items named before closing; the closing would book them as MUF.",
)
HOLDUP_AS_BEFORE = rule(
    653,
    "Hold-up is estimated anew at every physical inventory",
    severity=WARNING,
    source="design: hold-up",
    mend="Estimate what is held up now and list it with method, uncertainty and basis M, or list what was cleaned out.",
)
UNREPORTED = rule(
    654,
    "The changes of a period are reported when it is closed",
    severity=WARNING,
    source="INFCIRC/153, paragraph 63 (a)",
    mend="Make the inventory change report of the days up to the cut-off.",
)
ANOTHER_BALANCE = rule(
    655,
    "A closing is approved on the balance that it was prepared on",
    source="design, idea 1: the second person signs what the first signed",
    mend="See `openmpca inventory differences`, reject the proposal, and prepare the closing again if it is right now.",
)
NOT_TICKED = rule(
    660,
    "Every row of a ticked list says found or not found",
    source="design: physical inventory",
    mend="Write yes or no in the column Found.",
)
NO_AMOUNT = rule(
    661,
    "What was found has an amount",
    source="Code 10, labels 470 and 600 to 800",
    mend="Write the weights that were found, or no in the column Found.",
)
TWICE = rule(
    662,
    "A batch stands once on a list and is taken in once",
    source="Code 10, label 446",
    mend="Add the rows of the batch into one; correct a line that stands already by naming its statement.",
)
NOT_ROLLED = rule(
    663,
    "A count of another day can be rolled to the cut-off",
    source="design: roll-forward",
    mend="Check amounts and date of the count, and the changes of the batch between it and the cut-off.",
)
NOT_MEASURED = rule(
    664,
    "A mass that differs from the book was measured",
    severity=WARNING,
    source="Code 10, label 469",
    mend="Write basis M if it was measured again; leave it if items are missing or came to light.",
)
LEFT_OUT = rule(
    665,
    "A ticked list names every batch of the book",
    severity=WARNING,
    source="design: physical inventory",
    mend="Take in the batches named, or they count as missing.",
)
CLOSED = rule(
    666,
    "A list is taken into an inventory that is not closed",
    source="INFCIRC/153, paragraph 98",
    mend="Correct the lines one by one, each with the line it replaces and the reason.",
)


def check(segment: Segment, known: Known) -> list[Problem]:
    """What closing an inventory finds: against the book, the reports and the inventory before."""
    if segment.kind.name != "accounting.closing":
        return []
    found: list[Problem] = []
    for row, number in enumerate(segment.frame["inventory"], 1):
        with suppress(NoInventory):
            inventory = Inventory.of(number, known.number - 1, known.using)
            found += closing_problems(inventory, f"accounting.closing {row}")
    return found


def meanwhile(segment: Segment, before: int, now: int) -> list[Problem]:
    """The closings whose MUF moved between the statement that was the last one known when they were prepared, and now.

    An opening that waits together with its lines has no balance to move.
    """
    if segment.kind.name != "accounting.closing":
        return []
    found: list[Problem] = []
    for row, number in enumerate(segment.frame["inventory"], 1):
        with suppress(NoInventory):
            found += _moved(Inventory.of(number, now), before, f"accounting.closing {row}")
    return found


def _moved(inventory: Inventory, before: int, record: str) -> list[Problem]:
    key = ["category", "nuclide"]
    then, now = (differences(inventory, known).totals.select(*key, "ug") for known in (before, inventory.known))
    both = then.join(now, on=key, how="full", coalesce=True, suffix="_now").sort(key)
    differing = both.with_columns(pl.col("ug", "ug_now").fill_null(0)).filter(pl.col("ug") != pl.col("ug_now"))
    if not differing.height:
        return []
    told = [
        f"{category} items was {was} and is now {is_now}"
        if nuclide == ITEMS
        else f"{join_key(category, nuclide)} was {format_grams(was)} g and is now {format_grams(is_now)} g"
        for category, nuclide, was, is_now in differing.select(*key, "ug", "ug_now").iter_rows()
    ]
    since = _stated_since(inventory, before)
    message = f"The difference (MUF) in {'; '.join(told)}, by {_statements(since)} stated since."
    return [ANOTHER_BALANCE.problem(message, record=record, field="inventory")]


def _statements(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"{'statement' if len(numbers) == 1 else 'statements'} {', '.join(map(str, numbers[:_SHOWN]))}{more}"


def _stated_since(inventory: Inventory, before: int) -> list[int]:
    """The statements after one that moved the book before the cut-off, or the lines of an inventory."""
    view = inventory.before
    rows = query(
        "SELECT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND a.code = %s AND p.day <= %s AND p.number > %s AND p.number <= %s"
        " UNION SELECT number FROM accounting_listed WHERE inventory = %s AND number > %s AND number <= %s"
        " UNION SELECT c.number FROM accounting_correction c JOIN accounting_listed l ON l.number = c.corrects"
        " WHERE l.inventory = %s AND c.number > %s AND c.number <= %s ORDER BY 1",
        [inventory.mba, MAIN, view.day, before, view.number, *[inventory.number, before, view.number] * 2],
        {"number": pl.Int64},
        inventory.using,
    )
    return rows["number"].to_list()


def closing_problems(inventory: Inventory, record: str = "") -> list[Problem]:
    """The problems of closing an inventory as it is known."""
    lines = lines_of(inventory)
    found = _named(
        NO_BASIS, "basis", record, [each.batch for each in lines if not each.basis], "{} without a basis: {}{}."
    )
    if inventory.opening:
        return found
    return [
        *found,
        *_item_differences(inventory, record),
        *_holdup(inventory, lines, record),
        *_reports(inventory, record),
    ]


def _named(rule: Rule, field: str, record: str, batches: list[str], what: str) -> list[Problem]:
    if not batches:
        return []
    more = f" and {len(batches) - _SHOWN} more" if len(batches) > _SHOWN else ""
    message = what.format(counted(len(batches), "batch"), ", ".join(batches[:_SHOWN]), more)
    return [rule.problem(message, record=record, field=field)]


def _item_differences(inventory: Inventory, record: str) -> list[Problem]:
    area = area_of(inventory.mba, inventory.day, inventory.known, inventory.using)
    if area is None or not area.fields.items_only:
        return []
    items = differences(inventory).items.filter(~pl.col("what").is_in(["place", "seals"]))
    named = items.unique("batch", maintain_order=True).select(pl.format("{} ({})", "batch", "what")).to_series()
    return _named(ITEM_DIFFERENCE, "inventory", record, named.to_list(), "{} unlike the book: {}{}.")


def _holdup(inventory: Inventory, lines: list[Listed], record: str) -> list[Problem]:
    before = [each for each in inventories(inventory.mba, inventory.known, inventory.using) if each.closing is not None]
    last = [each for each in before if each.day < inventory.day]
    expected = [each.batch for each in lines_of(last[-1]) if each.holdup] if last else []
    if not expected:
        return []
    held = set(inventory.book()["batch"])
    done = {each.batch for each in lines if not each.holdup or AGENCY_BASIS.get(each.basis) not in ("T", "L")}
    late = [batch for batch in expected if batch in held - done]
    return _named(HOLDUP_AS_BEFORE, "inventory", record, late, "{} of hold-up not estimated again: {}{}.")


def _reports(inventory: Inventory, record: str) -> list[Problem]:
    unreported = unreported_changes(inventory)
    if not unreported:
        return []
    shown = ", ".join(map(str, unreported[:_SHOWN]))
    are = "is" if len(unreported) == 1 else "are"
    message = f"{counted(len(unreported), 'change')} of the period {are} in no report, such as statement {shown}."
    return [UNREPORTED.problem(message, record=record, field="inventory")]


def unreported_changes(inventory: Inventory) -> list[int]:
    """The changes of the period that ends with an inventory, as known, that no report names and that still stand."""
    view = inventory.before
    main = view.accounts([inventory.mba], [MAIN])["account"].to_list()
    closed = query(
        "SELECT MAX(day) FROM accounting_closing WHERE mba = %s AND day < %s AND number <= %s",
        [inventory.mba, accounts.day_number(inventory.day, BEFORE_CUTOFF), inventory.known],
        {"day": pl.Int64},
        inventory.using,
    )["day"][0]
    rows = query(
        "SELECT DISTINCT number FROM accounting_posting p WHERE account = %s AND line < %s AND day > %s AND day <= %s"
        " AND number <= %s AND NOT EXISTS (SELECT 1 FROM accounting_entry e WHERE e.about = p.number)"
        " AND NOT EXISTS (SELECT 1 FROM accounting_claimed c WHERE c.number = p.number)"
        " AND NOT EXISTS (SELECT 1 FROM accounting_correction r WHERE r.corrects = p.number)"
        " AND (day & 3) <> %s ORDER BY number",
        [main[0] if main else -1, NEGATED, _LONG_AGO if closed is None else closed, view.day, view.number, CUTOFF],
        {"number": pl.Int64},
        inventory.using,
    )
    return rows["number"].to_list()
