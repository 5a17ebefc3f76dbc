"""The commands of reporting: make, show, send, answer."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.reporting.commands import Reporting
    from openmpca.accounting.reporting.make import Sort
    from openmpca.formats.code10.profile import Profile
    from openmpca.formats.code10.records import Report

PANEL = "Reports"
HELP = "Reports: made from the book, checked, numbered."

Area = Annotated[str, typer.Argument(metavar="MBA", help="The material balance area.")]
Number = Annotated[
    int, typer.Argument(metavar="STATEMENT", help="The statement of the report: see `openmpca reports`.")
]
Begin = Annotated[str, typer.Option("--begin", metavar="YYYY-MM-DD", help="First day, if not that of the period.")]
End = Annotated[str, typer.Option("--end", metavar="YYYY-MM-DD", help="Last day of the period.")]
Written = Annotated[str, typer.Option("--dated", metavar="YYYY-MM-DD", help="The date of the report. Default: today.")]
Encoder = Annotated[str, typer.Option(help="FAMILY,INITIALS of the responsible official. Default: who acts.")]
Note = Annotated[str, typer.Option(help="A note on the whole report.")]
Notes = Annotated[
    list[str] | None, typer.Option("--note-on", metavar="STATEMENT=TEXT", help="A note on the entry of a statement.")
]
Folder = Annotated[
    Path | None, typer.Option("--write", help="The folder for the file. Default: `reports` in the home.")
]
Mba = Annotated[str, typer.Option("--mba", help="Only this area.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for name, command in _GROUPED.items():
        group.command(name)(command)
    app.add_typer(group, name="report", rich_help_panel=PANEL)
    for name, command in _ALONE.items():
        app.command(name, rich_help_panel=PANEL)(command)


def icr(
    mba: Area,
    end: End,
    begin: Begin = "",
    corrections: Annotated[bool, typer.Option("--corrections", help="Only corrections of earlier reports.")] = False,
    dated: Written = "",
    encoder: Encoder = "",
    note: Note = "",
    note_on: Notes = None,
    write: Folder = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Make the inventory change report (ICR) of a period."""
    said = _Said(by, party, override, dry_run, as_json, dated, encoder, note, note_on or [], write)
    _make("I", mba, end, said, begin=begin, corrections=corrections)


def pil(
    mba: Area,
    end: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day of the physical inventory.")],
    dated: Written = "",
    encoder: Encoder = "",
    note: Note = "",
    note_on: Notes = None,
    write: Folder = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Make the physical inventory listing (PIL) of a day.

    Or its corrections, when it was made already.
    """
    _make("P", mba, end, _Said(by, party, override, dry_run, as_json, dated, encoder, note, note_on or [], write))


def mbr(
    mba: Area,
    end: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day of the physical inventory.")],
    begin: Begin = "",
    dated: Written = "",
    encoder: Encoder = "",
    note: Note = "",
    write: Folder = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Make the material balance report (MBR) closed on a day.

    Or its corrections, when it was made already.
    """
    said = _Said(by, party, override, dry_run, as_json, dated, encoder, note, [], write)
    _make("M", mba, end, said, begin=begin)


def text(
    mba: Area,
    words: Annotated[str, typer.Option("--text", help="The text.")],
    about: Annotated[int | None, typer.Option(help="The number of the report that it is about.")] = None,
    dated: Written = "",
    write: Folder = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Make a textual report."""
    said = _Said(by, party, override, dry_run, as_json, dated, "", words, [], write)
    _make("T", mba, dated, said, about=about)


class _Said:
    """What all makings of reports are told."""

    def __init__(
        self,
        by: str,
        party: str,
        override: list[str] | None,
        dry_run: bool,
        as_json: bool,
        dated: str,
        encoder: str,
        note: str,
        note_on: list[str],
        write: Path | None,
    ) -> None:
        self.by, self.party, self.override, self.dry_run, self.as_json = by, party, override, dry_run, as_json
        self.dated, self.encoder, self.note, self.note_on, self.write = dated, encoder, note, note_on, write


def _make(
    sort: "Sort",
    mba: str,
    end: str,
    said: _Said,
    *,
    begin: str = "",
    about: int | None = None,
    corrections: bool = False,
) -> None:
    with console.opened(said.as_json) as out:
        from openmpca.accounting.reporting import commands
        from openmpca.accounting.reporting.area import NoArea
        from openmpca.accounting.reporting.balance import NotClosed
        from openmpca.accounting.reporting.contents import encoder_of
        from openmpca.accounting.reporting.make import NothingDue, Wanted, draft
        from openmpca.record.record import Refused

        act = console.acting(said.by, said.party, said.override)
        wanted = Wanted(
            mba=mba,
            sort=sort,
            begin=times.day_of(begin, "--begin") if begin else None,
            end=times.day_of(end, "--end"),
            day=times.day_of(said.dated, "--dated"),
            encoder=said.encoder or encoder_of(act.prepared_by),
            note=said.note,
            notes=_notes(said.note_on),
            about=about,
            corrections_only=corrections,
        )
        try:
            made = commands.make_report(wanted, act, dry_run=said.dry_run)
        except (NoArea, NothingDue, NotClosed) as error:
            console.not_found(str(error), "See `openmpca report due`.")
        except Refused:
            drawn = draft(wanted)
            _shown(out, drawn.report, drawn.profile)
            raise
        written = "" if said.dry_run else str(_written(made, said.write))
        _told(out, made, written, said.dry_run)


def _notes(given: list[str]) -> tuple[tuple[int, str], ...]:
    from openmpca.accounting.reporting.contents import NoteError, notes_of

    try:
        return notes_of(given)
    except NoteError as error:
        console.usage(f"--note-on {error} does not read STATEMENT=TEXT.", "For example --note-on 42='UNDER LICENCE'.")


def _written(made: "Reporting", folder: Path | None) -> Path:
    from openmpca.accounting.reporting.contents import file_name
    from openmpca.record.home import home

    header = made.draft.report.header
    where = folder or home() / "reports"
    where.mkdir(parents=True, exist_ok=True)
    path = where / file_name(header.mba, header.number, header.kind)
    path.write_bytes(made.draft.text.encode(made.draft.profile.encoding))
    return path


def _told(out: console.Output, made: "Reporting", written: str, dry_run: bool) -> None:
    from openmpca.accounting.reporting.contents import entries_in_units

    numbers = list(made.stated.numbers)
    header = made.draft.report.header
    out.value(
        {
            "report": header.number,
            "mba": header.mba,
            "sort": header.kind,
            "text": made.draft.text,
            "file": written,
            "statement": numbers[0] if numbers else None,
            "proposal": made.stated.proposal,
            "dry_run": dry_run,
            "entries": entries_in_units(made.draft.report, made.draft.profile),
            "problems": [console.problem_fields(each) for each in (*made.problems, *made.stated.problems)],
        }
    )
    _shown(out, made.draft.report, made.draft.profile)
    for problem in (*made.problems, *made.stated.problems):
        out.say(console.problem_text(problem))
    if written:
        out.say(f"Written to {written}.")
    out.say(_outcome(made, dry_run))


def _outcome(made: "Reporting", dry_run: bool) -> str:
    if dry_run:
        return "Nothing was recorded: this only checked."
    if made.stated.proposal is not None:
        number = made.stated.proposal
        return f"Proposal {number} waits for a second person: `openmpca approve {number} --by HANDLE`."
    return f"Recorded as statement {made.stated.numbers[0]}."


def _shown(out: console.Output, report: "Report", profile: "Profile") -> None:
    """A report as a table: entries one below the other, figures side by side."""
    if out.as_json:
        return
    from openmpca.accounting.reporting.contents import entry_rows
    from openmpca.accounting.reporting.make import TITLES

    header = report.header
    period = " to ".join(str(day) for day in (header.start, header.end) if day)
    out.say(f"{TITLES.get(header.kind, 'Report')} {header.number} of {header.mba}, {period}, dated {header.day}")
    if report.entries:
        out.table(entry_rows(report, profile))
    for note in report.notes:
        about = note.about
        on = "" if about is None else f" on entry {about.entry}" if about.entry else " on the report"
        out.say(f"Note{on}: {note.text}")


def show(
    number: Number,
    as_text: Annotated[bool, typer.Option("--text", help="The text as it was sent.")] = False,
    as_json: console.Json = False,
) -> None:
    """Show a report, what became of it, and remarks on it."""
    with console.opened(as_json) as out:
        import msgspec

        from openmpca.accounting.reporting.contents import Contents, entries_in_units
        from openmpca.accounting.reporting.queries import all_reports, remarks

        try:
            kept = Contents.of(number)
        except KeyError as error:
            console.not_found(str(error).strip("'\""), "See `openmpca reports`.")
        stated, profile, reports = kept.stated, kept.profile, kept.reports
        state = next(each for each in all_reports(stated.mba) if each.number == number)
        said = remarks(number)
        out.value(
            {
                **msgspec.to_builtins(state),
                "state": state.state,
                "text": stated.text,
                "statements": stated.entries,
                "entries": [row for report in reports for row in entries_in_units(report, profile)],
                "remarks": [{"entry": each.entry, "about": each.about, "text": each.text} for each in said],
            }
        )
        if as_text:
            out.say(stated.text.rstrip("\n"))
            return
        for report in reports:
            _shown(out, report, profile)
        out.say(f"State: {state.state}.")
        for each in said:
            out.say(f"Remark on {f'entry {each.entry}' if each.entry else 'the report'}: {each.text}")


def due_reports(mba: Area, known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """List the reports that an area owes now.

    Changes, listings, balances, and corrections of them.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting.area import NoArea
        from openmpca.accounting.reporting.make import TITLES, proposed

        try:
            found = proposed(mba, times.known_at(known_at))
        except NoArea as error:
            console.not_found(str(error), "See `openmpca register`.")
        rows = [
            {
                "report": TITLES[each.sort],
                "begin": str(each.begin),
                "end": str(each.end),
                "entries": len(each.entries),
                "corrects": "corrections" if each.corrects else "",
            }
            for each in found
        ]
        out.table(rows, empty="Nothing is due.")


def figures(
    mba: Area,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_reported: Annotated[str, typer.Option(help="made, sent or acknowledged.")] = "acknowledged",
    as_json: console.Json = False,
) -> None:
    """Show what an area holds as reported, beside its book."""
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting.queries import beside_book

        day, known = times.day_of(as_of, "--as-of"), times.known_at(known_at)
        out.table(beside_book(mba, day, times.reported(as_reported) or "acknowledged", known))


def reports(mba: Mba = "", known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """List the reports with their states."""
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting.make import TITLES
        from openmpca.accounting.reporting.queries import all_reports

        rows = [
            {
                "statement": each.number,
                "mba": each.mba,
                "report": each.report,
                "type": TITLES.get(each.sort, each.sort),
                "begin": str(each.begin),
                "end": str(each.end),
                "dated": str(each.day),
                "state": each.state,
                "sent": str(each.sent or ""),
                "answered": str(each.answered or ""),
            }
            for each in all_reports(mba or None, times.known_at(known_at))
        ]
        if not as_json:
            rows = [{**row, "period": _period(str(row["begin"]), str(row["end"]))} for row in rows]
        heads = ("statement", "mba", "report", "type", "period", "state", "sent", "answered")
        out.table(rows, {name: name for name in heads}, empty="No report was made.")


def _period(begin: str, end: str) -> str:
    """The period; before its last day stands a blank at which no line is broken."""
    return end if begin == end else f"{begin} to\u00a0{end}"


def send(
    number: Number,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="When. Default: today.")] = "",
    note: Annotated[str, typer.Option(help="Anything else.")] = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    as_json: console.Json = False,
) -> None:
    """State that a report was sent."""
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting import commands

        act = console.acting(by, party, override)
        try:
            out.stated(commands.send(number, times.day_of(day), act, note=note))
        except KeyError as error:
            console.not_found(str(error).strip("'\""), "See `openmpca reports`.")


def answer(
    number: Number,
    acknowledged: Annotated[bool, typer.Option("--acknowledged/--returned", help="What the receiver did with it.")],
    remark: Annotated[
        list[str] | None, typer.Option(metavar="ENTRY=TEXT", help="A remark on an entry (0: on the report).")
    ] = None,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="When. Default: today.")] = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    as_json: console.Json = False,
) -> None:
    """State what the receiver answered to a report.

    Acknowledged, or returned with remarks on entries.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting import commands

        act = console.acting(by, party, override)
        said = dict(_notes(remark or []))
        try:
            out.stated(commands.answer(number, times.day_of(day), act, acknowledged=acknowledged, remarks=said))
        except KeyError as error:
            console.not_found(str(error).strip("'\""), "See `openmpca reports`.")


_GROUPED: dict[str, Callable[..., None]] = {
    "icr": icr,
    "pil": pil,
    "mbr": mbr,
    "text": text,
    "due": due_reports,
    "show": show,
    "figures": figures,
}
_ALONE: dict[str, Callable[..., None]] = {
    "reports": reports,
    "send": send,
    "answer": answer,
}
