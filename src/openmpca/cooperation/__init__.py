"""Cooperation: what several parties plan, manage, pay for and verify together, each with a record of its own."""
