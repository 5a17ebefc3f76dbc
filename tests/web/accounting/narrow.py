"""A person with a narrow grant, and how pages are read in tests."""

from typing import Any

import msgspec
from django.test import Client

from tests.state import BEGINNING, at
from tests.web.conftest import signed_in


def somebody(act: Any, name: str = "clara", scope: str = "mba:ZZB1", role: str = "officer") -> Client:
    """A browser of a person who holds one grant, for one area."""
    from openmpca.record import commands
    from openmpca.record.statements import Grant, Person

    commands.state([Person(day=BEGINNING, person=name, of=act.party)], act, when=at("2024-01-02"))
    given = Grant(day=BEGINNING, person=name, for_party=act.party, role=role, scope=scope)
    commands.state([given], act, when=at("2024-01-02"))
    return signed_in(name)


def blocks(client: Client, address: str, status: int = 200) -> Any:
    """The blocks of the twin of a page."""
    answer = client.get(f"/api/{address}")
    assert answer.status_code == status, answer.content[:600]
    return msgspec.json.decode(answer.content)["blocks"]


def shown(client: Client, address: str, status: int = 200) -> str:
    """A page as HTML."""
    answer = client.get(f"/{address}")
    assert answer.status_code == status, answer.content[-3000:]
    return answer.content.decode()
