"""Obligations on material: sets replayed from the changes that stand."""
