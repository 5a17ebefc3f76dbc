"""The pages of accounting, a module for each subject; they ask the queries and call the commands of the room."""

from openmpca.accounting.pages import batches, book, due, entering, items, making, reports, transit

__all__ = ["batches", "book", "due", "entering", "items", "making", "reports", "transit"]
