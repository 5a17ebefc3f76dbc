"""The commands about plans: revisions with their digests, tasks and milestones, earned value."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.planning.plans import Revision

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="PROJECT", help="The code of the project.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Plans of projects, and earned value.", no_args_is_help=True, rich_markup_mode=None)
    group.command("show")(show)
    group.command("content")(content)
    group.command("earned")(earned_value)
    app.add_typer(group, name="plan", rich_help_panel=PANEL)


def show(
    project: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the plan of a project and its revisions.

    Show the plan of a project: its revisions, which is in force by which decision, its tasks beside the
    baseline.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.planning.pictures import gantt
        from openmpca.cooperation.planning.plans import plan, revisions

        claims = claims_of(as_of, known_at, reader)
        found = plan(claims, project)
        if found is None:
            console.not_found(f"There is no plan of {project}.", "State one: `openmpca kinds cooperation.plan`.")
        picture = gantt(claims, project, found)
        rows = [_revision(each) for each in revisions(claims, project)]
        tasks = [{name: str(value) for name, value in row.items()} for row in picture.table.rows]
        out.value({"revisions": rows, "current": found.current.code, "draft": found.draft, "tasks": tasks})
        if out.as_json:
            return
        out.table(
            rows, {"revision": "No.", "plan": "Plan", "party": "Party", "standing": "Standing", "sha256": "SHA-256"}
        )
        out.say("")
        heads = {"name": "What", "starts": "Starts", "ends": "Ends", "baseline": "Baseline", "done": "Done, %"}
        out.table(tasks, heads, empty="The plan has no tasks.")


def _revision(each: "Revision") -> dict[str, object]:
    return {
        "revision": each.claim.said.revision,
        "plan": each.code,
        "title": each.claim.said.title,
        "party": each.claim.party,
        "standing": f"in force since {each.since} by {each.approved}" if each.approved else "draft",
        "sha256": each.digest,
    }


def content(
    project: Code,
    code: Annotated[str, typer.Argument(metavar="PLAN", help="The code of the revision.")],
    to: Annotated[Path, typer.Option("--out", help="The file to write, which is new.")],
    party: Annotated[str, typer.Option("--of", metavar="PARTY", help="As this party states it.")] = "",
    as_json: console.Json = False,
) -> None:
    """Write a revision as the file that a decision approves.

    Write the content of a revision as the file that a decision approves.

    The decision names it among its papers: `attachments` holds "plan CODE" with the SHA-256 of this file.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.planning.plans import paper, revisions

        told = [each for each in revisions(claims_of("", "", ""), project) if each.code == code]
        fitting = [each for each in told if party in ("", each.claim.party)]
        if not fitting:
            console.not_found(f"There is no plan {code} of {project}.", f"See `openmpca plan show {project}`.")
        with to.open("xb") as opened:
            opened.write(fitting[-1].content)
        out.value({"file": str(to), "paper": paper(code), "sha256": fitting[-1].digest})
        out.say(f"{to}\n{paper(code)} {fitting[-1].digest}")


def earned_value(
    project: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the earned value of a project and its flaws.

    Show planned value, earned value and actual cost of a project, with the flaws of what they rest on.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.planning.earned import earned

        claims = claims_of(as_of, known_at, reader)
        found = earned(claims, project, claims.day)
        names = ("bac", "pv", "ev", "ac", "sv", "cv", "spi", "cpi", "eac")
        rows = [{"currency": each.currency, **{name: _told(getattr(each, name)) for name in names}} for each in found]
        flaws = [
            {"task": flaw.wbs, "party": flaw.party, "what": flaw.what} for each in found[:1] for flaw in each.flaws
        ]
        out.value({"project": project, "day": str(claims.day), "figures": rows, "flaws": flaws})
        if not out.as_json:
            out.table(rows, {"currency": "", **{name: name.upper() for name in names}}, empty="There are no budgets.")
            for each in flaws:
                out.say(f"{each['task']} ({each['party']}): {each['what']}")


def _told(value: "Decimal | None") -> str:
    return "" if value is None else str(value)
