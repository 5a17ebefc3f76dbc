"""The commands that say what was done with material; each shows the postings and balances that it makes."""

from typing import Annotated, Literal

import typer

from openmpca.accounting.cli import operation, times
from openmpca.accounting.cli.operation import Area, Batch, Day, Items, Measured, Set, Weight, Who
from openmpca.record import console

Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Number = Annotated[int, typer.Argument(metavar="STATEMENT", help="The number of the statement.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    moves = (ship, receive, split, merge, rebatch, discharge, decay, waste, exempt, take_off)
    for command in (*moves, correct, delete, swap):
        name = command.__name__.replace("_", "-")
        app.command(name, rich_help_panel="Operations")(command)


def ship(
    mba: Area,
    batch: Batch,
    to: Annotated[str, typer.Argument(metavar="COUNTRY/MBA", help="Where to; another country makes it foreign.")],
    day: Day = "",
    weight: Weight = None,
    items: Items = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Ship a batch, or some of it."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        moved, on = operation.weights(weight, items), times.day_of(day)
        made = operations.ship(mba, batch, to, on, operation.view(day), weights=moved, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def receive(
    shipment: Annotated[
        int | None, typer.Argument(metavar="[SHIPMENT]", help="The statement of a domestic shipment.")
    ] = None,
    mba: Annotated[str, typer.Option("--mba", help="Without a stated shipment: the receiving area.")] = "",
    batch: Annotated[str, typer.Option("--batch", help="The batch on the receiver's book.")] = "",
    sender: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="COUNTRY[/MBA]",
            help="Where it comes from: another State, or an area of ours that has not stated the shipment yet.",
        ),
    ] = "",
    stated: Annotated[
        str,
        typer.Option("--stated", metavar="PARTNER:NUMBER", help="Abroad: on a partner's statement, from its bundle."),
    ] = "",
    day: Day = "",
    weight: Weight = None,
    measured: Measured = None,
    items: Items = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Receive on the shipper's data; a measurement makes a DI."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        own, given = operation.weights(measured, option="--measured"), operation.fields(set_)
        data, on = operation.weights(weight), times.day_of(day)
        if items is not None:
            given["items"] = items
        if shipment is not None:
            lot = {"weights": operations.grams(data)} if data else {}
            made = operations.receive_with_measurement(
                shipment, on, operation.view(day), batch=batch, measured=own, **lot, **given
            )
        elif stated and not data:
            from openmpca.accounting.joint.receipts import receipt

            partner, _, number = stated.rpartition(":")
            if not partner or not number.isdecimal():
                console.usage(f"--stated {stated} does not read PARTNER:NUMBER.", "See `openmpca joint PARTNER`.")
            whence = {"mba": mba, "batch": batch, "sender": sender}
            made = receipt(partner, int(number), on, operation.view(day), measured=own, **whence, **given)
        elif mba and batch and sender and data:
            home = operations.at_home(sender, operation.view(day))
            receiving = operations.receive_before_its_shipment if home else operations.receive_from_abroad
            made = receiving(mba, batch, sender, on, data, measured=own, **given)
        else:
            console.usage(
                "Neither a stated shipment nor where it comes from is told.",
                "Name the statement of the shipment; or give --mba, --batch, --from and --weight, or --stated alone.",
            )
        operation.performed(out, made, Who(by, party, override, dry_run))


def split(
    mba: Area,
    batch: Batch,
    into: Annotated[
        list[str],
        typer.Option("--into", metavar="BATCH:KEY=GRAMS,...", help="A new batch and its weights; # for items."),
    ],
    day: Day = "",
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Split new batches off a batch; the rest stays."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        parts = dict(_part(each) for each in into)
        view, on = operation.view(day), times.day_of(day)
        made = operations.split(mba, batch, parts, on, view, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def _part(text: str) -> tuple[str, dict[str, int]]:
    name, colon, given = text.rpartition(":")
    if not colon or not name:
        console.usage(f"--into {text} does not read BATCH:KEY=GRAMS,...", "For example --into B1:E=40,E/U235=2,#=4.")
    plain = [each for each in given.split(",") if not each.strip().startswith("#=")]
    counted = [value for _, value in operation.pairs([e for e in given.split(",") if e not in plain], "--into")]
    if counted and not counted[0].isdecimal():
        console.usage(f"--into {text}: {counted[0]} is no number of items.", "For example #=4.")
    found = operation.weights(plain, int(counted[0]) if counted else None, "--into")
    return name, found or {}


def merge(
    mba: Area,
    batches: Annotated[list[str], typer.Argument(help="The batches that are merged.")],
    into: Annotated[str, typer.Option("--into", help="The batch that they become.")],
    day: Day = "",
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Merge all that several batches hold into one."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        view, on = operation.view(day), times.day_of(day)
        made = operations.merge(mba, batches, into, on, view, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def rebatch(
    mba: Area,
    batch: Batch,
    into: Annotated[str, typer.Option("--into", help="The new identifier.")],
    day: Day = "",
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Give all that a batch holds a new identifier."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        view, on = operation.view(day), times.day_of(day)
        made = operations.rebatch(mba, batch, into, on, view, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def discharge(
    mba: Area,
    batch: Batch,
    after: Annotated[list[str], typer.Option("--after", metavar="KEY=GRAMS", help="A weight after irradiation.")],
    day: Day = "",
    national: Annotated[bool, typer.Option("--national", help="Tell high and low enriched uranium apart.")] = False,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State nuclear loss and production from the weights after."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations
        from openmpca.nuclear.categories import NATIONAL_SCHEME

        view, scheme = operation.view(day), NATIONAL_SCHEME if national else ()
        masses = operation.weights(after, option="--after") or {}
        given = operation.fields(set_)
        made = operations.discharge(mba, batch, masses, times.day_of(day), view, scheme=scheme, **given)
        operation.performed(out, made, Who(by, party, override, dry_run))


def decay(
    mba: Area,
    batch: Batch,
    since: Annotated[str, typer.Option("--since", metavar="YYYY-MM-DD", help="The reference date of the weights.")],
    day: Day = "",
    grown: Annotated[
        list[str] | None, typer.Option("--grown", help="A daughter that is booked, such as Am241.")
    ] = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State the nuclear loss by decay of a batch's isotopes."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        begin, on, view = times.day_of(since, "--since"), times.day_of(day), operation.view(day)
        made = operations.decay(mba, batch, begin, on, view, grown=grown or (), **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def waste(
    mba: Area,
    batch: Batch,
    back: Annotated[bool, typer.Option("--back", help="Back to the inventory (FW).")] = False,
    day: Day = "",
    weight: Weight = None,
    items: Items = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Transfer to retained waste (TW), or back (FW)."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        verb, how = (operations.bring_back, "retrieve") if back else (operations.take_off, "retain")
        moved, view = operation.weights(weight, items), operation.view(day)
        made = verb(how, mba, batch, times.day_of(day), view, weights=moved, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def exempt(
    mba: Area,
    batch: Batch,
    use: Annotated[bool, typer.Option("--use/--quantity", help="For its use (EU), or as a small quantity (EQ).")],
    back: Annotated[bool, typer.Option("--back", help="Apply safeguards again (DU, DQ).")] = False,
    day: Day = "",
    weight: Weight = None,
    items: Items = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Exempt material from safeguards, or take that back."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        verb, prefix = (operations.bring_back, "de-exempt") if back else (operations.take_off, "exempt")
        how, moved = f"{prefix}-{'use' if use else 'quantity'}", operation.weights(weight, items)
        view, given = operation.view(day), operation.fields(set_)
        made = verb(how, mba, batch, times.day_of(day), view, weights=moved, **given)
        operation.performed(out, made, Who(by, party, override, dry_run))


def take_off(
    mba: Area,
    batch: Batch,
    how: Annotated[
        Literal["discard", "terminate", "lose"],
        typer.Option("--how", help="discard (LD), terminate (TU) or lose (LA)."),
    ],
    day: Day = "",
    weight: Weight = None,
    items: Items = None,
    set_: Set = None,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Take off the inventory: discarded, terminated or lost."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations

        moved, view = operation.weights(weight, items), operation.view(day)
        made = operations.take_off(how, mba, batch, times.day_of(day), view, weights=moved, **operation.fields(set_))
        operation.performed(out, made, Who(by, party, override, dry_run))


def correct(
    number: Number,
    reason: Reason,
    weight: Annotated[
        list[str] | None, typer.Option("--weight", metavar="KEY=GRAMS", help="A weight that is to be another.")
    ] = None,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day, if it is to be another.")] = "",
    set_: Set = None,
    pair: Annotated[
        bool, typer.Option("--pair", help="Correct the receipt and difference of a shipment with it.")
    ] = False,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Correct a change or a listed line.

    It shows what that makes due.
    """
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations
        from openmpca.accounting.queries import View
        from openmpca.record.reading import stored

        changed = operation.fields(set_)
        if day:
            changed["day"] = times.day_of(day, "--day")
        if weight:
            stood = getattr(stored(number).statement, "weights", {})
            given = operation.weights(weight) or {}
            changed["weights"] = {**stood, **operations.grams(given)}
        found = operations.correct(number, reason, changed, View.of(operations.LATEST))
        together = [found.statement, *(found.due if pair else [])]
        operation.performed(out, together, Who(by, party, override, dry_run), () if pair else found.due)


def delete(
    number: Number,
    reason: Reason,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Delete a change or a listed line stated by mistake."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting import operations
        from openmpca.accounting.queries import View

        made = operations.delete(number, reason, View.of(operations.LATEST))
        operation.performed(out, made, Who(by, party, override, dry_run))


def swap(
    mba: Area,
    given: Annotated[str, typer.Argument(help="The set of obligations that is given up, for example A+S.")],
    taken: Annotated[str, typer.Argument(help="The set that is taken on.")],
    weight: Annotated[list[str], typer.Option("--weight", metavar="KEY=GRAMS", help="How much of which category.")],
    day: Day = "",
    document: Annotated[str, typer.Option(help="The document that agrees it.")] = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Exchange obligations without moving; two persons."""
    with console.opened(as_json) as out, operation.operation():
        from openmpca.accounting.operations import grams
        from openmpca.accounting.statements import Exchange
        from openmpca.record.commands import state

        moved = grams(operation.weights(weight) or {})
        made = Exchange(day=times.day_of(day), mba=mba, given=given, taken=taken, weights=moved, document=document)
        out.stated(state([made], console.acting(by, party, override), dry_run=dry_run), dry_run=dry_run)
