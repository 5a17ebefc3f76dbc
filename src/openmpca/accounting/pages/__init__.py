"""The pages of accounting, a module for each subject; they ask the queries and call the commands of the room."""

from openmpca.accounting.pages import (
    balance,
    batches,
    book,
    closing,
    correcting,
    due,
    entering,
    inventories,
    inventory,
    items,
    making,
    picture,
    reports,
    scanning,
    transit,
)

__all__ = [
    "balance",
    "batches",
    "book",
    "closing",
    "correcting",
    "due",
    "entering",
    "inventories",
    "inventory",
    "items",
    "making",
    "picture",
    "reports",
    "scanning",
    "transit",
]
