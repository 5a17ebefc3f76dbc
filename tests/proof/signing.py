"""What tests of keys and checkpoints share: a State whose log has a key that two persons introduced."""

from collections.abc import Iterable
from typing import Any

from openmpca.proof.keyring import keys
from openmpca.proof.keyring.keys import Asked, Made
from openmpca.record import commands
from openmpca.record.statements import Party
from tests.state import BEGINNING, alone, founded

ORIGIN = "sra.example/openmpca"


def keyed(name: str = ORIGIN, **asked: Any) -> Any:
    """Found the record and introduce a key of its log; gives the act of two persons."""
    act = founded()
    introduced(Asked("log", act, **asked), name)
    return act


def introduced(asked: Asked, name: str = "") -> Made:
    """A key that two persons introduced: boris is among those who approved."""
    return keys.new(asked, name)


def grow(act: Any, codes: Iterable[str]) -> None:
    """State a party for each code."""
    commands.state([Party(day=BEGINNING, code=code, name=code) for code in codes], alone(act))
