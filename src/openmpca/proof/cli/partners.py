"""The commands about partners: whose keys are known."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from openmpca.record import console

PANEL = "Proof"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Partners: the keys that they sign with.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="partner", rich_help_panel=PANEL)


def add_partner(
    code: Annotated[str, typer.Argument(help="Your code for the party.")],
    vkey: Annotated[str, typer.Option("--vkey", help="The public key of the party, which signs its bundles.")],
    log: Annotated[str, typer.Option("--log", help="The public key of its log, which signs its checkpoints.")],
    persons: Annotated[
        list[str] | None, typer.Option("--person-key", help="A public key of one of its persons; may be repeated.")
    ] = None,
    name: Annotated[str, typer.Option(help="Its name, where the record does not know the party yet.")] = "",
    note: Annotated[str, typer.Option(help="How the keys were handed over; may be withheld later.")] = "",
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="From which day on. Default: today, UTC.")] = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State the keys that a partner signs with.

    Compare each key, letter by letter, with what the partner handed over in person or by a way you trust: all proof
    rests on it. Another person approves. Stated again, all keys take the place of the earlier ones. The partner's own
    `openmpca key show` shows them.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.statements import Partner
        from openmpca.record import commands
        from openmpca.record.known import query
        from openmpca.record.statements import Party, Statement

        act, on = console.acting(by, for_party), _day(day)
        known = query("SELECT code FROM record_party WHERE code = %s", [code], {"code": str}).height
        said: list[Statement] = [] if known else [Party(day=on, code=code, name=name or code)]
        keys: dict[str, Any] = {"party_key": vkey, "log_key": log, "person_keys": persons or []}
        said.append(Partner(day=on, of=code, note=note, **keys))
        out.stated(commands.state(said, act, dry_run=dry_run), dry_run=dry_run)


def _day(text: str) -> Any:
    from datetime import date

    from openmpca.record import clock

    try:
        return date.fromisoformat(text) if text else clock.day(clock.now_us())
    except ValueError:
        console.usage(f"--day {text} is no day.", "Write it as 2026-03-31.")


def list_partners(as_json: console.Json = False) -> None:
    """List the partners and their keys."""
    with console.opened(as_json) as out:
        from openmpca.proof.bundles.partners import partners

        rows = [
            {"partner": each.of, "party_key": each.party_key, "log_key": each.log_key, "person_keys": each.person_keys}
            for each in partners(_day("")).values()
        ]
        if as_json:
            out.value(rows)
            return
        for row in rows:
            keys = [("party", row["party_key"]), ("log", row["log_key"])]
            keys += [("person", key) for key in row["person_keys"]]
            out.say("\n".join([str(row["partner"]), *(f"  {use:<6} {key}" for use, key in keys)]))
        if not rows:
            out.say("There are none: `openmpca partner add`.")


_COMMANDS: dict[str, Callable[..., None]] = {"add": add_partner, "list": list_partners}
