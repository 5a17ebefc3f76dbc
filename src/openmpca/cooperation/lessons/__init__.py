"""Lessons learned, positive and negative, with evidence and each party's view; what others can start from."""
