"""Sealing: what parties commit to before any of them shows it, and open when all have."""
