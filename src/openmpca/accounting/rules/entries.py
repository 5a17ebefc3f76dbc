"""Checks of what entries say besides weights: area, code, other side, batch, points, description (rules 310 to 344).

Each check is an expression over a frame to which the register of the day has been joined: the state of the area, its
points and places, and that of the other side.
"""

from typing import Final

import polars as pl

from openmpca.accounting import register
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.nuclear.basis import AGENCY_BASIS
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.description import DescriptionError, split_code, unusual_pairings
from openmpca.problems import Problem
from openmpca.record.known import Known, placeholders

NAME_LENGTH: Final = 16
MOST_ITEMS: Final = 1_000_000_000
_CONTROL: Final = r"[\x00-\x1f\x7f]"
OBLIGATION: Final = r"^[A-Z0-9-]+(\+[A-Z0-9-]+)*$"
COUNTERPART: Final = r"^[A-Z]{2}(/[^/:;#\s]+)?$"

_CODES: Final = pl.DataFrame(
    {
        "code": list(CHANGES),
        "kind": [each.kind for each in CHANGES.values()],
        "side": [each.counterpart for each in CHANGES.values()],
    }
)

AREA: Final = (
    Check(
        rules.AREA_KNOWN,
        "mba",
        pl.col("first_day").is_null(),
        pl.format("There is no area {}.", *text("mba")),
        hard=True,
    ),
    Check(
        rules.AREA_ACTIVE,
        "mba",
        pl.col("first_day").is_not_null() & pl.col("ended").fill_null(True),
        pl.format("{} is not active on {}.", *text("mba", "day")),
    ),
    Check(
        rules.AREA_HAS_BOOK,
        "mba",
        pl.col("reference_only"),
        pl.format("{} is a reference-only area.", *text("mba")),
        hard=True,
    ),
    Check(
        rules.PARTY_ANSWERS,
        "mba",
        pl.col("foreign_party"),
        pl.format("{} is of facility {}, for which {} answers.", *text("mba", "facility", "answers")),
        hard=True,
    ),
)

_CHANGE: Final = (
    Check(
        rules.CODE_KNOWN,
        "code",
        pl.col("kind").is_null(),
        pl.format("{} is no code of an inventory change.", *text("code")),
        hard=True,
    ),
    Check(
        rules.CODE_ALLOWED,
        "code",
        (pl.col("codes").list.len() > 0) & ~pl.col("codes").list.contains(pl.col("code")),
        pl.format("{} allows {}, not {}.", *text("mba"), pl.col("codes").list.join(", "), *text("code")),
    ),
    Check(
        rules.UNIFIED,
        "code",
        pl.col("unified") & (pl.col("kind") == "category"),
        pl.format("{} in unified area {}.", *text("code", "mba")),
    ),
    Check(
        rules.COUNTERPART,
        "counterpart",
        (pl.col("side") != "none") & (pl.col("counterpart") == ""),
        pl.format("{} does not name the other side.", *text("code")),
    ),
    Check(
        rules.COUNTERPART,
        "counterpart",
        (pl.col("side") == "none") & (pl.col("counterpart") != ""),
        pl.format("{} names {}, but has no other side.", *text("code", "counterpart")),
    ),
    Check(
        rules.COUNTERPART_FORM,
        "counterpart",
        (pl.col("counterpart") != "") & ~pl.col("counterpart").str.contains(COUNTERPART),
        pl.format("{} is not COUNTRY/AREA.", *text("counterpart")),
    ),
    Check(
        rules.DOMESTIC,
        "counterpart",
        (pl.col("side") == "domestic") & (pl.col("other_country") != pl.col("own")) & (pl.col("own") != ""),
        pl.format("{} with {}, outside {}.", *text("code", "counterpart", "own")),
    ),
    Check(
        rules.DOMESTIC,
        "counterpart",
        (pl.col("side") == "domestic") & (pl.col("other_area") == pl.col("mba")),
        pl.format("{} of {} with itself.", *text("code", "mba")),
    ),
    Check(
        rules.DOMESTIC,
        "counterpart",
        (pl.col("side") == "domestic") & (pl.col("counterpart") != "") & ~pl.col("other_known"),
        pl.format("{} names no known area.", *text("counterpart")),
    ),
    Check(
        rules.FOREIGN,
        "counterpart",
        (pl.col("side") == "foreign") & (pl.col("other_country") == pl.col("own")) & (pl.col("own") != ""),
        pl.format("{} with {}, within the own State.", *text("code", "counterpart")),
    ),
    Check(
        rules.SHIPPER_BATCH,
        "shipper_batch",
        (pl.col("kind") != "receipt") & (pl.col("shipper_batch") != ""),
        pl.format("{} names the shipper's batch {}.", *text("code", "shipper_batch")),
    ),
    Check(
        rules.SHIPPER_BATCH_MISSING,
        "shipper_batch",
        (pl.col("kind") == "receipt") & (pl.col("side") != "none") & (pl.col("shipper_batch") == ""),
        pl.lit("The shipper's batch is not named."),
    ),
    Check(
        rules.CUTOFF_DAY,
        "after_cutoff",
        pl.col("after_cutoff") & ~pl.col("cut_that_day"),
        pl.format("{} takes no physical inventory on {}.", *text("mba", "day")),
    ),
    Check(
        rules.AFTER_OPENING,
        "day",
        pl.col("opened").is_not_null()
        & ((pl.col("day") < pl.col("opened")) | ((pl.col("day") == pl.col("opened")) & ~pl.col("after_cutoff"))),
        pl.format("{} was opened on {}; this is of {}.", *text("mba", "opened", "day")),
    ),
    Check(
        rules.CLOSED_PERIOD,
        "day",
        pl.col("closed").is_not_null(),
        pl.format("The balance of {} was closed on {}.", *text("mba", "closed")),
    ),
)

_SHOWN_BATCH: Final = pl.format('"{}"', pl.col("batch").str.replace_all(_CONTROL, "·"))
_NAMED: Final = pl.when(pl.col("name") != "").then("name").otherwise("batch")

BATCH: Final = (
    Check(
        rules.BATCH_NAMED,
        "batch",
        (pl.col("batch").str.strip_chars() == "") | pl.col("batch").str.contains(_CONTROL),
        pl.format("{} names no batch.", _SHOWN_BATCH),
        hard=True,
    ),
    Check(
        rules.BATCH_NAME,
        "name",
        (_NAMED.str.len_chars() > NAME_LENGTH) | _NAMED.str.contains(r"[/:;#]"),
        pl.format("{} is longer than 16 characters or holds a delimiter.", _NAMED),
    ),
    Check(
        rules.BATCH_CAPITALS,
        "name",
        _NAMED.str.contains(r"[^A-Z0-9 !-~]|[a-z]"),
        pl.format("{} has other letters than capital Latin ones.", _NAMED),
    ),
    Check(rules.ITEMS, "items", pl.col("items") < 0, pl.format("{} items.", *text("items"))),
    Check(
        rules.TOO_LARGE,
        "items",
        pl.col("items").is_between(-MOST_ITEMS, MOST_ITEMS).not_(),
        pl.format("{} items: more than {}.", *text("items"), pl.lit(MOST_ITEMS)),
        hard=True,
    ),
    Check(
        rules.OBLIGATION,
        "obligation",
        ~pl.col("obligation_set"),
        pl.format("{} is no set of obligation codes.", *text("obligation")),
    ),
    Check(
        rules.REPORT_FIELDS,
        "",
        (pl.col("kmp") == "") | (pl.col("description") == "") | (pl.col("basis") == ""),
        pl.format(
            "Missing for a report:{}{}{}.",
            *(
                pl.when(pl.col(name) == "").then(pl.lit(f" {name}")).otherwise(pl.lit(""))
                for name in ("kmp", "description", "basis")
            ),
        ),
    ),
    Check(
        rules.KMP_KNOWN,
        "kmp",
        (pl.col("kmp") != "") & ~pl.col("kmp_known"),
        pl.format("{} has no key measurement point {}.", *text("mba", "kmp")),
    ),
    Check(
        rules.PLACE_KNOWN,
        "place",
        (pl.col("place") != "") & ~pl.col("place_known"),
        pl.format("{} has no place {}.", *text("mba", "place")),
    ),
    Check(rules.DESCRIPTION, "description", pl.col("wrong_description") != "", pl.col("wrong_description")),
    Check(
        rules.DESCRIPTION_USUAL,
        "description",
        pl.col("unusual") != "",
        pl.format("{}: {}.", *text("description", "unusual")),
    ),
    Check(
        rules.FORM_ALLOWED,
        "description",
        ~pl.col("form_allowed"),
        pl.format("{} allows {}, not {}.", *text("mba"), pl.col("forms").list.join(", "), *text("description")),
    ),
    Check(
        rules.BASIS,
        "basis",
        (pl.col("basis") != "") & ~pl.col("basis").is_in(list(AGENCY_BASIS)),
        pl.format("{} is no measurement basis.", *text("basis")),
    ),
)


def with_area(frame: pl.DataFrame, known: Known, party: str) -> pl.DataFrame:
    """The frame with the state of each row's area on its day, and whether the party may state there."""
    table = register.mba_table(known, frame["mba"].unique().to_list()).lazy()
    table = table.with_columns(form=pl.col("forms").list.join("\n"))
    first = table.group_by("mba").agg(first_day=pl.col("from_day").min())
    state = as_of(frame.lazy().select("row", "mba", "day"), table.drop("number", "country"), "mba").join(
        first, on="mba", how="left"
    )
    parties = register.facility_table(known).lazy().select("facility", "from_day", "for_party")
    state = as_of(state, parties, "facility")
    founder = register.founding_party(known)
    answers = pl.col("for_party").replace("", founder).fill_null(founder)
    state = state.with_columns(
        answers=answers,
        foreign_party=pl.col("facility").is_not_null() & (answers != party) & (pl.lit(founder) != party),
    )
    joined = frame.lazy().join(state.drop("mba", "day", "for_party"), on="row", how="left")
    return joined.with_columns(
        pl.col("unified", "reference_only").fill_null(False),
        pl.col("categories", "codes", "forms").fill_null([]),
        pl.col("form").fill_null(""),
    ).collect()


def as_of(rows: pl.LazyFrame, table: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    """Rows with the state of the thing named in ``keys`` on their day; nulls where it did not stand yet."""
    states = table.unique([*keys, "from_day"], keep="last", maintain_order=True).sort("from_day")
    return (
        rows.sort("day")
        .join_asof(states, left_on="day", right_on="from_day", by=keys, strategy="backward", check_sortedness=False)
        .drop("from_day")
    )


def check_change(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of changes, weights apart; ``frame`` comes from `with_area`."""
    whole = _with_other_side(frame, frame.lazy().join(_CODES.lazy(), on="code", how="left"), known)
    whole = _with_closings(frame, whole, known)
    return run([*_CHANGE, *BATCH], _with_points(frame, whole, known).collect(), kind)


def check_batch(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of listed lines as far as they are those of changes too, weights apart."""
    return run(BATCH, _with_points(frame, frame.lazy(), known).collect(), kind)


def with_places(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The frame with whether each row's place is known in its area on its day."""
    return _with_known(frame, frame.lazy(), "place", known).collect()


def _with_known(frame: pl.DataFrame, whole: pl.LazyFrame, thing: str, known: Known) -> pl.LazyFrame:
    if (frame[thing] == "").all():
        return whole.with_columns(pl.lit(True).alias(f"{thing}_known"))
    table = register.parts_table(thing, known, frame["mba"].unique().to_list()).lazy().drop("number")
    asked = frame.lazy().filter(pl.col(thing) != "").select("row", "mba", "day", code=thing)
    answered = as_of(asked, table, "mba", "code").select(
        "row", ~pl.col("ended").fill_null(True).alias(f"{thing}_known")
    )
    return whole.join(answered, on="row", how="left")


def _with_points(frame: pl.DataFrame, whole: pl.LazyFrame, known: Known) -> pl.LazyFrame:
    """What the checks of `BATCH` ask: points, places, description, obligation."""
    for thing in ("place", "kmp"):
        whole = _with_known(frame, whole, thing, known)
    return _with_obligation(frame, _with_description(frame, whole))


def _with_obligation(frame: pl.DataFrame, whole: pl.LazyFrame) -> pl.LazyFrame:
    if (frame["obligation"] == "").all():
        return whole.with_columns(obligation_set=pl.lit(True))
    given = pl.col("obligation")
    ordered = given.str.split("+").list.unique().list.sort().list.join("+")
    return whole.with_columns(obligation_set=(given == "") | (given.str.contains(OBLIGATION) & (ordered == given)))


def _with_description(frame: pl.DataFrame, whole: pl.LazyFrame) -> pl.LazyFrame:
    asked = frame.select("description", "form").unique()
    told = [_described(text, tuple(form.split("\n")) if form else ()) for text, form in asked.iter_rows()]
    answers = pl.DataFrame(told, schema=["wrong_description", "unusual", "form_allowed"], orient="row")
    both = pl.concat([asked, answers], how="horizontal")
    return whole.join(both.lazy(), on=["description", "form"], how="left")


def _described(description: str, forms: tuple[str, ...]) -> tuple[str, str, bool]:
    if not description:
        return "", "", True
    try:
        code = "".join(split_code(description))
    except DescriptionError as error:
        return str(error), "", True
    unusual = "; ".join(each.reason for each in unusual_pairings(code))
    return "", unusual, not forms or code.startswith(forms)


def _with_other_side(frame: pl.DataFrame, whole: pl.LazyFrame, known: Known) -> pl.LazyFrame:
    own = register.own_country(known)
    parts = pl.col("counterpart").str.split_exact("/", 1).struct
    other = {"other_country": parts.field("field_0"), "other_area": parts.field("field_1").fill_null("")}
    whole = whole.with_columns(own=pl.lit(own), **other)
    areas = frame.select(other["other_area"].alias("area"))["area"].unique().to_list()
    if areas == [""]:
        return whole.with_columns(other_known=pl.lit(False))
    table = register.mba_table(known, areas).lazy().rename({"mba": "other_area"})
    asked = frame.lazy().select("row", "day", other_area=other["other_area"])
    answered = as_of(asked, table.select("other_area", "from_day", "ended", "country"), "other_area").select(
        "row",
        other_known=~pl.col("ended").fill_null(True) & pl.col("country").fill_null("").is_in(["", own]),
    )
    return whole.join(answered, on="row", how="left")


def _with_closings(frame: pl.DataFrame, whole: pl.LazyFrame, known: Known) -> pl.LazyFrame:
    """With the day of the area's opening, the first closing on or after the row's, and whether that is a cut-off."""
    mbas = frame["mba"].unique().to_list()
    rows = known.frame(
        "SELECT i.mba, i.day, c.number IS NOT NULL, c.number IS NOT NULL AND i.opening FROM accounting_inventory i"  # noqa: S608
        f" LEFT JOIN accounting_closing c ON c.inventory = i.number WHERE i.mba IN {placeholders(mbas)}",
        mbas,
        {"mba": pl.String, "cut": pl.Date, "is_closed": pl.Boolean, "is_opening": pl.Boolean},
    )
    if not rows.height:
        return whole.with_columns(
            opened=pl.lit(None, pl.Date), closed=pl.lit(None, pl.Date), cut_that_day=pl.lit(False)
        )
    taken = rows.lazy()
    opened = taken.filter("is_opening").group_by("mba").agg(opened=pl.col("cut").min())
    cuts = taken.select("mba", day="cut").unique().with_columns(cut_that_day=pl.lit(True))
    closed = taken.filter(pl.col("is_closed") & ~pl.col("is_opening")).select("mba", closed="cut").sort("closed")
    joined = whole.join(opened, on="mba", how="left").join(cuts, on=["mba", "day"], how="left")
    joined = joined.with_columns(
        pl.col("cut_that_day").fill_null(False),
        from_here=pl.col("day") + pl.duration(days=pl.col("after_cutoff").cast(pl.Int64)),
    ).sort("from_here")
    return joined.join_asof(
        closed, left_on="from_here", right_on="closed", by="mba", strategy="forward", check_sortedness=False
    )
