"""The command of the index of partnership."""

from typing import Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

PANEL = "Cooperation"


def add(app: typer.Typer) -> None:
    """Give this command to the root."""
    app.command("partnership", rich_help_panel=PANEL)(partnership)


def partnership(
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="One measure; all when not given.")] = "",
    into: Annotated[str, typer.Option("--into", metavar="CURRENCY", help="The currency of money.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show each party's share of the partnership, year by year.

    Proposals adopted, decisions initiated, money, gifts in kind, staff time, trainers, contractors: each for itself,
    with its definition. Nothing is added up to one figure.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.index.measures import MEASURES, currency, parts

        asked = [each for each in MEASURES if measure in ("", each.name)]
        if not asked:
            names = ", ".join(each.name for each in MEASURES)
            console.usage(f"There is no measure {measure}.", f"Ask for one of {names}.")
        claims = claims_of(as_of, known_at, reader)
        money = currency(claims, into)
        rows = [
            {
                "measure": each.name,
                "book": part.book,
                "year": part.year,
                "party": part.party,
                "amount": f"{float(part.amount):,.2f} {money}" if each.money else int(part.amount),
                "share": f"{float(part.share):.1%}",
                "statements": len(part.claims),
            }
            for each in asked
            for part in parts(claims, each, money)
        ]
        out.table(rows, empty="There is nothing to measure yet.")
        if rows:
            out.say("\n".join(f"{each.name}: {each.definition}" for each in asked))
