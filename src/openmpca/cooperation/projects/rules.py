"""What is checked of statements about projects: rules 860 to 869."""

from typing import Final

from openmpca.cooperation.projects import statements  # noqa: F401  registers its kinds
from openmpca.cooperation.rules import Check

CHECKS: Final[dict[str, Check]] = {}
