"""The subjects of the room, in the order in which they may ask each other: each with the checks of its kinds."""

from types import ModuleType
from typing import Final

from openmpca.cooperation.agreements import rules as agreements
from openmpca.cooperation.elimination import rules as elimination
from openmpca.cooperation.projects import rules as projects

SUBJECTS: Final[tuple[ModuleType, ...]] = (agreements, projects, elimination)
