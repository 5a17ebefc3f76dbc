"""The command that saves the pictures of the book: the same as on the pages, as SVG or PNG."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from collections.abc import Callable

    from openmpca.accounting.pictures import Subject
    from openmpca.pages.charts.described import Chart

Name = Literal["flow", "inventory", "quantities"]


def add(app: typer.Typer) -> None:
    """Give this command to the root."""
    app.command("chart", rich_help_panel="Book")(chart)


def chart(
    name: Annotated[Name, typer.Argument(help="flow between areas, inventory by category, significant quantities.")],
    mba: Annotated[str, typer.Option("--mba", help="Only this area. Default: all.")] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="YYYY-MM-DD", help="From this day on. Default: two years back.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where the picture goes: .svg or .png.")
    ] = None,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Draw the book: save a picture, or print its figures.

    Without --output the figures are printed; the picture holds nothing else. PNG needs no network.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.pictures import PICTURES

        write = None if output is None else _writer(output)
        drawn = PICTURES[name](_subject(mba, since, as_of, known_at))
        if write is not None and output is not None:
            output.write_bytes(write(drawn))
            out.say(f"Written to {output}.")
        out.value(_document(drawn))
        if not out.as_json:
            out.say(drawn.summary)
            if output is None:
                heads = {key: str(head) for key, head in drawn.table.heads.items()}
                out.table([{key: row.get(key, "") for key in heads} for row in drawn.table.rows], heads)


def _subject(mba: str, since: str, as_of: str, known_at: str) -> "Subject":
    from openmpca.accounting.pictures import Subject
    from openmpca.accounting.queries import View

    until = times.day_of(as_of, "--as-of")
    view = View.of(until, times.known_at(known_at))
    if mba:
        times.must_know_area(mba, view)
    first = times.day_of(since, "--since") if since else None
    if first is not None and first > until:
        console.usage(f"--since {since} is after {until}.", "Name an earlier day.")
    return Subject(view, [mba] if mba else None, first)


def _writer(output: Path) -> "Callable[[Chart], bytes]":
    from openmpca.pages.charts import draw
    from openmpca.pages.charts.saving import png

    forms: dict[str, Callable[[Chart], bytes]] = {
        ".svg": lambda chart: f"{draw(chart)}\n".encode(),
        ".png": lambda chart: png(draw(chart)),
    }
    form = output.suffix.lower()
    if form not in forms:
        console.usage(
            f"A picture is not written as {output.suffix or 'a file without an ending'}.", "Use .svg or .png."
        )
    if not output.parent.is_dir():
        console.not_found(f"There is no folder {output.parent}.", "Make it first.")
    return forms[form]


def _document(chart: "Chart") -> dict[str, object]:
    """A picture as JSON: what it says, and its figures."""
    rows = [{key: value for key, value in row.items() if key in chart.table.heads} for row in chart.table.rows]
    return {"title": chart.title, "summary": chart.summary, "unit": chart.unit, "rows": rows}
