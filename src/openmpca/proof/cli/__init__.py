"""The commands that prove, one module for each subject."""

import typer


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
