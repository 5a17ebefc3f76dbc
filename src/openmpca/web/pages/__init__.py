"""The pages of the roof: home, oneself, people and their doors, the record, upkeep."""

from openmpca.web.pages import home, me, proposals, tokens, upkeep

__all__ = ["home", "me", "proposals", "tokens", "upkeep"]
