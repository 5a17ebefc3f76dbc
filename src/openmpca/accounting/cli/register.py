"""The commands that show the register of any day: what stands in it, and the places of an area."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.register import Node

PANEL = "Register"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("register", rich_help_panel=PANEL)(register)
    app.command("places", rich_help_panel=PANEL)(places)
    app.command("documents", rich_help_panel=PANEL)(documents)


def register(
    thing: Annotated[
        str, typer.Argument(help="country, facility, mba, kmp, place, holder or document; all when not given.")
    ] = "",
    code: Annotated[str, typer.Option("--code", help="Only the thing of this code.")] = "",
    mba: Annotated[str, typer.Option("--mba", help="Only what belongs to this area.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Also what has ended.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show the register as it stood on a day.

    Country, facilities, areas, measurement points, places, holders, documents.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.register import THINGS, entries

        if thing and thing not in THINGS:
            console.usage(f"There is no {thing!r} in the register.", f"Ask for one of {', '.join(THINGS)}.")
        day, known = times.day_of(as_of, "--as-of"), times.known_at(known_at)
        found = {
            name: entries(name, day, known, code=code, mba=mba, ended=ended)
            for name in ([thing] if thing else list(THINGS))
        }
        if out.as_json:
            out.value(found)
            return
        if not any(found.values()):
            out.say("Nothing.")
        for name, rows in found.items():
            if rows:
                out.say(f"{name}:")
                heads = {key for row in rows for key, value in row.items() if value not in ("", [], {}, False, None)}
                out.table(rows, {key: key for key in rows[0] if key in heads})
                out.say("")


def places(
    mba: Annotated[str, typer.Argument(help="The area.")],
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Show the tree of places of an area as it stood on a day.

    From the book: reports tell no places, so there is no answer as reported.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.register import places as tree

        tops = tree(mba, times.day_of(as_of, "--as-of"), times.known_at(known_at))
        if out.as_json:
            out.value([_nested(each) for each in tops])
        else:
            out.table(_indented(tops, 0), empty=f"{mba} has no places.")


def _nested(node: "Node") -> dict[str, object]:
    place = node.place
    own = {"code": place.code, "name": place.name, "level": place.level, "kmp": place.kmp, "custodian": place.custodian}
    return {**own, "within": [_nested(each) for each in node.within]}


def _indented(nodes: "list[Node]", depth: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for node in nodes:
        place = node.place
        rows.append(
            {
                "place": "  " * depth + place.code,
                "name": place.name,
                "level": place.level,
                "kmp": place.kmp,
                "custodian": place.custodian,
            }
        )
        rows += _indented(node.within, depth + 1)
    return rows


def documents(
    late: Annotated[bool, typer.Option("--late", help="Only those that are late.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """List documents with their due dates and answers.

    Design information, declarations, requests, notices.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.register import documents as registered

        found = registered(times.day_of(as_of, "--as-of"), times.known_at(known_at))
        rows = [
            {
                "due": each.document.due and str(each.document.due),
                "standing": each.standing,
                "code": each.document.code,
                "sort": each.document.sort,
                "title": each.document.title,
                "area": each.document.mba or each.document.facility,
                "sent": each.document.sent and str(each.document.sent),
                "answered": each.document.answered and str(each.document.answered),
                "statement": each.number,
            }
            for each in found
            if each.standing == "late" or not late
        ]
        out.table(rows)
