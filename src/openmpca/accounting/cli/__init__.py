"""The commands of the accounting room, one module for each subject."""

import typer

from openmpca.accounting.cli import (
    book,
    chart,
    document,
    due,
    exchange,
    inventory,
    joint,
    material,
    register,
    reports,
    rules,
    transit,
)


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in (
        register,
        book,
        chart,
        inventory,
        reports,
        due,
        exchange,
        document,
        material,
        transit,
        joint,
        rules,
    ):
        subject.add(app)
