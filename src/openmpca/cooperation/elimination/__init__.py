"""Securing and eliminating: sites in staged states, items through their procedures, counts of every viewpoint."""
