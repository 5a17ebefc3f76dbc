"""The command that makes checkpoints."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.proof.signing.checkpoints import Signed

PANEL = "Proof"


def add(app: typer.Typer) -> None:
    """Give the command to the root."""
    app.command("checkpoint", rich_help_panel=PANEL)(checkpoint)


def checkpoint(
    every: Annotated[int, typer.Option(metavar="SECONDS", min=0, help="Go on making one, until stopped.")] = 0,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="Go on making them as often as `checkpoint_every` says.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Show the last one with its cosignatures; make none.")] = False,
    new_origin: Annotated[
        str, typer.Option("--new-origin", metavar="NAME", help="State that the log goes on under another name.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why there is a new origin.")] = "",
    seal: Annotated[
        bool, typer.Option("--passphrase", help="Seal the key of the new origin with a passphrase, which is asked for.")
    ] = False,
    by: console.By = "",
    party: console.For = "",
    as_json: console.Json = False,
) -> None:
    """Sign how the record stands, for the partners.

    A checkpoint says how many statements there are and what their root is. The log's key signs it only when the record
    begins with all that was signed before. With `pad` in the configuration the record is first filled up with empty
    statements, so that its growth tells no tempo. --new-origin is for a record that lost signed statements: two
    persons state it, and it names the last checkpoint. With --every or --scheduled, --json writes one document for each
    checkpoint.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.signing import checkpoints

        if new_origin:
            _begin(out, new_origin, reason, seal, by, party)
        elif show:
            _show(out, checkpoints.latest())
        elif every or scheduled:
            _keep_on(out, every or _configured(), by, party)
        else:
            _say(out, _once(by, party))


def _show(out: console.Output, found: "Signed | None") -> None:
    if found is None:
        console.not_found("Nothing was signed yet.", "Run `openmpca checkpoint`.")
    _say(out, found)


def _say(out: console.Output, signed: "Signed") -> None:
    text = signed.note.encode().decode()
    made = signed.checkpoint
    out.value({"origin": made.origin, "size": made.size, "root": made.root.hex(), "new": signed.fresh, "note": text})
    out.say(text.removesuffix("\n"))


def _once(by: str, party: str, secret: str | None = None) -> "Signed":
    from openmpca.proof.signing import checkpoints, padding
    from openmpca.record.home import configuration

    pad = configuration().pad
    size = padding.fill(console.acting(by, party), pad) if pad else None
    return checkpoints.make(size=size, passphrase=secret)


def _keep_on(out: console.Output, every: int, by: str, party: str) -> None:
    from openmpca.proof.signing import scheduling

    secret = scheduling.secret()
    scheduling.keep_on(every, lambda: _say(out, _once(by, party, secret)), console.tell)


def _configured() -> int:
    from openmpca.record.home import configuration

    if not configuration().checkpoint_every:
        console.usage("No schedule is configured.", "Set `checkpoint_every` in openmpca.toml, or use --every SECONDS.")
    return configuration().checkpoint_every


def _begin(out: console.Output, name: str, reason: str, seal: bool, by: str, party: str) -> None:
    from openmpca.proof.keyring import passphrase
    from openmpca.proof.keyring.keys import Asked
    from openmpca.proof.signing import checkpoints

    if not reason.strip():
        console.usage("A new origin has no reason.", "Say why with --reason: the partners will ask.")
    secret = passphrase.chosen(f"the key of {name}") if seal else ""
    asked = Asked("log", console.acting(by, party), secret=secret, reason=reason.strip())
    made = checkpoints.new_origin(name, asked)
    out.value({"file": str(made.file), "vkey": made.vkey, "proposal": made.stated.proposal})
    out.say(f"{made.file}{'' if made.sealed else ' (not sealed with a passphrase)'}")
    if not out.as_json:
        out.stated(made.stated)
    out.say(
        f"When it is approved, the partners put this key into their policy in the place of the old one:\n{made.vkey}"
    )
