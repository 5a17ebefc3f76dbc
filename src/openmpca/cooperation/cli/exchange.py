"""The commands about what goes to others: activities as IATI has them, deadlines for calendars."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

PANEL = "Cooperation"
File = Annotated[Path, typer.Option("--file", help="The file to write; none is ever overwritten.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Publishing and calendars.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="publish", rich_help_panel=PANEL)


def activities(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="The party that publishes.")],
    file: File,
    standard: Annotated[
        Path | None,
        typer.Option("--standard", help="A folder with IATI's schema, lists and rules, to check against."),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="The language of the titles.")] = "en",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Write released projects as IATI 2.03 activities.

    Write the projects that all their parties released as IATI 2.03 activities.

    Nothing is published by default: each party of a project states `cooperation.publication` with the fields that it
    releases, and only fields that all of them released go out.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.exchange.activities import published
        from openmpca.formats.iati import check
        from openmpca.formats.iati import file as iati
        from openmpca.formats.iati.standard import load
        from openmpca.record import clock

        claims = claims_of(as_of, known_at, party)
        found = published(claims, party, language)
        data = iati.write(found.activities)
        problems = list(found.problems)
        if standard is not None:
            now = datetime.fromisoformat(clock.to_text(clock.now_us()))
            problems += check.check(data, load(standard), now=now)
        with file.open("xb") as opened:
            opened.write(data)
        if not out.as_json:
            out.problems(problems)
        out.value({"activities": len(found.activities.activities), "problems": [str(each) for each in problems]})
        out.say(f"{len(found.activities.activities)} activities are in {file}.")


def calendar(
    file: File,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Write the deadlines of the programme as a calendar.

    Write the deadlines of the programme as a calendar that any calendar program opens.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.exchange.deadlines import feed
        from openmpca.formats.icalendar import write
        from openmpca.record import clock

        now = datetime.fromisoformat(clock.to_text(clock.now_us()))
        made = feed(claims_of(as_of, known_at, reader), now, "OpenMPCA")
        with file.open("xb") as opened:
            opened.write(write(made))
        out.value({"deadlines": len(made.deadlines)})
        out.say(f"{len(made.deadlines)} deadlines are in {file}.")


COMMANDS: dict[str, Callable[..., None]] = {"activities": activities, "calendar": calendar}
