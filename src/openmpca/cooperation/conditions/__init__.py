"""Conditions of a project: what it assumes, the permits that it waits for, its risks; and what they block."""
