"""The rules of the accounting room: what is declared, and the checks by subject."""
