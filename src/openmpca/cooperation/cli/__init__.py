"""The commands of cooperation, one module for each subject."""

from types import ModuleType
from typing import Final

import typer

from openmpca.cooperation.cli import (
    agreements,
    conditions,
    decisions,
    elimination,
    exchange,
    handover,
    lessons,
    money,
    newcomers,
    oversight,
    parties,
    partnership,
    plans,
    priorities,
    projects,
    sealing,
    threats,
)

SUBJECTS: Final[tuple[ModuleType, ...]] = (
    parties,
    agreements,
    projects,
    money,
    elimination,
    handover,
    newcomers,
    sealing,
    threats,
    priorities,
    partnership,
    decisions,
    conditions,
    plans,
    lessons,
    exchange,
    oversight,
)


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in SUBJECTS:
        subject.add(app)
