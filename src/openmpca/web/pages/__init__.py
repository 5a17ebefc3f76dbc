"""The pages of the roof: home, oneself, people and their doors, the record, upkeep."""

from openmpca.web.pages import description, home, me, proposals, statements, tokens, upkeep

__all__ = ["description", "home", "me", "proposals", "statements", "tokens", "upkeep"]
