"""Dates and numbers in the language of nobody."""

from openmpca.locale.iso import *  # noqa: F403
