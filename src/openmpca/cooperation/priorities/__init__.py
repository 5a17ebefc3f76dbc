"""Priorities: what parties propose, how each scores it for itself, what they agree on and where they do not."""
