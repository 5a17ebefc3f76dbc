"""The pages of cooperation, a module for each subject; they ask the queries and call the commands of the room."""

from openmpca.cooperation.pages import (
    agreements,
    conditions,
    decisions,
    eliminating,
    funding,
    handover,
    lapsing,
    newcomers,
    parties,
    partnership,
    paying,
    priorities,
    projects,
    saying,
    scoreboard,
    sealing,
    threats,
)
from openmpca.cooperation.pages.words import HEADS, MEANINGS

__all__ = [
    "HEADS",
    "MEANINGS",
    "agreements",
    "conditions",
    "decisions",
    "eliminating",
    "funding",
    "handover",
    "lapsing",
    "newcomers",
    "parties",
    "partnership",
    "paying",
    "priorities",
    "projects",
    "saying",
    "scoreboard",
    "sealing",
    "threats",
]
