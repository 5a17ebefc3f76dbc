"""Checks of the register's own statements: codes, what they name, what an area allows (rules 300 to 306)."""

from collections.abc import Callable
from typing import Final

import polars as pl

from openmpca.accounting import register
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.formats.code10.profile import PROFILES as CODE10_PROFILES
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.description import POSITIONS
from openmpca.problems import Problem
from openmpca.record.known import Known, placeholders

AREA_LENGTH: Final = 4
POINT_LENGTH: Final = 2
PROFILES: Final = (*CODE10_PROFILES, "euratom")
_DECIMALS: Final = tuple("0123456")

_CODE: Final = Check(
    rules.REGISTER_CODE,
    "code",
    (pl.col("code").str.strip_chars() == "") | pl.col("code").str.contains(r"[/:;#\x00-\x1f]"),
    pl.format('"{}" cannot stand in a report.', *text("code")),
)


def _length(least: int, most: int) -> Check:
    wanted = f"{least} characters" if least == most else f"at most {most} characters"
    size = pl.col("code").str.len_chars()
    return Check(
        rules.CODE_LENGTH, "code", (size < least) | (size > most), pl.format(f"{{}} is not of {wanted}.", *text("code"))
    )


def _named(field: str, what: str) -> Check:
    bad = (pl.col(field) != "") & ~pl.col(f"{field}_known")
    return Check(rules.NAMES_KNOWN, field, bad, pl.format(f"There is no {what} {{}}.", *text(field)))


def _exist(field: str, allowed: list[str], what: str) -> Check:
    wrong = pl.col(field).list.set_difference(allowed)
    return Check(
        rules.ALLOWANCE, field, wrong.list.len() > 0, pl.format(f"{{}}: no {what}.", wrong.list.sort().list.join(", "))
    )


_CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "country": (
        Check(
            rules.COUNTRY_CODE,
            "code",
            ~pl.col("code").str.contains(r"^[A-Z]{2}$"),
            pl.format("{} is no code of a country.", *text("code")),
        ),
        Check(
            rules.ONE_OWN_COUNTRY,
            "own",
            pl.col("own") & (pl.col("own_code") != "") & (pl.col("own_code") != pl.col("code")),
            pl.format("{} is the own State.", *text("own_code")),
        ),
    ),
    "facility": (_CODE, _length(AREA_LENGTH, AREA_LENGTH), _named("for_party", "party")),
    "mba": (
        _CODE,
        _length(AREA_LENGTH, AREA_LENGTH),
        _named("facility", "facility"),
        _named("country", "country"),
        _exist("codes", list(CHANGES), "codes of inventory changes"),
        _exist("categories", list(CATEGORIES), "categories"),
        Check(
            rules.ALLOWANCE,
            "forms",
            pl.col("wrong_forms") != "",
            pl.format("{}: no forms of material.", *text("wrong_forms")),
        ),
        Check(
            rules.ALLOWANCE,
            "precision",
            pl.col("wrong_precision") != "",
            pl.format("{}: no category with 0 to 6 decimals.", *text("wrong_precision")),
        ),
        Check(
            rules.ALLOWANCE,
            "profile",
            ~pl.col("profile").is_in(list(PROFILES)),
            pl.format(f"{{}} is no profile: {', '.join(PROFILES)}.", *text("profile")),
        ),
    ),
    "kmp": (_CODE, _length(1, POINT_LENGTH), _named("mba", "area")),
    "place": (
        _CODE,
        _named("mba", "area"),
        _named("kmp", "key measurement point"),
        Check(
            rules.PLACE_TREE,
            "within",
            (pl.col("within") != "") & (~pl.col("within_known") | pl.col("circular")),
            pl.format("{} within {}.", *text("code", "within")),
        ),
    ),
    "holder": (_CODE, _named("mba", "area"), _named("for_party", "party")),
    "document": (_CODE, _named("mba", "area"), _named("facility", "facility")),
}


def check(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of statements of the register."""
    thing = kind.partition(".")[2]
    for field, look_up in _LOOK_UPS.items():
        if field in frame.columns and field != thing:
            frame = look_up(frame, known)
    return run(_CHECKS[thing], _PREPARED.get(thing, _as_it_is)(frame, known), kind)


def _as_it_is(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    return frame


def _things(thing: str, field: str) -> Callable[[pl.DataFrame, Known], pl.DataFrame]:
    def look_up(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
        names = frame[field].unique().to_list()
        rows = known.frame(
            f"SELECT DISTINCT code FROM accounting_register WHERE thing = %s AND code IN {placeholders(names)}",  # noqa: S608
            [thing, *names],
            {"code": pl.String},
        )
        return frame.with_columns(pl.col(field).is_in(rows["code"].implode()).alias(f"{field}_known"))

    return look_up


def _parties(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    rows = known.frame("SELECT code FROM record_party", [], {"code": pl.String})
    return frame.with_columns(for_party_known=pl.col("for_party").is_in(rows["code"].implode()))


def _parts(thing: str, field: str) -> Callable[[pl.DataFrame, Known], pl.DataFrame]:
    """Parts of the same area, of the register or, for places, earlier in the segment."""

    def look_up(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
        table = register.parts_table(thing, known, frame["mba"].unique().to_list()).select("mba", part="code")
        parts = table.with_columns(since=pl.lit(0, pl.Int64))
        if thing == "place":
            parts = pl.concat([parts, frame.select("mba", part="code", since="row")])
        parts = parts.group_by("mba", "part").agg(pl.col("since").min())
        joined = frame.join(parts, left_on=["mba", field], right_on=["mba", "part"], how="left")
        known_before = (pl.col("since") < pl.col("row")).fill_null(False)
        return joined.with_columns(known_before.alias(f"{field}_known")).drop("since")

    return look_up


_LOOK_UPS: Final[dict[str, Callable[[pl.DataFrame, Known], pl.DataFrame]]] = {
    "facility": _things("facility", "facility"),
    "mba": _things("mba", "mba"),
    "country": _things("country", "country"),
    "for_party": _parties,
    "kmp": _parts("kmp", "kmp"),
    "within": _parts("place", "within"),
}


def _country(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    before = register.own_country(known)
    own = pl.when(pl.col("own")).then("code")
    first = own.forward_fill().shift(1) if not before else pl.lit(before)
    return frame.with_columns(own_code=first.fill_null(""))


def _mba(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    forms = [", ".join(form for form in row if not _form(form)) for row in frame["forms"].to_list()]
    precision = [
        ", ".join(each["key"] for each in row or [] if each["key"] not in CATEGORIES or each["value"] not in _DECIMALS)
        for row in frame["precision"].to_list()
    ]
    return frame.with_columns(
        wrong_forms=pl.Series(forms, dtype=pl.String), wrong_precision=pl.Series(precision, dtype=pl.String)
    )


def _form(text: str) -> bool:
    """Whether a text is the beginning of a material description."""
    alphabets = [{each.code for each in position.codes} for position in POSITIONS]
    alphabets[1].add("S")
    return 0 < len(text) <= len(alphabets) and all(each in alphabets[at] for at, each in enumerate(text))


def _place(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """With whether a place would come to stand within itself."""
    rows = known.frame(
        "SELECT mba, code, fields FROM accounting_register WHERE thing = 'place' ORDER BY from_day, number",
        [],
        {"mba": pl.String, "code": pl.String, "fields": pl.String},
    )
    within = pl.col("fields").str.json_decode(pl.Struct({"within": pl.String})).struct.field("within")
    around = {(mba, code): outer for mba, code, outer in rows.select("mba", "code", within).iter_rows()}
    circular = []
    for mba, code, outer in frame.select("mba", "code", "within").iter_rows():
        around[mba, code] = outer
        circular.append(_returns(mba, code, around))
    return frame.with_columns(circular=pl.Series(circular, dtype=pl.Boolean))


def _returns(mba: str, code: str, around: dict[tuple[str, str], str]) -> bool:
    seen, at = {code}, around[mba, code]
    while at and at not in seen:
        seen.add(at)
        at = around.get((mba, at), "")
    return at != ""


_PREPARED: Final[dict[str, Callable[[pl.DataFrame, Known], pl.DataFrame]]] = {
    "country": _country,
    "mba": _mba,
    "place": _place,
}
