"""The commands that print: reports to sign, labels with codes, move sheets, lists to tick, as PDF."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.documents.made import Document

HELP = "Documents to print and sign, as PDF."

Output = Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to write: .pdf.")]
Language = Annotated[str, typer.Option(help="The language of its words, for example ru.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="document", rich_help_panel="Exchange")


def report(
    number: Annotated[int, typer.Argument(metavar="STATEMENT", help="The statement of the report.")],
    output: Output,
    language: Language = "en",
    replace: Replace = False,
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Print a report (ICR, PIL, MBR) as a form to sign.

    With its totals, its standing, and lines for who prepared and approved it.
    """
    with console.opened(as_json) as out, _in(language, output, replace):
        from openmpca.accounting.documents.reports import report as made

        _written(out, made(number, times.known_at(known_at)), output)


def inventory(
    number: Annotated[int, typer.Argument(metavar="INVENTORY", help="The statement of the inventory.")],
    output: Output,
    place: Annotated[str, typer.Option(help="Only what stands at this place.")] = "",
    language: Language = "en",
    replace: Replace = False,
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Print the list to tick of a physical inventory.

    By place, each batch with a code to scan.
    """
    with console.opened(as_json) as out, _in(language, output, replace):
        from openmpca.accounting.documents.inventories import to_tick

        _written(out, to_tick(number, times.known_at(known_at), place), output)


def move(
    number: Annotated[int, typer.Argument(metavar="SHIPMENT", help="The statement of a shipment.")],
    output: Output,
    language: Language = "en",
    replace: Replace = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Print the move sheet of a shipment.

    Shipments of the same day to the same receiver under the same document stand on one sheet.
    """
    with console.opened(as_json) as out, _in(language, output, replace):
        from openmpca.accounting.documents.moves import move as made
        from openmpca.accounting.queries import View

        view = View.of(times.day_of(as_of, "--as-of"), times.known_at(known_at))
        _written(out, made(number, view), output)


def labels(
    mba: Annotated[str, typer.Argument(metavar="MBA", help="The material balance area.")],
    output: Output,
    batch: Annotated[str, typer.Option(help="Only this batch.")] = "",
    by_item: Annotated[bool, typer.Option("--by-item", help="A label for each item of a batch.")] = False,
    language: Language = "en",
    replace: Replace = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Print labels with codes to scan, eight to a sheet.

    For each batch that an area holds, or for each item.
    """
    with console.opened(as_json) as out, _in(language, output, replace):
        from openmpca.accounting.documents.labels import labels as made
        from openmpca.accounting.queries import View

        view = View.of(times.day_of(as_of, "--as-of"), times.known_at(known_at))
        _written(out, made(mba, view, batch, by_item=by_item), output)


@contextmanager
def _in(language: str, output: Path, replace: bool) -> Iterator[None]:
    """The language, and what is wrong in the words of the console."""
    from django.conf import settings
    from django.utils import translation

    from openmpca.accounting.documents.made import NoDocument

    offered = [code for code, _name in settings.LANGUAGES]
    if language not in offered:
        console.usage(f"--language {language} is none of {', '.join(offered)}.", "Name one of these.")
    if output.suffix.lower() != ".pdf":
        console.usage(f"{output.name} does not end in .pdf.", f"Name it {output.with_suffix('.pdf').name}.")
    if output.exists() and not replace:
        console.usage(f"{output} is there already.", "Name another, or write over it with --replace.")
    try:
        with translation.override(language):
            yield
    except NoDocument as error:
        console.not_found(str(error), "See `openmpca reports`, `openmpca inventory show`, `openmpca transit --all`.")


def _written(out: console.Output, document: "Document", output: Path) -> None:
    from openmpca.accounting.exporting.files import written

    content = document.drawn()
    with written(output) as target:
        target.write(content)
    out.value({"file": str(output), "mba": document.mba, "bytes": len(content)})
    out.say(f"Written to {output}.")


_COMMANDS: dict[str, Callable[..., None]] = {
    "report": report,
    "inventory": inventory,
    "move": move,
    "labels": labels,
}
