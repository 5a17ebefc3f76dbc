"""The language of nobody."""
