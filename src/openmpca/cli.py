"""The `openmpca` command: the rooms' commands under one root, one home, one shape of errors, documented exit codes.

Nothing heavy is imported here or in the rooms' `cli` modules before a command runs.
"""

import os
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from openmpca.record import cli as record
from openmpca.record import console
from openmpca.record import help as shown

ROOMS = (
    "openmpca.proof.cli",
    "openmpca.accounting.cli",
    "openmpca.cooperation.cli",
    "openmpca.demonstration.cli",
    "openmpca.web.cli",
)

app = typer.Typer(
    name="openmpca",
    help="Material protection, control and accounting: the record, the book and the reports of a State.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"openmpca {version('openmpca')}")
        raise typer.Exit


@app.callback()
def root(
    home: Annotated[
        Path | None, typer.Option("--home", help="The home of the State. Default: OPENMPCA_HOME, else ~/openmpca.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Material protection, control and accounting: the record, the book and the reports of a State."""
    if home is not None:
        os.environ["OPENMPCA_HOME"] = str(home.absolute())


record.add(app)
for _room in ROOMS:
    if find_spec(_room) is not None and (_add := getattr(import_module(_room), "add", None)) is not None:
        _add(app)
shown.dress(app)


def main() -> None:
    """Run the command of this process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with console.reporting("--json" in sys.argv[1:]):
        try:
            code = app(standalone_mode=False)
        except typer.Abort as error:
            raise KeyboardInterrupt from error
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            _explain(error)
    raise SystemExit(code or console.Exit.FINE)


_PARSING = re.compile(r"Input should be a valid integer.*", re.DOTALL)


def _explain(error: Any) -> None:
    """Tell what the command line was not understood for; Typer's own errors are known by `format_message` alone."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.format_message() + "\n")
        raise SystemExit(console.Exit.USAGE)
    path = context.command_path if context is not None else "openmpca"
    said = _PARSING.sub("not a whole number.", error.format_message())
    raise console.Stop(console.Exit.USAGE, said, f"See `{path} --help`.")


if __name__ == "__main__":
    main()
