"""Fields become bare digests, by a statement that names them; old versions stay readable."""

import os
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from openmpca.record import commands, reading, statements, withholding
from openmpca.record.models import Row
from openmpca.record.rebuild import rebuild
from openmpca.record.record import Refused, head
from openmpca.record.statements import KINDS, Party, Withholding
from openmpca.record.verify import verify
from openmpca.tlog.disclosure import Body, commit
from tests.record.test_verify import behind_its_back
from tests.state import BEGINNING, State, alone, at, founded

LATER = at("2001-01-01")


def with_a_note() -> Any:
    act = founded()
    commands.state([Party(day=BEGINNING, code="OP", name="Operator", note="call Eva")], alone(act), when=LATER)
    return act


def withhold(act: Any, *fields: str, number: int = 7) -> commands.Stated:
    stated = Withholding(day=BEGINNING, statement=number, fields=list(fields), reason="asked to")
    return commands.withhold(stated, act, when=LATER)


def test_a_withheld_field_is_gone_and_the_record_holds(each_state_home: State) -> None:
    act = with_a_note()
    entry, checkpoint = bytes(Row.objects.get(number=7).entry), head()
    withhold(act, "note")
    row = Row.objects.get(number=7)
    assert "Eva" not in row.body
    assert Body.parse(row.body).entry() == entry == bytes(row.entry)
    assert reading.stored(7).statement == Party(day=BEGINNING, code="OP", name="Operator")
    found = verify(checkpoint)
    assert (found.problems, found.withheld) == ([], 1)
    assert rebuild().problems == []


def test_a_withholding_takes_two_and_is_carried_out_when_it_is_approved(each_state_home: State) -> None:
    act = with_a_note()
    made = withhold(alone(act), "note")
    assert "Eva" in Row.objects.get(number=7).body
    commands.approve(made.proposal or 0, "boris", when=LATER)
    assert "Eva" not in Row.objects.get(number=7).body


@pytest.mark.parametrize(("fields", "number"), [(["name"], 7), (["day"], 7), ([], 7), (["note"], 99), (["note"], -1)])
def test_only_erasable_fields_of_known_statements_are_withheld(
    state_home: State, fields: list[str], number: int
) -> None:
    act = with_a_note()
    with pytest.raises(Refused, match="13"):
        withhold(act, *fields, number=number)


def test_a_field_is_withheld_once(state_home: State) -> None:
    act = with_a_note()
    withhold(act, "note")
    with pytest.raises(Refused, match="13"):
        withhold(act, "note")
    twice = [Withholding(day=BEGINNING, statement=7, fields=["note"], reason="x")] * 2
    with pytest.raises(Refused, match="10"):
        commands.state(twice, act, when=LATER)


def test_a_line_withheld_without_a_statement_is_named(each_state_home: State) -> None:
    with_a_note()
    text = withholding.covered(Row.objects.get(number=7).body, ["name"])
    behind_its_back(each_state_home, ("UPDATE record_statement SET body = ? WHERE number = 7", (text,)))
    assert [(each.rule, each.record) for each in verify().problems] == [(35, "statement 7")]


def test_a_further_line_withheld_behind_a_withholding_is_named(state_home: State) -> None:
    act = with_a_note()
    withhold(act, "note")
    text = withholding.covered(Row.objects.get(number=7).body, ["name"])
    behind_its_back(state_home, ("UPDATE record_statement SET body = ? WHERE number = 7", (text,)))
    assert [(each.rule, each.record) for each in verify().problems] == [(35, "statement 7")]


def test_a_withheld_line_put_back_is_named(state_home: State) -> None:
    act = with_a_note()
    open_body = Row.objects.get(number=7).body
    withhold(act, "note")
    behind_its_back(state_home, ("UPDATE record_statement SET body = ? WHERE number = 7", (open_body,)))
    assert [(each.rule, each.record) for each in verify().problems] == [(35, "statement 7")]


def test_the_envelope_is_never_withheld(state_home: State) -> None:
    with_a_note()
    text = withholding.covered(Row.objects.get(number=7).body, ["prepared_by"])
    behind_its_back(state_home, ("UPDATE record_statement SET body = ? WHERE number = 7", (text,)))
    assert verify().problems[0].field == "prepared_by"


def test_stored_rows_cannot_be_changed_or_deleted_by_the_way(each_state_home: State) -> None:
    with_a_note()
    raw = each_state_home.raw()
    for sql in (
        "DELETE FROM record_statement WHERE number = 7",
        "UPDATE record_statement SET kind = 'x' WHERE number = 7",
        "UPDATE record_statement SET entry = NULL WHERE number = 7",
    ):
        with pytest.raises(Exception, match="append-only"):
            raw.execute(sql)
    raw.close()


def test_an_old_version_is_lifted_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lifted = replace(KINDS["record.party"], version=3, upgrades={})
    monkeypatch.setitem(statements.KINDS, "record.party", lifted)
    statements.upgrade("record.party", 1)(lambda fields: {**fields, "title": fields["label"]})
    statements.upgrade("record.party", 2)(
        lambda fields: {name: fields[name] for name in ("day", "code")} | {"name": fields["title"]}
    )
    old = {"day": "1999-01-01", "code": "OLD", "label": "Old one"}
    made = commit([("kind", "record.party"), ("version", 1), *old.items()], lambda count: bytes(count))
    read = reading.Stored(3, Body.parse(made.body).fields)
    assert read.statement == Party(day=msgspec.convert("1999-01-01", type(BEGINNING)), code="OLD", name="Old one")
    frame = reading.numbered("record.party", [(3, 0, _with_envelope(old))]).frame
    assert frame["name"].to_list() == ["Old one"]


def _with_envelope(fields: dict[str, str]) -> str:
    envelope = [("kind", "record.party"), ("version", 1), ("party", "SRA"), ("prepared_by", "anna")]
    return commit([*envelope, *fields.items()], os.urandom).body


def test_a_version_of_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="newer OpenMPCA"):
        statements.read_fields("record.party", 2, {})
