"""Shipments and receipts at home in columns: where from and where to, and what they moved as one text."""

import polars as pl

from openmpca.accounting.accounts import ITEMS

SHIPS = pl.col("code") == "SD"


def sides(rows: pl.DataFrame, other: str) -> pl.DataFrame:
    """The areas ``shipper`` and ``receiver`` of rows; ``other`` is the column of the other side as stated."""
    area = pl.col(other).str.split("/").list.last()
    return rows.with_columns(
        shipper=pl.when(SHIPS).then("mba").otherwise(area), receiver=pl.when(SHIPS).then(area).otherwise("mba")
    )


def signed(rows: pl.DataFrame, masses: pl.DataFrame, *, items: bool) -> pl.DataFrame:
    """The rows with what they moved (number, category, nuclide, ug) as a text ``signature``; with the items, or not."""
    kept = (pl.col("ug") != 0) if items else (pl.col("ug") != 0) & (pl.col("nuclide") != ITEMS)
    moved = masses.filter(kept).sort("category", "nuclide")
    told = moved.group_by("number", maintain_order=True).agg(
        pl.format("{}/{}={}", "category", "nuclide", "ug").str.join(";").alias("signature")
    )
    return rows.join(told, on="number", how="left").with_columns(pl.col("signature").fill_null(""))
