"""Mappings of columns that this machine remembers: by name, and the last one used for a table with the same columns."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.layout import Layout
from openmpca.formats.tables.mapping import Mapping, check, from_json, to_json
from openmpca.problems import errors
from openmpca.record.models import Setting

_NAMED: Final = "mapping {} {}"
_LAST: Final = "mapping last {} {}"


def save(kind: str, name: str, mapping: Mapping) -> None:
    """Remember a mapping under a name."""
    _keep(_NAMED.format(kind, name), mapping)


def named(kind: str, name: str) -> Mapping | None:
    """The mapping of that name."""
    return _kept(_NAMED.format(kind, name))


def names() -> list[tuple[str, str]]:
    """Kind and name of every mapping that has a name."""
    kept = Setting.objects.filter(name__startswith="mapping ").values_list("name", flat=True).order_by("name")
    parts = [name.split(" ", 2) for name in kept]
    return [(kind, name) for _, kind, name in parts if kind != "last"]


def remember(kind: str, columns: Iterable[str], mapping: Mapping) -> None:
    """Remember the mapping that a table with these columns was brought in with; which of its rows are no lines is of it
    alone."""
    layout = Layout(spread=mapping.layout.spread, decimal_comma=mapping.layout.decimal_comma)
    _keep(_LAST.format(kind, _digest(columns)), msgspec.structs.replace(mapping, layout=layout))


def recalled(kind: str, columns: Sequence[str], fields: Sequence[TableField]) -> Mapping | None:
    """The mapping last used for a table with these columns, where it still fits; None where there is none."""
    kept = _kept(_LAST.format(kind, _digest(columns)))
    return None if kept is None or errors(check(kept, columns, fields)) else kept


def _digest(columns: Iterable[str]) -> str:
    return sha256("\0".join(sorted(columns)).encode()).hexdigest()[:32]


def _keep(name: str, mapping: Mapping) -> None:
    Setting.objects.update_or_create(name=name, defaults={"value": to_json(mapping).decode()})


def _kept(name: str) -> Mapping | None:
    value = Setting.objects.filter(name=name).values_list("value", flat=True).first()
    return from_json(str(value).encode())[0] if value else None
