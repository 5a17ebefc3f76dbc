"""A list that was ticked on paper or in a spreadsheet, taken in by upload: all of it or nothing.

Rules kept here:

1. Every problem is told at its row; nothing is taken in of a list that has one that refuses.
2. The file is read and not kept; it may be as large as any that is sent (`uploads`).
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.differences import Inventory
from openmpca.accounting.inventory.fields import write_list
from openmpca.accounting.inventory.tick_list import tick_list
from openmpca.accounting.pages import taken
from openmpca.accounting.pages.sheets import LIMITS
from openmpca.pages import acting, uploads
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Field, Form, Link, Page
from openmpca.pages.routes import Answer, Asking, File, Open, Sent, page
from openmpca.problems import Problem, of_asking
from openmpca.record.commands import Stated
from openmpca.record.record import Refused

ENDINGS: Final = (".csv", ".xlsx", ".ods")
SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("accounting/inventory-take", title=gettext_lazy("Take in a ticked list"), needs=Open.READER)
def take(asking: Asking, number: int, sent: Sent | None = None) -> Answer:
    """Take in the list of a physical inventory as it was filled in."""
    of = taken.inventory_of(asking, number)
    if sent is None:
        return _asked(asking, of, {})
    try:
        made = _take(asking, number, sent)
    except Refused as refused:
        return refused_as(refused.problems, _asked(asking, of, sent, refused.problems))
    if not made.numbers and made.proposal is None:
        nothing = of_asking(_("Nothing was found, so no line was taken in."), field="list")
        return refused_as([*made.problems, nothing], _asked(asking, of, sent))
    said = _("Taken in: %(count)d.") % {"count": len(made.numbers)}
    return acting.gone(made, asking.to("accounting/inventory", number=number), said)


@page("accounting/inventory-blank", title=gettext_lazy("List to fill in"), needs=Open.READER)
def blank(asking: Asking, number: int) -> File:
    """The list to tick as a spreadsheet, to be filled in and taken in again."""
    of = taken.inventory_of(asking, number)
    target = BytesIO()
    write_list(tick_list(of), "xlsx", target)
    return File(f"{of.mba}-{of.day}-list.xlsx", target.getvalue(), SPREADSHEET)


def _take(asking: Asking, number: int, sent: Sent) -> Stated:
    """Take in what was sent. Raises `Refused`."""
    act = acting.act(asking, sent)
    try:
        name, content = _content(sent.get("list"))
    except uploads.TooLarge as error:
        raise Refused([of_asking(str(error), field="list")]) from None
    with TemporaryDirectory(dir=uploads.begin()) as folder:
        path = Path(folder) / f"list{name}"
        path.write_bytes(content)
        return taking.take_file(number, path, act, sheet=str(sent.get("sheet", "")).strip() or None, limits=LIMITS)


def _content(file: object) -> tuple[str, bytes]:
    """The ending and the bytes of what was uploaded; a program may send the text of a CSV file."""
    if isinstance(file, str) and file:
        return ".csv", file.encode()
    if not isinstance(file, UploadedFile):
        raise Refused([of_asking(_("Choose the file of the list."), field="list")])
    uploads.must_fit(file)
    ending = PurePath(file.name or "").suffix.lower()
    if ending not in ENDINGS:
        told = _("A list is a file that ends in %(endings)s.") % {"endings": ", ".join(ENDINGS)}
        raise Refused([of_asking(told, field="list")])
    return ending, file.read()


def _asked(asking: Asking, of: Inventory, sent: Sent, problems: Sequence[Problem] = ()) -> Page:
    fields = [
        Field(
            "list",
            _("The list, ticked"),
            kind="file",
            required=True,
            help=_("yes or no in the column Found of each row; columns and their names as in the list of these pages."),
        ),
        Field("sheet", _("Sheet of a spreadsheet"), str(sent.get("sheet", "")), help=_("Blank: the first.")),
        *acting.fields(asking, sent, problems),
    ]
    form = Form(fields, [Button(_("Take in"), main=True)], name="take", uploads=True)
    title = taken.titled(_("Take in the list of %(mba)s on %(day)s"), of)
    way = Link(_("The list to fill in, as a spreadsheet"), asking.to("accounting/inventory-blank", number=of.number))
    return Page(title, [form], links=[way], above=taken.above(asking, of))
