"""The options of this room's questions: as of a day, as known at a time, from the viewpoint of a party."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times

if TYPE_CHECKING:
    from openmpca.cooperation.claims import Claims

Viewpoint = Annotated[
    str, typer.Option("--reader", metavar="PARTY", help="Only what this party may read. Default: all that is here.")
]


def claims_of(as_of: str, known_at: str, reader: str) -> "Claims":
    """The claims at the asked times, for a reader or for whoever holds the machine."""
    from openmpca.cooperation.claims import Claims

    known = times.known_at(known_at)
    return Claims(times.day_of(as_of, "--as-of"), known, [reader] if reader else None)
