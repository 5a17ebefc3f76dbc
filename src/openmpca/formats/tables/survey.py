"""How large the sheets of a spreadsheet truly are, and which cells hold errors or are merged, before it is loaded.

The reader of spreadsheets makes room for the whole rectangle between the first and the last cell, repeats what a sheet
says is repeated, and turns a formula's error into a blank. A sheet with two cells in opposite corners, or one cell said
to be repeated a thousand million times, is small in the file and fills any memory. So the tags of every part are looked
through first. What is found is never less than what the reader would make of it; a tag that cannot be read as XML
demands (no ``<`` inside an attribute) refuses the file.

Source: ECMA-376 part 1, 18.3.1 (cells ``c``, rows ``row``); OpenDocument 1.3 part 3, 9.1 (``table:table-row``,
``table:table-cell``).
"""

import html
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from openmpca.formats.tables.archive import pieces
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.rules import BOMB, DAMAGED, SHOWN, TOO_MANY_CELLS, Refused

Place = tuple[int, int]

_ATTRIBUTES: Final = rb"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>"""
_PREFIX: Final = rb"""(?:[^\s<>/:="']+:)?"""
_PLAIN_TAG: Final = re.compile(rb'<(?:c|row) r="([A-Z]{0,3})([0-9]{1,7})"')
_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_ANY_TAG: Final = re.compile(b"<" + _PREFIX + rb"(?:c|row)[\s/>]")
_TAG: Final = re.compile(b"<" + _PREFIX + rb"(c|row)(?=[\s/>])" + _ATTRIBUTES)
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_PLACE: Final = re.compile(rb"([A-Za-z]{0,3})([0-9]{1,7})")
_ERROR_TYPE: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_VALUE: Final = re.compile(rb".{0,500}?<" + _PREFIX + rb"v>([^<]*)", re.DOTALL)

_ANY_ODS_TAG: Final = re.compile(rb"</?table:(?:table|table-row|table-cell|covered-table-cell)[\s/>]")
_ODS_TAG: Final = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + _ATTRIBUTES)
_ODS_ATTRIBUTE: Final = re.compile(rb"""\s([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PARAGRAPH: Final = re.compile(rb"\s*<text:p[^>]*>([^<]*)")


@dataclass
class Sheet:
    """The rectangle from A1 to the last cell, the cells with errors and, where the format tells here, merged cells."""

    rows: int = 0
    columns: int = 0
    error_count: int = 0
    errors: list[tuple[Place, str]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def error(self, place: Place, text: str) -> None:
        self.error_count += 1
        if len(self.errors) < SHOWN:
            self.errors.append((place, text))

    def check(self, longest: int, limits: Limits) -> None:
        """Refuse what would not fit: the cells, and a long text repeated in them."""
        cells = self.rows * self.columns
        if cells > limits.spreadsheet_cells or self.columns > limits.columns:
            raise Refused(
                TOO_MANY_CELLS.problem(
                    f"A sheet reaches to row {self.rows} and column {self.columns}; allowed are "
                    f"{limits.spreadsheet_cells} cells and {limits.columns} columns."
                )
            )
        if cells * longest > limits.text:
            raise Refused(BOMB.problem(f"A text of {longest} bytes may fill {cells} cells."))


def column_number(letters: str) -> int:
    """The number of a column from its letters; no letters are 0.

    >>> column_number("A"), column_number("AA"), column_number("xfd")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number, from 1.

    >>> column_letters(1), column_letters(27), column_letters(16384)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def survey_xlsx(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Sheet]:
    """Every sheet by its name; raises ``Refused`` where one is too large."""
    titles, texts = _parts(archive, limits)
    surveyed = {
        name.lower(): _survey_part(pieces(archive, name, limits))
        for name in archive.namelist()
        if name.lower().endswith(".xml")
    }
    longest = max(
        (
            _longest_between(pieces(archive, name, limits), b"<si")
            for name in archive.namelist()
            if name.lower() in texts
        ),
        default=0,
    )
    for sheet in surveyed.values():
        sheet.check(longest, limits)
    return {title: surveyed.get(part, Sheet()) for title, part in titles.items()}


def _longest_between(parts: Iterable[bytes], tag: bytes) -> int:
    longest = begun = 0
    for part in parts:
        first, *others = part.split(tag)
        begun += len(first)
        longest = max([longest, begun, *map(len, others)])
        begun = len(others[-1]) if others else begun
    return longest


def _survey_part(parts: Iterable[bytes]) -> Sheet:
    sheet, walk = Sheet(), _Walk()
    for part in parts:
        plain = _PLAIN_TAG.findall(part)
        unusual = len(plain) != part.count(b"<c") + part.count(b"<row") or _PREFIXED.search(part)
        if unusual or b'"e"' in part or b"'e'" in part:
            walk.through(part, sheet)
        elif plain:
            widest = max(column_number(letters.decode()) for letters in {letters for letters, _ in plain})
            sheet.reach(max(int(row) for _, row in plain), widest)
            walk.row, walk.column = int(plain[-1][1]), column_number(plain[-1][0].decode())
    return sheet


@dataclass
class _Walk:
    """Tag by tag through a part in which some cell does not plainly say where it stands, or holds an error."""

    row: int = 0
    column: int = 0

    def through(self, part: bytes, sheet: Sheet) -> None:
        for tag in _tags(_TAG, _ANY_TAG, part):
            self._step(tag[1] == b"row", _REFERENCE.search(tag[2]))
            sheet.reach(self.row, self.column)
            if tag[1] == b"c" and _ERROR_TYPE.search(tag[2]):
                value = _VALUE.match(part, tag.end())
                sheet.error((self.row, self.column), _text(value))

    def _step(self, is_row: bool, reference: re.Match[bytes] | None) -> None:
        place = _PLACE.fullmatch(reference[1]) if reference else None
        if reference and not place:
            raise Refused(DAMAGED.problem(f"A cell stands at {_text(reference)[:40]!r}."))
        if place:
            self.row, self.column = int(place[2]), column_number(place[1].decode())
        elif is_row:
            self.row, self.column = self.row + 1, 0
        else:
            self.column += 1


def _tags(tag: re.Pattern[bytes], any_tag: re.Pattern[bytes], part: bytes) -> list[re.Match[bytes]]:
    tags = list(tag.finditer(part))
    if len(tags) != len(any_tag.findall(part)):
        raise Refused(DAMAGED.problem("A tag of a row or cell is not XML."))
    return tags


def _text(match: re.Match[bytes] | None) -> str:
    return html.unescape(match[1].decode(errors="replace")) if match else "an error"


def _parts(archive: zipfile.ZipFile, limits: Limits) -> tuple[dict[str, str], set[str]]:
    """The part of each sheet by its title, and the parts with shared texts, in small letters.

    What a relation names as a part to be loaded must be a part that is surveyed.
    """
    starts = _relations(archive, "_rels/.rels", "", limits)
    relations = _relations(archive, "xl/_rels/workbook.xml.rels", "xl/", limits)
    loaded = [part for kind, part in relations.values() if kind in ("worksheet", "sharedStrings")]
    start = [part for kind, part in starts.values() if kind == "officeDocument"]
    if start != ["xl/workbook.xml"] or not all(part.endswith(".xml") for part in loaded):
        raise Refused(DAMAGED.problem("The parts of the spreadsheet have other names than they must."))
    titles = {}
    for element in _tree(archive, "xl/workbook.xml", limits).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            identifier = next((value for key, value in element.items() if key.endswith("}id")), "")
            titles[element.get("name", "")] = relations.get(identifier, ("", ""))[1]
    return titles, {part for kind, part in relations.values() if kind == "sharedStrings"} | {"xl/sharedstrings.xml"}


def _relations(archive: zipfile.ZipFile, name: str, folder: str, limits: Limits) -> dict[str, tuple[str, str]]:
    """The kind and the part of each relation."""
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            (target[1:] if (target := relation.get("Target", "")).startswith("/") else folder + target).lower(),
        )
        for relation in _tree(archive, name, limits)
    }


def _tree(archive: zipfile.ZipFile, name: str, limits: Limits) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(b"".join(pieces(archive, name, limits)))  # noqa: S314 - pieces refuse a DOCTYPE
    except (KeyError, ElementTree.ParseError) as error:
        raise Refused(DAMAGED.problem(f"The part {name} cannot be read: {error}.")) from None


def survey_ods(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Sheet]:
    """Every sheet by its name; raises ``Refused`` where one is too large."""
    survey = _Ods()
    for part in pieces(archive, "content.xml", limits):
        survey.through(part)
    for sheet in survey.sheets.values():
        sheet.check(survey.longest, limits)
    return survey.sheets


@dataclass
class _Ods:
    """Tag by tag through the content of an .ods; what is repeated counts, blank cells at the end do not."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    sheet: Sheet = field(default_factory=Sheet)
    row: int = 0
    repeated: int = 1
    column: int = 0
    begun: int = 0
    longest: int = 0

    def through(self, part: bytes) -> None:
        last = 0
        for tag in _tags(_ODS_TAG, _ANY_ODS_TAG, part):
            self.longest = max(self.longest, self.begun + tag.start() - last, len(tag[0]))
            self.begun, last = 0, tag.end()
            if not tag[1]:
                self._enter(tag, part)
        self.begun += len(part) - last

    def _enter(self, tag: re.Match[bytes], part: bytes) -> None:
        attributes = {
            found[1].decode(errors="replace"): html.unescape((found[2] or found[3] or b"").decode(errors="replace"))
            for found in _ODS_ATTRIBUTE.finditer(tag[3])
        }
        if tag[2] == b"table":
            self.sheet = self.sheets.setdefault(attributes.get("table:name", ""), Sheet())
            self.row = self.column = 0
            self.repeated = 1
        elif tag[2] == b"table-row":
            self.row += self.repeated if self.row else 1
            self.column = 0
            self.repeated = _count(attributes, "table:number-rows-repeated")
        else:
            self._enter_cell(attributes, tag, part)

    def _enter_cell(self, attributes: dict[str, str], tag: re.Match[bytes], part: bytes) -> None:
        first = self.column + 1
        self.column += _count(attributes, "table:number-columns-repeated")
        down, across = (_count(attributes, f"table:number-{axis}-spanned") for axis in ("rows", "columns"))
        if down * across > 1 and len(self.sheet.merged) < SHOWN:
            self.sheet.merged.append(((self.row, first), (self.row + down - 1, first + across - 1)))
        if tag[3].endswith(b"/") and not any(name.startswith("office:") for name in attributes):
            return
        self.sheet.reach(self.row + self.repeated - 1, self.column)
        if "error" in (attributes.get("calcext:value-type"), attributes.get("office:value-type")):
            self.sheet.error((self.row, first), _text(_PARAGRAPH.match(part, tag.end())))


def _count(attributes: dict[str, str], name: str) -> int:
    try:
        return max(1, int(attributes.get(name, "1")))
    except ValueError:
        raise Refused(DAMAGED.problem(f"{name} is not a number: {attributes[name][:40]!r}.")) from None
