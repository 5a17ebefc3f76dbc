"""The pages of the roof: home, oneself, people and their doors."""

from openmpca.web.pages import home, me, proposals, tokens

__all__ = ["home", "me", "proposals", "tokens"]
