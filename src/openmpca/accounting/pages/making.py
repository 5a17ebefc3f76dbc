"""Making a report: what an area owes, the draft beside the book that it is made of, its checks, and stating it.

Rules kept here:

1. A draft is drawn up from the book as it is now; looking at it states nothing.
2. Beside each entry stands the statement of the book that it reports; beside a balance the exact terms of the book.
3. What is stated goes the way of the command line: checked, and a proposal until a second person approves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.balance import material_balance, open_period
from openmpca.accounting.inventory.rows import weighed
from openmpca.accounting.pages.balance import terms_table
from openmpca.accounting.pages.reports import entries_table
from openmpca.accounting.pages.words import SORT, word
from openmpca.accounting.queries import latest
from openmpca.accounting.reporting import commands
from openmpca.accounting.reporting.against_book import check_draft
from openmpca.accounting.reporting.area import NoArea, areas_with_books
from openmpca.accounting.reporting.balance import NotClosed
from openmpca.accounting.reporting.contents import NoteError, book_rows, encoder_of, entry_rows, notes_of
from openmpca.accounting.reporting.draft import Draft
from openmpca.accounting.reporting.make import NothingDue, Proposed, Wanted, draft, proposed
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import (
    LINKS,
    Beside,
    Block,
    Button,
    Choice,
    Field,
    Form,
    Link,
    Page,
    Problems,
    Row,
    Table,
    Text,
    Verbatim,
)
from openmpca.pages.routes import Answer, Asking, NotFound, Sent, page, place
from openmpca.problems import Problem
from openmpca.record import clock
from openmpca.record.record import Refused

Sort = Literal["I", "P", "M", "T"]


@page("accounting/make", title=gettext_lazy("Make a report"), needs=place("mba"))
def make(
    asking: Asking,
    mba: str = "",
    sort: Sort | None = None,
    begin: date | None = None,
    end: date | None = None,
    corrections: bool = False,
    sent: Sent | None = None,
) -> Answer:
    """What an area owes, each as a draft to be looked at; with a type and a day the draft itself."""
    if not mba:
        return _of_which_area(asking)
    if sort is None or (end is None and sort != "T"):
        return _owed(asking, mba)
    asked = Wanted(mba=mba, sort=sort, begin=begin, end=end or _today(), day=_today(), corrections_only=corrections)
    if sent is None or sent.get("step") == "draw":
        return _looked_at(asking, asked, sent or {})
    try:
        wanted = _filled(asked, sent, asking)
        made = commands.make_report(wanted, acting.act(asking, sent))
    except Refused as refused:
        return refused_as(refused.problems, _drafted(asking, asked, sent, refused.problems))
    except acting.Unfit as unfit:
        return _drafted(asking, asked, sent, unfit=unfit)
    except UnicodeEncodeError as error:
        return _drafted(asking, asked, sent, unfit=_unwritable(error))
    except (NoArea, NothingDue, NotClosed) as error:
        return _nothing(asking, mba, str(error), 422)
    number = next(iter(made.stated.numbers), 0)
    return acting.gone(made.stated, asking.to("accounting/report", number=number), _("The report is on record."))


def _looked_at(asking: Asking, asked: Wanted, sent: Sent) -> Page:
    try:
        return _drafted(asking, asked, sent)
    except acting.Unfit as unfit:
        return _drafted(asking, asked, sent, unfit=unfit)
    except UnicodeEncodeError as error:
        return _drafted(asking, asked, sent, unfit=_unwritable(error))


def _unwritable(error: UnicodeEncodeError) -> acting.Unfit:
    """A text that holds what the files of the receiver cannot."""
    told = {"text": error.object[error.start : error.end], "encoding": error.encoding}
    return acting.Unfit("note", _("'%(text)s' cannot stand in a file in %(encoding)s.") % told)


def _today() -> date:
    return clock.day(clock.now_us())


def _of_which_area(asking: Asking) -> Page:
    areas = asking.reach.mbas(areas_with_books(latest()))
    rows = [{"mba": each, LINKS: {"mba": asking.to("accounting/make", mba=each)}} for each in areas]
    table = Table(rows, {"mba": _("MBA")}, name="areas", empty=_("There is no area with a book that you may read."))
    return Page(_("Make a report"), [table], lead=_("Of which area?"), above=[_reports(asking)])


def _reports(asking: Asking, mba: str = "") -> Link:
    return Link(_("Reports"), asking.to("accounting/reports", mba=mba))


def _owed(asking: Asking, mba: str) -> Page:
    """What an area owes now."""
    try:
        found = proposed(mba, asking.times.known_at)
    except NoArea:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba}) from None
    rows = [_owing(asking, each) for each in found]
    heads = {"report": _("Report"), "begin": _("From"), "end": _("To"), "entries": _("Entries"), "about": _("What")}
    table = Table(rows, heads, name="owed", caption=_("Due now"), empty=_("Nothing is due."))
    links = [
        Link(_("What is due when"), asking.to("accounting/due", mba=mba)),
        Link(_("Physical inventories"), asking.to("accounting/inventories", mba=mba)),
        Link(_("A textual report"), asking.to("accounting/make", mba=mba, sort="T")),
    ]
    title = _("Make a report of %(mba)s") % {"mba": mba}
    return Page(title, [table, _another(mba)], links=links, above=[_reports(asking, mba)])


def _owing(asking: Asking, each: Proposed) -> Row:
    only = each.corrects and each.sort == "I"
    to = asking.to(
        "accounting/make",
        mba=each.mba,
        sort=each.sort,
        begin=each.begin if each.sort != "P" else None,
        end=each.end,
        corrections="yes" if only else "",
    )
    return {
        "report": word(asking, SORT, each.sort),
        "begin": each.begin,
        "end": each.end,
        "entries": len(each.entries),
        "about": _("corrections") if each.corrects else _("new"),
        LINKS: {"report": to, "entries": to},
    }


def _another(mba: str) -> Form:
    choices = [Choice(each, str(SORT[each])) for each in get_args(Sort) if each != "T"]
    fields = [
        Field("mba", "", mba, "hidden"),
        Field("sort", _("Type"), choices=choices),
        Field("begin", _("From"), kind="date", help=_("Only where it is not the first day of the period.")),
        Field("end", _("To, or the day of the inventory"), kind="date", required=True),
    ]
    return Form(fields, [Button(_("Draw up"))], method="get", name="another", caption=_("Of another period"))


def _nothing(asking: Asking, mba: str, said: str, status: int = 200) -> Page:
    above = [Link(_("Make a report"), asking.to("accounting/make", mba=mba))]
    return Page(_("Nothing to report"), [Text(said, name="nothing")], above=above, status=status)


def _drafted(
    asking: Asking,
    asked: Wanted,
    sent: Sent,
    problems: Sequence[Problem] = (),
    unfit: acting.Unfit | None = None,
) -> Page:
    """The draft: what it would say beside the book, what the checks find, and the form to state it."""
    form = _form(asking, asked, sent, problems, {unfit.name: str(unfit)} if unfit else {})
    status = 422 if unfit else 200
    above = [Link(_("Make a report of %(mba)s") % {"mba": asked.mba}, asking.to("accounting/make", mba=asked.mba))]
    told = {"sort": SORT[asked.sort], "mba": asked.mba, "end": asked.end}
    title = _("%(sort)s of %(mba)s up to %(end)s") % told
    lead = _("A draft: nothing is recorded until you state it, and then a second person approves.")
    if asked.sort == "T" and (unfit or not str(sent.get("note", "")).strip()):
        return Page(title, [form], lead=lead, above=above, status=status)
    try:
        made = draft(asked if unfit else _filled(asked, sent, asking))
    except (NoArea, NothingDue, NotClosed) as error:
        return _nothing(asking, asked.mba, str(error))
    checks = (
        [] if problems else [Problems(check_draft(made), caption=_("Checks"), empty=_("The checks found nothing."))]
    )
    blocks: list[Block] = [*checks, Beside(list(_sides(asking, made))), form]
    return Page(title, [*blocks, Verbatim(made.text, caption=_("The text"))], lead=lead, above=above, status=status)


def _sides(asking: Asking, made: Draft) -> Iterator[Block]:
    """The draft, and the book that it is made of (rule 2)."""
    report = [_to_compare(row) for row in entry_rows(made.report, made.profile)]
    yield entries_table(report, _("The report"))
    if made.sort == "M":
        yield from _terms(made)
    elif any(made.about):
        rows = [_linked(asking, _to_compare(row)) for row in book_rows(made.about)]
        yield entries_table(rows, _("The book"), "book")


def _to_compare(row: dict[str, object]) -> dict[str, object]:
    """A row with its figures before what only describes, so that they are seen side by side."""
    last = [name for name in ("items", "description") if name in row]
    return {**{name: value for name, value in row.items() if name not in last}, **{name: row[name] for name in last}}


def _linked(asking: Asking, row: dict[str, object]) -> Row:
    number = row.get("statement")
    if not number:
        return row
    to = asking.to("record/statement", number=number)
    return {**row, LINKS: {name: to for name, value in row.items() if value and name.endswith((" g", "statement"))}}


def _terms(made: Draft) -> Iterator[Table]:
    """The exact terms of the book for a balance, by category."""
    header = made.report.header
    end = header.end or made.begin
    period = open_period(header.mba, end, made.known)
    frame = material_balance(header.mba, period.begin, end, made.known)
    for category in frame["category"].unique(maintain_order=True):
        yield terms_table(weighed(frame.filter(frame["category"] == category), ["ug"]), category, name="book")


def _form(asking: Asking, asked: Wanted, sent: Sent, problems: Sequence[Problem], wrong: dict[str, str]) -> Form:
    def typed(name: str, unless: str = "") -> str:
        return str(sent.get(name, unless))

    fields = [
        Field("dated", _("Dated"), typed("dated", str(asked.day)), "date", required=True, error=wrong.get("dated", ""))
    ]
    if asked.sort == "T":
        about = Field("about", _("About report"), typed("about"), "number", error=wrong.get("about", ""))
        text = Field("note", _("Text"), typed("note"), "lines", required=True, error=wrong.get("note", ""))
        fields += [text, about]
    else:
        fields += list(_of_entries(asking, typed("encoder"), typed("note"), typed("notes"), wrong))
    buttons = [Button(_("State the report"), "state", main=True), Button(_("Draw up again"), "draw")]
    return Form([*fields, *acting.fields(asking, sent, problems)], buttons, name="state", caption=_("State it"))


def _of_entries(asking: Asking, encoder: str, note: str, notes: str, wrong: dict[str, str]) -> Iterator[Field]:
    yield Field(
        "encoder",
        _("Responsible official"),
        encoder or encoder_of(asking.person),
        help=_("FAMILY,INITIALS as the report names who answers for it."),
        source="Code 10",
        example="SMITH,J.",
    )
    yield Field("note", _("Concise note on the whole report"), note, "lines", error=wrong.get("note", ""))
    yield Field(
        "notes",
        _("Concise notes on entries, one a line"),
        notes,
        "lines",
        help=_("The number of the statement that the entry reports, = and the note."),
        example="42=UNDER LICENCE",
        error=wrong.get("notes", ""),
    )


def _filled(asked: Wanted, sent: Sent, asking: Asking) -> Wanted:
    """What is wanted, with what the form says besides. Raises `acting.Unfit`."""
    about = str(sent.get("about", "")).strip()
    if about and not (about.isascii() and about.isdecimal()):
        raise acting.Unfit("about", _("'%(text)s' is no number of a report.") % {"text": about})
    try:
        notes = notes_of(each for each in str(sent.get("notes", "")).splitlines() if each.strip())
    except NoteError as error:
        raise acting.Unfit("notes", _("'%(line)s' does not read STATEMENT=TEXT.") % {"line": error}) from None
    day = acting.day(sent, "dated") if sent else asked.day
    return replace(
        asked,
        day=day,
        end=day if asked.sort == "T" else asked.end,
        encoder=str(sent.get("encoder", "")).strip() or encoder_of(asking.person),
        note=str(sent.get("note", "")).strip(),
        notes=notes,
        about=int(about) if about else None,
    )
