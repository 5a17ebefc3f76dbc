"""The commands that prove, one module for each subject."""

import typer

from openmpca.proof.cli import disclosures


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in (disclosures,):
        subject.add(app)
