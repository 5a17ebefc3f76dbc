"""Reports in the browser: the list with their states, one report with all that became of it, its file.

Rules kept here:

1. A report is shown to whoever may read its area; to others it is as one that there is not.
2. The text stands as it was sent, letter for letter; the file is those bytes.
3. Sending and answers are stated here as on the command line; what a report still takes stands first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.words import REPORT, SORT, word
from openmpca.accounting.queries import known_or_latest
from openmpca.accounting.reporting import commands
from openmpca.accounting.reporting.contents import Contents, NoteError, entry_rows, notes_of
from openmpca.accounting.reporting.queries import Remark, all_reports, remarks
from openmpca.accounting.reporting.standing import ReportedEntry, ReportedReport, reported_by
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import (
    LINKS,
    Block,
    Button,
    Choice,
    Facts,
    Field,
    Form,
    Link,
    Page,
    Problems,
    Row,
    Table,
    Verbatim,
)
from openmpca.pages.routes import Answer, Asking, File, Go, NotFound, Open, Sent, page, place
from openmpca.problems import Problem
from openmpca.record.record import Refused

ENTRY_HEADS = {
    "entry": gettext_lazy("Entry"),
    "statement": gettext_lazy("Statement"),
    "status": gettext_lazy("Status"),
    "refers_to": gettext_lazy("Refers to"),
    "code": gettext_lazy("Code"),
    "day": gettext_lazy("Day"),
    "batch": gettext_lazy("Batch"),
    "items": gettext_lazy("Items"),
    "description": gettext_lazy("Description"),
    "corrects": gettext_lazy("Corrects"),
}


@page("accounting/reports", title=gettext_lazy("Reports"), needs=place("mba"), menu=50)
def reports(asking: Asking, mba: str = "") -> Page:
    """The reports with their states, the last first."""
    found = [each for each in all_reports(mba or None, asking.times.known_at) if _covers(asking, each.mba)]
    heads = {
        "statement": _("Statement"),
        "mba": _("MBA"),
        "report": _("Report"),
        "type": _("Type"),
        "begin": _("From"),
        "end": _("To"),
        "dated": _("Dated"),
        "state": _("State"),
        "sent": _("Sent"),
        "answered": _("Answered"),
    }
    table = Table(
        [_row(asking, each) for each in reversed(found)], heads, name="reports", empty=_("No report was made.")
    )
    title = _("Reports of %(mba)s") % {"mba": mba} if mba else _("Reports")
    action = Link(_("Make a report"), asking.to("accounting/make", mba=mba))
    links = [
        Link(_("What is due"), asking.to("accounting/due", mba=mba)),
        Link(_("Check a report file"), asking.to("accounting/check")),
        Link(_("Reconcile with the Agency"), asking.to("accounting/reconcile")),
    ]
    return Page(title, [table], action=action, links=links if asking.reach.everywhere else links[:2])


def _covers(asking: Asking, mba: str) -> bool:
    return asking.reach.covers(f"mba:{mba}")


def _row(asking: Asking, each: ReportedReport) -> Row:
    to = asking.to("accounting/report", number=each.number)
    return {
        "statement": each.number,
        "mba": each.mba,
        "report": each.report,
        "type": word(asking, SORT, each.sort),
        "begin": each.begin,
        "end": each.end,
        "dated": each.day,
        "state": word(asking, REPORT, each.state),
        "sent": each.sent or "",
        "answered": each.answered or "",
        LINKS: {"statement": to, "report": to, "mba": asking.to("accounting/reports", mba=each.mba)},
    }


@page("accounting/report", title=gettext_lazy("Report"), needs=Open.READER)
def report(asking: Asking, number: int, sent: Sent | None = None) -> Answer:
    """One report: its state, its text as sent, its entries, its checks, what came back, what corrected it."""
    kept, state = _kept(asking, number)
    if sent is None:
        return _page(asking, kept, state, {})
    try:
        return _stated(asking, kept, sent)
    except Refused as refused:
        return refused_as(refused.problems, _page(asking, kept, state, sent, refused.problems))
    except acting.Unfit as unfit:
        return replace(_page(asking, kept, state, sent, unfit=unfit), status=422)


@page("accounting/report-file", title=gettext_lazy("Report as a file"), needs=Open.READER)
def report_file(asking: Asking, number: int) -> File:
    """The file of a report, byte by byte as it was made."""
    kept, _state = _kept(asking, number)
    return File(kept.file_name, kept.raw, f"text/plain; charset={kept.profile.encoding}")


def _kept(asking: Asking, number: int) -> tuple[Contents, ReportedReport]:
    """A report and what became of it, as known at the asked time; NotFound also for one beyond the reach (rule 1)."""
    missing = NotFound(_("There is no report %(number)s that you may read.") % {"number": number})
    try:
        kept = Contents.of(number)
    except KeyError:
        raise missing from None
    if not _covers(asking, kept.stated.mba):
        raise missing
    known = all_reports(kept.stated.mba, asking.times.known_at)
    found = next((each for each in known if each.number == number), None)
    if found is None:
        raise missing
    return kept, found


def _page(
    asking: Asking,
    kept: Contents,
    state: ReportedReport,
    sent: Sent,
    problems: Sequence[Problem] = (),
    unfit: acting.Unfit | None = None,
) -> Page:
    said = remarks(state.number, asking.times.known_at)
    blocks: list[Block] = [
        _facts(asking, state),
        *_next(asking, state, sent, problems, {unfit.name: str(unfit)} if unfit else {}),
        *([_remarks(asking, said)] if said else []),
        *_entries(asking, kept),
        Problems(kept.problems(asking.times.known_at), caption=_("Checks"), empty=_("The checks found nothing.")),
        *_chain(asking, state),
        Verbatim(kept.stated.text, name="text", caption=_("The text as it is sent")),
    ]
    links = [
        *_mending(asking, state),
        Link(_("The file of the report"), asking.to("accounting/report-file", number=state.number)),
        Link(_("The report to sign (PDF)"), asking.to("accounting/report-paper", number=state.number)),
    ]
    above = [Link(_("Reports"), asking.to("accounting/reports", mba=state.mba))]
    told = {"sort": SORT[state.sort], "report": state.report, "mba": state.mba}
    return Page(_("%(sort)s %(report)s of %(mba)s") % told, blocks, links=links, above=above)


def _mending(asking: Asking, state: ReportedReport) -> Iterator[Link]:
    """The way on from a report that came back: what its area owes, with the corrections."""
    if state.state == "returned":
        told = _("Make a report of %(mba)s") % {"mba": state.mba}
        yield Link(told, asking.to("accounting/make", mba=state.mba))


def _facts(asking: Asking, state: ReportedReport) -> Facts:
    facts: dict[str, object] = {
        _("State"): word(asking, REPORT, state.state),
        _("Period"): _("%(begin)s to %(end)s") % {"begin": state.begin, "end": state.end},
        _("Dated"): state.day,
        _("Sent"): state.sent,
        _("Answered"): state.answered,
        _("Statement"): state.number,
        _("The book as known at statement"): state.known,
    }
    links = {_("Statement"): asking.to("record/statement", number=state.number)}
    return Facts(facts, name="report", links=links)


def _entries(asking: Asking, kept: Contents) -> Iterator[Table]:
    for each in kept.reports:
        about = dict(zip((entry.number for entry in each.entries), kept.stated.entries, strict=False))
        rows = [
            _entry(asking, kept, row, about.get(int(str(row["entry"])), 0)) for row in entry_rows(each, kept.profile)
        ]
        yield entries_table(rows, _("Entries"))
        notes = [_note(note.text, note.about.entry if note.about else 0) for note in each.notes]
        if notes:
            yield Table(notes, {"entry": _("Entry"), "text": _("Note")}, name="notes", caption=_("Notes"))


def _entry(asking: Asking, kept: Contents, row: dict[str, object], about: int) -> Row:
    """An entry, its figures leading to the statement that it reports, those of a balance to the balance of the book."""
    if about:
        row = {**row, "statement": about}
        to = asking.to("record/statement", number=about)
    elif kept.stated.sort == "M":
        to = asking.to("accounting/balance", mba=kept.stated.mba, period=kept.stated.end)
    else:
        return row
    return {
        **row,
        LINKS: {name: to for name, value in row.items() if name.endswith(" g") and value} | {"statement": to},
    }


def _note(text: str, entry: int | None) -> Row:
    return {"entry": entry or _("the whole report"), "text": text}


def entries_table(rows: Sequence[Row], caption: str, name: str = "entries") -> Table:
    """Entries, or statements of the book beside them, with the columns that they have."""
    names = dict.fromkeys(each for row in rows for each in row if each != LINKS)
    heads = {each: str(ENTRY_HEADS.get(each, each)) for each in names}
    return Table(rows, heads, name=name, caption=caption, empty=_("It has no entries."))


def _remarks(asking: Asking, said: Sequence[Remark]) -> Table:
    rows = [
        {
            "entry": each.entry or _("the whole report"),
            "text": each.text,
            "about": each.about or None,
            "answer": each.answer,
            LINKS: {
                "about": asking.to("record/statement", number=each.about) if each.about else "",
                "answer": asking.to("record/statement", number=each.answer),
            },
        }
        for each in said
    ]
    heads = {"entry": _("Entry"), "text": _("Remark"), "about": _("Statement"), "answer": _("Answer")}
    return Table(rows, heads, name="remarks", caption=_("Remarks of the receiver"))


def _chain(asking: Asking, state: ReportedReport) -> Iterator[Table]:
    """The reports that correct this one, and those that it corrects, entry by entry."""
    known = known_or_latest(asking.times.known_at)
    said = reported_by(state.mba, known)
    by_report = {each.report: each.number for each in said.reports}
    rows = []
    for entry in said.entries:
        if entry.reference is None or state.report not in (entry.reference.report, entry.key.report):
            continue
        rows.append(_link_of_chain(asking, entry, by_report))
    if rows:
        heads = {"report": _("Report"), "entry": _("Entry"), "status": _("Status"), "refers_to": _("Refers to")}
        more = {"code": _("Code"), "batch": _("Batch"), "about": _("Statement")}
        yield Table(rows, {**heads, **more}, name="corrections", caption=_("Corrections"))


def _link_of_chain(asking: Asking, entry: ReportedEntry, by_report: dict[int, int]) -> Row:
    before = entry.reference
    to = {"report": asking.to("accounting/report", number=entry.of)}
    if before is not None and before.report in by_report:
        to["refers_to"] = asking.to("accounting/report", number=by_report[before.report])
    if entry.about:
        to["about"] = asking.to("record/statement", number=entry.about)
    return {
        "report": entry.key.report,
        "entry": entry.key.entry,
        "status": entry.status,
        "refers_to": f"{before.report}/{before.entry}" if before else "",
        "code": entry.code,
        "batch": entry.batch,
        "about": entry.about or None,
        LINKS: to,
    }


def _next(
    asking: Asking, state: ReportedReport, sent: Sent, problems: Sequence[Problem], wrong: Mapping[str, str]
) -> Iterator[Form]:
    """The form for what comes next: to say that it was sent, or what was answered."""
    more = list(acting.fields(asking, sent, problems))
    given, wrong_day = _typed(sent, "day", asking), wrong.get("day", "")
    if state.state in ("made", "returned"):
        day = Field("day", _("Sent on"), given, "date", required=True, error=wrong_day)
        note = Field("note", _("Note"), str(sent.get("note", "")))
        yield Form([day, note, *more], [Button(_("It was sent"), "send", main=True)], name="send", caption=_("Sending"))
    if state.state in ("sent", "received"):
        answered = Field("day", _("Answered on"), given, "date", required=True, error=wrong_day)
        yield _answering([answered, *_answer_fields(sent, wrong), *more])


def _typed(sent: Sent, name: str, asking: Asking) -> str:
    return str(sent.get(name, "")) or asking.times.as_of.isoformat()


def _answer_fields(sent: Sent, wrong: Mapping[str, str]) -> Iterator[Field]:
    choices = [Choice("acknowledged", _("acknowledged")), Choice("returned", _("returned, with remarks"))]
    yield Field("answer", _("The receiver"), str(sent.get("answer", "")), choices=choices, required=True)
    yield Field(
        "remarks",
        _("Remarks, one a line"),
        str(sent.get("remarks", "")),
        "lines",
        help=_("The number of the entry, = and what was said of it; 0 speaks of the whole report."),
        example="3=The shipper reported 19.7 g",
        error=wrong.get("remarks", ""),
    )


def _answering(fields: Sequence[Field]) -> Form:
    buttons = [Button(_("Record the answer"), "answer", main=True)]
    return Form(fields, buttons, name="answer", caption=_("Answer of the receiver"))


def _stated(asking: Asking, kept: Contents, sent: Sent) -> Go:
    day, act = acting.day(sent, "day"), acting.act(asking, sent)
    to = asking.to("accounting/report", number=kept.number)
    if str(sent.get("step", "")) == "send":
        made = commands.send(kept.number, day, act, note=str(sent.get("note", "")).strip())
        return acting.gone(made, to, _("That it was sent is on record."))
    lines = [each for each in str(sent.get("remarks", "")).splitlines() if each.strip()]
    try:
        said = dict(notes_of(lines))
    except NoteError as error:
        raise acting.Unfit("remarks", _("'%(line)s' does not read ENTRY=TEXT.") % {"line": error}) from None
    good = str(sent.get("answer", "")) == "acknowledged"
    made = commands.answer(kept.number, day, act, acknowledged=good, remarks=said)
    return acting.gone(made, to, _("The answer is on record."))
