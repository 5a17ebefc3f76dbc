"""Plans as Microsoft Project exchanges them (MSPDI): read, written, and nothing is lost that we do not know."""
