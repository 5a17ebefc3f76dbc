"""The commands about lessons learned."""

from typing import Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

PANEL = "Cooperation"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Lessons learned, positive and negative.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_lessons)
    group.command("show")(show)
    app.add_typer(group, name="lesson", rich_help_panel=PANEL)


def list_lessons(
    about: Annotated[str, typer.Option("--about", metavar="THING", help="About this, such as project:P-07.")] = "",
    sort: Annotated[str, typer.Option("--sort", help="'do it again' or 'do it otherwise'.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="On this topic.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the lessons, and who sees them otherwise.

    List the lessons, with what they are about and whether somebody sees them otherwise.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.lessons.register import lessons

        rows = [
            {
                "lesson": each.code,
                "title": claim.said.title,
                "sort": claim.said.sort,
                "party": claim.party,
                "about": ", ".join(claim.said.about),
                "topics": ", ".join(claim.said.topics),
                "contested": "yes" if each.contested else "",
            }
            for each in lessons(claims_of(as_of, known_at, reader), about, sort, topic)
            for claim in each.told
        ]
        heads = {"lesson": "Lesson", "title": "Title", "sort": "Advice", "party": "Party", "about": "About"}
        out.table(rows, {**heads, "contested": "Contested"}, empty="There are no lessons.")


def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of the lesson.")],
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show a lesson, and what each party thinks of it.

    Show a lesson as each party states it, and what each thinks of it.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.lessons.register import lessons

        found = [each for each in lessons(claims_of(as_of, known_at, reader)) if each.code == code]
        if not found:
            console.not_found(f"There is no lesson {code}.", "See `openmpca lesson list`.")
        names = ("title", "sort", "happened", "why", "advice", "evidence")
        told = [
            {"party": claim.party, **{name: getattr(claim.said, name) for name in names}} for claim in found[0].told
        ]
        views = [
            {"party": party, "opinion": claim.said.opinion, "reason": claim.said.reason}
            for party, claim in found[0].views.items()
        ]
        out.value({"lesson": code, "about": found[0].about, "told": told, "views": views})
        for each in told:
            out.say("\n".join(f"{name}: {value}" for name, value in each.items()))
        for each in views:
            out.say(f"{each['party']} {each['opinion']}{': ' if each['reason'] else ''}{each['reason']}")
