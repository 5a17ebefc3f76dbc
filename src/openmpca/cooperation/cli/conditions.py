"""The commands about conditions of projects: what blocks spending and why, what will, which risks there are."""

from collections.abc import Callable
from typing import Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

PANEL = "Cooperation"
Project = Annotated[str, typer.Argument(metavar="[PROJECT]", help="The code of a project. Default: all.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Conditions of projects: assumptions, permits, risks.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="condition", rich_help_panel=PANEL)


def blocked(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show what blocks the next obligation of money.

    Show what blocks the next obligation of money, why, since when, and what a month of delay costs.

    Assumptions that an owner has not confirmed, or not in time, or doubts; permits that are not granted.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.conditions.gating import blocking, conditioned

        claims = claims_of(as_of, known_at, reader)
        codes = [project] if project else conditioned(claims)
        rows = [
            {
                "project": each.project,
                "condition": f"{each.sort} {each.code}",
                "title": each.title,
                "waits_for": each.party,
                "why": each.why,
                "since": str(each.since),
                "month_of_delay": f"{each.cost} {each.currency}" if each.cost is not None else "",
            }
            for code in codes
            for each in blocking(claims, code, claims.day)
        ]
        heads = {
            "project": "Project",
            "condition": "Condition",
            "why": "Why it blocks",
            "since": "Since",
            "month_of_delay": "A month costs",
        }
        out.table(rows, heads, empty="Nothing blocks spending.")


def due(
    project: Project = "",
    days: Annotated[int, typer.Option(min=0, help="How many days ahead.")] = 90,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show what will block spending unless somebody acts.

    Show what will block spending unless somebody acts: what is to be confirmed again, what is to be asked for.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.conditions.gating import ahead, conditioned

        claims = claims_of(as_of, known_at, reader)
        codes = [project] if project else conditioned(claims)
        rows = [
            {
                "due": str(each.due),
                "project": each.project,
                "condition": f"{each.sort} {each.code}",
                "waits_for": each.party,
                "what": each.what,
            }
            for each in sorted(
                (each for code in codes for each in ahead(claims, code, claims.day, days)), key=lambda each: each.due
            )
        ]
        heads = {"due": "Due", "project": "Project", "condition": "Condition", "what": "What is to be done"}
        out.table(rows, heads, empty=f"Nothing in {days} days.")


def risks(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the risks, the gravest first, as each party rates them."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.conditions.register import risks as register

        rows = [
            {
                "risk": each.code,
                "title": claim.said.title,
                "project": claim.said.project,
                "party": claim.party,
                "rating": f"{claim.said.likelihood} x {claim.said.impact}",
                "owner": claim.said.owner,
                "response": claim.said.response,
                "standing": "closed" if claim.said.closed else "open",
                "differs": "yes" if each.differs else "",
            }
            for each in register(claims_of(as_of, known_at, reader), project)
            for claim in each.claims
        ]
        heads = {"risk": "Risk", "title": "Title", "party": "Party", "rating": "Likelihood x impact", "owner": "Owner"}
        out.table(rows, {**heads, "standing": "Standing", "differs": "Differs"}, empty="There are no risks.")


COMMANDS: dict[str, Callable[..., None]] = {"blocked": blocked, "due": due, "risks": risks}
