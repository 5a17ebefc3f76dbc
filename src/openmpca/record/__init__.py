"""The record: statements, commitments and who may do what."""
