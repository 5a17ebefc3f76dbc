"""Threat analyses: each party keeps its own; a comparison lays them side by side and merges nothing."""
