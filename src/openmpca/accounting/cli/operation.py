"""What the commands that state something about material share: options, fields as typed, preview and outcome."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from openmpca.accounting import figures
from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.preview import Done, Preview
    from openmpca.accounting.queries import View
    from openmpca.accounting.statements import Change
    from openmpca.record.statements import Statement


Area = Annotated[str, typer.Argument(metavar="MBA", help="The material balance area.")]
Batch = Annotated[str, typer.Argument(help="The batch.")]
Weight = Annotated[
    list[str] | None,
    typer.Option("--weight", metavar="KEY=GRAMS", help="A weight, for example E=10 E/U235=0.5. Default: all of it."),
]
Items = Annotated[int | None, typer.Option("--items", help="The number of items.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Any other field, for example kmp=1.")
]
Measured = Annotated[
    list[str] | None,
    typer.Option("--measured", metavar="KEY=GRAMS", help="A weight as measured by the receiver; give all or none."),
]
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day on which it happened. Default: today.")]


BALANCE = ("before", "after")


class Who(NamedTuple):
    """Who states, as the options say."""

    by: str
    party: str
    override: Sequence[str] | None
    dry_run: bool


@contextmanager
def operation() -> Iterator[None]:
    """Tell what is wrong with an operation in the words of the console."""
    from openmpca.accounting.operations import OperationError
    from openmpca.nuclear.transformation import TransformationError

    try:
        yield
    except OperationError as error:
        raise console.Stop(console.Exit.REFUSED, str(error), error.mend) from error
    except TransformationError as error:
        raise console.Stop(console.Exit.REFUSED, str(error), "Check the weights, and the book on that day.") from error
    except KeyError as error:
        console.not_found(str(error.args[0]), "See `openmpca log`.")


def view(day: str, option: str = "--day") -> "View":
    """The book as of the end of a day, with all that is known."""
    from openmpca.accounting.queries import View

    return View.of(times.day_of(day, option))


def weights(given: Sequence[str] | None, items: int | None = None, option: str = "--weight") -> dict[str, int] | None:
    """Weights as typed, in ug, with the number of items; None when none is given."""
    found = {key: _grams(key, text, option) for key, text in pairs(given, option)}
    if items is not None:
        if not found:
            console.usage("--items counts items of given weights.", "Give the weights with --weight too.")
        found["#"] = items
    return found or None


def _grams(key: str, text: str, option: str) -> int:
    from openmpca.nuclear.mass import MassError, parse_grams

    try:
        return parse_grams(text)
    except MassError as error:
        console.usage(f"{option} {key}={text}: {error}", f"Write the grams of {key} as in {option} {key}=10.5.")


def pairs(given: Sequence[str] | None, option: str) -> list[tuple[str, str]]:
    """Options that read NAME=VALUE, as pairs."""
    found = []
    for each in given or []:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            console.usage(f"{option} {each} does not read NAME=VALUE.", f"For example {option} E=10.5.")
        found.append((name.strip(), value.strip()))
    return found


def fields(given: Sequence[str] | None) -> dict[str, Any]:
    """Fields of a change as typed with --set; lists are separated by commas."""
    from typing import get_type_hints

    import msgspec

    from openmpca.accounting.statements import Change

    hints = get_type_hints(Change)
    found: dict[str, Any] = {}
    for name, text in pairs(given, "--set"):
        if name not in hints or name in ("weights", "corrects", "reason"):
            console.usage(f"--set {name}: no field that can be set so.", f"Fields are {', '.join(hints)}.")
        value: object = [part.strip() for part in text.split(",")] if hints[name] == list[str] else text
        try:
            found[name] = msgspec.convert(value, hints[name], strict=False)
        except msgspec.ValidationError as error:
            console.usage(f"--set {name}={text}: {error}.", "Write days as YYYY-MM-DD, numbers in digits.")
    return found


def performed(out: console.Output, statements: "Sequence[Statement]", who: Who, due: "Sequence[Change]" = ()) -> None:
    """State an operation and show postings, balances before and after, problems and what else is due."""
    from openmpca.accounting.consequences import owing
    from openmpca.accounting.preview import perform

    act = console.acting(who.by, who.party, who.override)
    done = perform(statements, act, dry_run=who.dry_run)
    if out.as_json:
        out.value(_document(done, who.dry_run, due))
        return
    shown(out, done.preview)
    if done.owed:
        out.say("Due in reports:")
        out.table(owing(done.owed))
        out.say("")
    for each in due:
        out.say(
            f"Due in {each.mba}: {each.code} of {each.batch}, {each.weights}, correcting statement {each.corrects}."
        )
    out.stated(done.stated, dry_run=who.dry_run)


def _document(done: "Done", dry_run: bool, due: "Sequence[Change]") -> dict[str, object]:
    import msgspec

    from openmpca.accounting.consequences import owing
    from openmpca.record.record import head

    size, root = head()
    stated = done.stated
    return {
        "numbers": [*stated.numbers][:1] + [*stated.numbers][-1:] if stated.numbers else [],
        "proposal": stated.proposal,
        "dry_run": dry_run,
        "problems": [console.problem_fields(each) for each in stated.problems],
        "postings": figures.in_units(figures.rows_of(done.preview.postings, ["ug"]), ["ug"]),
        "balances": figures.in_units(figures.rows_of(done.preview.balances, BALANCE), BALANCE),
        "muf": figures.in_units(figures.rows_of(done.preview.muf, BALANCE), BALANCE),
        "due": [msgspec.to_builtins(each) for each in due],
        "owed": owing(done.owed),
        "size": size,
        "root": root.hex(),
    }


def shown(out: console.Output, preview: "Preview") -> None:
    """Postings and balances for people."""
    heads = {"mba": "MBA", "account": "Account", "day": "Day", "batch": "Batch", "weight": "Weight", "ug": "g"}
    out.table(figures.rows_of(preview.postings, ["ug"]), heads, empty="Nothing moves.")
    out.say("")
    after = {"mba": "MBA", "batch": "Batch", "weight": "Weight", "before": "Before, g", "after": "After, g"}
    if preview.balances.height or not preview.muf.height:
        out.table(figures.rows_of(preview.balances, BALANCE), after, empty="No balance changes.")
        out.say("")
    if preview.muf.height:
        heads = {"mba": "MBA", "day": "Closed on", "weight": "MUF", "before": "Before, g", "after": "After, g"}
        out.table(figures.rows_of(preview.muf, BALANCE), heads)
        out.say("")
