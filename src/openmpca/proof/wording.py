"""What a statement of this room says in short, for whoever is asked to approve it."""

from openmpca.record import rooms
from openmpca.record.layout import counted


def words(kind: str, fields: dict[str, object]) -> str:
    """One line for a kind with these fields."""
    name = kind.partition(".")[2].replace("_", " ")
    to = f" to {fields.get('recipient')}" if fields.get("recipient") else ""
    listed = fields.get("statements")
    if isinstance(listed, list):
        return f"{name} of {counted(len(listed), 'statement')}{to}"
    if kind == "proof.key":
        return f"key for {fields.get('use')} of {fields.get('of')}"
    if kind == "proof.escrow":
        return f"escrow {fields.get('name')}"
    if kind == "proof.escrow_opening":
        return f"{name} of statement {fields.get('escrow')}{to}"
    return rooms.words(kind, fields)
