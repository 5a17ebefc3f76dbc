"""Bringing in a table by upload: what its columns mean, the rows with what is wrong in them, stated all or nothing.

Rules kept here:

1. The file lies in a private place of the home until it is stated or thrown away (`uploads`); nothing of it is
   recorded before, and then all of it in one transaction (`importing.tables`).
2. Columns are fitted as on the command line: as they were last, or as their names suggest; whoever looks may change it,
   and how the sheet is laid out (`sheets`).
3. Problems stand at the rows in which they are; rows without any are shown only as far as they fit on a page.
4. Rows that speak of an area beyond the reach of who asks are refused before the rules are asked about them.
5. A table is stated once, however often any form of it is sent: by the mark of the file. A file that was left over (the
   server ended in between) goes when it is next asked for, and leads to what it was stated as.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.importing import tables
from openmpca.accounting.importing.fields import TABLES, kind_named
from openmpca.accounting.pages import sheets
from openmpca.accounting.pages.sheets import LIMITS, TOLD, Upload
from openmpca.accounting.pages.stating import said_of
from openmpca.accounting.pages.typed import wrong
from openmpca.formats.tables.mapping import Mapping as Columns
from openmpca.pages import acting, uploads
from openmpca.pages.blocks import Block, Button, Choice, Field, Form, Link, Page, Problems, Text
from openmpca.pages.routes import Asking, Go, NotAllowed, NotFound, Open, Sent, address, page
from openmpca.problems import Problem, errors
from openmpca.record.once import Once
from openmpca.record.record import Refused
from openmpca.record.turn import Busy

PATH: Final = "accounting/import"


@page(PATH, title=gettext_lazy("Bring in a table"), needs=Open.READER)
def bring_in(
    asking: Asking, file: str = "", kind: str = "change", sheet: str = "", sent: Sent | None = None
) -> Page | Go:
    """Send a table, see how it is read and what is wrong in it, state all of it or nothing."""
    if not file:
        return _start(asking, kind) if sent is None else _take(asking, sent)
    if kind not in TABLES:
        raise NotFound(_("No table holds %(kind)s.") % {"kind": kind})
    once = Once(asking.person, file)
    found = uploads.path(asking.person, file) if once.came_to() is None else None
    if found is None:
        return sheets.no_longer(once)
    source = tables.Source(found, kind, sheet=sheet or None, limits=LIMITS)
    own = address(PATH, file=file, kind=kind, sheet=sheet)
    upload = Upload(asking, file, found, tables.sheet_of(source), kind_named(kind), own)
    if sent is None:
        return _look(upload, source, upload.proposed(), {})
    if sent.get("step") == "forget":
        uploads.drop(asking.person, file)
        return Go(address(PATH), _("The file is deleted; nothing was recorded."))
    mapping, problems = upload.chosen(sent)
    if sent.get("step") == "state" and not problems:
        return sheets.stated_once(once, lambda: _state(upload, source, mapping, sent))
    return _look(upload, source, mapping, sent, problems)


def _start(asking: Asking, kind: str = "change", problems: Sequence[Problem] = ()) -> Page:
    kinds = [Choice(each, each) for each in TABLES]
    fields = [
        Field("kind", _("What its rows state"), kind, choices=kinds, help=_("A table holds statements of one kind.")),
        sheets.file_field(),
        Field("sheet", _("Sheet"), help=_("Of a spreadsheet; the first visible one where it is blank.")),
    ]
    form = Form(fields, [Button(_("Look at it"), "upload", main=True)], address(PATH), uploads=True, name="upload")
    on_top: list[Block] = [Problems(problems)] if problems else []
    lead = _("Nothing is recorded before you have seen how it is read.")
    above = [Link(_("Enter what happened"), address("accounting/enter"))]
    ways = [
        Link(_("A table to fill in (.xlsx)"), address("accounting/template", kind=kind)),
        Link(_("A table to fill in (CSV)"), address("accounting/template", kind=kind, form=".csv")),
    ]
    return Page(_("Bring in a table"), [*on_top, form], lead, above=above, links=ways, status=422 if problems else 200)


def _take(asking: Asking, sent: Sent) -> Page | Go:
    kind, sheet = str(sent.get("kind", "change")), str(sent.get("sheet", "")).strip()
    try:
        mark = sheets.taken(asking, sent)
    except LookupError as error:
        return _start(asking, kind, [wrong(str(error.args[0]), "file")])
    except uploads.TooLarge as error:
        mend = _("Send it in parts, or bring it in on the command line.")
        return _start(asking, kind, [wrong(str(error), "file", mend)])
    return Go(address(PATH, file=mark, kind=kind, sheet=sheet))


def _beyond(upload: Upload, fitted: tables.Fitted) -> list[Problem]:
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


def _mapped(source: tables.Source, mapping: Columns) -> tables.Source:
    return replace(source, mapping=mapping)


def _look(
    upload: Upload, source: tables.Source, mapping: Columns, sent: Sent, problems: Sequence[Problem] = ()
) -> Page:
    fitted = tables.fit(_mapped(source, mapping))
    found = [*problems, *fitted.problems, *_beyond(upload, fitted)]
    if not errors(found):
        found = _tried(upload, _mapped(source, mapping), sent)
    return _shown(upload, fitted, found, sent)


def _tried(upload: Upload, source: tables.Source, sent: Sent) -> list[Problem]:
    try:
        return tables.import_table(source, _act(upload, sent), dry_run=True).stated.problems
    except Refused as refused:
        return refused.problems
    except Busy as error:
        return [wrong(str(error), mend=_("Check again later."))]


def _act(upload: Upload, sent: Sent) -> Any:
    try:
        return acting.act(upload.asking, sent)
    except NotAllowed as error:
        raise Refused([wrong(str(error), acting.PARTY)]) from None


def _state(upload: Upload, source: tables.Source, mapping: Columns, sent: Sent) -> Page | Go:
    mapped = _mapped(source, mapping)
    fitted = tables.fit(mapped)
    if beyond := _beyond(upload, fitted):
        return _shown(upload, fitted, [*fitted.problems, *beyond], sent, refused=True)
    try:
        made = tables.import_table(mapped, _act(upload, sent))
    except Refused as refused:
        return _shown(upload, fitted, refused.problems, sent, refused=True)
    except Busy as error:
        return _shown(upload, fitted, [wrong(str(error), mend=_("Try again later."))], sent, refused=True)
    uploads.drop(upload.asking.person, upload.mark)
    said = _("%(rows)s rows. %(what)s") % {"rows": made.rows, "what": said_of(made.stated)}
    return acting.gone(made.stated, address("record/log"), said)


def _shown(
    upload: Upload, fitted: tables.Fitted, problems: Sequence[Problem], sent: Sent, *, refused: bool = False
) -> Page:
    head = _("Refused: nothing was recorded") if refused else _("What the rules find")
    told = sorted(problems, key=lambda each: each.severity != "error")[:TOLD]
    blocks: list[Block] = [
        Problems(told, caption=head, empty=_("The rules find nothing wrong.")),
        _mapping_form(upload, fitted, problems, sent),
        *upload.left_out(fitted.left_out),
        upload.rows(fitted.frame, problems),
    ]
    if len(problems) > TOLD:
        more = _("The first %(told)s of %(count)s problems are shown.") % {"told": TOLD, "count": len(problems)}
        blocks.insert(1, Text(more, name="more"))
    above = [Link(_("Bring in a table"), address(PATH))]
    title = _("Bring in %(file)s") % {"file": upload.path.name}
    return Page(title, blocks, above=above, links=upload.other_sheets(), status=422 if refused else 200)


def _mapping_form(upload: Upload, fitted: tables.Fitted, problems: Sequence[Problem], sent: Sent) -> Form:
    buttons = [
        Button(_("Check"), "check"),
        Button(_("State all of it"), "state", main=True),
        Button(_("Throw the file away"), "forget"),
    ]
    fields = upload.form_fields(fitted.mapping, sheets.numbers_said(sent))
    more = acting.fields(upload.asking, sent, problems)
    return Form([*fields, *more], buttons, upload.address, name="mapping", caption=_("What its columns mean"))
