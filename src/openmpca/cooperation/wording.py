"""What a statement of this room says in short, for whoever is asked to approve it."""

from collections.abc import Mapping

from openmpca.cooperation.book import thing_of
from openmpca.record.statements import KINDS


def words(kind: str, fields: Mapping[str, object]) -> str:
    """One line for a kind with these fields: what it is, of what, and its title."""
    name = kind.partition(".")[2].replace("_", " ")
    code = thing_of(KINDS[kind].struct, fields).partition(":")[2]
    title = str(fields.get("title") or fields.get("name") or "")
    return " ".join(each for each in (name, code, title) if each)
