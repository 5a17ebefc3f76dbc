"""Bringing in a table by upload: what its columns mean, the rows with what is wrong in them, stated all or nothing.

Rules kept here:

1. The file lies in a private place of the home until it is stated or thrown away (`uploads`); nothing of it is
   recorded before, and then all of it in one transaction (`importing.tables`).
2. Columns are fitted as on the command line: as they were last, or as their names suggest; whoever looks may change it.
3. Problems stand at the rows in which they are; rows without any are shown only as far as they fit on a page.
4. Rows that speak of an area beyond the reach of who asks are refused before the rules are asked about them.
5. A table is stated once, however often the form is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.importing import tables
from openmpca.accounting.importing.fields import TABLES, fields_of
from openmpca.accounting.pages.stating import said_of
from openmpca.accounting.pages.typed import wrong
from openmpca.formats.tables.fields import DECIMALS, TableField
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.mapping import PERCENT, ColumnMapping
from openmpca.formats.tables.mapping import Mapping as Columns
from openmpca.formats.tables.read import read_table
from openmpca.formats.tables.values import ISO
from openmpca.pages import acting, uploads
from openmpca.pages.blocks import Block, Button, Choice, Field, Form, Link, Page, Problems, Table, Text
from openmpca.pages.routes import Asking, Go, NotAllowed, NotFound, Open, Sent, address, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors
from openmpca.record.layout import plain
from openmpca.record.once import Once, StatedAlready, TooOld
from openmpca.record.record import Refused
from openmpca.record.turn import Busy

PATH: Final = "accounting/import"
SHOWN: Final = 50
TOLD: Final = 200
LIMITS: Final = Limits(bytes=uploads.LARGEST, unpacked=256 << 20, cells=4_000_000, spreadsheet_cells=2_000_000)
_DATES: Final = (ISO, "DD.MM.YYYY", "D.M.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYYMMDD")


@dataclass(frozen=True)
class _Upload:
    """A file that was sent, as what it is to be taken."""

    asking: Asking
    mark: str
    kind: str
    sheet: str
    path: Path

    @property
    def address(self) -> str:
        return address(PATH, file=self.mark, kind=self.kind, sheet=self.sheet)

    def fitted(self, mapping: Columns | None) -> tables.Fitted:
        return tables.fit(self.source(mapping))

    def source(self, mapping: Columns | None) -> tables.Source:
        return tables.Source(self.path, self.kind, sheet=self.sheet or None, mapping=mapping, limits=LIMITS)

    @cached_property
    def fields(self) -> Mapping[str, TableField]:
        return {each.name: each for each in fields_of(self.kind)}

    @cached_property
    def columns(self) -> list[str]:
        table, _problems = read_table(self.path, self.sheet or None, LIMITS)
        return table.columns[1:]


@page(PATH, title=gettext_lazy("Bring in a table"), needs=Open.READER)
def bring_in(
    asking: Asking, file: str = "", kind: str = "change", sheet: str = "", sent: Sent | None = None
) -> Page | Go:
    """Send a table, see how it is read and what is wrong in it, state all of it or nothing."""
    if not file:
        return _start(asking) if sent is None else _take(asking, sent)
    if kind not in TABLES:
        raise NotFound(_("No table holds %(kind)s.") % {"kind": kind})
    found = uploads.path(asking.person, file)
    if found is None:
        return _gone(asking, file)
    upload = _Upload(asking, file, kind, sheet, found)
    if sent is None:
        return _look(upload, None, {})
    if sent.get("step") == "forget":
        uploads.drop(asking.person, file)
        return Go(address(PATH), _("The file is deleted; nothing was recorded."))
    mapping = _mapping(upload, sent)
    return _state(upload, mapping, sent) if sent.get("step") == "state" else _look(upload, mapping, sent)


def _start(asking: Asking, problems: Sequence[Problem] = ()) -> Page:
    kinds = [Choice(each, each) for each in TABLES]
    told = _("CSV, .xlsx or .ods, at most %(size)s MiB. The first row names the columns.")
    fields = [
        Field(
            "kind", _("What its rows state"), "change", choices=kinds, help=_("A table holds statements of one kind.")
        ),
        Field("file", _("File"), kind="file", required=True, help=told % {"size": uploads.LARGEST >> 20}),
        Field("sheet", _("Sheet"), help=_("Of a spreadsheet; the first visible one where it is blank.")),
    ]
    form = Form(fields, [Button(_("Look at it"), "upload", main=True)], address(PATH), uploads=True, name="upload")
    on_top: list[Block] = [Problems(problems)] if problems else []
    lead = _("Nothing is recorded before you have seen how it is read.")
    above = [Link(_("Enter what happened"), address("accounting/enter"))]
    return Page(_("Bring in a table"), [*on_top, form], lead, above=above, status=422 if problems else 200)


def _take(asking: Asking, sent: Sent) -> Page | Go:
    file = sent.get("file")
    if file is None or isinstance(file, str):
        return _start(asking, [wrong(_("Choose a file."), "file")])
    try:
        mark = uploads.keep(asking.person, file)
    except uploads.TooLarge as error:
        return _start(asking, [wrong(str(error), "file", _("Send it in parts, or bring it in on the command line."))])
    kind, sheet = str(sent.get("kind", "change")), str(sent.get("sheet", "")).strip()
    return Go(address(PATH, file=mark, kind=kind, sheet=sheet))


def _gone(asking: Asking, mark: str) -> Page | Go:
    """The file is no longer there: stated before, thrown away, or never theirs."""
    try:
        Once(asking.person, mark).must_be_new()
    except StatedAlready as before:
        return _stated_already(before)
    except TooOld:
        pass
    raise NotFound(_("There is no such file any more. Send it again."))


def _stated_already(before: StatedAlready) -> Go:
    if before.proposal is not None:
        said = _("This table was sent before: proposal %(number)s.") % {"number": before.proposal}
        return Go(address("record/proposal", number=before.proposal), said)
    said = _("This table was recorded before, from statement %(number)s on.") % {"number": before.number}
    return Go(address(PATH), said)


def _mapping(upload: _Upload, sent: Sent) -> Columns:
    """The mapping as it was chosen, with the translations that are remembered."""
    before = {each.column: each for each in upload.fitted(None).mapping.columns}
    made = []
    for place, column in enumerate(upload.columns):
        name = str(sent.get(f"field-{place}", ""))
        if name not in upload.fields:
            continue
        known = before.get(column)
        kept = known if known is not None and known.field == name else ColumnMapping(column=column, field=name)
        made.append(_read_as(kept, sent, place))
    return Columns(columns=tuple(made))


def _read_as(kept: ColumnMapping, sent: Sent, place: int) -> ColumnMapping:
    return ColumnMapping(
        column=kept.column,
        field=kept.field,
        unit=str(sent.get(f"unit-{place}", kept.unit)),
        of=str(sent.get(f"of-{place}", kept.of)),
        date_format=str(sent.get(f"date-{place}", "")) or kept.date_format,
        decimal_comma=sent.get(f"comma-{place}", "yes" if kept.decimal_comma else "") == "yes",
        translations=kept.translations,
    )


def _beyond(upload: _Upload, fitted: tables.Fitted) -> list[Problem]:
    """Rows about areas that who asks may not read (rule 4)."""
    reach = upload.asking.reach
    if reach.everywhere:
        return []
    if "mba" not in fitted.frame.columns:
        return [wrong(_("These statements take a grant for everything."), "mba")]
    told = _("There is no MBA %(mba)s that you may read.")
    return [
        msgspec.structs.replace(wrong(told % {"mba": mba}, "mba"), record=f"row {row}")
        for row, mba in fitted.frame.select("row", "mba").iter_rows()
        if mba and not reach.covers(f"mba:{mba}")
    ]


def _look(upload: _Upload, mapping: Columns | None, sent: Sent) -> Page:
    fitted = upload.fitted(mapping)
    problems = [*fitted.problems, *_beyond(upload, fitted)]
    if not errors(problems):
        problems = _tried(upload, fitted, sent)
    return _shown(upload, fitted, problems, sent)


def _tried(upload: _Upload, fitted: tables.Fitted, sent: Sent) -> list[Problem]:
    try:
        return tables.import_table(upload.source(fitted.mapping), _act(upload, sent), dry_run=True).stated.problems
    except Refused as refused:
        return refused.problems
    except Busy as error:
        return [wrong(str(error), mend=_("Check again later."))]


def _act(upload: _Upload, sent: Sent) -> Any:
    try:
        return acting.act(upload.asking, sent)
    except NotAllowed as error:
        raise Refused([wrong(str(error), acting.PARTY)]) from None


def _state(upload: _Upload, mapping: Columns, sent: Sent) -> Page | Go:
    fitted = upload.fitted(mapping)
    if beyond := _beyond(upload, fitted):
        return _shown(upload, fitted, [*fitted.problems, *beyond], sent, refused=True)
    once = Once(upload.asking.person, upload.mark)
    try:
        once.must_be_new()
        made = tables.import_table(upload.source(mapping), _act(upload, sent), once=once)
    except StatedAlready as before:
        uploads.drop(upload.asking.person, upload.mark)
        return _stated_already(before)
    except TooOld:
        raise NotFound(_("There is no such file any more. Send it again.")) from None
    except Refused as refused:
        return _shown(upload, fitted, refused.problems, sent, refused=True)
    except Busy as error:
        return _shown(upload, fitted, [wrong(str(error), mend=_("Try again later."))], sent, refused=True)
    uploads.drop(upload.asking.person, upload.mark)
    said = _("%(rows)s rows. %(what)s") % {"rows": made.rows, "what": said_of(made.stated)}
    return acting.gone(made.stated, address("record/log"), said)


def _shown(
    upload: _Upload, fitted: tables.Fitted, problems: Sequence[Problem], sent: Sent, *, refused: bool = False
) -> Page:
    head = _("Refused: nothing was recorded") if refused else _("What the rules find")
    told = sorted(problems, key=lambda each: each.severity != "error")[:TOLD]
    blocks: list[Block] = [
        Problems(told, caption=head, empty=_("The rules find nothing wrong.")),
        _mapping_form(upload, fitted, problems, sent),
        _rows(upload, fitted, problems),
    ]
    if len(problems) > TOLD:
        more = _("The first %(told)s of %(count)s problems are shown.") % {"told": TOLD, "count": len(problems)}
        blocks.insert(1, Text(more, name="more"))
    above = [Link(_("Bring in a table"), address(PATH))]
    title = _("Bring in %(file)s") % {"file": upload.path.name}
    return Page(title, blocks, above=above, status=422 if refused else 200)


def _mapping_form(upload: _Upload, fitted: tables.Fitted, problems: Sequence[Problem], sent: Sent) -> Form:
    used = {each.column: each for each in fitted.mapping.columns}
    fields = [
        each
        for place, column in enumerate(upload.columns)
        for each in _of_column(upload, place, column, used.get(column))
    ]
    buttons = [
        Button(_("Check"), "check"),
        Button(_("State all of it"), "state", main=True),
        Button(_("Throw the file away"), "forget"),
    ]
    more = acting.fields(upload.asking, sent, problems)
    return Form([*fields, *more], buttons, upload.address, name="mapping", caption=_("What its columns mean"))


def _of_column(upload: _Upload, place: int, column: str, used: ColumnMapping | None) -> Iterable[Field]:
    offered = [Choice("", _("not used")), *(Choice(name, _(each.title)) for name, each in upload.fields.items())]
    yield Field(f"field-{place}", column, used.field if used else "", choices=offered)
    kind = upload.fields[used.field].kind if used and used.field in upload.fields else ""
    if used and kind == "mass":
        units = [Choice("", ""), *(Choice(each, each) for each in (*DECIMALS, PERCENT))]
        yield Field(f"unit-{place}", _("Unit of %(column)s") % {"column": column}, used.unit, choices=units)
        commas = [Choice("no", _("point")), Choice("yes", _("comma"))]
        label = _("Decimal sign of %(column)s") % {"column": column}
        yield Field(f"comma-{place}", label, "yes" if used.decimal_comma else "no", choices=commas)
        if used.unit == PERCENT:
            yield Field(f"of-{place}", _("%(column)s is a part of") % {"column": column}, used.of)
    if used and kind == "date":
        formats = [Choice(each, each) for each in dict.fromkeys((used.date_format, *_DATES))]
        yield Field(f"date-{place}", _("Form of %(column)s") % {"column": column}, used.date_format, choices=formats)


def _rows(upload: _Upload, fitted: tables.Fitted, problems: Sequence[Problem]) -> Table:
    """The rows as they are read: those in which something is wrong first."""
    wrong_in: dict[str, list[str]] = {}
    for each in problems:
        wrong_in.setdefault(each.record, []).append(_said(each))
    names = [each for each in fitted.frame.columns if each != "row"]
    rows = [
        {
            **{name: value if name == "row" else plain(value) for name, value in row.items()},
            "problems": " ".join(wrong_in.get(_at(row), [])),
        }
        for row in fitted.frame.iter_rows(named=True)
        if _at(row) in wrong_in or row["row"] <= SHOWN + 1
    ]
    rows.sort(key=lambda row: not row["problems"])
    titles = {name: _(upload.fields[name].title) if name in upload.fields else name for name in names}
    heads = {"row": _("Row"), "problems": _("What is wrong"), **titles}
    caption = _("Rows as they are read: %(count)s") % {"count": fitted.frame.height}
    return Table(rows[:TOLD], heads, name="rows", caption=caption, empty=_("There are no rows."))


def _said(problem: Problem) -> str:
    """A problem in one line of the reader's language."""
    return f"{problem.field}: {worded(problem.message)}" if problem.field else worded(problem.message)


def _at(row: Mapping[str, object]) -> str:
    return f"row {row['row']}"
