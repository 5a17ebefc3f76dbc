"""Boards and their decisions: valid with the signatures of co-chairs of every party, over just this content."""
