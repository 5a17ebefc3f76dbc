"""Dates and numbers in English."""

from openmpca.locale.iso import *  # noqa: F403
