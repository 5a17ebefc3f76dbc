"""A moment of what `trials/api.py` does for minutes: the API asked as it is described, and its forms filled."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.state import State
from tests.web.accounting import reading
from trials import api


@pytest.fixture
def quiet() -> Iterator[None]:
    """Refusals are what is asked for here: none is told on the way."""
    told = logging.getLogger("django.request")
    before = told.level
    told.setLevel(logging.CRITICAL)
    yield
    told.setLevel(before)


@pytest.mark.slow
@pytest.mark.usefixtures("quiet")
def test_what_the_description_gives_rise_to_is_answered_as_it_tells(site: State) -> None:
    reading.begun()
    met = api.described("anna", examples=1, chance=7)
    assert met.answers["200"]
    assert not met.wrong, "\n".join(met.wrong)


@pytest.mark.slow
@pytest.mark.usefixtures("quiet")
def test_no_filled_form_breaks_the_server(site: State) -> None:
    reading.begun()
    met = api.filled("anna", examples=2, chance=7)
    assert met.answers["200"]
    assert not met.wrong, "\n".join(met.wrong)


def test_the_trial_sees_a_server_that_fails(site: State, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.web import tokens

    reading.begun()
    client, known, met = Client(raise_request_exception=False), api.headers("anna"), api.Met()
    monkeypatch.setattr(tokens, "of_person", lambda person: 1 / 0)
    with api.errors_of(met):
        assert client.get("/api/tokens", headers=known(True)).status_code == 500
    assert len(met.wrong) == 1
    assert "ZeroDivisionError" in met.wrong[0]
