"""Templates of tables to fill in, with the values that the register of this State allows."""

from typing import Final

import polars as pl

from openmpca.accounting.importing.fields import fields_of
from openmpca.formats.tables.template import template_csv, template_xlsx
from openmpca.record.known import query

FORMS: Final = {".csv": template_csv, ".xlsx": template_xlsx}
_FROM_REGISTER: Final = {"mba": "mba", "facility": "facility", "kmp": "kmp", "place": "place"}


def template_of(kind: str, form: str) -> bytes:
    """The template of a kind as ``.csv`` or ``.xlsx``; its lists hold the areas, points and places registered."""
    own = kind.removeprefix("accounting.")
    allowed = {field: registered(thing) for field, thing in _FROM_REGISTER.items() if own != thing}
    known = {field: values for field, values in allowed.items() if values}
    fields = {each.name for each in fields_of(kind)}
    return FORMS[form](fields_of(kind, {field: values for field, values in known.items() if field in fields}))


def registered(thing: str) -> list[str]:
    """The codes of the things of a sort that the register knows."""
    sql = "SELECT DISTINCT code FROM accounting_register WHERE thing = %s ORDER BY code"
    return query(sql, [thing], {"code": pl.String})["code"].to_list()
