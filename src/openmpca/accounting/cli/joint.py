"""The command of the joint view with a partner."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import operation, times
from openmpca.record import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openmpca.accounting.joint.theirs import Part
    from openmpca.accounting.joint.view import Row

HEADS = {
    "standing": "State",
    "differs": "Differs by",
    "batch": "Batch",
    "category": "Of",
    "from": "From",
    "to": "To",
    "shipped": "Shipped",
    "shipper": "as stated by",
    "shipped_g": "Shipped, g",
    "received": "Received",
    "receiver": "as stated by ",
    "received_g": "Received, g",
    "hidden": "Not shown",
}


def add(app: typer.Typer) -> None:
    """Give the command to the root."""
    app.command("joint", rich_help_panel="Transit")(joint)


def joint(
    partner: Annotated[str, typer.Argument(help="The partner: see `openmpca partner list`.")],
    country: Annotated[
        list[str] | None, typer.Option("--country", help="A country that is the partner's; may be repeated.")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Leave out what is matched.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Hold our shipments and receipts against a partner's.

    Theirs are what the bundles show that came in from the partner: each figure stays the statement of the side that
    made it, with its number there, and nothing of theirs enters our book. Only ours: not in their bundles, or on its
    way. Only theirs: not in our book, or on its way. What they withhold is told; a pair then fits what is shown.
    """
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting.joint.view import joint as held_together
        from openmpca.accounting.joint.view import to_builtins
        from openmpca.accounting.queries import View
        from openmpca.proof.bundles.receiving import came

        view = View.of(times.day_of(as_of, "--as-of"), times.known_at(known_at))
        if not came(partner, view.number):
            console.not_found(f"Nothing came in from {partner}.", "Take in its bundle with `openmpca bundle receive`.")
        found = held_together(partner, view, country or [])
        out.value(to_builtins(found))
        if not as_json:
            rows = [_row(each, partner) for each in found.rows if not open_only or each.standing != "matched"]
            out.table(rows, HEADS, empty="Neither side states a shipment or receipt between them.")
            out.say(f"\nOurs: those of areas {_list(found.areas)} and countries {_list(found.countries)}.")


def _list(texts: "Sequence[str]") -> str:
    from openmpca.proof.legible import visible

    return ", ".join(map(visible, texts)) or "none"


def _row(row: "Row", partner: str) -> dict[str, object]:
    from openmpca.proof.legible import visible

    first = (row.shipped or row.received)[0]
    leaves, arrives = (first.mba, first.other) if row.shipped else (first.other, first.mba)
    return {
        "standing": row.standing,
        "differs": ", ".join(row.differs),
        "batch": visible(" / ".join(dict.fromkeys(each.key for each in row.parts if each.key))) or "withheld",
        "category": " / ".join(dict.fromkeys(each.category for each in row.parts if each.category)) or "withheld",
        "from": visible(leaves),
        "to": visible(arrives),
        **_side("shipped", "shipper", row.shipped, partner),
        **_side("received", "receiver", row.received, partner),
        "hidden": ", ".join(row.hidden),
    }


def _side(day: str, who: str, parts: "Sequence[Part]", partner: str) -> dict[str, object]:
    from openmpca.nuclear.mass import format_grams

    if not parts:
        return {day: "", who: "", f"{day}_g": ""}
    days = [each.day for each in parts if each.day is not None]
    masses = format_grams(sum(each.element_ug for each in parts)) if all(each.weights for each in parts) else "withheld"
    whose = "ours" if parts[0].ours else partner
    numbers = ", ".join(str(each.number) for each in parts)
    return {day: str(max(days)) if days else "withheld", who: f"{whose}, {numbers}", f"{day}_g": masses}
