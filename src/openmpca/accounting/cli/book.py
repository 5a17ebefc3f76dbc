"""The commands that show the book: balances, the general ledger of an area, the history of a batch."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting import book_rows, figures
from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.batch_history import Event
    from openmpca.accounting.ledger import Line
    from openmpca.accounting.queries import View

PANEL = "Book"

Row = dict[str, object]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("book", rich_help_panel=PANEL)(book)
    app.command("ledger", rich_help_panel=PANEL)(ledger)
    app.command("batch", rich_help_panel=PANEL)(batch)


def book(
    mba: Annotated[str, typer.Argument(help="The area; all when not given.")] = "",
    account: Annotated[
        str, typer.Option("--account", help="MAIN, the book inventory; or a code, such as TW, EU, MF, DI, SD.")
    ] = "MAIN",
    by_batch: Annotated[bool, typer.Option("--by-batch", help="A line for each batch of the area.")] = False,
    as_reported: times.AsReported = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show what the book holds.

    By area and category, with the total of the State; or by batch.
    """
    with console.opened(as_json) as out:
        if by_batch and not mba:
            console.usage("Which area's batches?", "Name it: openmpca book ZZA1 --by-batch.")
        if as_reported:
            if by_batch or account != "MAIN":
                console.usage(
                    "Reports tell what areas hold, by category.",
                    "Leave out --by-batch and --account; `openmpca totals --as-reported` has the other accounts.",
                )
            cells = _reported(mba, as_reported, as_of, known_at)
        else:
            view = _view(as_of, known_at)
            _must_know(view, mba, account)
            cells = (
                book_rows.of_batches(view, mba, account)
                if by_batch
                else book_rows.of_areas(view, [mba] if mba else None, account)
            )
        heads = ("batch", "category") if by_batch else ("mba", "category")
        if out.as_json:
            out.value([dict(zip(heads, of, strict=True)) | _weights(of[1], amounts) for of, amounts in cells.items()])
            return
        nuclides = book_rows.nuclides(cells)
        several = by_batch or len({of[0] for of in cells}) > 1
        totals = book_rows.rows(book_rows.totals(cells), heads, nuclides) if several else []
        rows = book_rows.rows(cells, heads, nuclides)
        out.table(rows, _heads(heads, nuclides), "The book holds nothing there.", totals)


def _view(as_of: str, known_at: str) -> "View":
    from openmpca.accounting.queries import View

    return View.of(times.day_of(as_of, "--as-of"), times.known_at(known_at))


def _must_know(view: "View", mba: str, account: str) -> None:
    known = view.accounts()
    if mba:
        times.must_know_area(mba, view)
    if known.height and account not in set(known["code"]):
        console.usage(f"There is no account {account}.", "Use MAIN, MF, OP, ISO or a code of `openmpca changes`.")


def _reported(mba: str, state: str, as_of: str, known_at: str) -> book_rows.Cells:
    day, known = times.day_of(as_of, "--as-of"), times.known_at(known_at)
    wanted = times.reported(state) or "made"
    areas = [mba] if mba else list(_view(as_of, known_at).opened.areas)
    return book_rows.as_reported(areas, day, wanted, known)


def _weights(category: str, amounts: dict[str, int]) -> Row:
    return {"weights": figures.by_key(category, amounts)}


def _heads(heads: tuple[str, ...], nuclides: list[str]) -> dict[str, str]:
    return {each: each for each in heads} | {book_rows.column(each): figures.heading(each) for each in nuclides}


def ledger(
    mba: Annotated[str, typer.Argument(help="The area.")],
    category: Annotated[str, typer.Option("--category", help="Only this category.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="YYYY-MM-DD", help="From this day on.")] = "",
    by_booking: Annotated[
        bool, typer.Option("--by-booking", help="In the order and under the dates of booking, not of the events.")
    ] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show the general ledger of an area, line by line.

    Every line with its statement and the balance after it.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.ledger import ledger as lines_of

        view = _view(as_of, known_at)
        _must_know(view, mba, "MAIN")
        begin = times.day_of(since, "--since") if since else None
        lines = [
            each for each in lines_of(mba, view, since=begin, by_booking=by_booking) if category in ("", each.category)
        ]
        if out.as_json:
            out.value([_line(each, by_booking) for each in lines])
            return
        for name in sorted({each.category for each in lines}):
            own = [each for each in lines if each.category == name]
            nuclides = figures.in_order({nuclide for each in own for nuclide in each.balance})
            out.say(f"{mba} {name}")
            out.table([book_rows.line_in_columns(each, by_booking, nuclides) for each in own])
            out.say("")
        if not lines:
            out.say("No lines.")


def _line(line: "Line", by_booking: bool) -> Row:
    """A line as JSON."""
    return book_rows.entry(line, by_booking) | {
        "event": str(line.day),
        "booked": str(line.booked),
        "category": line.category,
        "moved": figures.by_key(line.category, line.moved),
        "balance": figures.by_key(line.category, line.balance),
    }


def batch(
    name: Annotated[str, typer.Argument(help="The batch.")],
    mba: Annotated[str, typer.Option("--mba", help="Only in this area.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show where a batch is and what happened to it.

    From the book: reports tell no places, so there is no answer as reported.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.batch_history import alike, history

        view = _view(as_of, known_at)
        found = history(name, view, mba=mba or None)
        if not found.events and not found.holdings:
            meant = f"Did you mean {near}? " if (near := alike(name, view, mba)) else ""
            console.not_found(f"No batch is called {name}.", f"{meant}See `openmpca book MBA --by-batch`.")
        if out.as_json:
            out.value(
                {
                    "batch": name,
                    "holdings": [
                        {"mba": each.mba, "account": each.account, "place": each.place, "kmp": each.kmp}
                        | {"weights": book_rows.keyed(each.weights)}
                        for each in found.holdings
                    ],
                    "history": [_event(each, True) for each in found.events],
                }
            )
            return
        out.say(f"{name} is")
        holdings = [
            {"mba": each.mba, "account": each.account, "place": each.place, "kmp": each.kmp}
            | {"weights": _words(each.weights)}
            for each in found.holdings
        ]
        out.table(holdings, empty="nowhere: nothing of it is left.")
        out.say("")
        out.table([_event(each, False) for each in found.events])


def _event(event: "Event", plain: bool) -> Row:
    row: Row = {
        "statement": event.number,
        "day": str(event.day),
        "mba": event.mba,
        "what": event.what,
        "place": event.place,
        "standing": event.standing,
    }
    return row | {"weights": book_rows.keyed(event.weights) if plain else _words(event.weights)}


def _words(weights: dict[str, int]) -> str:
    from openmpca.record.layout import counted, figure

    parts = []
    for key, value in book_rows.keyed(weights).items():
        text = figure(value, len(str(value).partition(".")[2]))
        parts.append(counted(int(str(value)), "item") if key.endswith("#") else f"{key} {text.strip()} g")
    return ", ".join(parts)
