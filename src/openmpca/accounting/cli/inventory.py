"""The commands of physical inventory and material balance."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting import figures
from openmpca.accounting.cli import line_files, times
from openmpca.record import console

if TYPE_CHECKING:
    import polars as pl

    from openmpca.accounting.inventory.differences import Inventory
    from openmpca.record.commands import Stated

HELP = "Physical inventory: open, freeze, take in, compare, close."

Area = Annotated[str, typer.Argument(metavar="MBA", help="The material balance area.")]
Number = Annotated[int, typer.Argument(metavar="INVENTORY", help="The statement of the inventory.")]
Columns = Annotated[Path | None, typer.Option("--mapping", help="A mapping of its columns (TOML), if they differ.")]
Sheet = Annotated[str, typer.Option(help="The sheet of a spreadsheet. Default: the first.")]
Write = Annotated[Path | None, typer.Option("--write", help="Write the list to a file: .csv, .xlsx or .json.")]
Note = Annotated[str, typer.Option(help="Anything else.")]


AMOUNTS = {"batch": "Batch", "what": "What", "key": "Of", "book": "Book, g", "found": "Found, g"}
AMOUNTS |= {"difference": "Difference, g"}
HELD_UP = ("ug", "estimated")
TOTALS = {"weight": "Weight", "book": "Book, g", "found": "Found, g", "ug": "Difference (MUF), g"}


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="inventory", rich_help_panel="Inventory")
    app.command("balance", rich_help_panel="Book")(balance)


def open_(
    mba: Area,
    day: times.Day,
    file: Annotated[Path | None, typer.Option(help="A table of the lines.")] = None,
    listing: Annotated[Path | None, typer.Option("--pil", help="A physical inventory listing in Code 10.")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="There is nothing in the area.")] = False,
    mapping: Columns = None,
    sheet: Sheet = "",
    note: Note = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Prepare the opening inventory of an area.

    A second person approves it. Its lines come from a table, from a listing in Code 10, or there are none
    (--empty).
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import taking as inventory

        act, on = console.acting(by, party, override), times.day_of(day)
        if file is not None:
            columns = line_files.mapping_of(mapping)
            made = inventory.open_from_file(
                file, mba, on, act, mapping=columns, sheet=sheet or None, note=note, dry_run=dry_run
            )
        else:
            lines = line_files.listing_of(listing) if listing is not None else []
            made = inventory.open_area(mba, on, lines, act, empty=empty, note=note, dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def freeze(
    mba: Area,
    day: times.Day,
    write: Write = None,
    note: Note = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Freeze the book at a cut-off and print the list to tick.

    States a physical inventory as of 24:00 of a day. Changes may go on meanwhile.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import taking as inventory

        act, on = console.acting(by, party, override), times.day_of(day)
        made = inventory.freeze(mba, on, act, note=note, dry_run=dry_run)
        out.stated(made, dry_run=dry_run)
        if made.numbers and not dry_run:
            frame = _tick_list(_inventory(made.numbers[0], ""))
            _written(out, frame, write)
            _printed(out, frame)


def list_(number: Number, write: Write = None, known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """Print the list to tick: what the book holds at the cut-off.

    By key measurement point and place.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory.rows import to_tick

        frame = _tick_list(_inventory(number, known_at))
        _written(out, frame, write)
        out.value([to_tick(row) for row in frame.to_dicts()])
        _printed(out, frame)


def found(
    number: Number,
    batch: Annotated[str, typer.Argument(help="The batch.")],
    weight: Annotated[
        list[str] | None, typer.Option(metavar="KEY=GRAMS", help="A weight found. Default: all as booked.")
    ] = None,
    items: Annotated[int | None, typer.Option(help="The number of items found. Default: as booked.")] = None,
    item: Annotated[list[str] | None, typer.Option(help="An item number seen. Default: as booked.")] = None,
    seal: Annotated[list[str] | None, typer.Option(help="A seal seen. Default: as booked.")] = None,
    place: Annotated[str, typer.Option(help="Where it stands. Default: as booked.")] = "",
    kmp: Annotated[str, typer.Option(help="The key measurement point. Default: as booked.")] = "",
    description: Annotated[str, typer.Option(help="The material description. Default: as booked.")] = "",
    measured: Annotated[bool, typer.Option("--measured", help="It was measured: basis M.")] = False,
    basis: Annotated[str, typer.Option(help="The basis, where it is neither M nor that of the book.")] = "",
    method: Annotated[str, typer.Option(help="The method of measurement.")] = "",
    uncertainty: Annotated[str, typer.Option(help="Its uncertainty, for example '5 %'.")] = "",
    holdup: Annotated[bool, typer.Option("--holdup", help="It is hold-up.")] = False,
    counted: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day of the count, if another.")] = "",
    corrects: Annotated[int | None, typer.Option(help="The statement of the line that this one replaces.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is corrected, or so late.")] = "",
    note: Note = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Take in one batch: as booked, but for what is told."""
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import taking as inventory

        act = console.acting(by, party, override)
        _inventory(number, "")
        told: dict[str, object] = {
            "weights": _weights(weight),
            "items": items,
            "item_numbers": item,
            "seals": seal,
            "place": place,
            "kmp": kmp,
            "description": description,
            "basis": basis,
            "method": method,
            "uncertainty": uncertainty,
            "holdup": holdup,
            "counted": times.day_of(counted, "--counted") if counted else None,
            "corrects": corrects,
            "reason": reason,
            "note": note,
        }
        given = {name: value for name, value in told.items() if value or (value == 0 and value is not False)}
        made = inventory.found(number, batch, act, given, measured=measured, dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def take(
    number: Number,
    file: Annotated[Path, typer.Argument(help="The list, ticked: .csv, .xlsx or .ods.")],
    mapping: Columns = None,
    sheet: Sheet = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Take in a list that was ticked, all of it or nothing."""
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import taking as inventory

        act = console.acting(by, party, override)
        _inventory(number, "")
        made = inventory.take_file(
            number, file, act, mapping=line_files.mapping_of(mapping), sheet=sheet or None, dry_run=dry_run
        )
        _told(out, made, dry_run)


def differences(number: Number, known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """Compare what was found with the book, item by item.

    With the MUF that closing would give.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import differences
        from openmpca.accounting.inventory.rows import MUF, differs, mufs, weighed

        made = differences.differences(_inventory(number, known_at))
        totals = weighed(made.totals, MUF)
        out.value({"items": [differs(row) for row in made.items.to_dicts()], "totals": mufs(totals)})
        if not as_json:
            _differing(out, made.items.to_dicts())
            out.say("")
            out.table(totals, TOTALS, empty="The book is empty, and nothing was found.")


def _differing(out: console.Output, rows: list[dict[str, object]]) -> None:
    """What differs batch by batch: first amounts, one below the other, then places, seals and item numbers."""
    from openmpca.accounting.inventory.rows import amounts_and_facts

    amounts, facts = amounts_and_facts(rows)
    if amounts or not facts:
        out.table(amounts, AMOUNTS, empty="Everything is as booked.")
    if amounts and facts:
        out.say("")
    if facts:
        out.table(facts, {"batch": "Batch", "what": "What", "book": "Book", "found": "Found"})


def close(
    number: Number,
    empty: Annotated[bool, typer.Option("--empty", help="Nothing was found at all.")] = False,
    note: Note = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Close the balance on an inventory.

    A second person approves it. What the book holds and nobody found is missing then: look at `openmpca inventory
    differences` first.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory import taking as inventory

        act = console.acting(by, party, override)
        taken = _inventory(number, "")
        made = inventory.close(number, act, empty=empty, note=note, dry_run=dry_run)
        if not as_json:
            _muf(out, taken)
        out.stated(made, dry_run=dry_run)


def _muf(out: console.Output, taken: "Inventory") -> None:
    """What closing makes of the book, for both who sign it."""
    from openmpca.accounting.inventory.differences import differences
    from openmpca.accounting.inventory.rows import MUF, weighed

    made = differences(taken)
    missing = made.items.filter(made.items["what"] == "missing")["batch"].unique().sort().to_list()
    out.table(weighed(made.totals, MUF), TOTALS, empty="The book is empty, and nothing was found.")
    if missing:
        out.say(f"Not found: {', '.join(missing)}.")


def show(
    mba: Annotated[str | None, typer.Argument(metavar="[MBA]", help="The area. Default: all.")] = None,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show the physical inventories, and what stands of each."""
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory.differences import inventories

        until = times.day_of(as_of, "--as-of")
        rows = [
            {
                "inventory": each.number,
                "mba": each.mba,
                "day": each.day,
                "sort": "opening" if each.opening else "physical inventory",
                "lines": len(each.numbers),
                "closing": each.closing,
            }
            for each in inventories(mba, times.known_at(known_at))
            if each.day <= until
        ]
        out.table(rows, empty="There is no physical inventory.")


def held_up(mba: Area, known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """Show the estimates of hold-up against what was cleaned out."""
    with console.opened(as_json) as out:
        from openmpca.accounting.inventory.holdup import holdup
        from openmpca.nuclear.mass import format_grams

        rows = [
            {**row, **{name: None if row[name] is None else format_grams(row[name]) for name in HELD_UP}}
            for row in holdup(mba, times.known_at(known_at)).iter_rows(named=True)
        ]
        if out.as_json:
            out.value(figures.in_units(rows, HELD_UP))
            return
        heads = {**{name: name for name in rows[0]}, "ug": "g"} if rows else None
        out.table(rows, heads, empty="No hold-up is listed.")


def balance(
    mba: Area,
    period: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="The day on which the period ends. Default: the open period.")
    ] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show the material balance of a period, exact, with MUF.

    One for each category, its lines in the order of a report. MUF is known where the period is closed.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.balance import material_balance, open_period
        from openmpca.accounting.inventory.rows import weighed
        from openmpca.accounting.queries import View

        known = times.known_at(known_at)
        at = open_period(mba, times.day_of(period or as_of, "--period"), known)
        times.must_know_area(mba, View.of(at.end, known))
        frame = material_balance(mba, at.begin, at.end, known)
        rows = weighed(frame, ["ug"])
        heading = {"mba": mba, "begin": at.begin, "end": at.end, "closing": at.closing}
        out.value({**heading, "terms": figures.in_units(rows, ["ug"])})
        if not as_json:
            state = f"closed by statement {at.closing}" if at.closing is not None else "open"
            out.say(f"{mba}: from {at.begin or 'the beginning'} to {at.end}, {state}")
            _balance_of_each(out, mba, frame)


def _balance_of_each(out: console.Output, mba: str, frame: "pl.DataFrame") -> None:
    """The terms of a balance, a table for each category."""
    from openmpca.accounting.inventory.rows import by_entry, weighed

    categories = frame["category"].unique(maintain_order=True).to_list()
    for category in categories:
        terms = weighed(frame.filter(frame["category"] == category), ["ug"])
        columns = dict.fromkeys(str(row["weight"]) for row in terms)
        heads = {key: key if key.endswith(" items") else f"{key}, g" for key in columns}
        if len(categories) > 1:
            out.say(f"\n{mba} {category}")
        out.table(by_entry(terms, category), {"code": "Entry", **heads})
    if not categories:
        out.say("Nothing was ever there.")


def _inventory(number: int, known_at: str) -> "Inventory":
    from openmpca.accounting.inventory.differences import Inventory, NoInventory

    try:
        return Inventory.of(number, times.known_at(known_at))
    except NoInventory as error:
        console.not_found(str(error.args[0]), "See `openmpca inventory show`.")


def _tick_list(inventory: "Inventory") -> "pl.DataFrame":
    from openmpca.accounting.inventory.tick_list import tick_list

    return tick_list(inventory)


def _written(out: console.Output, frame: "pl.DataFrame", path: Path | None) -> None:
    from openmpca.accounting.inventory.fields import write_list

    if path is None:
        return
    form = path.suffix.removeprefix(".").lower()
    if form not in ("csv", "xlsx", "json"):
        console.usage(
            f"A list is not written as {path.suffix or 'a file without an ending'}.", "Use .csv, .xlsx or .json."
        )
    with path.open("wb") as target:
        write_list(frame, form, target)
    out.say(f"Written to {path}.")


def _printed(out: console.Output, frame: "pl.DataFrame") -> None:
    from openmpca.accounting.inventory.tick_list import by_place
    from openmpca.record import layout

    if out.as_json:
        return
    if not frame.height:
        out.say("The book is empty at the cut-off.")
    weights = {name: f"{name} g" for name in frame.columns if name[:1].isupper()}
    for kmp, place, part in by_place(frame):
        batches = layout.counted(part.height, "batch")
        out.say(f"\nKMP {kmp or '(none)'}, {place or '(no place)'}: {batches}")
        rows: list[dict[str, object]] = [{"": "[ ]", **row} for row in part.to_dicts()]
        out.table(rows, {name: weights.get(name, name.replace("_", " ")) for name in rows[0]})


def _told(out: console.Output, made: "Stated", dry_run: bool) -> None:
    if made.numbers or made.proposal is not None or dry_run:
        out.stated(made, dry_run=dry_run)
    else:
        out.problems(made.problems)
        out.say("Nothing was found, so no line was taken in.")


def _weights(given: list[str] | None) -> dict[str, str]:
    found = {}
    for each in given or []:
        key, equals, grams = each.partition("=")
        if not equals:
            console.usage(
                f"--weight {each} does not read KEY=GRAMS.", "For example --weight E=1000 --weight E/U235=197."
            )
        found[key.strip()] = grams.strip()
    return found


_COMMANDS: dict[str, Callable[..., None]] = {
    "open": open_,
    "freeze": freeze,
    "list": list_,
    "found": found,
    "take": take,
    "differences": differences,
    "close": close,
    "show": show,
    "holdup": held_up,
}
