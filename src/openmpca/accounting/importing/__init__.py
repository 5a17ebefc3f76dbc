"""Bringing in what others kept: tables of statements, and the Code 10 files of a former system."""
