"""The subjects of the room, in the order in which they may ask each other: each with the checks of its kinds."""

from types import ModuleType
from typing import Final

from openmpca.cooperation.agreements import rules as agreements
from openmpca.cooperation.boards import rules as boards
from openmpca.cooperation.conditions import rules as conditions
from openmpca.cooperation.elimination import rules as elimination
from openmpca.cooperation.exchange import rules as exchange
from openmpca.cooperation.handover import rules as handover
from openmpca.cooperation.index import rules as index
from openmpca.cooperation.lessons import rules as lessons
from openmpca.cooperation.money import rules as money
from openmpca.cooperation.newcomers import rules as newcomers
from openmpca.cooperation.oversight import rules as oversight
from openmpca.cooperation.parties import rules as parties
from openmpca.cooperation.planning import rules as planning
from openmpca.cooperation.priorities import rules as priorities
from openmpca.cooperation.projects import rules as projects
from openmpca.cooperation.sealing import rules as sealing
from openmpca.cooperation.threats import rules as threats

SUBJECTS: Final[tuple[ModuleType, ...]] = (
    parties,
    agreements,
    projects,
    boards,
    conditions,
    planning,
    oversight,
    lessons,
    money,
    elimination,
    handover,
    newcomers,
    exchange,
    sealing,
    threats,
    priorities,
    index,
)
