"""The commands about money: the journal, each party's book, what two sides say, funds, shares, years, files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.claims import Claims
    from openmpca.cooperation.money.journal import Line

PANEL = "Cooperation"
Project = Annotated[str, typer.Option("--project", metavar="CODE", help="Only what is for this project.")]
Into = Annotated[str, typer.Option("--in", metavar="CURRENCY", help="In this currency, by recorded rates.")]
HEADS: Final = {
    "day": "Day",
    "code": "Code",
    "standing": "Standing",
    "category": "Category",
    "book": "Stated by",
    "giver": "Giver",
    "receiver": "Receiver",
    "project": "Project",
    "costline": "Cost line",
    "year": "Year",
    "amount": "Amount",
    "currency": "Currency",
    "hours": "Hours",
    "entries": "Entries",
    "worth": "Worth",
    "rate": "Rate",
    "since": "Rate since",
    "into": "Into",
    "agreed": "Agreed by",
    "source": "Source",
    "differs": "Differs in",
    "silent": "Silent",
    "perhaps": "Perhaps the same as",
    "fund": "Fund",
    "title": "Title",
    "holder": "Holder",
    "agreement": "Agreement",
    "ceiling": "Ceiling",
    "obligated": "Obligated",
    "left": "Left",
    "disbursed": "Disbursed",
    "until": "Until",
    "of": "Of",
    "begins": "From",
    "ends": "To",
    "party": "Party",
    "planned": "Planned %",
    "actual": "Actual %",
    "difference": "Difference %",
}
NO_ENTRIES: Final = "There are no entries: `openmpca state cooperation.disbursement`."


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Money: entries, funds, shares.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="money", rich_help_panel=PANEL)


def journal(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List every entry as each party states it.

    List every entry as each party states it, with sums that add no two categories, currencies or parties'
    words.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.journal import sums

        _claims, lines = _lines(as_of, known_at, reader, project)
        summed = [showing.summed(each) for each in sums(lines, lambda _line: "")]
        out.value({"entries": [showing.line(each) for each in lines], "sums": summed})
        if not as_json:
            _table(out, [showing.line(each) for each in lines], NO_ENTRIES)
            if lines:
                out.say("")
                _table(out, summed)


def book(
    party: Annotated[str, typer.Argument(help="The party whose book it is.")],
    into: Into = "",
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show the book of one party.

    Show the book of one party, in one currency where it has recorded rates.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.books import book as book_of
        from openmpca.cooperation.money.rates import Rates

        claims, lines = _lines(as_of, known_at, reader, project)
        unit = into or next((each.figure.unit for each in lines if each.book == party), "")
        found = book_of(lines, party, Rates.standing(claims), unit)
        rows = [showing.booked(each) for each in found.lines]
        totals = [showing.total(each, unit) for each in found.totals]
        out.value({"entries": rows, "totals": totals, "problems": [str(each) for each in found.problems]})
        if not as_json:
            _table(out, rows, f"{party} has stated no entries.")
            if rows:
                out.say("")
                _table(out, totals)
            for each in found.problems:
                out.say(str(each))


def reconciled(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Lay both sides' entries side by side.

    Lay side by side what parties state under the same code: what matches, differs, or only one side states.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.reconciled import parties_of
        from openmpca.cooperation.money.reconciled import reconciled as matched

        claims, lines = _lines(as_of, known_at, reader, project)
        rows = [row for each in matched(lines, parties_of(claims)) for row in showing.match(each)]
        _table(out, rows, NO_ENTRIES)


def funds(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the fund lines and what is left of each.

    List the fund lines: how much is left to obligate of each, and until when.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.funds import funds as standing

        claims, lines = _lines(as_of, known_at, reader)
        found = standing(claims, lines)
        _table(out, [showing.fund(each) for each in found], "There are no funds: `openmpca state cooperation.fund`.")
        for each in dict.fromkeys(problem for one in found for problem in one.problems):
            out.say(str(each))


def shares(
    of: Annotated[str, typer.Argument(help="project:CODE or costline:CODE; all when not given.")] = "",
    into: Into = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Compare planned and actual shares.

    Compare what each party was to bear in each period with what it bore, category by category.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.shares import measured

        claims, lines = _lines(as_of, known_at, reader)
        found = measured(claims, lines, into, of)
        rows = [row for each in found for row in showing.shares(each)]
        _table(out, rows, "There are no share rules: `openmpca state cooperation.share_rule`.")
        for each in dict.fromkeys(problem for one in found for problem in one.problems):
            out.say(str(each))


def rates(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the exchange rates that parties recorded.

    List the exchange rates that parties recorded, with the days for which each is used, and who states the
    same.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.rates import Rates
        from openmpca.cooperation.money.statements import ExchangeRate

        claims = claims_of(as_of, known_at, reader)
        every = Rates.standing(claims)
        rows = [showing.rate(each, every) for each in claims.of(ExchangeRate)]
        _table(out, rows, "There are no rates: `openmpca state cooperation.exchange_rate`.")


def years(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Sum what each party gave in each year, as each book has it."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.money import showing
        from openmpca.cooperation.money.journal import by_year

        _claims, lines = _lines(as_of, known_at, reader, project)
        rows = [{"giver": each.key[0], "year": str(each.key[1]), **showing.summed(each)} for each in by_year(lines)]
        _table(out, rows, NO_ENTRIES)


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The journal to write.")],
    form: Annotated[str, typer.Option("--form", help="hledger (which ledger reads too) or beancount.")] = "hledger",
    project: Project = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Write the journal for hledger, ledger or beancount.

    Write the journal for hledger, ledger or beancount, so that another program checks the sums.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.exporting.files import written
        from openmpca.cooperation.money.exporting import FORMS
        from openmpca.cooperation.money.exporting import written as texts

        if form not in FORMS:
            console.usage(f"There is no form {form}.", f"Name one of {', '.join(FORMS)}.")
        if file.exists() and not replace:
            console.usage(f"{file} is there already.", "Name another file, or write over it with --replace.")
        _claims, lines = _lines(as_of, known_at, reader, project)
        with written(file) as target:
            for text in texts(lines, form):
                target.write(text.encode())
        out.value({"file": str(file), "transactions": len(lines)})
        out.say(f"{len(lines)} transactions in {file}.")


def _lines(as_of: str, known_at: str, reader: str, project: str = "") -> "tuple[Claims, list[Line]]":
    from openmpca.cooperation.money.journal import journal as lines_of
    from openmpca.cooperation.money.journal import of_project

    claims = claims_of(as_of, known_at, reader)
    lines = lines_of(claims)
    return claims, of_project(lines, project) if project else lines


def _table(out: console.Output, rows: Sequence[dict[str, Any]], empty: str = "Nothing.") -> None:
    heads = {name: HEADS[name] for name in (rows[0] if rows else ()) if name in HEADS}
    told = {name: head for name, head in heads.items() if any(row[name] not in ("", None) for row in rows)}
    out.table(rows, told, empty=empty)


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "journal": journal,
    "book": book,
    "reconciled": reconciled,
    "funds": funds,
    "shares": shares,
    "rates": rates,
    "years": years,
    "export": export,
}
