"""Structs of elements as hypothesis makes them from their shapes."""

import datetime
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from openmpca.formats.markup.shape import Node, Slot, shape_of

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]) | st.sampled_from("\n\t\r"), max_size=8
)
SECONDS = st.integers(-(10**10), 10**10)
DIGITS = st.integers(-(10**20), 10**20)
VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(10**17), 10**17),
    bool: st.booleans(),
    Decimal: st.builds(lambda digits, places: Decimal(digits).scaleb(-places), DIGITS, st.integers(0, 12)),
    datetime.date: st.dates(),
    datetime.datetime: st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    datetime.time: st.times(),
    datetime.timedelta: st.builds(lambda each: datetime.timedelta(seconds=each), SECONDS),
}


def nodes(cls: type[Node]) -> st.SearchStrategy[Any]:
    """Any struct of a class of elements."""
    empty = {field.name for field in msgspec.structs.fields(cls) if field.default is None}
    return st.builds(cls, **{slot.field: _held(slot, slot.field in empty) for slot in shape_of(cls).slots})


def _held(slot: Slot, may_be_none: bool) -> st.SearchStrategy[Any]:
    one = st.deferred(lambda: nodes(slot.node)) if slot.node else VALUES[slot.value]
    if slot.repeated:
        return st.lists(one, min_size=int(slot.required), max_size=2 if slot.required else 1).map(tuple)
    return st.none() | one if may_be_none else one
