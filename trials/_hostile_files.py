"""Files that are not what they claim to be, as a stranger or an accident may send them."""

import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
GIB = 1 << 30
HEAD = "day,mba,code,batch,kmp,description,basis,items,counterpart,shipper_batch,LEU (g),LEU/U235 (g)"
GOOD = "2015-03-01,Z001,RF,H{0:05},1,FQ1B,M,0,XP/XPE1,H{0:05},1000.5,40"
TABLE = ("import", "table", "{}", "--as", "change")
HISTORY = ("import", "history", "{}")
CHECK = ("check", "{}")
REFUSED = (1,)
SAID = (1, 2, 4, 6)
"""Codes that say what is wrong: refused, not understood, not found, unusable."""


@dataclass(frozen=True)
class Hostile:
    """A file, the command that meets it, the codes with which that may end, and what it must say."""

    name: str
    suffix: str
    write: Callable[[Path], object]
    command: tuple[str, ...] = TABLE
    codes: tuple[int, ...] = REFUSED
    says: str = ""
    large: bool = False


def rows(count: int = 50) -> str:
    """A good table."""
    return "\n".join([HEAD, *(GOOD.format(number) for number in range(count))]) + "\n"


def with_cell(column: int, value: str) -> str:
    """A good table with one other cell in its third row."""
    lines = rows(5).splitlines()
    cells = lines[3].split(",")
    cells[column] = f'"{value}"'
    lines[3] = ",".join(cells)
    return "\n".join(lines) + "\n"


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    """A file of a text."""
    return lambda path: path.write_bytes(content.encode(encoding))


def noise(size: int, start: bytes = b"") -> Callable[[Path], object]:
    """A file of random bytes, the same each time."""
    return lambda path: path.write_bytes(start + random.Random("noise").randbytes(size))


def repeated(unit: bytes, size: int, start: bytes = b"") -> Callable[[Path], object]:
    """A file of one thing over and over, written in parts."""

    def write(path: Path) -> None:
        part = unit * (MIB // len(unit))
        with path.open("wb") as file:
            file.write(start)
            for _ in range(size // MIB):
                file.write(part)

    return write


def many_reports(path: Path) -> None:
    """A report in every fourteen bytes."""
    path.write_text("".join(f"001:OI/XT;{number}#" for number in range(20 * MIB // 17)), encoding="ascii")


def sparse(size: int) -> Callable[[Path], object]:
    """A file of zeros that takes no room."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return write


def workbook(path: Path, part: Callable[[], Iterator[bytes]] | None = None, cut: float = 1.0) -> None:
    """A good workbook; with ``part`` its sheet holds what that gives, with ``cut`` the end is missing."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for at, line in enumerate(rows(5).splitlines()):
        sheet.write_row(at, 0, line.split(","))
    book.close()
    if part is not None:
        _with_sheet(path, part)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])


def _with_sheet(path: Path, part: Callable[[], Iterator[bytes]]) -> None:
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, data)
                continue
            with new.open(name, "w", force_zip64=True) as file:
                for piece in part():
                    file.write(piece)


_SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


def bomb() -> Iterator[bytes]:
    """A gibibyte of one row."""
    yield _SHEET + b'<row r="1">'
    for _ in range(1024):
        yield b'<c r="A1"><v>1</v></c>' * (MIB // 22)
    yield b"</row></sheetData></worksheet>"


def entities() -> Iterator[bytes]:
    """A billion laughs."""
    names = [b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i"]
    yield b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    for one, two in zip(names[1:], names, strict=False):
        yield b"<!ENTITY %b '%b'>" % (one, b"&%b;" % two * 10)
    yield b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'


def far_corner() -> Iterator[bytes]:
    """Two cells at opposite ends of the largest sheet."""
    yield _SHEET.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    yield b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield b"</sheetData></worksheet>"


MASSES = (
    *(
        "1e3",
        "1E3",
        "1,5",
        "1.000,5",
        "１２３",
        "١٢٣",
        "1.0000001",
        "NaN",
        "inf",
        "0x10",
        "1 000",
        "1_000",
        "--1",
        "+-1",
    ),
    *("1.2.3", "9" * 30, "½", "1\u00a0000", "−1", "1.", ".5.", "1/2", "=1+1", "", " ", "-", "1000 g"),
    *("\u202e0001", "1\u200b0"),
)
DAYS = (
    "2015-13-45",
    "31.12.2015",
    "42064",
    "2015-02-30",
    "1/2/2015",
    "0000-01-01",
    "２０１５-03-01",
    "2015-03-01T00:00",
)

TABLES = (
    Hostile("empty", ".csv", text("")),
    Hostile("column names alone", ".csv", text(HEAD + "\n")),
    Hostile("truncated", ".csv", text(rows()[:-25])),
    Hostile("binary", ".csv", noise(MIB)),
    Hostile("zeros", ".csv", sparse(MIB)),
    Hostile("1 GB of zeros", ".csv", sparse(GIB), large=True),
    Hostile("1 GB on one line", ".csv", repeated(b"A", GIB), large=True),
    Hostile("400 MB on one line", ".csv", repeated(b"A", 400 * MIB), large=True),
    Hostile("400 MB in one quoted cell", ".csv", repeated(b"A\n", 400 * MIB, f'{HEAD}\n"'.encode()), large=True),
    Hostile("a quote in a cell", ".csv", text(with_cell(3, 'A"B'))),
    Hostile("UTF-16 without a mark", ".csv", text(rows(), "utf-16-le")),
    Hostile("UTF-32", ".csv", text(rows(), "utf-32")),
    Hostile("EBCDIC", ".csv", text(rows(), "cp500")),
    Hostile("bytes that are no UTF-8", ".csv", lambda path: path.write_bytes(b"\xff\xfe\xfd" + rows().encode())),
    Hostile("10,000 columns", ".csv", text(",".join(f"c{at}" for at in range(10_000)) + "\n")),
    Hostile("ragged rows", ".csv", text(HEAD + "\n" + "1,2\n" * 50_000)),
    Hostile("control characters", ".csv", text(with_cell(3, "A\x07\x1b[31mB"))),
    Hostile("a program", ".csv", lambda path: path.write_bytes(b"\x7fELF" + bytes(1000))),
    Hostile("PDF", ".csv", text("%PDF-1.7\n")),
    Hostile("truncated workbook", ".xlsx", lambda path: workbook(path, cut=0.5)),
    Hostile("workbook of noise", ".xlsx", noise(MIB, start=b"PK\x03\x04")),
    Hostile("workbook of 1 GB", ".xlsx", lambda path: workbook(path, bomb), large=True),
    Hostile("workbook of entities", ".xlsx", lambda path: workbook(path, entities)),
    Hostile("workbook of two far corners", ".xlsx", lambda path: workbook(path, far_corner)),
    *(Hostile(f"mass {mass[:12]!r}", ".csv", text(with_cell(10, mass)), says="row 4") for mass in MASSES),
    *(Hostile(f"day {day!r}", ".csv", text(with_cell(0, day)), says="row 4") for day in DAYS),
)  # fmt: skip

CODE10 = (
    Hostile("empty", ".c10", text(""), CHECK, SAID),
    Hostile("binary", ".c10", noise(MIB), CHECK, SAID),
    Hostile("1 GB of zeros", ".c10", sparse(GIB), CHECK, SAID, large=True),
    Hostile("1 GB on one line", ".c10", repeated(b"A", GIB), CHECK, SAID, large=True),
    Hostile("20 MB of entries alone", ".c10", repeated(b"001:OI/XT;1#", 20 * MIB), CHECK, SAID, large=True),
    Hostile("20 MB of reports alone", ".c10", many_reports, CHECK, SAID, large=True),
    Hostile("100 MB of elements", ".c10", repeated(b"446:X#", 100 * MIB, b"001:OI/XT;1#"), CHECK, SAID, large=True),
    Hostile("EBCDIC", ".c10", text("001:OI/XT;1#002:1/1#", "cp500"), CHECK, SAID),
    Hostile("UTF-16", ".c10", text("001:OI/XT;1#002:1/1#", "utf-16"), CHECK, SAID),
    Hostile("only delimiters", ".c10", text("#:;/" * 100_000), CHECK, SAID),
    Hostile("binary", ".c10", noise(MIB), HISTORY, SAID),
    Hostile("empty", ".c10", text(""), HISTORY, SAID),
    Hostile("1 GB on one line", ".c10", repeated(b"A", GIB), HISTORY, SAID, large=True),
    Hostile("a table", ".c10", text(rows()), HISTORY, SAID),
)
