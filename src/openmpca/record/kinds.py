"""The kinds of statement as people read them: what each says, who may state it by default, and its fields."""

import re
from inspect import getdoc
from typing import get_type_hints

import msgspec

from openmpca.record.entry import form
from openmpca.record.statements import KINDS, Kind


def every() -> list[dict[str, object]]:
    """A row for each kind, in the order of the rooms."""
    return [_described(of) for of in KINDS.values()]


def one(name: str) -> dict[str, object]:
    """All about one kind."""
    of = KINDS[name]
    return {**_described(of), "version": of.version, "meaning": meaning(of), "fields": fields(name)}


def _described(of: Kind) -> dict[str, object]:
    return {
        "kind": of.name,
        "persons": of.persons,
        "prepare": list(of.prepare),
        "approve": list(of.approve) if of.persons > 1 else [],
        "title": meaning(of).split("\n")[0],
    }


def meaning(of: Kind) -> str:
    """What a kind says, as its definition has it: a line for each paragraph, a blank one between them."""
    said = (getdoc(of.struct) or "").replace("``", "`")
    return "\n\n".join(" ".join(each.split()) for each in said.split("\n\n"))


def fields(name: str) -> list[dict[str, object]]:
    """A row for each field of a kind: its form, whether it must be given, what it means."""
    of = KINDS[name]
    hints, said = get_type_hints(of.struct), _said(meaning(of))
    return [
        {
            "field": each.name,
            "form": form(hints[each.name]),
            "needed": bool(each.required),
            "erasable": each.name in of.erasable,
            "meaning": said.get(each.name, ""),
        }
        for each in msgspec.structs.fields(of.struct)
    ]


def _said(text: str) -> dict[str, str]:
    """The sentence or clause that first speaks of each field, by the field's name."""
    found: dict[str, str] = {}
    for clause in re.split(r"(?<=[.;])\s+", " ".join(text.split())):
        for name in re.findall(r"`([a-z_0-9]+)`", clause):
            found.setdefault(name, clause.rstrip(";."))
    return found
