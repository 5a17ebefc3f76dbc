"""The derivation of the book: statements to postings, always in batches.

Rules kept here:

1. A change moves its weights between the main account of its area and the counter-account of its code; the postings
of a statement sum to zero in each element. An increase goes into the main account, a decrease out of it; a category
change takes from one category and gives to another.
2. Isotopes follow where both categories account them; else they go to or come from *isotope not accounted*.
3. The number of items is counted as the nuclide ``#`` where items move, under one category (`COUNTED_UNDER`).
4. A correction negates the own lines of what it corrects, on the day of that, and adds its own. A deletion only
negates.
5. A closing takes the book's batches out at the cut-off and the found ones in; the difference goes to MUF (to
*opening* for an opening inventory). A change of a listed line after the closing moves that ending.
6. Endings stay: a posting on a main account dated before an inventory that is closed already carries a twin at the
first such closing after its day, between the main account and MUF.

Lines of a statement: from 0 its own, from 100,000 the negated ones, from 200,000 the twins.

Source: design ideas 2 and 3; Code 10 for the meaning of the codes.
"""

from collections.abc import Callable
from typing import Final

import polars as pl

from openmpca.accounting import accounts, models
from openmpca.accounting.accounts import DIFFERENCE, INDEX, ISOTOPE, ITEMS, MAIN, MUF, OPENING
from openmpca.accounting.reporting import derivation as reporting
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass_columns import ug_from_grams
from openmpca.record.frames import Segment, weights
from openmpca.record.known import Known, placeholders
from openmpca.record.rooms import Tables

_FEW: Final = 100
NEGATED: Final = 100_000
TWINS: Final = 200_000

POSTING: Final = {
    "number": pl.Int64,
    "line": pl.Int64,
    "account": pl.Int64,
    "day": pl.Int64,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}
MOVES_ITEMS: Final = frozenset(
    code
    for code, change in CHANGES.items()
    if change.kind in {"receipt", "shipment", "gain", "loss", "discard", "waste", "exemption", "termination", "rebatch"}
    and change.group != "nuclear_loss"
)
_SIGN: Final = pl.DataFrame(
    {"code": list(CHANGES), "sign": [-1 if code == DIFFERENCE else each.effect for code, each in CHANGES.items()]},
    schema={"code": pl.String, "sign": pl.Int64},
)
_DIRECTION: Final = pl.DataFrame(
    [
        {"code": code, "category": category.code, "direction": -1 if agency == each.from_category else 1}
        for code, each in CHANGES.items()
        for category in CATEGORIES.values()
        for agency in (category.agency,)
        if each.from_category and agency in (each.from_category, each.to_category)
    ],
    schema={"code": pl.String, "category": pl.String, "direction": pl.Int64},
)
COUNTED_UNDER: Final = sorted(CATEGORIES, key=lambda code: CATEGORIES[code].element != "U")
"""Items count under the first of these categories that has a weight, in whatever order the weights were given: under
uranium where there is some, which a fuel element was counted under when it was fresh."""


def derive(segment: Segment, known: Known) -> Tables:
    """The derived rows of a segment of this room."""
    return _DERIVATIONS[segment.kind.name](segment.frame, known)


def lines(frame: pl.DataFrame, *, items: pl.Expr | None = None) -> pl.DataFrame:
    """The weights of statements as rows: number, line, category, nuclide, ug; with the number of items where they
    count.

    ``items`` is an expression that is true where the number of items is counted.
    """
    masses = weights(frame.select("number", "weights")).with_columns(
        pl.col("key").str.split_exact("/", 1).struct.rename_fields(["category", "nuclide"]).alias("split")
    )
    masses = masses.unnest("split").with_columns(pl.col("nuclide").fill_null(""), ug_from_grams("value").alias("ug"))
    masses = masses.select("number", "category", "nuclide", "ug")
    counted = frame.filter((pl.lit(True) if items is None else items) & (pl.col("items") != 0)).select(
        "number", "items"
    )
    if counted.height:
        rank = pl.col("category").replace_strict(COUNTED_UNDER, range(len(COUNTED_UNDER)), default=len(COUNTED_UNDER))
        ranked = masses.sort("number", rank, maintain_order=True)
        main = ranked.group_by("number", maintain_order=True).agg(pl.col("category").first())
        pieces = counted.join(main, on="number").select(
            "number", "category", pl.lit(ITEMS).alias("nuclide"), pl.col("items").alias("ug")
        )
        masses = pl.concat([masses, pieces]).sort("number", maintain_order=True)
    return masses.with_columns(pl.int_range(pl.len()).over("number").alias("line")).select(
        "number", "line", "category", "nuclide", "ug"
    )


def bases(known: Known, mbas: pl.Series | None = None) -> pl.DataFrame:
    """The main account of every area, or of some: mba, base."""
    few = [] if mbas is None else mbas.unique().to_list()
    some = f" AND mba IN {placeholders(few)}" if 0 < len(few) <= _FEW else ""
    return known.frame(
        f"SELECT mba, id FROM accounting_account WHERE code = %s{some}",  # noqa: S608  placeholders only
        [MAIN, *(few if some else [])],
        {"mba": pl.String, "base": pl.Int64},
    )


def _change(frame: pl.DataFrame, known: Known) -> Tables:
    own = postings(frame, known)
    negated = negations(frame, known)
    book = pl.concat([own, negated])
    return {
        **_post(book, known),
        models.Correction: corrections(frame, known, deletes=False),
        models.Transfer: _transfers(frame),
        models.Claimed: reporting.claimed(frame),
        models.Parent: _parents(frame),
        models.Label: labels(frame),
        models.Location: frame.filter(pl.col("place") != "").select("number", "mba", "batch", "day", "place", "kmp"),
    }


def postings(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The own postings of changes (rules 1 to 3)."""
    head = frame.join(bases(known, frame["mba"]), on="mba", how="left").select(
        "number",
        "code",
        "base",
        "batch",
        accounts.day_column("day", _phase()).alias("day"),
    )
    rows = lines(frame, items=pl.col("code").is_in(list(MOVES_ITEMS))).join(head, on="number")
    rows = rows.join(_SIGN, on="code", how="left").join(_DIRECTION, on=["code", "category"], how="left")
    rows = rows.with_columns(moved=pl.col("ug") * pl.coalesce("direction", "sign"))
    index = pl.col("code").replace_strict(INDEX, default=None, return_dtype=pl.Int64)
    main = rows.with_columns(account="base", ug="moved")
    counter = rows.with_columns(account=pl.col("base") + index, ug=-pl.col("moved"))
    return _numbered(pl.concat([main, counter, _isotopes(rows, index)], how="diagonal_relaxed"))


def _phase() -> pl.Expr:
    return pl.when(pl.col("after_cutoff")).then(accounts.AFTER_CUTOFF).otherwise(accounts.BEFORE_CUTOFF)


def _isotopes(rows: pl.DataFrame, index: pl.Expr) -> pl.DataFrame:
    """Rule 2: what a category change takes in an isotope and does not give, in the other category, and back."""
    changed = rows.filter(pl.col("direction").is_not_null())
    if not changed.height:
        return rows.clear()
    other = changed.select("number", "direction", "category").unique(["number", "direction"], keep="first")
    other = other.select("number", -pl.col("direction").alias("direction"), pl.col("category").alias("opposite"))
    net = changed.filter(~pl.col("nuclide").is_in(["", ITEMS])).with_columns(
        left=pl.col("moved").sum().over("number", "nuclide"), first=pl.int_range(pl.len()).over("number", "nuclide")
    )
    net = net.filter((pl.col("left") != 0) & (pl.col("first") == 0)).join(other, on=["number", "direction"])
    net = net.with_columns(category="opposite")
    counter = net.with_columns(account=pl.col("base") + index, ug="left")
    iso = net.with_columns(account=pl.col("base") + INDEX[ISOTOPE], ug=-pl.col("left"))
    return pl.concat([counter, iso]).with_columns(line=pl.col("line") + NEGATED // 2)


def negations(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Rule 4: the own postings of what is corrected, negated under the number of the correction."""
    aims = frame.filter(pl.col("corrects").is_not_null()).select("number", "corrects")
    if not aims.height:
        return pl.DataFrame(schema=POSTING)
    inside = (
        frame.filter(pl.col("number").is_in(aims["corrects"].to_list())) if "code" in frame.columns else frame.clear()
    )
    parts = [_own_postings(aims["corrects"].to_list(), known)]
    if inside.height:
        parts.append(postings(inside, known))
    target = pl.concat(parts).rename({"number": "corrects"})
    back = aims.join(target, on="corrects").with_columns(ug=-pl.col("ug"), line=pl.col("line") + NEGATED)
    return back.select(list(POSTING))


def _own_postings(numbers: list[int], known: Known) -> pl.DataFrame:
    found = [pl.DataFrame(schema=POSTING)]
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        found.append(
            known.frame(
                f"SELECT {', '.join(POSTING)} FROM accounting_posting"  # noqa: S608  names of our own columns
                f" WHERE line < %s AND number IN {placeholders(part)}",
                [NEGATED, *part],
                POSTING,
            )
        )
    return pl.concat(found)


def corrections(frame: pl.DataFrame, known: Known, *, deletes: bool) -> pl.DataFrame:
    """The rows that tell what corrects what, and the first statement of each chain."""
    aims = frame.filter(pl.col("corrects").is_not_null()).select("number", "corrects", "mba")
    aims = aims.with_columns(deletes=pl.lit(deletes))
    if not aims.height:
        return aims.with_columns(first=pl.lit(None, pl.Int64))
    targets = aims["corrects"].to_list()
    firsts: dict[int, int] = {}
    for start in range(0, len(targets), 500):
        part = targets[start : start + 500]
        sql = f"SELECT number, first FROM accounting_correction WHERE number IN {placeholders(part)}"  # noqa: S608
        firsts |= dict(known.frame(sql, part, {"number": pl.Int64, "first": pl.Int64}).iter_rows())
    for number, corrected in aims.select("number", "corrects").iter_rows():
        firsts[number] = firsts.get(corrected, corrected)
    return aims.with_columns(first=pl.col("number").replace_strict(firsts, return_dtype=pl.Int64))


def _deletion(frame: pl.DataFrame, known: Known) -> Tables:
    listed = _listed_targets(frame, known)
    changes = frame.filter(~pl.col("number").is_in(listed["number"].implode()))
    moved = pl.concat([negations(changes, known), _relisted(listed, known)])
    return {
        **_post(moved, known),
        models.Correction: corrections(frame, known, deletes=True),
        models.Claimed: reporting.claimed(frame),
    }


def _listed(frame: pl.DataFrame, known: Known) -> Tables:
    rows = lines(frame).join(frame.select("number", "inventory", "batch"), on="number")
    own = rows.with_columns(target=pl.col("inventory"))
    aims = frame.filter(pl.col("corrects").is_not_null())
    targets = _listed_targets(aims, known, rows) if aims.height else own.clear()
    moved = pl.concat([own.select(_RELISTED), targets.select(_RELISTED)])
    return {
        **_post(_relisted(moved, known), known),
        models.Listed: rows,
        models.Claimed: reporting.claimed(frame),
        models.Label: labels(frame),
        models.Correction: corrections(frame, known, deletes=False),
        models.Location: frame.filter(pl.col("place") != "").select("number", "mba", "batch", "day", "place", "kmp"),
    }


_RELISTED: Final = ["number", "line", "inventory", "batch", "category", "nuclide", "ug"]


def _listed_targets(frame: pl.DataFrame, known: Known, here: pl.DataFrame | None = None) -> pl.DataFrame:
    """The listed lines that statements correct or delete, negated under the number of the correction.

    ``here`` are the lines of the frame itself, which may correct each other.
    """
    aims = frame.select("number", "corrects")
    numbers = aims["corrects"].to_list()
    schema = {"corrects": pl.Int64, **{name: POSTING.get(name, pl.Int64) for name in _RELISTED[1:]}}
    found = [pl.DataFrame(schema=schema)]
    if here is not None:
        found.append(here.filter(pl.col("number").is_in(numbers)).rename({"number": "corrects"}).select(list(schema)))
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        found.append(
            known.frame(
                "SELECT number, line, inventory, batch, category, nuclide, ug FROM accounting_listed"  # noqa: S608
                f" WHERE number IN {placeholders(part)}",
                part,
                schema,
            )
        )
    target = pl.concat(found)
    return (
        aims.join(target, on="corrects").select(_RELISTED).with_columns(ug=-pl.col("ug"), line=pl.col("line") + NEGATED)
    )


def _relisted(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Rule 5: listed lines of inventories that are closed already move their ending."""
    if not rows.height:
        return pl.DataFrame(schema=POSTING)
    closed = known.frame(
        "SELECT inventory, mba, day, opening FROM accounting_closing",
        [],
        {"inventory": pl.Int64, "mba": pl.String, "day": pl.Int64, "opening": pl.Boolean},
    )
    late = rows.join(closed, on="inventory").join(bases(known), on="mba")
    return _found(late)


def _found(rows: pl.DataFrame) -> pl.DataFrame:
    """Found amounts (number, line, base, day, opening, batch, ...) go into the main account against MUF or opening."""
    against = pl.when(pl.col("opening")).then(INDEX[OPENING]).otherwise(INDEX[MUF])
    main = rows.with_columns(account="base")
    counter = rows.with_columns(account=pl.col("base") + against, ug=-pl.col("ug"))
    return _numbered(pl.concat([main, counter]))


def _closing(frame: pl.DataFrame, known: Known) -> Tables:
    inventories = known.frame(
        "SELECT number, opening FROM accounting_inventory", [], {"inventory": pl.Int64, "opening": pl.Boolean}
    )
    head = frame.join(inventories, on="inventory").join(bases(known), on="mba").sort("number")
    head = head.with_columns(cut=accounts.day_column("day", pl.lit(accounts.CUTOFF)))
    recorded, book = _closed(known), pl.DataFrame(schema=POSTING)
    for area in head.partition_by("base", maintain_order=True):
        made, closed = book.clear(), recorded
        for row in area.iter_rows(named=True):
            moved = _close(row, known, made)
            made = pl.concat([made, moved, _twins(moved, closed)])
            closed = closed.vstack(pl.DataFrame([(row["base"], row["cut"])], schema=closed.schema, orient="row"))
        book.vstack(made, in_place=True)
    closings = head.select("number", "inventory", "mba", "opening", day="cut")
    return {models.Posting: book, models.Cell: cells(book), models.Closing: closings}


def _close(row: dict[str, int], known: Known, made: pl.DataFrame) -> pl.DataFrame:
    """The postings of a closing; ``made`` are those of the closings just before it, which are not in the tables yet."""
    key = ["batch", "category", "nuclide"]
    schema = {name: POSTING[name] for name in [*key, "ug"]}
    book = known.frame(
        "SELECT batch, category, nuclide, SUM(ug) FROM accounting_posting WHERE account = %s AND day < %s"
        " GROUP BY batch, category, nuclide",
        [row["base"], row["cut"]],
        schema,
    )
    listed = known.frame(
        "SELECT batch, category, nuclide, SUM(ug) FROM accounting_listed l WHERE inventory = %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number) GROUP BY batch, category, nuclide",
        [row["inventory"]],
        schema,
    )
    before = made.filter((pl.col("account") == row["base"]) & (pl.col("day") < row["cut"])).select(list(schema))
    both = (
        pl.concat([pl.concat([book, before]).with_columns(ug=-pl.col("ug")), listed])
        .group_by(key)
        .agg(pl.col("ug").sum())
    )
    moved = both.filter(pl.col("ug") != 0).sort(key)
    return _found(
        moved.with_columns(
            number=pl.lit(row["number"], pl.Int64),
            line=pl.int_range(pl.len(), dtype=pl.Int64),
            base=pl.lit(row["base"], pl.Int64),
            day=pl.lit(row["cut"], pl.Int64),
            opening=pl.lit(bool(row["opening"])),
        )
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Postings that move something, their lines counted anew within each statement and band of lines."""
    rows = rows.filter(pl.col("ug") != 0).sort("number", "line", "account", maintain_order=True)
    band = pl.col("line") // NEGATED
    counted = pl.int_range(pl.len(), dtype=pl.Int64).over("number", band)
    return rows.with_columns(line=counted + band * NEGATED).select(list(POSTING))


def _post(book: pl.DataFrame, known: Known) -> Tables:
    """Postings with their twins, and the cells that sum them."""
    made = pl.concat([book, twins(book, known)])
    return {models.Posting: made, models.Cell: cells(made)}


def twins(book: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Rule 6: the twins of postings dated before an inventory that is closed already."""
    return _twins(book, _closed(known))


def _closed(known: Known) -> pl.DataFrame:
    """The closings: the main account and the posting day of the cut-off."""
    return known.frame(
        "SELECT a.id, c.day FROM accounting_closing c JOIN accounting_account a ON a.mba = c.mba AND a.code = %s",
        [MAIN],
        {"account": pl.Int64, "closing": pl.Int64},
    )


def _twins(book: pl.DataFrame, closed: pl.DataFrame) -> pl.DataFrame:
    if not closed.height or not book.height:
        return pl.DataFrame(schema=POSTING)
    main = book.join(closed.select("account").unique(), on="account", how="semi").sort("day")
    hit = main.join_asof(
        closed.sort("closing"),
        left_on="day",
        right_on="closing",
        by="account",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    ).filter(pl.col("closing").is_not_null())
    back = hit.with_columns(day="closing", ug=-pl.col("ug"))
    counter = hit.with_columns(day="closing", account=pl.col("account") + INDEX[MUF])
    rows = pl.concat([back, counter]).sort("number", "line", "account")
    counted = pl.int_range(pl.len(), dtype=pl.Int64).over("number")
    return rows.with_columns(line=counted + TWINS).select(list(POSTING))


def cells(book: pl.DataFrame) -> pl.DataFrame:
    """The sums of postings by account, category, nuclide, month and epoch."""
    return (
        book.with_columns(month=accounts.month_column(), epoch=pl.col("number") // (1 << accounts.EPOCH_BITS))
        .group_by("account", "category", "nuclide", "month", "epoch")
        .agg(pl.col("ug").sum())
    )


def _transfers(frame: pl.DataFrame) -> pl.DataFrame:
    measured = (pl.col("code") == DIFFERENCE) & ((pl.col("shipper_batch") != "") | pl.col("shipment").is_not_null())
    moved = frame.filter(pl.col("code").is_in(["RD", "RF", "SD", "SF"]) | measured)
    received = pl.col("code").is_in(["RD", "RF", DIFFERENCE]) & (pl.col("shipper_batch") != "")
    return moved.select(
        "number",
        "mba",
        "code",
        "day",
        "batch",
        "shipment",
        "description",
        other="counterpart",
        key=pl.when(received)
        .then("shipper_batch")
        .otherwise(pl.when(pl.col("name") != "").then("name").otherwise("batch")),
    )


def _parents(frame: pl.DataFrame) -> pl.DataFrame:
    edges = frame.filter(pl.col("parents").list.len() > 0).select("number", "batch", "mba", parent="parents")
    return edges.explode("parent").unique(maintain_order=True)


def labels(frame: pl.DataFrame) -> pl.DataFrame:
    """To which obligation, programme and owner changes and listed lines assign their batches, where they do."""
    stated = frame.filter((pl.col("obligation") != "") | (pl.col("programme") != "") | (pl.col("owner") != ""))
    inventory = pl.col("inventory") if "inventory" in frame.columns else pl.lit(None, pl.Int64).alias("inventory")
    return stated.select("number", "mba", "batch", "day", inventory, "obligation", "programme", "owner")


def _exchange(frame: pl.DataFrame, known: Known) -> Tables:
    moved = lines(frame.with_columns(items=pl.lit(0))).filter(pl.col("nuclide") == "")
    stated = frame.select("number", "mba", "day", "given", "taken")
    return {models.Exchange: moved.group_by("number", "category").agg(pl.col("ug").sum()).join(stated, on="number")}


def _inventory(frame: pl.DataFrame, known: Known) -> Tables:
    return {models.Inventory: frame}


def _placement(frame: pl.DataFrame, known: Known) -> Tables:
    return {models.Location: frame}


def _registered(thing: str, area: str) -> Callable[[pl.DataFrame, Known], Tables]:
    def register(frame: pl.DataFrame, known: Known) -> Tables:
        own = [name for name in frame.columns if name not in {"number", "recorded_us", "party", "prepared_by"}]
        fields = pl.struct(own).struct.json_encode().alias("fields")
        rows = frame.select("number", "code", fields, thing=pl.lit(thing), mba=pl.col(area), from_day="day")
        return {models.Register: rows}

    return register


def _mba(frame: pl.DataFrame, known: Known) -> Tables:
    made = _registered("mba", "code")(frame, known)
    new = frame.unique("code", keep="first", maintain_order=True).join(
        bases(known), left_on="code", right_on="mba", how="anti"
    )
    codes = pl.DataFrame(
        {"account_code": list(INDEX), "index": list(INDEX.values())}, schema_overrides={"index": pl.Int64}
    )
    opened = new.select("number", mba="code").join(codes, how="cross")
    rows = opened.select("number", "mba", id=pl.col("number") * accounts.SPAN + pl.col("index"), code="account_code")
    return {**made, models.Account: rows}


_DERIVATIONS: Final[dict[str, Callable[[pl.DataFrame, Known], Tables]]] = {
    "accounting.country": _registered("country", "code"),
    "accounting.facility": _registered("facility", "code"),
    "accounting.mba": _mba,
    "accounting.kmp": _registered("kmp", "mba"),
    "accounting.place": _registered("place", "mba"),
    "accounting.holder": _registered("holder", "mba"),
    "accounting.document": _registered("document", "mba"),
    "accounting.change": _change,
    "accounting.deletion": _deletion,
    "accounting.inventory": _inventory,
    "accounting.listed": _listed,
    "accounting.closing": _closing,
    "accounting.placement": _placement,
    "accounting.exchange": _exchange,
    "accounting.report": reporting.reports,
    "accounting.sending": reporting.sendings,
    "accounting.answer": reporting.answers,
}
