"""Statements sent to partners and received from them, as signed files."""
