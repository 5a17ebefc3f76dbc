"""What all statements of this room share, and those that take a statement back.

Parties are symmetric: each states for itself, and nobody overwrites what another stated. What a party states is read by
itself alone until it releases it.

Source: design, idea 7; issue "Partnership".
"""

from datetime import date
from typing import Annotated

from openmpca.cooperation.marks import PARTY
from openmpca.record.statements import AUTHORITY, OFFICER, Statement, kind

ROOM = "cooperation"


class Said(Statement, frozen=True, kw_only=True):
    """What a party says of something that several parties share.

    ``release`` names the parties that may read it besides the one that states it, ``*`` stands for all; where it is
    empty, only the party itself reads it. ``replaces`` is the number of its own earlier statement whose place this one
    takes from ``day`` on.
    """

    day: date
    release: list[str] = []
    replaces: int | None = None


@kind(
    "cooperation.withdrawal",
    prepare=(AUTHORITY, OFFICER),
    approve=(AUTHORITY, OFFICER),
    refers=("replaces",),
    erasable=("reason",),
)
class Withdrawal(Said, frozen=True, kw_only=True):
    """A statement of one's own is taken back from ``day`` on; ``replaces`` is its number."""

    reason: str = ""


Party = Annotated[str, PARTY]
"""The code of a party."""
