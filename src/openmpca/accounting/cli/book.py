"""The commands that show the book: balances, the general ledger of an area, the history of a batch."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting import figures
from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.batch_history import Event
    from openmpca.accounting.ledger import Line
    from openmpca.accounting.queries import View

PANEL = "Book"

Row = dict[str, object]
Cells = dict[tuple[str, ...], dict[str, int]]


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
            cells = _batches(view, mba, account) if by_batch else _balances(view, mba, account)
        heads = ("batch", "category") if by_batch else ("mba", "category")
        if out.as_json:
            out.value([dict(zip(heads, of, strict=True)) | _weights(of[1], amounts) for of, amounts in cells.items()])
            return
        nuclides = figures.in_order({nuclide for amounts in cells.values() for nuclide in amounts})
        several = by_batch or len({of[0] for of in cells}) > 1
        totals = _rows(_totals(cells), heads, nuclides) if several else []
        rows = _rows(cells, heads, nuclides)
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


def _balances(view: "View", mba: str, account: str) -> Cells:
    cells: Cells = {}
    found = view.balances([mba] if mba else None, [account])
    for area, category, nuclide, ug in found.select("mba", "category", "nuclide", "ug").iter_rows():
        cells.setdefault((area, category), {})[nuclide] = ug
    return cells


def _batches(view: "View", mba: str, account: str) -> Cells:
    cells: Cells = {}
    for name, category, nuclide, ug in view.batches(mba, [account]).iter_rows():
        cells.setdefault((name, category), {})[nuclide] = ug
    return cells


def _reported(mba: str, state: str, as_of: str, known_at: str) -> Cells:
    from openmpca.accounting.reporting.queries import reported
    from openmpca.nuclear.categories import split_key

    day, known = times.day_of(as_of, "--as-of"), times.known_at(known_at)
    wanted = times.reported(state) or "made"
    cells: Cells = {}
    for area in [mba] if mba else sorted(set(_view(as_of, known_at).accounts()["mba"])):
        for key, ug in reported(area, day, wanted, known).items():
            category, nuclide = split_key(key)
            cells.setdefault((area, category), {})[nuclide] = ug
    return cells


def _totals(cells: Cells) -> Cells:
    totals: Cells = {}
    for (_, category), amounts in cells.items():
        of = totals.setdefault(("total", category), {})
        for nuclide, ug in amounts.items():
            of[nuclide] = of.get(nuclide, 0) + ug
    return dict(sorted(totals.items()))


def _weights(category: str, amounts: dict[str, int]) -> Row:
    return {"weights": figures.by_key(category, amounts)}


def _rows(cells: Cells, heads: tuple[str, str], nuclides: list[str]) -> list[Row]:
    return [
        dict(zip(heads, of, strict=True)) | {each: figures.amount(each, amounts.get(each, 0)) for each in nuclides}
        for of, amounts in cells.items()
    ]


def _heads(heads: tuple[str, ...], nuclides: list[str]) -> dict[str, str]:
    return {each: each for each in heads} | {each: figures.heading(each) for each in nuclides}


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
            out.value([_line(each, by_booking, None) for each in lines])
            return
        for name in sorted({each.category for each in lines}):
            own = [each for each in lines if each.category == name]
            nuclides = figures.in_order({nuclide for each in own for nuclide in each.balance})
            out.say(f"{mba} {name}")
            out.table([_line(each, by_booking, nuclides) for each in own])
            out.say("")
        if not lines:
            out.say("No lines.")


def _line(line: "Line", by_booking: bool, nuclides: list[str] | None) -> Row:
    """A line as JSON, or with columns for nuclides as a row of a table."""
    about = "" if line.corrects is None else f"{'deletes' if line.deletes else 'corrects'} {line.corrects}"
    row: Row = {
        "statement": line.number,
        "day": str(line.booked if by_booking else line.day),
        "code": line.code,
        "batch": line.batch,
        "about": about,
    }
    if nuclides is None:
        return row | {
            "event": str(line.day),
            "booked": str(line.booked),
            "category": line.category,
            "moved": figures.by_key(line.category, line.moved),
            "balance": figures.by_key(line.category, line.balance),
        }
    moved = {f"± {figures.heading(each)}": figures.amount(each, line.moved.get(each)) for each in nuclides}
    held = {f"balance {figures.heading(each)}": figures.amount(each, line.balance.get(each, 0)) for each in nuclides}
    return row | moved | held


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
                        | {"weights": _keyed(each.weights)}
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
    return row | {"weights": _keyed(event.weights) if plain else _words(event.weights)}


def _keyed(weights: dict[str, int]) -> Row:
    return {key: figures.amount(key.rpartition("/")[2], ug) for key, ug in weights.items()}


def _words(weights: dict[str, int]) -> str:
    from openmpca.record.layout import counted, figure

    parts = []
    for key, value in _keyed(weights).items():
        text = figure(value, len(str(value).partition(".")[2]))
        parts.append(counted(int(str(value)), "item") if key.endswith("#") else f"{key} {text.strip()} g")
    return ", ".join(parts)
