"""The pages of proofs: what was released to whom, what a file of others proves, what the log signed."""

from openmpca.proof.pages import checkpoints, disclosing, proving, releases

__all__ = ["checkpoints", "disclosing", "proving", "releases"]
