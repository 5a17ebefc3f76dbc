"""Dates and numbers in Russian."""

from openmpca.locale.iso import *  # noqa: F403
