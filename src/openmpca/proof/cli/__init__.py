"""The commands that prove, one module for each subject."""

import typer

from openmpca.proof.cli import bundles, checkpoint, disclosures, escrow, keys, log, partners, witness


def add(app: typer.Typer) -> None:
    """Give the room's commands to the root."""
    log.add(app)
    witness.add(app)
    for subject in (keys, checkpoint, disclosures, partners, bundles, escrow):
        subject.add(app)
