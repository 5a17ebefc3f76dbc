"""The words for the fields of this room's statements: heads, what each means, an example of what is typed.

One text holds for a field in every kind that has it; ``KIND.FIELD`` where it means something else there. A subject adds
its own words when its pages are loaded.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from openmpca.cooperation.marks import marked
from openmpca.cooperation.pages import words_in_general, words_of_agreements, words_of_money
from openmpca.record.statements import KINDS

HEADS: Final[dict[str, Any]] = {
    **words_of_agreements.HEADS,
    **words_of_money.HEADS,
    "day": _("Day"),
    "release": _("May be read by"),
    "replaces": _("Replaces statement"),
    "reason": _("Reason"),
    "code": _("Code"),
    "title": _("Title"),
    "party": _("Party"),
}
MEANINGS: Final[dict[str, Any]] = {
    **words_of_agreements.MEANINGS,
    **words_of_money.MEANINGS,
    "day": _("The day from which it holds, or on which it was done or happened."),
    "release": _("The parties that may read it, a line each; * is all of them. Blank: your own party alone."),
    "replaces": _("The number of an earlier statement of your party whose place this one takes."),
    "code": _("The code by which all parties call it."),
}
EXAMPLES: Final[dict[str, str]] = {
    **words_of_agreements.EXAMPLES,
    **words_of_money.EXAMPLES,
    "release": "*",
    "code": "P-07",
}


def of_field(words: Mapping[str, Any], kind: str, name: str) -> str:
    """The word for a field of a kind, else that for the field; empty where there is none."""
    return str(words.get(f"{kind.partition('.')[2]}.{name}", words.get(name, "")))


def meaning(kind: str, name: str) -> str:
    """What a field of a kind of this room means: what a subject says of it, else what its name or its mark does."""
    if said := of_field(MEANINGS, kind, name):
        return said
    if name in words_in_general.BY_NAME:
        return str(words_in_general.BY_NAME[name])
    found = next((each for each in marked(KINDS[kind].struct) if each.name == name), None)
    return words_in_general.by_mark((found.own or found.values) if found is not None else None)
