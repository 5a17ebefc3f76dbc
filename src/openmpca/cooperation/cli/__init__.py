"""The commands of cooperation, one module for each subject."""

from types import ModuleType
from typing import Final

import typer

SUBJECTS: Final[tuple[ModuleType, ...]] = ()


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in SUBJECTS:
        subject.add(app)
