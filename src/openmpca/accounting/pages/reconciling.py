"""The Agency's statement beside our book, on a page: its table is looked at, mapped, and each figure explained.

Rules kept here:

1. Nothing is recorded: the table lies in a private place until it is thrown away, or two days. What its columns mean is
   remembered for the next statement.
2. The statement is one of the whole State, so it takes a grant for everything.
3. The day of the statement and the time as known at which it is compared are those of the page.

Source: INFCIRC/153, paragraph 66; `reporting.reconcile`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages import sheets
from openmpca.accounting.pages.sheets import LIMITS, TOLD, Upload
from openmpca.accounting.pages.typed import wrong
from openmpca.accounting.pages.words import word
from openmpca.accounting.reporting import reconcile, reconciled, transit_list
from openmpca.formats.tables.mapping import Mapping as Columns
from openmpca.formats.tables.sheet import Sheet
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.pages import uploads
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Field, Form, Link, Page, Problems, Row, Table
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors

PATH: Final = "accounting/reconcile"
INVENTORIES, TRANSITS = "inventories", "transits"
LISTS: Final[Mapping[str, Any]] = {
    INVENTORIES: gettext_lazy("A statement of book inventories"),
    TRANSITS: gettext_lazy("A list of unmatched transits"),
}
CLASSES: Final[Mapping[str, object]] = {
    "agrees": gettext_lazy("agrees"),
    "timing": gettext_lazy("timing: a report is under way"),
    "ours": gettext_lazy("ours: the book has more than was reported"),
    "theirs": gettext_lazy("theirs: they lack what they acknowledged"),
    "unexplained": gettext_lazy("unexplained"),
}


@page(PATH, title=gettext_lazy("Reconcile with the Agency"), needs=Open.WHOLE)
def reconciling(
    asking: Asking, file: str = "", lists: str = "", sheet: str = "", sent: Sent | None = None
) -> Page | Go:
    """Send the Agency's statement or list, see how it is read, and each difference with its reason."""
    if not file:
        return _start(asking) if sent is None else _take(asking, sent)
    path = uploads.path(asking.person, file)
    if path is None:
        raise NotFound(_("There is no such file any more. Send it again."))
    if lists not in LISTS:
        lists = _told_by_its_columns(path, sheet)
    upload = _upload(asking, path, file, lists, sheet)
    if sent is None:
        return _compared(upload, lists, reconcile.in_grams(upload.proposed()), {})
    if sent.get("step") == "forget":
        uploads.drop(asking.person, file)
        return Go(asking.to(PATH), _("The file is deleted; nothing was recorded."))
    mapping, problems = upload.chosen(sent)
    return _compared(upload, lists, reconcile.in_grams(mapping), sent, problems)


def _told_by_its_columns(path: Path, sheet: str) -> str:
    columns = Sheet(path, transit_list.FIELDS, sheet or None, LIMITS).proposed().columns
    return TRANSITS if {"shipper", "receiver"} <= {each.field for each in columns} else INVENTORIES


def _upload(asking: Asking, path: Path, file: str, lists: str, sheet: str) -> Upload:
    fields = transit_list.FIELDS if lists == TRANSITS else reconcile.FIELDS
    own = asking.to(PATH, file=file, lists=lists, sheet=sheet)
    return Upload(asking, file, path, Sheet(path, fields, sheet or None, LIMITS), f"agency.{lists}", own)


def _listed(choices: Sequence[Choice]) -> Field:
    return Field(
        "lists",
        _("What it lists"),
        choices=choices,
        help=_("What the Agency sent: what its books hold of each area, or the transits that it could not match."),
        source=_("What the Agency sends to the State."),
    )


def _start(asking: Asking, problems: Sequence[Problem] = ()) -> Page:
    choices = [Choice("", _("as its columns say")), *(Choice(name, str(text)) for name, text in LISTS.items())]
    fields = [sheets.file_field(), _listed(choices)]
    form = Form(fields, [Button(_("Look at it"), "upload", main=True)], asking.to(PATH), uploads=True, name="upload")
    on_top: list[Block] = [Problems(problems)] if problems else []
    lead = _("What the Agency's books hold, beside ours. Set the day of the statement above. Nothing is recorded.")
    above = [Link(_("Reports"), asking.to("accounting/reports"))]
    status = 422 if problems else 200
    return Page(_("Reconcile with the Agency"), [*on_top, form], lead, above=above, status=status)


def _take(asking: Asking, sent: Sent) -> Page | Go:
    try:
        mark = sheets.taken(asking, sent)
    except LookupError as error:
        return _start(asking, [wrong(str(error.args[0]), "file")])
    except uploads.TooLarge as error:
        return _start(asking, [wrong(str(error), "file")])
    return Go(asking.to(PATH, file=mark, lists=str(sent.get("lists", ""))))


def _compared(upload: Upload, lists: str, mapping: Columns, sent: Sent, problems: Sequence[Problem] = ()) -> Page:
    tolerance, unread = _tolerance(sent)
    rows, found = _rows(upload, lists, mapping, tolerance)
    found = [*problems, *unread, *found]
    if sent and not errors(found):
        upload.remember(mapping)
    differing = [each for each in rows if each["class"] != reconciled.AGREES]
    told = sorted(found, key=lambda each: each.severity != "error")[:TOLD]
    read = upload.sheet.fitted(mapping)
    blocks: list[Block] = [
        Problems(told, caption=_("How it is read"), empty=_("The rules find nothing wrong.")),
        _table(upload.asking, lists, differing if sent.get("differences") else rows),
        _form(upload, mapping, sent),
        *upload.left_out(read.left_out),
        upload.rows(read.frame, found),
    ]
    counts = {"rows": len(rows), "differing": len(differing)}
    lead = _("%(rows)d figures, of which %(differing)d differ.") % counts if rows else ""
    above = [Link(_("Reconcile with the Agency"), upload.asking.to(PATH))]
    return Page(str(LISTS[lists]), blocks, lead, above=above, links=upload.other_sheets())


def _tolerance(sent: Sent) -> tuple[int, list[Problem]]:
    text = str(sent.get("tolerance", "")).strip()
    try:
        return (parse_grams(text) if text else 0), []
    except MassError as error:
        return 0, [wrong(f"{text}: {error}", "tolerance", _("Write grams with a decimal point, such as 10.5."))]


def _rows(
    upload: Upload, lists: str, mapping: Columns, tolerance: int
) -> tuple[list[dict[str, object]], list[Problem]]:
    day, known, title = upload.asking.times.as_of, upload.asking.times.known_at, upload.sheet.title
    if lists == TRANSITS:
        listed, found = transit_list.read_transits(upload.path, mapping, title)
        return [] if errors(found) else reconciled.of_transits(listed, day, known, tolerance=tolerance), found
    theirs, found = reconcile.read_statement(upload.path, mapping, title)
    return [] if errors(found) else reconciled.of_inventories(theirs, day, known, tolerance=tolerance), found


def _table(asking: Asking, lists: str, rows: Sequence[dict[str, object]]) -> Table:
    shown: list[Row] = [
        {
            **{name: value for name, value in each.items() if name != "differs"},
            "class": word(asking, CLASSES, str(each["class"])),
            "why": worded(str(each["why"])),
            LINKS: _leads(asking, each),
        }
        for each in rows
    ]
    heads = _heads_of_transits() if lists == TRANSITS else _heads_of_inventories()
    return Table(shown, heads, name=lists, caption=_("Theirs beside ours"), empty=_("Nothing differs."))


def _leads(asking: Asking, row: dict[str, object]) -> dict[str, str]:
    if row.get("statement"):
        return {"statement": asking.to("record/statement", number=row["statement"])}
    return {"book_g": asking.to("accounting/book", mba=row["mba"])} if "book_g" in row else {}


def _heads_of_inventories() -> dict[str, str]:
    return {
        "mba": _("MBA"),
        "weight": _("Weight"),
        "theirs_g": _("Theirs, g"),
        "book_g": _("Book, g"),
        "acknowledged_g": _("Acknowledged, g"),
        "difference_g": _("Difference, g"),
        "class": _("What it is"),
        "why": _("Why"),
    }


def _heads_of_transits() -> dict[str, str]:
    return {
        "row": _("Row"),
        "code": _("Code"),
        "day": _("Day"),
        "from": _("From"),
        "to": _("To"),
        "batch": _("Batch"),
        "of": _("Of"),
        "theirs_g": _("Theirs, g"),
        "ours_g": _("Ours, g"),
        "statement": _("Statement"),
        "report": _("Report"),
        "class": _("What it is"),
        "why": _("Why"),
    }


def _form(upload: Upload, mapping: Columns, sent: Sent) -> Form:
    fields = [
        Field(
            "tolerance",
            _("Grams within which figures agree"),
            str(sent.get("tolerance", "")),
            "decimal",
            help=_("Blank: figures agree when they are the same after rounding to the printed unit."),
            example="0.5",
        ),
        Field("differences", _("Only what differs"), "yes" if sent.get("differences") else "", "checkbox"),
        *upload.form_fields(mapping, sheets.numbers_said(sent)),
    ]
    buttons = [Button(_("Compare"), "check", main=True), Button(_("Throw the file away"), "forget")]
    return Form(fields, buttons, upload.address, name="mapping", caption=_("What its columns mean"))
