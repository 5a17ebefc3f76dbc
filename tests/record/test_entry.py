"""Statements as written in JSON or as fields of a command line: what does not read is told in the words of its form."""

import msgspec
import pytest

from openmpca.record.entry import Given, from_json, statements
from openmpca.record.record import Refused


def told(given: list[Given], *, as_text: bool = False) -> list[str]:
    with pytest.raises(Refused) as refused:
        statements(given, as_text=as_text)
    return [each.message for each in refused.value.problems]


def test_what_json_expects_is_told_as_json() -> None:
    import openmpca.accounting.statements  # noqa: F401  registers its kinds

    area = {"kind": "accounting.mba", "code": "ZZA1", "facility": "ZZF-", "name": "x", "day": "2024-01-01"}
    objects = 'an object of texts, {"NAME": "VALUE"}, numbers in quotes too'
    for wrong, shown in (("U:0", '"U:0"'), ({"U": 0}, '{"U":0}')):
        given = from_json(msgspec.json.encode([{**area, "precision": wrong}]))
        assert told(given) == [f"{shown} does not read as: {objects}."]
    (day,) = told(from_json(msgspec.json.encode([{**area, "day": "1.2.2024"}])))
    assert day == '"1.2.2024" does not read as: a date in quotes, "YYYY-MM-DD".'
    (due,) = told(
        from_json(
            b'[{"kind":"accounting.document","day":"2024-01-01","code":"D","sort":"x","title":"t","due":5}]',
        )
    )
    assert due == '5 does not read as: a date in quotes, "YYYY-MM-DD", or null.'


def test_what_a_field_of_the_command_line_expects_is_told_in_its_form() -> None:
    import openmpca.accounting.statements  # noqa: F401  registers its kinds

    given = {"code": "ZZA1", "facility": "ZZF-", "name": "x", "day": "yesterday"}
    assert told([Given("accounting.mba", dict(given))], as_text=True) == ["'yesterday' does not read as: date."]
