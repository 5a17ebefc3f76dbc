"""The commands that say what is due, and that hold files of others against the book."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from datetime import date

    from openmpca.formats.tables.mapping import Mapping
    from openmpca.problems import Problem

PANEL = "Reports"

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]
Mba = Annotated[str, typer.Option("--mba", help="Only this area.")]
Profile = Annotated[
    str, typer.Option(help="How the files are written. Default: as those of the area, else as configured.")
]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    for name, command in _COMMANDS.items():
        app.command(name, rich_help_panel=PANEL)(command)


def due(
    mba: Mba = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    late: Annotated[bool, typer.Option("--late", help="Only what is late.")] = False,
    as_json: console.Json = False,
) -> None:
    """List what is due when, and what is late.

    Reports, advance notices, requests, documents, declarations, each with the source of its time limit.
    """
    with console.opened(as_json) as out:
        import msgspec

        from openmpca.accounting.reporting.due import due as due_items

        items = due_items(times.day_of(as_of, "--as-of"), times.known_at(known_at), mba=mba or None)
        found = [each for each in items if each.state == "late" or not late]
        if out.as_json:
            out.value([msgspec.to_builtins(each) for each in found])
            return
        rows = [
            {
                "due": str(each.due),
                "days": each.days,
                "state": each.state,
                "subject": each.subject,
                "what": each.what,
                "document": each.document,
                "source": f"{each.source}{' (unverified)' if each.unverified else ''}",
            }
            for each in found
        ]
        out.table(rows, empty="Nothing is due.")


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files to read.")],
    with_book: Annotated[bool, typer.Option("--against-book", help="Also against the book of the area.")] = False,
    known_at: times.KnownAt = "",
    profile: Profile = "",
    as_json: console.Json = False,
) -> None:
    """Check report files, alone or against the book.

    The files are only read.
    """
    with console.opened(as_json) if with_book else console.reporting(as_json) as out:
        if not with_book:
            from openmpca.record.opening import open_home

            open_home()
        from openmpca.accounting.reporting.check import check_file
        from openmpca.accounting.reporting.practice import profile_of_name
        from openmpca.problems import errors
        from openmpca.record.home import configuration
        from openmpca.record.layout import counted
        from openmpca.record.opening import readable

        known = times.known_at(known_at)
        try:
            settings = profile_of_name(profile or configuration().profile)
        except KeyError as error:
            console.usage(str(error).strip("'\""), "Name one of these with --profile.")
        own = not profile and readable()
        shown: list[str] = []
        problems: list[Problem] = []
        for file in files:
            try:
                checked, together = check_file(
                    file, profile=settings, own_profiles=own, with_book=with_book, known_at=known
                )
            except OSError as error:
                console.not_found(f"{file}: {error.strerror or error}.", "Name a file that can be read.")
            found = [*(problem for each in checked for problem in each.problems), *together]
            names = [each.report.name for each in checked if each.report is not None]
            told = f"{counted(len(names), 'report')}, {counted(len(found), 'problem')}."
            out.say("\n".join([*map(console.problem_text, found), f"{file}: {told}" if len(files) > 1 else told]))
            shown, problems = shown + names, problems + found
        out.value({"reports": shown, "problems": [console.problem_fields(each) for each in problems]})
        if errors(problems):
            raise typer.Exit(console.Exit.REFUSED)


def reconcile(
    file: File,
    transits: Annotated[
        bool | None,
        typer.Option("--transits/--inventories", help="What the table lists. Default: as its columns say."),
    ] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day of the statement or list. Default: today.")
    ] = "",
    known_at: times.KnownAt = "",
    mapping: Annotated[Path | None, typer.Option(help="A mapping of its columns (TOML), if they differ.")] = None,
    sheet: Annotated[str, typer.Option(help="The sheet of a spreadsheet. Default: the first.")] = "",
    tolerance: Annotated[str, typer.Option(help="Grams within which figures agree.")] = "0",
    differences: Annotated[bool, typer.Option("--differences", help="Only what differs.")] = False,
    as_json: console.Json = False,
) -> None:
    """Compare the Agency's statement with book and reports.

    Figure by figure, or for a list of unmatched transits row by row: each difference is ours, theirs, or timing. The
    statement comes as a table.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.reporting.transit_list import is_transit_list
        from openmpca.nuclear.mass import MassError, parse_grams

        used = _mapping(mapping)
        try:
            allowed = parse_grams(tolerance)
        except MassError as error:
            console.usage(f"--tolerance: {error}", "For example 0.5.")
        day, known = times.day_of(as_of, "--as-of"), times.known_at(known_at)
        listed = is_transit_list(file, used, sheet or None) if transits is None else transits
        rows = (_transits if listed else _inventories)(out, _Asked(file, used, sheet or None, day, known, allowed))
        shown = [each for each in rows if each["class"] != "agrees" or not differences]
        heads = {name: name.replace("_", " ") for name in (shown[0] if shown else ()) if name not in _NOT_SHOWN}
        out.table(shown, heads, empty="Everything agrees.")


_NOT_SHOWN = ("differs",)


class _Asked(NamedTuple):
    """What is to be reconciled with what."""

    file: Path
    mapping: "Mapping | None"
    sheet: str | None
    day: "date"
    known: int | None
    tolerance: int


def _inventories(out: console.Output, asked: _Asked) -> list[dict[str, object]]:
    from openmpca.accounting.reporting.reconcile import read_statement
    from openmpca.accounting.reporting.reconciled import of_inventories

    theirs, problems = read_statement(asked.file, asked.mapping, asked.sheet)
    _refused(out, problems)
    return of_inventories(theirs, asked.day, asked.known, tolerance=asked.tolerance)


def _transits(out: console.Output, asked: _Asked) -> list[dict[str, object]]:
    from openmpca.accounting.reporting.reconciled import of_transits
    from openmpca.accounting.reporting.transit_list import read_transits

    listed, problems = read_transits(asked.file, asked.mapping, asked.sheet)
    _refused(out, problems)
    return of_transits(listed, asked.day, asked.known, tolerance=asked.tolerance)


def _refused(out: console.Output, problems: "list[Problem]") -> None:
    from openmpca.problems import errors

    if errors(problems):
        out.problems(problems)
        raise typer.Exit(console.Exit.REFUSED)


def _mapping(path: Path | None) -> "Mapping | None":
    if path is None:
        return None
    from openmpca.formats.tables.mapping import from_toml

    try:
        found, problems = from_toml(path.read_bytes())
    except OSError as error:
        console.not_found(f"{path}: {error.strerror or error}.", "Name a mapping that can be read.")
    if found is None:
        console.usage(_first(problems), "Mend the mapping.")
    return found


def _first(problems: Iterable[object]) -> str:
    return str(next(iter(problems), "The mapping cannot be read."))


_COMMANDS: dict[str, Callable[..., None]] = {"due": due, "check": check, "reconcile": reconcile}
