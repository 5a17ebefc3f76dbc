"""The commands of the accounting room, one module for each subject."""

import typer

from openmpca.accounting.cli import due, exchange, inventory, reports


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in (inventory, reports, due, exchange):
        subject.add(app)
