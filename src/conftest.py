"""Doctests of the sources, collected alone, find Django set up on a home that is nowhere."""

import tests.state  # noqa: F401  closes whatever home is open, and so sets Django up
