"""Stating anything: a list of statements by a program, whole or not at all; and who has to prove who they are."""

from typing import Any

import msgspec
import pytest
from django.test import Client

from openmpca.record import commands
from openmpca.record.people import introduce
from openmpca.record.record import head
from openmpca.record.statements import Grant
from tests.state import BEGINNING, State, at, founded
from tests.web.conftest import signed_in

PARTY = {"kind": "record.party", "day": "2000-01-01", "code": "OP", "name": "Operator"}


def state(client: Client, *stated: dict[str, Any], step: str = "state") -> Any:
    return client.post("/api/record/state", {"statements": msgspec.json.encode(stated).decode(), "step": step})


def test_a_list_is_checked_and_recorded_whole_or_not_at_all(founded_site: State) -> None:
    anna, size = signed_in("anna"), head()[0]
    both = (PARTY, {**PARTY, "code": "OQ"})
    assert state(anna, *both, step="check").status_code == 200
    assert (state(anna, *both, PARTY).status_code, head()[0]) == (422, size)
    assert msgspec.json.decode(state(anna, *both).content)["numbers"] == [size, size + 1]


def test_what_takes_two_persons_waits_for_the_second(founded_site: State) -> None:
    anna, size = signed_in("anna"), head()[0]
    released = {
        "kind": "proof.disclosure",
        "day": "2000-01-01",
        "recipient": "Perion",
        "purpose": "to show who keeps the record",
        "authority": "a letter",
        "statements": [0],
        "fields": ["0:kind"],
    }
    done = msgspec.json.decode(state(anna, released).content)
    assert (head()[0], done["numbers"]) == (size, [])
    assert list(commands.approve(done["proposal"], "boris").numbers) == [size]


@pytest.mark.parametrize("wrong", ["", "{", '[{"kind": "record.colour"}]', '[{"kind": "record.party", "day": 7}]'])
def test_what_is_no_statement_is_told_and_nothing_is_recorded(founded_site: State, wrong: str) -> None:
    size = head()[0]
    answer = signed_in("anna").post("/api/record/state", {"statements": wrong, "step": "state"})
    assert (answer.status_code, head()[0]) == (422, size)
    assert msgspec.json.decode(answer.content)["problems"][0]["rule"]


def test_what_rules_persons_and_grants_takes_a_fresh_proof(founded_site: State) -> None:
    assert state(signed_in("anna", fresh=False), PARTY).status_code == 401
    assert state(signed_in("anna", fresh=False), PARTY, step="check").status_code == 200


def test_it_takes_a_grant_for_everything(site: State) -> None:
    act = founded()
    person, _ = introduce("nora", "Nora", act.party, BEGINNING, act, when=at("2001-01-01"))
    grant = Grant(day=BEGINNING, person=person, for_party=act.party, role="officer", scope="mba:ZZA1")
    commands.state([grant], act)
    assert state(signed_in("nora"), PARTY, step="check").status_code == 403
