"""The pages on SQLite and on PostgreSQL: let in, sign in, state, approve nothing by halves, read what was stated."""

import re
from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import msgspec
import pytest
from django.test import Client

from openmpca.record.databases import leave_database
from openmpca.web.databases import WEB, open_pages
from openmpca.web.signing_in import invite
from tests.accounting.story import begun, grams
from tests.state import State
from tests.web.conftest import signed_in

PASSPHRASE = "nine grey herons waiting"  # noqa: S105  of a test


@pytest.fixture
def each_site(each_state_home: State) -> Iterator[State]:
    """A State with the tables of its pages, once on each database."""
    open_pages()
    try:
        yield each_state_home
    finally:
        leave_database(WEB)


def test_somebody_is_let_in_and_states_what_came(each_site: State) -> None:
    from openmpca.record.commands import person_of

    story = begun()
    browser = Client()
    fields = {"secret": invite(person_of("anna")), "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert browser.post("/invitation", fields).status_code == 302
    browser.post("/account/logout/")
    assert browser.post("/account/login/", {"login": "anna", "password": PASSPHRASE}).status_code == 302
    address = "/accounting/receive?mba=ZZA1"
    opened = browser.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', opened))
    typed = {"batch": "NEW", "counterpart": "XX", "weights:E": "100", "weights:E/U235": "5", "day": "2024-02-01"}
    assert browser.post(address, {**hidden, **typed, "step": "state"}).status_code == 302
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}
    twin = msgspec.json.decode(browser.get("/api/accounting/book?mba=ZZA1").content)
    assert "100" in str(twin["blocks"]["book"]["rows"])


def test_of_two_people_who_state_about_the_same_batch_at_the_same_time_one_wins(each_site: State) -> None:
    from django.db import connections

    story = begun()
    story.happened("RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), counterpart="XX")
    people, together = [signed_in(name) for name in ("anna", "boris")], Barrier(2)
    address, said = "/accounting/ship?mba=ZZA1", []
    forms = [dict(msgspec.json.decode(each.get(f"/api{address}").content)["blocks"]["form"]) for each in people]

    def ship(browser: Client, form: dict[str, str]) -> None:
        try:
            together.wait()
            typed = {"batch": "B", "counterpart": "ZZ/ZZB1", "day": "2024-02-02", "step": "state"}
            answer = browser.post(address, {**form, **typed})
            said.append((answer.status_code, answer.content.decode()))
        finally:
            connections.close_all()

    threads = [Thread(target=ship, args=each) for each in zip(people, forms, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (won, _), (lost, why) = sorted(said)
    assert (won, lost) == (302, 422)
    assert "Refused: nothing was recorded" in why
    assert "would hold -100 g" in why or "holds nothing on the book" in why
    assert story.held("ZZA1") == {}
