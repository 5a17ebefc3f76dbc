"""What goes out: the reports of areas as Code 10 files, and any list as CSV, spreadsheet or JSON.

Rules kept here:

1. A report goes out word for word as it was made or received, in the order of the report numbers of its area.
2. A file that is there is not written over unless that is asked for; a file that could not be finished is not left
   behind.
3. A list is written as what the ending of its name says. Masses inside are whole micrograms (columns ending in ``ug``);
   they go out as decimal grams, exactly, under heads that say so. Numbers of items have columns of their own.

Source: SG-FM-1172, section 3; RFC 4180 for CSV.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.reporting.derivation import profile_of
from openmpca.accounting.reporting.standing import ReportedReport, reports_of
from openmpca.accounting.statements import Report
from openmpca.formats.code10.profile import Profile
from openmpca.formats.tables.fields import FieldKind
from openmpca.formats.tables.write import Column, Value, write_csv, write_json, write_xlsx
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.mass_columns import grams_from_ug
from openmpca.record.known import Known
from openmpca.record.reading import stored_many
from openmpca.record.record import head

SUFFIX: Final = ".c10"
FORMS: Final = {".csv": write_csv, ".xlsx": write_xlsx, ".json": write_json}
_WEIGHT_KEYS: Final = frozenset(key for category in CATEGORIES.values() for key in category.keys)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9-]")
_CAPITALS: Final = {"mba": "MBA", "kmp": "KMP"}
_PART: Final = 200


class NoForm(ValueError):  # noqa: N818
    """The ending of a file's name is none that a list is written as."""


@dataclass(frozen=True)
class Exported:
    """The reports of an area in a file."""

    mba: str
    path: Path
    reports: int


def export_history(
    folder: Path, mbas: Sequence[str] | None = None, *, known: int | None = None, replace: bool = False
) -> list[Exported]:
    """The reports of areas, of all when not named, a file for each; FileExistsError where one is there already."""
    at = head()[0] - 1 if known is None else known
    by_area: dict[str, list[ReportedReport]] = {}
    for each in reports_of(None, at):
        if mbas is None or each.mba in mbas:
            by_area.setdefault(each.mba, []).append(each)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {mba: folder / f"{file_name(mba)}{SUFFIX}" for mba in by_area}
    for path in paths.values():
        if path.exists() and not replace:
            raise FileExistsError(f"{path} is there already")
    return [_export(mba, by_area[mba], path, at) for mba, path in sorted(paths.items())]


def file_name(code: str) -> str:
    """A code as the name of a file, safe on any system; no two codes become one.

    >>> file_name("ZZA1"), file_name("A/..")
    ('ZZA1', 'A_2f_2e_2e')
    """
    return _UNSAFE.sub(lambda sign: "".join(f"_{byte:02x}" for byte in sign[0].encode()), code)


def _export(mba: str, reports: list[ReportedReport], path: Path, known: int) -> Exported:
    profile = profile_of(mba, Known("default", known + 1))
    numbers = [each.number for each in sorted(reports, key=lambda each: (each.report, each.number))]
    with written(path) as target:
        for text in _texts(numbers):
            target.write(report_bytes(text, profile))
    return Exported(mba, path, len(numbers))


def _texts(numbers: list[int]) -> Iterator[str]:
    """The texts of reports in the order given, some at a time."""
    for start in range(0, len(numbers), _PART):
        part = numbers[start : start + _PART]
        read = {each.number: each.statement for each in stored_many(part)}
        for number in part:
            report = read[number]
            assert isinstance(report, Report)  # noqa: S101  the numbers are of reports
            yield report.text


def report_bytes(text: str, profile: Profile) -> bytes:
    """The bytes of a report, so ended that another may follow."""
    raw = text.encode(profile.encoding, errors="surrogateescape")
    return raw if raw.endswith((b"\n", b"\r")) else raw + b"\n"


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
        os.chmod(name, 0o666 & ~_umask())  # noqa: PTH101
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def export_list(
    rows: pl.DataFrame | Iterable[Mapping[str, object]], path: Path, titles: Mapping[str, str] | None = None
) -> int:
    """Write a list as .csv, .xlsx or .json; gives the number of rows. ``titles`` names and orders columns for people.

    Raises `NoForm` for another ending.
    """
    write = FORMS.get(path.suffix.lower())
    if write is None:
        raise NoForm(f"{path.name} does not end in {', '.join(FORMS)}")
    frame = _in_grams(rows if isinstance(rows, pl.DataFrame) else _frame(rows))
    chosen = {name: title for name, title in _titles(frame, titles).items() if name in frame.columns}
    columns = [Column(name=name, title=title, kind=_kind(frame, name)) for name, title in chosen.items()]
    with written(path) as target:
        write(columns, (_values(row) for row in frame.select(list(chosen)).iter_rows()), target)
    return frame.height


def _frame(rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    given = [dict(row) for row in rows]
    names = dict.fromkeys(name for row in given for name in row)
    columns = {name: [_flat(row.get(name)) for row in given] for name in names}
    return pl.DataFrame([pl.Series(name, values, strict=False) for name, values in columns.items()])


def _flat(value: object) -> Any:
    if isinstance(value, (list, tuple)):
        return "; ".join(str(each) for each in value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else value


def _in_grams(frame: pl.DataFrame) -> pl.DataFrame:
    """Micrograms as grams: a column ``shipped_ug`` becomes ``shipped_g``, ``ug`` becomes ``grams``.

    Where rows tell of a nuclide, numbers of items (``#``) get a column of their own, ``items`` beside ``grams``.
    """
    counted = pl.col("nuclide") == ITEMS if "nuclide" in frame.columns else None
    made: list[pl.Expr] = []
    for name in frame.columns:
        if not _is_ug(name):
            made.append(pl.col(name))
        elif counted is None:
            made.append(grams_from_ug(name).alias(_in_unit(name, "g")))
        else:
            made.append(pl.when(~counted).then(grams_from_ug(name)).alias(_in_unit(name, "g")))
            made.append(pl.when(counted).then(pl.col(name)).alias(_in_unit(name, "items")))
    shown = frame.select(made)
    return shown if counted is None else shown.with_columns(pl.col("nuclide").replace(ITEMS, ""))


def _is_ug(name: str) -> bool:
    return name == "ug" or name.endswith("_ug")


def _in_unit(name: str, unit: str) -> str:
    return f"{name[:-2]}{unit}" if name != "ug" else "grams" if unit == "g" else unit


def _titles(frame: pl.DataFrame, titles: Mapping[str, str] | None) -> dict[str, str]:
    if titles is None:
        return {name: _title(name) for name in frame.columns}
    return {(_in_unit(name, "g") if _is_ug(name) else name): title for name, title in titles.items()}


def _title(name: str) -> str:
    """What the head of a column says: its name in words, and its unit."""
    if name in _WEIGHT_KEYS:
        return f"{name} (g)"
    stem = name.removesuffix("_g")
    words = " ".join(_CAPITALS.get(word, word) for word in stem.split("_"))
    return f"{words[:1].upper()}{words[1:]}{' (g)' if stem != name else ''}"


def _kind(frame: pl.DataFrame, name: str) -> FieldKind:
    of = frame.schema[name]
    if name == "grams" or name.endswith("_g") or name in _WEIGHT_KEYS:
        return "mass"
    if of == pl.Date:
        return "date"
    return "integer" if of.is_integer() else "text"


def _values(row: Sequence[object]) -> list[Value]:
    return [_value(each) for each in row]


def _value(value: object) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    plain = _flat(value)
    return plain if plain is None or isinstance(plain, int) or hasattr(plain, "isoformat") else str(plain)
