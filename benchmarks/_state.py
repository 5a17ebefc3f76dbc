"""A State of any size for measurements: its register as statements, its changes as a table (CSV).

Material comes from abroad in batches of low enriched uranium, is measured, sampled and discarded from, is partly shipped to
another area, which receives it on the shipper's data, and what is left is exported: ten changes a batch, spread over years. So no
balance is negative at any date, and a fifth of the changes are domestic transfers that have to match.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

FIRST_DAY: Final = date(2014, 1, 1)
PARTY: Final = "SRA"
TEN: Final = 10
_CODES: Final = ("RF", "LD", "GA", "LD", "SD", "RD", "LD", "GA", "LD", "SF")
_AWAY: Final = (False, False, False, False, False, True, True, True, True, True)
_GRAMS: Final = (9000, 3, 2, 4, 4000, 4000, 1, 3, 2, 3000)
_OFFSETS: Final = (0, 3, 9, 17, 21, 23, 30, 34, 41, 50)


def area(number: int) -> str:
    """The code of an area."""
    return f"Z{number:03d}"


def found(areas: int) -> Any:
    """Found a record with its register in the home that is open; gives the act of two persons."""
    from openmpca.accounting.statements import Country, Facility, Kmp, Mba
    from openmpca.record import commands
    from openmpca.record.act import Act
    from openmpca.record.statements import Founding, Grant

    people = ["anna", "boris"]
    founding = Founding(day=FIRST_DAY, of_party=PARTY, name="State regulatory authority", persons=people)
    commands.found_record(founding, {each: (each, each.title()) for each in people})
    act = Act(party=PARTY, prepared_by="anna", approved_by=["boris"])
    commands.state([Grant(day=FIRST_DAY, person=each, for_party=PARTY, role="authority") for each in people], act)
    codes = [area(each) for each in range(areas)]
    commands.state(
        [
            Country(day=FIRST_DAY, code="ZZ", name="Zedland", own=True),
            Facility(day=FIRST_DAY, code="ZZA-", name="Fuel works"),
            *(Mba(day=FIRST_DAY, code=code, facility="ZZA-", name=f"Area {code}", country="ZZ") for code in codes),
            *(Kmp(day=FIRST_DAY, mba=code, code="1", name="Flow") for code in codes),
        ],
        act,
    )
    return act


def changes(count: int, areas: int, years: int) -> Any:
    """The changes as a frame of texts, in the order of their days."""
    import polars as pl

    at = pl.int_range(count, eager=True)
    days = years * 365 - max(_OFFSETS) - 1
    batch, step = at // TEN, at % TEN
    batches = count // TEN + 1
    start = (batch * 7919 % batches) * days // batches
    here = batch * 31 % areas
    there = (here + 1 + batch % max(areas - 1, 1)) % areas
    frame = pl.DataFrame({"at": at, "batch_no": batch, "step": step, "start": start, "here": here, "there": there})
    step_as = {name: list(values) for name, values in (("code", _CODES), ("away", _AWAY), ("grams", _GRAMS))}
    table = pl.DataFrame({"step": range(TEN), "offset": _OFFSETS, **step_as}).cast({"step": frame["step"].dtype})
    frame = frame.join(table, on="step").with_columns(day=pl.lit(FIRST_DAY) + pl.duration(days=pl.col("start") + pl.col("offset")))
    names = {number: area(number) for number in range(areas)}
    mba = pl.when("away").then("there").otherwise("here").replace_strict(names, return_dtype=pl.String)
    other = pl.when("away").then("here").otherwise("there").replace_strict(names, return_dtype=pl.String)
    name = pl.format("B{}", pl.col("batch_no").cast(pl.String).str.zfill(7))
    uranium = pl.col("grams") * 1000 + pl.col("batch_no") % 997
    counterpart = (
        pl.when(pl.col("code").is_in(["SD", "RD"])).then(pl.format("ZZ/{}", other))
        .when(pl.col("code").is_in(["RF", "SF"])).then(pl.lit("YY/YYB1")).otherwise(pl.lit(""))
    )  # fmt: skip
    return frame.sort("day", "batch_no", "step").select(
        pl.col("day").cast(pl.String).alias("Date"),
        mba.alias("MBA"),
        pl.col("code").alias("Code"),
        name.alias("Batch"),
        pl.lit("1").alias("KMP"),
        pl.lit("FQ1B").alias("Material description"),
        pl.lit("M").alias("Basis"),
        pl.lit("0").alias("Items"),
        counterpart.alias("Other side"),
        pl.when(pl.col("code").is_in(["RF", "RD"])).then(name).otherwise(pl.lit("")).alias("Shipper's batch"),
        _kilo(uranium).alias("E (g)"),
        _kilo(uranium * 4 // 100).alias("E/U235 (g)"),
    )


def _kilo(thousandths: Any) -> Any:
    """Grams with three decimals from thousandths of a gram."""
    import polars as pl

    return pl.format("{}.{}", thousandths // 1000, (thousandths % 1000).cast(pl.String).str.zfill(3))


def write_table(path: Path, count: int, areas: int, years: int) -> int:
    """Write the changes as CSV; gives the bytes."""
    changes(count, areas, years).write_csv(path)
    return path.stat().st_size


def some_day(share: float, years: int) -> date:
    """The day at a share of the years."""
    return FIRST_DAY + timedelta(days=int(share * years * 365))
