"""The rules of balances, 400 to 499: what a writing did to the book, looked at before the commit.

Rules kept here:

1. Everything that a writing posted is reduced, chunk by chunk, to sums by account, batch, category, nuclide and day.
   Only the balances that it touched are looked at, from the first day that it touched on.
2. A balance is a pot: the main account of an area, or its retained waste (TW and FW together), or its exempted material
   (EU and DU, EQ and DQ). No pot is negative at the end of any part of a day; nor is any batch in it, where batches are
   followed; nor is the number of items.
3. A pot that was negative before is a problem of the writing only if that made it worse. So a correction that mends a
   part passes, and a loss that was recorded over the rule, with a reason, is not told again.
   What is open between RM and RP of a day is held the same way.
4. In reported history a negative balance, or an open rebatching, is a warning: it is accepted as it was reported.

Source: validator list 10 and 12; the frequent mistakes; INFCIRC/153.
"""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from openmpca.accounting import models
from openmpca.accounting.accounts import INDEX, ITEMS, MAIN, SPAN, date_of
from openmpca.accounting.register import mba_table
from openmpca.accounting.rules.checking import SHOWN, problems
from openmpca.nuclear.categories import CATEGORIES, join_key
from openmpca.nuclear.mass import format_grams
from openmpca.problems import WARNING, Problem, Rule, rule
from openmpca.record.known import Known, placeholders
from openmpca.record.rooms import Tables

NEGATIVE = rule(
    401,
    "A balance is negative at no date",
    source="validator list 12",
    mend="Check amount and date, or state first what came in; a real loss is recorded with the reason.",
    soft=True,
)
BATCH_NEGATIVE = rule(
    402,
    "A batch gives no more than it holds",
    source="validator list 12; frequent mistakes: shipment of a batch not on inventory",
    mend="Check batch, amount and date, or state first how the material came into the batch; retained waste comes back"
    " by FW, exempted material by DU or DQ.",
    soft=True,
)
ITEMS_NEGATIVE = rule(
    403,
    "No more items leave than there are",
    severity=WARNING,
    source="frequent mistakes: item count changed without a change code",
    mend="Check the number of items.",
)
REBATCHED = rule(
    404,
    "What is taken by rebatching is given by rebatching",
    source="Code 10, codes RM and RP; validator list 10",
    mend="State, correct or delete RM and RP of the same area and day together (`openmpca split`, `merge`, `rebatch`;"
    " several in one `openmpca state --file`), with the same sum for each element.",
    soft=True,
)

_POTS: Final = {
    MAIN: (MAIN, "the book inventory"),
    "TW": ("TW", "the retained waste"),
    "FW": ("TW", "the retained waste"),
    "EU": ("EU", "what is exempted for its use"),
    "DU": ("EU", "what is exempted for its use"),
    "EQ": ("EQ", "what is exempted for its quantity"),
    "DQ": ("EQ", "what is exempted for its quantity"),
}
_INTO: Final = {INDEX[code]: INDEX[pot] for code, (pot, _) in _POTS.items()}
_NAMES: Final = {INDEX[pot]: name for pot, name in _POTS.values()}
_REBATCH: Final = (INDEX["RM"], INDEX["RP"])
_KEPT: Final = [*_INTO, *_REBATCH]
_ELEMENTS: Final = {category.code: category.element for category in CATEGORIES.values()}

_KEY: Final = ["pot", "batch", "category", "nuclide"]
_SCHEMA: Final = {
    "account": pl.Int64,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "day": pl.Int64,
    "ug": pl.Int64,
}
_PART: Final = 400
_REPORTED: Final = '%\n["______________________","reported","%'
"""How the field ``reported`` stands in a body: at the beginning of a line, after its salt, as no text or list can."""
_LARGE: Final = 5_000


def keep(derived: Tables) -> pl.DataFrame | None:
    """The sums of what was posted to the accounts that these rules look at."""
    posted = derived.get(models.Posting)
    if posted is None or not posted.height:
        return None
    kept = posted.filter((pl.col("account") % SPAN).is_in(_KEPT))
    return kept.group_by("account", "batch", "category", "nuclide", "day").agg(
        pl.col("ug").sum(), pl.col("number").min().alias("first"), pl.col("number").max()
    )


def conclude(kept: list[pl.DataFrame], known: Known) -> list[Problem]:
    """The problems of the balances that a writing touched."""
    whole = pl.concat(kept)
    first = whole["first"].min()
    before = known.frame("SELECT 1 FROM accounting_posting WHERE number < %s LIMIT 1", [first], {"one": pl.Int64})
    found = _Found()
    for part in _parts(whole):
        _check(part.drop("first"), known, first if before.height else None, found)  # type: ignore[arg-type]
    return found.problems(known)


def _parts(whole: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """All areas together, or a few at a time when there is much: what the book holds of them must fit in memory."""
    if whole.height <= _LARGE:
        yield whole
        return
    slots = whole.select(slot=(pl.col("account") // SPAN).rank("dense") // 8)["slot"]
    for slot in slots.unique().sort():
        yield whole.filter(slots == slot)


class _Found:
    """What was found, until all is looked at: rule, record, message, statement."""

    def __init__(self) -> None:
        self.rows: dict[int, list[tuple[str, str, int]]] = {}
        self.rules: dict[int, Rule] = {}

    def add(self, of: Rule, record: str, message: str, number: int) -> None:
        self.rules[of.number] = of
        self.rows.setdefault(of.number, []).append((record, message, number))

    def problems(self, known: Known) -> list[Problem]:
        numbers = {number for rows in self.rows.values() for _, _, number in rows}
        mild = _reported(sorted(numbers), known)
        made = []
        for of, unsorted in sorted(self.rows.items()):
            rows = sorted(unsorted)
            told = ((record, message, number in mild) for record, message, number in rows[:SHOWN])
            more = pl.Series([number in mild for _, _, number in rows[SHOWN:]], dtype=pl.Boolean)
            made += problems(self.rules[of], told, field="weights", more=more)
        return made


def _check(new: pl.DataFrame, known: Known, first: int | None, found: _Found) -> None:
    rebatch = (pl.col("account") % SPAN).is_in(list(_REBATCH))
    if new.height <= _LARGE:
        new = _lowering(new, rebatch)
    if not new.height:
        return
    areas = _areas(new, known)
    old = _recorded(new, known, first)
    _rebatching(new.filter(rebatch), old.filter(rebatch), areas, found)
    new, old = _pots(new.filter(~rebatch)), _pots(old.filter(~rebatch))
    follows = {base: follow for base, _, follow in areas.iter_rows()}
    names = {base: mba for base, mba, _ in areas.iter_rows()}
    batches = new.filter(
        (pl.col("pot") % SPAN != INDEX[MAIN]) | pl.col("pot").floordiv(SPAN).replace_strict(follows, default=True)
    )
    told = set()
    for row in _worse(batches, old, by_batch=True).iter_rows(named=True):
        told.add((row["pot"], row["category"], row["nuclide"]))
        _tell(row, names, old, found)
    for row in _worse(new, old, by_batch=False).drop("batch").iter_rows(named=True):
        if (row["pot"], row["category"], row["nuclide"]) not in told:
            _tell(row, names, old, found)


def _lowering(new: pl.DataFrame, rebatch: pl.Expr) -> pl.DataFrame:
    """Rebatching, and the pots of which some batch holds less on some day than without the writing.

    What only ever adds makes nothing negative, so that nothing recorded needs to be read for it.
    """
    kept = new.filter(~rebatch)
    sums = _pots(kept).group_by(*_KEY, "day").agg(pl.col("ug").sum()).sort(*_KEY, "day")
    lowered = sums.with_columns(pl.col("ug").cum_sum().over(_KEY)).filter(pl.col("ug") < 0)["pot"].unique()
    lower = _pots(kept)["pot"].is_in(lowered.implode())
    return pl.concat([kept.filter(lower), new.filter(rebatch)])


def _areas(new: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The areas of accounts: base, mba, follow_up."""
    bases = (new["account"] // SPAN).unique().to_list()
    found = [pl.DataFrame(schema={"base": pl.Int64, "mba": pl.String})]
    for start in range(0, len(bases), _PART):
        ids = [base * SPAN for base in bases[start : start + _PART]]
        found.append(
            known.frame(
                f"SELECT id / {SPAN}, mba FROM accounting_account WHERE id IN {placeholders(ids)}",  # noqa: S608
                ids,
                {"base": pl.Int64, "mba": pl.String},
            )
        )
    areas = pl.concat(found)
    states = mba_table(known, areas["mba"].to_list()).unique("mba", keep="last")
    return areas.join(states.select("mba", "follow_up"), on="mba", how="left").select("base", "mba", "follow_up")


def _recorded(new: pl.DataFrame, known: Known, first: int | None) -> pl.DataFrame:
    """What stood before statement ``first`` on the accounts, for the batches touched, and for the others added up.

    For few batches only their own rows are read, and the others from the first day on; before it the cells tell.
    """
    if first is None:
        return pl.DataFrame(schema=_SCHEMA)
    accounts = _partners(new)
    if new.height > _LARGE:
        return known.frame(
            "SELECT account, batch, category, nuclide, day, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
            f" WHERE account IN {placeholders(accounts)} AND number < %s"
            " GROUP BY account, batch, category, nuclide, day",
            [*accounts, first],
            _SCHEMA,
        )
    own = _own(new, accounts, known, first)
    return pl.concat([own, _others(new, own, accounts, known, first)])


def _partners(new: pl.DataFrame) -> list[int]:
    """The accounts of a frame, with those that share a pot or a rebatching with them."""
    together = {index: [other for other, pot in _INTO.items() if pot == _INTO[index]] for index in _INTO}
    together |= {index: list(_REBATCH) for index in _REBATCH}
    found = {
        account - account % SPAN + index for account in new["account"].unique() for index in together[account % SPAN]
    }
    return sorted(found)


def _own(new: pl.DataFrame, accounts: list[int], known: Known, first: int) -> pl.DataFrame:
    names = new["batch"].unique().to_list()
    found = [pl.DataFrame(schema=_SCHEMA)]
    for start in range(0, len(names), _PART):
        part = names[start : start + _PART]
        found.append(
            known.frame(
                "SELECT account, batch, category, nuclide, day, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
                f" WHERE batch IN {placeholders(part)} AND account IN {placeholders(accounts)} AND number < %s"
                " GROUP BY account, batch, category, nuclide, day",
                [*part, *accounts, first],
                _SCHEMA,
            )
        )
    return pl.concat(found)


def _others(new: pl.DataFrame, own: pl.DataFrame, accounts: list[int], known: Known, first: int) -> pl.DataFrame:
    """The other batches of the accounts as one without a name: by day from the first touched one, before in one sum."""
    day = int(new["day"].min())  # type: ignore[arg-type]
    key = ["account", "category", "nuclide"]
    later = known.frame(
        "SELECT account, category, nuclide, day, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
        f" WHERE account IN {placeholders(accounts)} AND day >= %s AND number < %s"
        " GROUP BY account, category, nuclide, day",
        [*accounts, day, first],
        {name: _SCHEMA[name] for name in (*key, "day", "ug")},
    )
    all_now = known.frame(
        "SELECT account, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_cell"  # noqa: S608
        f" WHERE account IN {placeholders(accounts)} GROUP BY account, category, nuclide",
        accounts,
        {name: _SCHEMA[name] for name in (*key, "ug")},
    )
    minus = [frame.select(*key, -pl.col("ug").alias("ug")) for frame in (later, new)]
    start = (
        pl.concat([all_now, *minus]).group_by(key).agg(pl.col("ug").sum()).with_columns(day=pl.lit(day - 1, pl.Int64))
    )
    named = own.select(
        *key, pl.when(pl.col("day") < day).then(day - 1).otherwise("day").alias("day"), -pl.col("ug").alias("ug")
    )
    rest = pl.concat([later, start.select(later.columns), named.select(later.columns)])
    summed = rest.group_by(*key, "day").agg(pl.col("ug").sum()).filter(pl.col("ug") != 0)
    return summed.with_columns(batch=pl.lit(None, pl.String)).select(list(_SCHEMA))


def _pots(rows: pl.DataFrame) -> pl.DataFrame:
    pot = (
        pl.col("account")
        - pl.col("account") % SPAN
        + (pl.col("account") % SPAN).replace_strict(_INTO, return_dtype=pl.Int64)
    )
    return rows.with_columns(pot=pot).drop("account")


def _worse(new: pl.DataFrame, old: pl.DataFrame, *, by_batch: bool) -> pl.DataFrame:
    """For each balance that became negative, or more so: the first such day, what it holds then, the statement.

    A balance is one whole number (see `_key`), so that millions of rows are grouped and sorted by numbers alone. One
    running sum goes through all of them; what it was before a balance began is taken off again.
    """
    key = _key(new, by_batch)
    coded = new.with_columns(key)
    touched = coded.select("key").unique()
    before = old.select(key, "day", stood="ug").join(touched, on="key", how="semi") if old.height else None
    rows = coded.lazy().select("key", "day", added="ug", stood=pl.lit(0, pl.Int64), number="number")
    if before is not None:
        more = before.lazy().select(
            "key", "day", pl.lit(0, pl.Int64).alias("added"), "stood", pl.lit(None, pl.Int64).alias("number")
        )
        rows = pl.concat([rows, more])
    summed = rows.group_by("key", "day").agg(pl.col("added", "stood").sum(), pl.col("number").max()).sort("key", "day")
    begins = pl.col("key").ne_missing(pl.col("key").shift(1))

    def running(of: pl.Expr) -> pl.Expr:
        so_far = of.cum_sum()
        return so_far - pl.when(begins).then(so_far - of).forward_fill()

    known = summed.with_columns(
        had=running(pl.col("stood")),
        has=running(pl.col("stood") + pl.col("added")),
        number=pl.when(begins).then(pl.col("number").fill_null(-1)).otherwise("number").forward_fill(),
    )
    bad = known.filter((pl.col("has") < 0) & (pl.col("has") < pl.col("had"))).unique(
        "key", keep="first", maintain_order=True
    )
    found = bad.select("key", "day", "has", "number").collect()
    names = coded.join(found, on="key", how="semi").unique("key").select("key", *_KEY)
    return found.join(names, on="key").drop("key").sort("day", *_KEY)


def _key(new: pl.DataFrame, by_batch: bool) -> pl.Expr:
    """The number of a balance: 16 bits of the pot, 32 of the batch, 8 each of category and nuclide; null for others."""
    parts = [
        (pl.col(name).replace_strict(values, range(len(values)), default=None, return_dtype=pl.UInt64), bits)
        for name, bits in (("pot", 48), ("category", 8), ("nuclide", 0))
        for values in (new[name].unique().to_list(),)
    ]
    if by_batch:
        parts.append((pl.col("batch").cast(pl.Categorical).to_physical().cast(pl.UInt64), 16))
    return pl.sum_horizontal([part * 2**bits for part, bits in parts], ignore_nulls=False).alias("key")


def _rebatching(new: pl.DataFrame, old: pl.DataFrame, areas: pl.DataFrame, found: _Found) -> None:
    """Rule 404, by area, day and element."""
    if not new.height:
        return
    key = ["base", "element", "day"]
    both = [
        rows.filter(pl.col("nuclide") == "").with_columns(
            base=pl.col("account") // SPAN, element=pl.col("category").replace_strict(_ELEMENTS, default="")
        )
        for rows in (new, old)
    ]
    touched = both[0].group_by(key).agg(pl.col("number").max(), added=pl.col("ug").sum())
    stood = both[1].group_by(key).agg(stood=pl.col("ug").sum())
    summed = touched.join(stood, on=key, how="left").with_columns(pl.col("stood").fill_null(0))
    summed = summed.with_columns(ug=pl.col("stood") + pl.col("added"))
    worse = ~pl.when(pl.col("stood") > 0).then(pl.col("ug").is_between(0, "stood")).otherwise(
        pl.col("ug").is_between("stood", 0)
    )
    open_ = summed.filter(worse & (pl.col("ug") != 0)).join(areas, on="base").sort("mba", "day", "element")
    for row in open_.iter_rows(named=True):
        gone, more = format_grams(abs(row["ug"])), "taken than given" if row["ug"] > 0 else "given than taken"
        message = f"{gone} g more of {row['element']} are {more} in {row['mba']} on {date_of(row['day'])}."
        found.add(REBATCHED, row["mba"], message, row["number"])


def _tell(row: dict[str, Any], names: dict[int, str], old: pl.DataFrame, found: _Found) -> None:
    pot, ug, number, items = row["pot"], row["has"], row["number"], row["nuclide"] == ITEMS
    area, day, what = names[pot // SPAN], date_of(row["day"]), _NAMES[pot % SPAN]
    amount = f"{ug} items" if items else f"{format_grams(ug)} g of {join_key(row['category'], row['nuclide'])}"
    if "batch" not in row:
        message = f"With statement {number}, {what} of {area} would be {amount} on {day}."
        found.add(ITEMS_NEGATIVE if items else NEGATIVE, area, message, number)
        return
    message = f"With statement {number}, batch {row['batch']} would hold {amount} in {what} of {area} on {day}."
    if not old.filter((pl.col("pot") == pot) & (pl.col("batch") == row["batch"])).height:
        message += f" Before, it was not in {what}."
    found.add(ITEMS_NEGATIVE if items else BATCH_NEGATIVE, f"{area} {row['batch']}", message, number)


def _reported(numbers: list[int], known: Known) -> set[int]:
    """Which of some statements belong to reported history; a closing does when lines of its inventory do."""
    found: set[int] = set()
    for start in range(0, len(numbers), _PART):
        part = numbers[start : start + _PART]
        marks = placeholders(part)
        rows = known.frame(
            f"SELECT number FROM record_statement WHERE number IN {marks} AND body LIKE %s"  # noqa: S608
            " UNION SELECT c.number FROM accounting_closing c WHERE EXISTS (SELECT 1 FROM accounting_listed l"
            " JOIN record_statement s ON s.number = l.number WHERE l.inventory = c.inventory AND s.body LIKE %s)"
            f" AND c.number IN {marks}",
            [*part, _REPORTED, _REPORTED, *part],
            {"number": pl.Int64},
        )
        found |= set(rows["number"])
    return found
