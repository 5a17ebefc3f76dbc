"""What is checked of statements about agreements: rules 820 to 829."""

from typing import Final

from openmpca.cooperation.agreements import statements  # noqa: F401  registers its kinds
from openmpca.cooperation.rules import Check

CHECKS: Final[dict[str, Check]] = {}
