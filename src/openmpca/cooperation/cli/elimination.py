"""The commands about securing and eliminating: scoreboards, exchanges of data, items, sites, notifications."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.elimination.items import Progress
    from openmpca.cooperation.elimination.scoreboard import Between, Standing

PANEL = "Cooperation"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Securing and eliminating: counts, items, sites.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="elimination", rich_help_panel=PANEL)


def read(
    file: Annotated[
        str, typer.Argument(help="A TOML file of figures; or scorecard, start, new-start: published ones.")
    ],
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State what a file of counts or items holds.

    State what a file of counts, exchanges or items holds, with its sources.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation import reading
        from openmpca.record import commands

        data = reading.example(file) if file in reading.EXAMPLES else reading.load(Path(file))
        made = commands.state(reading.read(data), console.acting(by, for_party), dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def scoreboard(
    line: Annotated[str, typer.Argument(help="One line, with all its counts; all lines when not given.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the scoreboard, as each party counts.

    Show the scoreboard: what each party counts, and where counts and increments do not agree.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.elimination import scoreboard as counted

        claims = claims_of(as_of, known_at, reader)
        found = [each for each in counted.scoreboard(claims) if line in ("", each.line.code)]
        if line and not found:
            console.not_found(f"There is no line {line}.", "See `openmpca elimination scoreboard`.")
        twins = [{"line": each.line, "other": each.other, "days": each.days} for each in counted.twins(claims)]
        steps = {each.line.code: [_step(step) for step in each.steps] for each in found}
        if out.as_json:
            out.value({"lines": [_line(each) for each in found], "steps": steps, "twins": twins})
        elif line:
            _tell_line(out, found[0], steps[line])
        else:
            out.table(
                [_line(each) for each in found], _LINE, empty="There is no line: `openmpca state cooperation.line`."
            )
            for each in twins:
                out.say(f"{each['line']} and {each['other']} may be one line printed twice.")


_LINE = {
    "line": "Line",
    "title": "Title",
    "counts": "Last count of each party",
    "target": "Target",
    "unexplained": "Unexplained",
    "gaps": "Gaps",
}
_STEP = {
    "party": "Party",
    "first": "From",
    "last": "To",
    "grown": "Grew by",
    "told": "Told",
    "left": "Left",
    "outcome": "Outcome",
}


def _line(each: "Standing") -> dict[str, Any]:
    outcomes = [step.outcome for step in each.wrong]
    return {
        "line": each.line.code,
        "title": each.line.said.title,
        "definition": each.line.said.definition,
        "owner": each.line.said.owner,
        "unit": each.line.said.unit,
        "baseline": each.line.said.baseline,
        "target": each.line.said.target,
        "source": each.line.said.source,
        "counts": ", ".join(f"{one.party}: {one.said.amount} ({one.said.on})" for one in each.counts),
        "unexplained": outcomes.count("unexplained"),
        "gaps": outcomes.count("gap in the source"),
    }


def _step(each: "Between") -> dict[str, Any]:
    return {
        "party": each.party,
        "first": str(each.first.said.on),
        "last": str(each.last.said.on),
        "grown": str(each.grown),
        "told": str(each.told),
        "left": str(each.left),
        "outcome": each.outcome,
        "gaps": ", ".join(f"{first} to {last}" for first, last in each.gaps),
    }


def _tell_line(out: console.Output, found: "Standing", steps: list[dict[str, Any]]) -> None:
    said = found.line.said
    out.say(f"{found.line.code}: {said.title}. {said.definition}. Defined by {said.owner}; source: {said.source}.")
    out.table(steps, {**_STEP, "gaps": "Days not told of"}, empty="There are no two counts yet.")


def exchange(
    code: Annotated[str, typer.Argument(help="The code of the exchange; all when not given.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show an exchange of data in the eyes of each party.

    Show an exchange of data in the eyes of each party: one list, and every viewer's own total.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.elimination import exchanges
        from openmpca.cooperation.elimination.statements import Exchange

        claims = claims_of(as_of, known_at, reader)
        found = [each for each in claims.of(Exchange) if code in ("", each.code)]
        if code and not found:
            console.not_found(f"There is no exchange {code}.", "See `openmpca elimination exchange`.")
        rows = [
            {
                "exchange": each.code,
                "viewer": seen.viewer,
                "total": str(seen.total),
                "limit": each.said.limit,
                "above": str(seen.above),
                "disputed": "; ".join(f"{one.listing.said.title}: {one.amount}" for one in seen.disputed),
            }
            for each in found
            for seen in exchanges.viewpoints(claims, each)
        ]
        heads = {"exchange": "Exchange", "viewer": "In the eyes of", "total": "Total", "limit": "Limit"}
        out.table(rows, {**heads, "above": "Above it", "disputed": "Disputed"}, empty="There is no exchange.")
        if not out.as_json:
            for each in found:
                for sum_ in exchanges.identities(claims, each):
                    if not sum_.holds:
                        out.say(f"{each.code} {sum_.status}: published {sum_.published}, the lines give {sum_.summed}.")


def items(
    code: Annotated[str, typer.Argument(help="One item; all when not given.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List items to be eliminated.

    List items to be eliminated: how far each has come, and how others see it.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.elimination.items import progress

        found = [each for each in progress(claims_of(as_of, known_at, reader)) if code in ("", each.item.code)]
        if code and not found:
            console.not_found(f"There is no item {code}.", "See `openmpca elimination items`.")
        heads = {"item": "Item", "type": "Type", "party": "Party", "amount": "Amount", "eliminated": "Eliminated"}
        rest = {"left": "Left", "next": "Next step", "views": "Others", "attributes": "Attributes"}
        out.table([_item(each) for each in found], heads | rest, empty="There are no items.")


def _item(each: "Progress") -> dict[str, Any]:
    return {
        "item": each.item.code,
        "type": each.type.said.title,
        "party": each.item.party,
        "amount": str(each.amount),
        "unit": each.type.said.unit,
        "eliminated": str(each.eliminated),
        "left": str(each.left),
        "next": each.next_step,
        "views": ", ".join(f"{party}: {view.said.position}" for party, view in sorted(each.views.items())),
        "attributes": ", ".join(f"{one.said.attribute}: {one.said.result}" for one in each.attributes),
    }


def sites(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    party: Annotated[str, typer.Option("--viewpoint", help="The stages as this party states them.")] = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the stages of upgrades, site by site.

    Show how many elements of upgrades stand in which stage, site by site.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.elimination.sites import by_site, staged
        from openmpca.cooperation.elimination.statements import STAGES

        found = by_site(staged(claims_of(as_of, known_at, reader), party))
        rows = [{"site": site, **counts} for site, counts in found.items()]
        out.table(rows, {"site": "Site", **{each: each for each in STAGES}}, empty="There are no elements of upgrades.")


def notifications(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List notifications with their clocks, the first due first."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.elimination.notices import notices
        from openmpca.record import clock

        found = notices(claims_of(as_of, known_at, reader), datetime.fromisoformat(clock.to_text(clock.now_us())))
        rows = [
            {
                "notification": each.notification.code,
                "title": each.notification.said.title,
                "party": each.notification.party,
                "due": each.notification.said.due,
                "sent": each.notification.said.sent,
                "state": each.state,
                "received": ", ".join(f"{one.party}: {one.said.received}" for one in each.receipts),
            }
            for each in found
        ]
        heads = {"notification": "Notification", "title": "Title", "party": "Party", "due": "Due", "sent": "Sent"}
        out.table(rows, {**heads, "state": "State", "received": "Received"}, empty="There are no notifications.")


COMMANDS: dict[str, Callable[..., None]] = {
    "read": read,
    "scoreboard": scoreboard,
    "exchange": exchange,
    "items": items,
    "sites": sites,
    "notifications": notifications,
}
