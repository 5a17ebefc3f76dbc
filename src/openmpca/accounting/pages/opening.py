"""The opening inventory of an area, from the spreadsheet that there is: looked at, mapped, checked, prepared for two.

Rules kept here:

1. What is prepared is what `openmpca inventory open` prepares: the inventory, its lines and its closing in one act, in
   force when a second person approves it.
2. The file lies in a private place until it is prepared or thrown away; it is prepared once, however often it is sent.
3. What the lines come to is shown by weight before anything is prepared, and again to who approves it.
4. An area that may not be read is as none.

Source: INFCIRC/153, paragraph 62; house rule: an opening has two names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.beginning import Area, beginning
from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.fields import LISTED_FIELDS, rows_of
from openmpca.accounting.inventory.foreseen import weighed
from openmpca.accounting.pages import sheets
from openmpca.accounting.pages.sheets import LIMITS, TOLD, Upload
from openmpca.accounting.pages.typed import wrong
from openmpca.formats.tables.mapping import Mapping as Columns
from openmpca.formats.tables.sheet import Read, Sheet
from openmpca.pages import acting, uploads
from openmpca.pages.blocks import LINKS, Block, Button, Field, Form, Link, Page, Problems, Row, Table
from openmpca.pages.routes import Asking, Go, NotAllowed, NotFound, Sent, address, page, place
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors
from openmpca.record.commands import Stated
from openmpca.record.once import Once
from openmpca.record.record import Refused
from openmpca.record.turn import Busy

PATH: Final = "accounting/opening"
KEPT_AS: Final = "accounting.opening"
"""Under which name mappings of openings are remembered."""


ASKED: Final = frozenset({"kmp", "description", "basis", "category"})
"""What a listing in Code 10 says of every batch."""


@dataclass(frozen=True)
class _Opening:
    """A sheet as the opening of an area on a day."""

    upload: Upload
    mba: str
    day: date
    mapping: Columns
    sent: Sent

    def read(self) -> Read:
        return self.upload.sheet.fitted(self.mapping)

    def open(self, *, dry_run: bool) -> Stated:
        """Prepare it, or try to. Raises `Refused` with every problem."""
        return taking.open_from_file(
            self.upload.path,
            self.mba,
            self.day,
            _act(self.upload.asking, self.sent),
            mapping=self.mapping,
            sheet=self.upload.sheet.title,
            note=str(self.sent.get("note", "")).strip(),
            dry_run=dry_run,
            limits=LIMITS,
        )


@page(PATH, title=gettext_lazy("Opening inventory"), needs=place("mba"))
def opening(
    asking: Asking,
    mba: str = "",
    day: date | None = None,
    file: str = "",
    sheet: str = "",
    sent: Sent | None = None,
) -> Page | Go:
    """Send the list of what is in an area, see how it is read and what it comes to, prepare the opening."""
    if not mba:
        return _areas(asking)
    found = _area(asking, mba)
    if not file or day is None:
        return _start(asking, found) if sent is None else _begun(asking, found, sent)
    once = Once(asking.person, file)
    path = uploads.path(asking.person, file) if once.came_to() is None else None
    if path is None:
        return sheets.no_longer(once)
    own = address(PATH, mba=mba, day=day, file=file, sheet=sheet)
    upload = Upload(asking, file, path, Sheet(path, LISTED_FIELDS, sheet or None, LIMITS), KEPT_AS, own, ASKED)
    if sent is None:
        return _look(_Opening(upload, mba, day, upload.proposed(), {}))
    if sent.get("step") == "forget":
        uploads.drop(asking.person, file)
        return Go(address(PATH, mba=mba), _("The file is deleted; nothing was recorded."))
    mapping, problems = upload.chosen(sent)
    asked = _Opening(upload, mba, day, mapping, sent)
    if sent.get("step") == "state" and not problems:
        return sheets.stated_once(once, lambda: _prepare(asked))
    return _look(asked, problems)


def _act(asking: Asking, sent: Sent) -> Any:
    try:
        return acting.act(asking, sent)
    except NotAllowed as error:
        raise Refused([wrong(str(error), acting.PARTY)]) from None


def _area(asking: Asking, mba: str) -> Area:
    found = next((each for each in beginning(asking.reach.day).areas if each.code == mba), None)
    if found is None:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba})
    return found


def _areas(asking: Asking) -> Page:
    """The areas that may be read, and how their openings stand."""
    found = [each for each in beginning(asking.reach.day).areas if asking.reach.covers(f"mba:{each.code}")]
    heads = {"mba": _("MBA"), "state": _("State")}
    none = _("There is no area that you may read. Areas are registered first.")
    table = Table([_row(asking, each) for each in found], heads, name="areas", empty=none)
    return Page(_("Opening inventory"), [table], lead=_("Of which area?"), above=[_above(asking)])


def _row(asking: Asking, each: Area) -> Row:
    if each.opened is not None:
        said, to = _("opened on %(day)s") % {"day": each.opened}, asking.to("accounting/book", mba=each.code)
    elif each.proposal is not None:
        said = _("proposal %(number)s waits") % {"number": each.proposal}
        to = asking.to("record/proposal", number=each.proposal)
    else:
        said, to = _("to be opened"), asking.to(PATH, mba=each.code)
    return {"mba": each.code, "state": said, LINKS: {"mba": to, "state": to}}


def _above(asking: Asking) -> Link:
    return Link(_("Physical inventories"), asking.to("accounting/inventories"))


def _start(asking: Asking, area: Area, sent: Sent | None = None, problems: Sequence[Problem] = ()) -> Page:
    given = sent or {}
    at = {each.field: worded(each.message) for each in problems}
    title = _("Opening inventory of %(mba)s") % {"mba": area.code}
    blocks: list[Block] = [Problems(problems)] if problems else []
    if area.opened is not None or area.proposal is not None:
        row = _row(asking, area)
        told = Table([row], {"mba": _("MBA"), "state": _("State")}, name="stands")
        return Page(title, [told], lead=_("It needs no other opening."), above=[_above(asking)])
    fields = [
        Field(
            "day",
            _("Day of the opening"),
            str(given.get("day", "")),
            "date",
            required=True,
            error=at.get("day", ""),
            help=_("It stands at 24:00 of this day: the first change is dated the day after."),
            source="INFCIRC/153, 62",
            example="2024-12-31",
        ),
        replace(sheets.file_field(), required=False, error=at.get("file", "")),
        Field(
            "empty",
            _("There is nothing in the area"),
            "yes" if given.get("empty") else "",
            "checkbox",
            help=_("Instead of a file: the area opens with an empty book."),
        ),
        *acting.fields(asking, given, problems),
    ]
    form = Form(fields, [Button(_("Look at it"), "upload", main=True)], uploads=True, name="upload")
    lead = _("What is in the area, from the spreadsheet that you have. Nothing is prepared before you have seen it.")
    ways = [Link(_("A table to fill in (.xlsx)"), asking.to("accounting/template", kind="opening"))]
    status = 422 if problems else 200
    return Page(title, [*blocks, form], lead=lead, links=ways, above=[_above(asking)], status=status)


def _begun(asking: Asking, area: Area, sent: Sent) -> Page | Go:
    try:
        day = acting.day(sent, "day")
        if sent.get("empty"):
            return _emptily(asking, area, day, sent)
        mark = sheets.taken(asking, sent)
    except acting.Unfit as error:
        return _start(asking, area, sent, [wrong(str(error), error.name)])
    except Refused as refused:
        return _start(asking, area, sent, refused.problems)
    except LookupError as error:
        return _start(asking, area, sent, [wrong(str(error.args[0]), "file")])
    except uploads.TooLarge as error:
        return _start(asking, area, sent, [wrong(str(error), "file")])
    return Go(address(PATH, mba=area.code, day=day, file=mark))


def _emptily(asking: Asking, area: Area, day: date, sent: Sent) -> Go:
    made = taking.open_area(area.code, day, [], _act(asking, sent), empty=True)
    return acting.gone(made, asking.to("accounting/book", mba=area.code), _("The area is opened."))


def _look(asked: _Opening, problems: Sequence[Problem] = ()) -> Page:
    try:
        found = [*problems, *asked.open(dry_run=True).problems]
    except Refused as refused:
        found = [*problems, *refused.problems]
    except Busy as error:
        found = [*problems, wrong(str(error), mend=_("Check again later."))]
    return _shown(asked, found)


def _prepare(asked: _Opening) -> Page | Go:
    upload = asked.upload
    try:
        made = asked.open(dry_run=False)
    except Refused as refused:
        return _shown(asked, refused.problems, refused=True)
    except Busy as error:
        return _shown(asked, [wrong(str(error), mend=_("Try again later."))], refused=True)
    upload.remember(asked.mapping)
    uploads.drop(upload.asking.person, upload.mark)
    return acting.gone(made, address("accounting/book", mba=asked.mba), _("The area is opened."))


def _shown(asked: _Opening, problems: Sequence[Problem], *, refused: bool = False) -> Page:
    upload, read = asked.upload, asked.read()
    head = _("Refused: nothing was recorded") if refused else _("What the rules find")
    told = sorted(problems, key=lambda each: each.severity != "error")[:TOLD]
    blocks: list[Block] = [
        Problems(told, caption=head, empty=_("The rules find nothing wrong.")),
        _comes_to(asked, read),
        _form(asked, problems),
        *upload.left_out(read.left_out),
        upload.rows(read.frame, problems),
    ]
    title = _("Opening of %(mba)s on %(day)s from %(file)s")
    told_of = {"mba": asked.mba, "day": asked.day, "file": upload.path.name}
    above = [_above(upload.asking), Link(asked.mba, address(PATH, mba=asked.mba))]
    lead = _("It can be prepared: a second person then approves it.") if not errors(list(problems)) else ""
    status = 422 if refused else 200
    return Page(title % told_of, blocks, lead, above=above, links=upload.other_sheets(), status=status)


def _comes_to(asked: _Opening, read: Read) -> Table:
    """The sum of every weight, of the rows as they are read (rule 3)."""
    rows = weighed(each.line.weights for each in rows_of(read.frame, asked.mba, asked.day))
    heads = {"weight": _("Weight"), "batches": _("Batches"), "found_g": _("Found, g")}
    return Table(rows, heads, name="opening", caption=_("What it comes to"), empty=_("No weight is read yet."))


def _form(asked: _Opening, problems: Sequence[Problem]) -> Form:
    upload = asked.upload
    buttons = [
        Button(_("Check"), "check"),
        Button(_("Prepare the opening"), "state", main=True),
        Button(_("Throw the file away"), "forget"),
    ]
    fields = upload.form_fields(asked.mapping, sheets.numbers_said(asked.sent))
    note = Field("note", _("Note"), str(asked.sent.get("note", "")), "lines", further=True)
    more = acting.fields(upload.asking, asked.sent, problems)
    return Form([*fields, note, *more], buttons, upload.address, name="mapping", caption=_("What its columns mean"))
