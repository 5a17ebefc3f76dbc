"""The pages of the roof: home, oneself, people and their doors, the record, upkeep."""

from openmpca.web.pages import (
    description,
    drafts,
    events,
    granting,
    home,
    me,
    people,
    person,
    proposals,
    rules,
    search,
    statements,
    tokens,
    upkeep,
    why,
)

__all__ = [
    "description",
    "drafts",
    "events",
    "granting",
    "home",
    "me",
    "people",
    "person",
    "proposals",
    "rules",
    "search",
    "statements",
    "tokens",
    "upkeep",
    "why",
]
