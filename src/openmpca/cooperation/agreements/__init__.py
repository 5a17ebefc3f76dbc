"""Agreements: their layers, texts, clauses and terms, and what depends on them."""
