"""The commands that show the log to others: as a folder of files, over HTTP, and as requests to witnesses."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console
from openmpca.record.cli import LOG

if TYPE_CHECKING:
    from openmpca.tlog.note import Note

Host = Annotated[str, typer.Option(help="Address on which it listens; 127.0.0.1 is this machine alone.")]
LOG_PORT = 8370


def add(app: typer.Typer) -> None:
    """Give these commands to `openmpca log`."""
    LOG.command("export")(export)
    LOG.command("serve")(serve)


def signed() -> "Note":
    """The last signed checkpoint with its cosignatures; where there is none, the command ends."""
    from openmpca.proof.signing import checkpoints

    found = checkpoints.latest()
    if found is None:
        console.not_found("Nothing was signed yet, so there is nothing to show.", "Run `openmpca checkpoint` first.")
    return found.note


def export(
    folder: Annotated[Path, typer.Argument(help="The folder; made where it is missing, brought up to date else.")],
    anew: Annotated[bool, typer.Option("--anew", help="Compare every file, not only those that are new.")] = False,
    as_json: console.Json = False,
) -> None:
    """Write the log as files that anybody may have.

    Checkpoint, hashes and commitments, up to the last signed checkpoint and no further: nothing of what a statement
    says, nor whether two say the same. Any web server or stick can carry the folder; partners read it with
    `openmpca follow`. Run it again after each checkpoint: only what is new is written.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.proof.publishing import log_files
        from openmpca.record import layout

        files = log_files.LogFiles.of(signed().encode())
        total = sum(1 for _ in log_files.names(files.checkpoint.size))
        with out.progress("Writing", total) as step:
            made = log_files.export(folder, files, anew=anew, progress=step)
        out.value({"folder": str(folder), "size": made.size, "written": made.written, "kept": made.kept})
        counts = layout.counted(made.size, "statement"), layout.counted(made.written, "file")
        out.say(f"{folder} shows {counts[0]}: {counts[1]} written, {made.kept} as before.")


def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on which it listens.")] = LOG_PORT,
    as_json: console.Json = False,
) -> None:
    """Serve the log to partners over HTTP.

    The same files as `openmpca log export` writes, as of the last signed checkpoint whenever somebody asks. It goes on
    until it is interrupted. For the open network put a web server with TLS in front; nothing that is served is secret,
    and partners believe signatures, not the connection.
    """
    with console.opened(as_json, figures=False):
        from openmpca.proof.publishing import serving, urls
        from openmpca.proof.signing import checkpoints

        signed()

        def latest() -> bytes | None:
            found = checkpoints.latest()
            return found.note.encode() if found else None

        shown = serving.last_signed(latest)
        shown()
        console.tell(f"Serving the log at http://{host}:{port}/ (end with Ctrl+C).")
        serving.serve(urls.of_log(shown), host, port)
