"""The commands about newcomers: where one stands, what it needs and who meets that, a pack to start from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.newcomers.matching import Stood

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the newcomer.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Countries that are new to it.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="newcomer", rich_help_panel=PANEL)


def milestones(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the milestones in the eyes of each party.

    Show the nineteen issues in three phases, in the eyes of each party.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.newcomers.milestones import matrices
        from openmpca.cooperation.newcomers.statements import ISSUES, PHASES

        found = matrices(claims_of(as_of, known_at, reader), code)
        rows = [
            {
                "viewer": each.party,
                "issue": issue,
                **{f"phase_{phase}": each.status(issue, phase) for phase in PHASES},
            }
            for each in found
            for issue in ISSUES
        ]
        heads = {"viewer": "In the eyes of", "issue": "Issue"}
        phases = {f"phase_{phase}": f"Phase {phase}" for phase in PHASES}
        out.table(rows, heads | phases, empty=f"Nobody has stated a condition of {code}.")


def needs(
    code: Annotated[str, typer.Argument(help="Of one newcomer; all when not given.")] = "",
    unmet: Annotated[bool, typer.Option("--unmet", help="Only those that nothing meets.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List needs and what meets them.

    List needs: what meets them, what waits for consent, which offers fit, what may be given twice.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.newcomers import matching

        claims = claims_of(as_of, known_at, reader)
        rows = [_row(each) for each in matching.needs(claims, code) if each.unmet or not unmet]
        heads = {"need": "Need", "newcomer": "Newcomer", "area": "Area", "title": "Title", "urgency": "Urgency"}
        rest = {"unmet": "Unmet", "matches": "Matches", "supports": "Support", "fitting": "Offers that fit"}
        out.table(rows, heads | rest, empty="There are no such needs.")
        if not out.as_json:
            for each in matching.doubles(claims):
                out.say(f"{each.need}: {each.one.party} and {each.other.party} may support it twice.")


def _row(each: "Stood") -> dict[str, Any]:
    said = each.need.said
    return {
        "need": each.need.code,
        "newcomer": said.newcomer,
        "area": said.area,
        "title": said.title,
        "urgency": said.urgency,
        "unmet": "yes" if each.unmet else "",
        "matches": [f"{one.match.said.offer}: {one.state}" for one in each.matches],
        "supports": [f"{one.party}: {one.said.title}" for one in each.supports],
        "fitting": [f"{one.code} of {one.party}" for one in each.fitting],
    }


def pack(
    code: Code,
    name: Annotated[str, typer.Option("--name", help="The name of the country.")],
    country: Annotated[str, typer.Option("--country", help="Its code, as reports have it.")],
    facility: Annotated[str, typer.Option("--facility", help="The code of its facility.")],
    area: Annotated[str, typer.Option("--mba", help="The code of the material balance area.")],
    kind: Annotated[str, typer.Option("--kind", help="What the facility is, such as: storage.")] = "research reactor",
    phase: Annotated[int, typer.Option("--phase", min=1, max=3, help="In which phase the country is.")] = 1,
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Set up a newcomer: register and checklist.

    Set up a newcomer: register, area and points of its first facility, and its checklist.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.newcomers import starting
        from openmpca.record import clock, commands

        if kind not in starting.packs():
            console.usage(f"There is no pack for {kind!r}.", f"One of {', '.join(starting.packs())}.")
        act = console.acting(by, for_party)
        asked = starting.Asked(code, name, act.party, country, facility, area, kind, phase)
        said = starting.pack(asked, clock.day(clock.now_us()))
        if not said:
            out.say("The record has all of it.")
            out.value({"numbers": []})
            return
        out.stated(commands.state(said, act, dry_run=dry_run), dry_run=dry_run)


COMMANDS: dict[str, Callable[..., None]] = {"milestones": milestones, "needs": needs, "pack": pack}
