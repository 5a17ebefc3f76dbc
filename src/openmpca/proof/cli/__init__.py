"""The commands that prove, one module for each subject."""

import typer

from openmpca.proof.cli import checkpoint, disclosures, keys


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    for subject in (keys, checkpoint, disclosures):
        subject.add(app)
