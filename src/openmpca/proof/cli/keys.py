"""The commands for keys: new, show, rotate."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.proof.keyring.keys import Asked, Made

PANEL = "Proof"
Use = Annotated[str, typer.Argument(metavar="USE", help="log, witness, party or person.")]
Whose = Annotated[str, typer.Option("--person", metavar="HANDLE", help="Whose key. Default: who acts.")]
Seal = Annotated[bool, typer.Option("--passphrase", help="Seal the file with a passphrase, which is asked for.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Keys that sign: made, shown, replaced.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="key", rich_help_panel=PANEL)


def new(
    use: Use,
    name: Annotated[str, typer.Option(help="The name of the key for ever, such as sra.example/openmpca.")] = "",
    whose: Whose = "",
    seal: Seal = False,
    by: console.By = "",
    party: console.For = "",
    as_json: console.Json = False,
) -> None:
    """Make a key, and propose that it sign.

    The private key goes into a file of the folder keys in the home, for its owner alone: keep a copy of the folder
    where no backup of the database goes. The statement holds the public key, and another person approves it. The name
    of the log's key is the origin of the log. The other keys take a name beside it where none is given.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.keyring import keys

        asked = _asked(use, whose, seal, by, party)
        _made(out, keys.new(asked, name))


def rotate(
    use: Use,
    whose: Whose = "",
    seal: Seal = False,
    reason: Annotated[str, typer.Option(help="Why; may be withheld later.")] = "",
    by: console.By = "",
    party: console.For = "",
    as_json: console.Json = False,
) -> None:
    """Make a key in the place of another.

    The old key signs until another person approves the statement; its file is kept aside. The name stays, so the
    origin of a log stays too.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.keyring import keys

        made = keys.rotate(_asked(use, whose, seal, by, party, reason))
        _made(out, made)
        if use in ("log", "witness"):
            out.say(
                f"When it is approved, the partners put it into their policy in the place of the old one:\n{made.vkey}"
            )


def show(
    use: Annotated[str, typer.Argument(metavar="[USE]", help="Only of this use.")] = "",
    as_json: console.Json = False,
) -> None:
    """Show the public keys, and where they stand.

    Those that the record knows, and those of key files here.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.keyring import keylist, keys

        if use and use not in keys.USES:
            console.usage(f"{use} is no use of a key.", f"Name one of {', '.join(keys.USES)}.")
        rows = keylist.rows(use)
        heads = {"use": "Use", "of": "Of", "key_id": "Key", "standing": "Standing", "since": "Since", "file": "File"}
        out.table(rows, heads, empty="There are no keys: make one with `openmpca key new USE`.")
        for row in rows:
            out.say(f"{row['vkey']}")


def _asked(use: str, whose: str, seal: bool, by: str, party: str, reason: str = "") -> "Asked":
    from openmpca.proof.keyring import passphrase
    from openmpca.proof.keyring.keys import Asked

    act = console.acting(by, party)
    person = (whose or act.prepared_by) if use == "person" else ""
    secret = passphrase.chosen(f"the new key for {use}") if seal else ""
    return Asked(use, act, person=person, secret=secret, reason=reason)


def _made(out: console.Output, made: "Made") -> None:
    out.value(
        {
            "file": str(made.file),
            "vkey": made.vkey,
            "numbers": [*made.stated.numbers],
            "proposal": made.stated.proposal,
        }
    )
    out.say(f"{made.file}{'' if made.sealed else ' (not sealed with a passphrase)'}\n{made.vkey}")
    if not out.as_json:
        out.stated(made.stated)


_COMMANDS: dict[str, Callable[..., None]] = {"new": new, "show": show, "rotate": rotate}
