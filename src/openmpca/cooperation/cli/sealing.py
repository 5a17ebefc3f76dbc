"""The commands of sealing: commit to something now, open it when all parties have committed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.sealing.digests import Opening
    from openmpca.cooperation.sealing.standing import Matter

PANEL = "Cooperation"
MatterName = Annotated[str, typer.Argument(metavar="MATTER", help="What is sealed for: round:CODE or comparison:CODE.")]
Content = Annotated[Path, typer.Option("--content", metavar="FILE", help="What is sealed: a JSON file.")]
Keep = Annotated[Path, typer.Option("--keep", metavar="FILE", help="The file that opens what was sealed.")]
Release = Annotated[
    list[str] | None, typer.Option("--release", metavar="PARTY", help="Another party of the matter; give each.")
]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Sealing: commit now, open when all have.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="seal", rich_help_panel=PANEL)


def make(
    party: Annotated[str, typer.Option("--party", metavar="PARTY", help="The party that seals.")],
    matter: Annotated[str, typer.Option("--matter", metavar="MATTER", help="round:CODE or comparison:CODE.")],
    content: Content,
    keep: Keep,
    release: Release = None,
    as_json: console.Json = False,
) -> None:
    """Make a digest on a machine without a record.

    For a party that another hosts: nothing of the content reaches the host. Hand in the statement that is printed, by
    `openmpca state --file` or in the browser. Keep the new file to yourself: without it nothing can ever be opened, and
    whoever has it can read what was sealed.
    """
    with console.reporting(as_json) as out:
        import os

        from openmpca.cooperation.sealing import digests

        opening = digests.made(party, matter, _content(content), os.urandom)
        _keep(keep, opening)
        stating = {"kind": "cooperation.sealed", "day": _today(), "matter": matter, "digest": digests.digest(opening)}
        _hand_in(out, {**stating, **({"release": release} if release else {})})


def opening_(
    keep: Keep,
    sealed: Annotated[int, typer.Option("--sealed", metavar="NUMBER", help="The statement by which it was sealed.")],
    release: Release = None,
    as_json: console.Json = False,
) -> None:
    """Print the statement that opens what `seal make` sealed."""
    with console.reporting(as_json) as out:
        held = _kept(keep)
        stating = {"kind": "cooperation.opened", "day": _today(), "matter": held.matter, "sealed": sealed}
        shown = {"salt": held.salt, "content": held.content}
        _hand_in(out, {**stating, **shown, **({"release": release} if release else {})})


def commit(
    matter: MatterName,
    content: Content,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Seal something for the party that keeps this record.

    What opens it is kept beside the record until then, and is in every backup. The digest is released to all parties of
    the matter; what was sealed before, and is not opened, is replaced.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.sealing import keeping

        out.stated(keeping.seal(matter, _content(content), console.acting(by, party), dry_run=dry_run), dry_run=dry_run)


def open_(
    matter: MatterName,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FILE", help="The file of `seal make`, where it was made there.")
    ] = None,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Open what the own party sealed, once all have sealed."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.sealing import keeping

        held = _kept(keep) if keep is not None else None
        out.stated(keeping.unseal(matter, console.acting(by, party), held, dry_run=dry_run), dry_run=dry_run)


def show(
    matter: MatterName,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show who has sealed and opened, and what does not count."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.sealing.standing import standing

        stands = standing(claims_of(as_of, known_at, reader), matter, reader)
        if not stands.standings:
            console.not_found(f"There is no {matter}.", "Write round:CODE or comparison:CODE.")
        out.value(_told(stands))
        out.say(f"{matter}: {_in_all(stands)}")
        if not out.as_json:
            out.table([_row(each) for each in stands.standings])
            for each in stands.discounted:
                out.say(f"Statement {each.claim.number} of {each.claim.party} does not count: {each.why}.")
            for early in stands.early:
                out.say(f"{early.party} opened before all had sealed.")


def _told(stands: "Matter") -> dict[str, Any]:
    return {
        "matter": stands.thing,
        "all_sealed": stands.all_sealed,
        "all_open": stands.all_open,
        "parties": [_row(each) for each in stands.standings],
        "not_counted": [
            {"party": each.claim.party, "statement": each.claim.number, "why": each.why} for each in stands.discounted
        ],
        "early": [each.party for each in stands.early],
    }


def _row(each: Any) -> dict[str, object]:
    return {
        "party": each.party,
        "stands": each.stands,
        "sealed": each.sealed and each.sealed.number,
        "opened": each.opened and each.opened.number,
    }


def _in_all(stands: "Matter") -> str:
    return (
        "all have opened." if stands.all_open else "all have sealed." if stands.all_sealed else "not all have sealed."
    )


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def _content(path: Path) -> object:
    """What a file holds, canonical or not."""
    import msgspec

    try:
        return msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        console.usage(f"{path} holds no JSON: {error}.", "See docs/duties/priorities-and-threats.md.")


def _keep(path: Path, opening: "Opening") -> None:
    """Write what opens a digest into a new file that nobody else reads."""
    import os

    import msgspec

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        console.usage(f"{path} is there already.", "Name a new file: what opened something else is not written over.")
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(opening)) + b"\n")


def _kept(path: Path) -> "Opening":
    import msgspec

    from openmpca.cooperation.sealing.digests import Opening

    try:
        return msgspec.json.decode(path.read_bytes(), type=Opening)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        console.usage(f"{path} is no file that `seal make` wrote: {error}.", "Name the file that was kept.")


def _hand_in(out: console.Output, stating: dict[str, object]) -> None:
    """Print a statement as `openmpca state --file` takes it."""
    import json

    out.value([stating])
    out.say(json.dumps([stating], ensure_ascii=False, indent=2))


COMMANDS: dict[str, Callable[..., None]] = {
    "make": make,
    "opening": opening_,
    "commit": commit,
    "open": open_,
    "show": show,
}
