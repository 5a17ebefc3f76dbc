"""The commands about projects: their lives as each party sees them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.projects.life import Life

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the project.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Projects: their lives and plans.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="project", rich_help_panel=PANEL)


def list_projects(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the projects with their states.

    List the projects, and the state in which each party sees each.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.projects.life import lives

        rows = [_row(each) for each in lives(claims_of(as_of, known_at, reader))]
        heads = {"project": "Project", "title": "Title", "states": "State", "since": "Since", "differs": "Differs"}
        out.table(rows, heads, empty="There are no projects: `openmpca state cooperation.project`.")


def _row(each: "Life") -> dict[str, object]:
    return {
        "project": each.code,
        "title": each.title,
        "parties": each.parties,
        "states": ", ".join(f"{party}: {state}" for party, state in each.states.items()),
        "since": each.since and str(each.since),
        "differs": "yes" if each.differs else "",
    }


def show(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show one project and its course of states.

    Show one project: the course of states that each party tells, and what may come next.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.projects.life import following, life

        found = life(claims_of(as_of, known_at, reader), code)
        if found is None:
            console.not_found(f"There is no project {code}.", "See `openmpca project list`.")
        courses = {
            party: [
                {"day": str(each.said.day), "state": each.said.state, "reason": each.said.reason} for each in course
            ]
            for party, course in found.courses.items()
        }
        after = {party: list(following([each["state"] for each in course])) for party, course in courses.items()}
        out.value({**_row(found), "courses": courses, "next": after})
        out.say(f"{found.code}: {found.title}")
        for party, course in courses.items():
            out.say(f"{party}:")
            for each in course:
                out.say(f"  {each['day']}  {each['state']}{': ' if each['reason'] else ''}{each['reason']}")
            out.say(f"  next: {', '.join(after[party]) or 'nothing'}")


COMMANDS: dict[str, Callable[..., None]] = {"list": list_projects, "show": show}
