"""The commands of transit and of the State's totals: transit, totals, exemptions, obligations, lineage."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from openmpca.accounting import figures
from openmpca.accounting.cli import operation, times
from openmpca.record import console

if TYPE_CHECKING:
    import polars as pl

    from openmpca.accounting.lineage import Step
    from openmpca.accounting.queries import View
    from openmpca.accounting.reporting.standing import State
    from openmpca.accounting.transit.board import Board

By = Literal["category", "mba", "facility", "holder", "programme", "owner", "batch", "state", "organisation"]
MASSES = ("shipped_ug", "received_ug", "open_ug")
HEADS = {
    "state": "State",
    "age_days": "Days",
    "shipper": "From",
    "receiver": "To",
    "batch": "Batch",
    "weight": "Of",
    "shipped_day": "Shipped",
    "received_day": "Received",
    "open_ug": "Open, g",
    "shipment": "Shipment",
}


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    for command in (transit, totals, exemptions, obligations, lineage):
        app.command(command.__name__, rich_help_panel="Transit")(command)


def _view(as_of: str, known_at: str) -> "View":
    from openmpca.accounting.queries import View

    return View.of(times.day_of(as_of, "--as-of"), times.known_at(known_at))


def transit(
    everything: Annotated[bool, typer.Option("--all", help="Matched consignments too.")] = False,
    due: Annotated[bool, typer.Option("--due", help="The corrections due to receipts out of step.")] = False,
    other_side: Annotated[
        Path | None,
        typer.Option(help="The other States' statements, as CSV: code,day,shipper,receiver,batch,category,grams."),
    ] = None,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_reported: times.AsReported = "",
    as_json: console.Json = False,
) -> None:
    """Show what was shipped and not received, with its age.

    As reported, sides are matched by what the reports say: they do not name the shipment that a receipt belongs to.
    """
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting.reporting.as_reported import AsReported
        from openmpca.accounting.transit import board as book
        from openmpca.accounting.transit.other_side import seen

        view, state = _view(as_of, known_at), times.reported(as_reported)
        theirs = _other_side(other_side) if other_side is not None else None
        board = AsReported(view, state).board(theirs) if state else book.board(view, theirs)
        if due and state:
            console.usage("Corrections are due to the book.", "Leave out --as-reported, or --due.")
        if due:
            _due(out, board, view)
            return
        frame = board.frame()
        if not everything:
            frame = frame.filter(frame["standing"] != "matched")
        rows = figures.rows_of(frame, MASSES)
        waiting = board.in_transit() if state else book.balance(view)
        on_the_way = figures.in_units(figures.rows_of(waiting, ["ug"]), ["ug"])
        out.value({"consignments": figures.in_units(rows, MASSES), "in_transit": on_the_way})
        if not as_json:
            out.table([seen(each) for each in rows], HEADS, empty="Nothing is open.")


def _due(out: console.Output, board: "Board", view: "View") -> None:
    import msgspec

    from openmpca.accounting.transit.following import proposed_corrections

    open_ones = [each.shipment.number for each in board.open if each.shipment is not None and each.shipment.number >= 0]
    found = [due for number in dict.fromkeys(open_ones) for due in proposed_corrections(number, view)]
    rows = [
        {"mba": each.mba, "code": each.code, "batch": each.batch, "corrects": each.corrects, "weights": each.weights}
        for each in found
    ]
    if out.as_json:
        out.value([msgspec.to_builtins(each) for each in found])
    else:
        out.table(rows, empty="Every receipt is in step with its shipment.")


def _other_side(path: Path) -> "pl.DataFrame":
    from openmpca.accounting.transit.other_side import ROW, OtherSideError, read_other_side

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return read_other_side(file)
    except OtherSideError as error:
        console.usage(f"{path}: {error}", f"Columns are {', '.join(ROW)}.")


def totals(
    by: Annotated[By, typer.Option("--by", help=f"One of {', '.join(get_args(By))}.")] = "state",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_reported: times.AsReported = "",
    as_json: console.Json = False,
) -> None:
    """Show the State's totals, or the inventory by a dimension.

    As reported, by state, category, mba or facility: reports tell no holder, programme, owner or place, and batches by
    name alone, so that no quantities are counted from them.
    """
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import totals as book
        from openmpca.accounting.quantities import quantities as counted_at

        view, state = _view(as_of, known_at), times.reported(as_reported)
        if state:
            _reported(out, by, view, state)
            return
        if by == "organisation":
            out.table(_masses(book.summary(view), ["element_ug", "fissile_ug"]), empty="Nothing is on inventory.")
            return
        frame = book.of_state(view) if by == "state" else book.held(view, by)
        rows = figures.rows_of(frame, ["ug"])
        counted = counted_at(view)
        quantities = {
            "significant_quantities": f"{float(counted.significant):.4g}",
            "effective_kilograms": f"{float(counted.effective_kg):.6g}",
            "unknown": counted.unknown,
        }
        out.value({"totals": figures.in_units(rows, ["ug"]), **quantities})
        if not as_json:
            out.table(rows, _heads(rows), empty="Nothing is on inventory.")
            out.say(f"\nSignificant quantities on inventory: {quantities['significant_quantities']}")
            out.say(f"Effective kilograms on inventory: {quantities['effective_kilograms']}")
            for each in counted.unknown:
                out.say(f"Not counted: {each}")


def _reported(out: console.Output, by: str, view: "View", state: "State") -> None:
    """Totals as reported."""
    from openmpca.accounting.reporting.as_reported import DIMENSIONS, AsReported

    dimension = next((each for each in DIMENSIONS if each == by), None)
    if dimension is None and by != "state":
        console.usage(f"Reports do not tell --by {by}.", f"Use one of state, {', '.join(DIMENSIONS)}.")
    said = AsReported(view, state)
    rows = figures.rows_of(said.held(dimension) if dimension else said.of_state(), ["ug"])
    out.value({"totals": figures.in_units(rows, ["ug"])})
    if not out.as_json:
        out.table(rows, _heads(rows), empty="Nothing was reported.")


def _heads(rows: list[dict[str, object]]) -> dict[str, str]:
    names = [name for name in (rows[0] if rows else ()) if name != "ug"]
    return {**{name: name.replace("_", " ").capitalize() for name in names}, "ug": "Items, or g"}


def _masses(frame: "pl.DataFrame", columns: list[str]) -> list[dict[str, object]]:
    from openmpca.nuclear.mass import format_grams

    rows = [
        {name: format_grams(value) if name in columns else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]
    return figures.in_units(rows, columns)


def exemptions(as_of: times.AsOf = "", known_at: times.KnownAt = "", as_json: console.Json = False) -> None:
    """Show exempted material against its limits."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting.quantities import exemptions as exempted

        found = exempted(_view(as_of, known_at))
        use, quantity = figures.rows_of(found.use, ["ug"]), figures.rows_of(found.quantity, ["ug"])
        limits = _masses(found.limits(), ["counted_ug", "limit_ug"])
        problems = [console.problem_fields(each) for each in found.problems]
        out.value(
            {
                "use": figures.in_units(use, ["ug"]),
                "quantity": figures.in_units(quantity, ["ug"]),
                "limits": limits,
                "unknown": found.unknown,
                "problems": problems,
            }
        )
        if not as_json:
            heads = {"mba": "MBA", "batch": "Batch", "weight": "Weight", "ug": "g"}
            out.say("Exempted for their use")
            out.table(use, heads)
            out.say("\nExempted on quantity")
            out.table(quantity, heads)
            out.say("\nAgainst the limits")
            out.table(limits, {"name": "Material", "counted_g": "Counts, g", "limit_g": "Limit, g"})
            for each in found.problems:
                out.say(console.problem_text(each))
            for text in found.unknown:
                out.say(f"Not counted: {text}")


def obligations(
    mba: Annotated[str | None, typer.Argument(metavar="[MBA]", help="The area. Default: all.")] = None,
    batches: Annotated[bool, typer.Option("--batches", help="Batch by batch.")] = False,
    moves: Annotated[bool, typer.Option("--moves", help="What led there, change by change.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show under which obligations material stands.

    From the book: reports tell no obligations, so there is no answer as reported.
    """
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting.obligations.ledger import ledger

        found = ledger(_view(as_of, known_at))
        found = found.of(mba) if mba else found
        frame = found.moves if moves else found.batches if batches else found.balances
        rows = _masses(frame, ["ug"])
        out.value({"rows": rows, "problems": [console.problem_fields(each) for each in found.problems]})
        if not as_json:
            heads = {name: "g" if name == "grams" else name for name in (rows[0] if rows else ())}
            out.table(rows, heads, empty="Nothing is on inventory.")
            for each in found.problems:
                out.say(console.problem_text(each))


def lineage(
    batch: operation.Batch,
    descendants: Annotated[bool, typer.Option("--descendants", help="What came from it.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show from which batches a batch came, or what came of it."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import lineage as graph

        view = _view(as_of, known_at)
        direction: graph.Direction = "descendants" if descendants else "ancestors"
        if as_json:
            out.value([_step(each) for each in graph.walk(batch, direction, view)])
        else:
            out.say("\n".join(graph.tree(batch, direction, view)))


def _step(step: "Step") -> dict[str, object]:
    from dataclasses import asdict

    from openmpca.nuclear.mass import format_grams

    told = asdict(step)
    edge: dict[str, object] = told.pop("edge")
    masses = edge["weights"]
    if isinstance(masses, dict):
        edge["weights"] = {key: ug if key.endswith("#") else format_grams(ug) for key, ug in masses.items()}
    return {**told, **edge}
