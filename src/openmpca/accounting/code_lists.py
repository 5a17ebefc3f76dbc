"""The codes that the program knows as data, in rows: inventory changes with what they do, categories of material."""

from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import CHANGES

Row = dict[str, object]
_EFFECTS = {1: "+", -1: "−", 0: "between categories"}


def changes() -> list[Row]:
    """The codes of inventory changes, with what they do to the balance."""
    return [
        {
            "code": each.code,
            "title": each.title,
            "effect": _EFFECTS[each.effect],
            "other_side": each.counterpart,
            "meaning": each.definition,
        }
        for each in CHANGES.values()
    ]


def categories() -> list[Row]:
    """The categories of nuclear material, with the weight keys that are accounted in each."""
    return [
        {
            "code": each.code,
            "name": each.name,
            "element": each.element,
            "reported_as": each.agency,
            "unit": each.unit,
            "weights": list(each.keys),
            "unverified": each.unverified,
        }
        for each in CATEGORIES.values()
    ]
