"""The commands about handing over: how a site is sustained, how transitions stand, the indicators to begin with."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.handover.transition import Standing

PANEL = "Cooperation"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Sustaining and handing over.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="handover", rich_help_panel=PANEL)


def indicators(
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State the indicators that come with OpenMPCA.

    State the indicators that come with OpenMPCA: seven elements, each level with its anchor.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation import reading
        from openmpca.record import clock, commands

        said = reading.read(reading.example("indicators"), clock.day(clock.now_us()))
        out.stated(commands.state(said, console.acting(by, for_party), dry_run=dry_run), dry_run=dry_run)


def profile(
    site: Annotated[str, typer.Argument(help="The code of the site.")],
    party: Annotated[str, typer.Option("--viewpoint", help="The levels as this party sees them. Default: each.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show how a site is sustained, element by element.

    Show how a site is sustained: the lowest level of each element and the age of its evidence, and no one
    score.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.handover import sustaining

        claims = claims_of(as_of, known_at, reader)
        viewers = [party] if party else sustaining.parties(claims, site)
        rows = [
            {
                "viewer": viewer,
                "element": each.element,
                "lowest": each.lowest,
                "stated": f"{len(each.stated)} of {len(each.indicators)}",
                "oldest": each.oldest,
                "expired": sum(one.expired for one in each.indicators),
            }
            for viewer in viewers
            for each in sustaining.profile(claims, site, viewer)
        ]
        heads = {"viewer": "In the eyes of", "element": "Element", "lowest": "Lowest level", "stated": "Stated"}
        rest = {"oldest": "Oldest evidence, days", "expired": "Expired"}
        out.table(rows, heads | rest, empty=f"Nobody has stated a level of {site}.")


def transitions(
    code: Annotated[str, typer.Argument(help="One transition; all when not given.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show how transitions stand, and how they ended.

    Show how transitions stand: what lacks, who has not signed, what is late, how they ended.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.handover.transition import standings

        found = [each for each in standings(claims_of(as_of, known_at, reader)) if code in ("", each.transition.code)]
        if code and not found:
            console.not_found(f"There is no transition {code}.", "See `openmpca handover transitions`.")
        heads = {"transition": "Transition", "site": "Site", "owner": "Owner", "due": "Due", "state": "State"}
        rest = {"unmet": "Not met", "unsigned": "Not signed", "open": "Open conditions", "late": "Late"}
        out.table([_row(each) for each in found], heads | rest, empty="There are no transitions.")


def _row(each: "Standing") -> dict[str, Any]:
    said = each.transition.said
    return {
        "transition": each.transition.code,
        "site": said.site,
        "owner": said.owner,
        "due": str(said.due),
        "state": each.state,
        "unmet": [f"{one.indicator} in the eyes of {one.party}: {one.why}" for one in each.unmet],
        "unsigned": list(each.unsigned),
        "open": list(each.open_conditions),
        "late": [one.code for one in each.overdue],
    }


COMMANDS: dict[str, Callable[..., None]] = {
    "indicators": indicators,
    "profile": profile,
    "transitions": transitions,
}
