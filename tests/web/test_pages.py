"""The page as data and its forms: HTML, JSON, CSV, spreadsheet; what is not understood; who may not."""

import msgspec
import pytest
from django.test import Client

from openmpca.pages.blocks import Page
from openmpca.pages.routes import Asking, Open, page, place
from tests.state import State
from tests.web.conftest import signed_in


def test_a_page_and_its_twin_show_the_same(founded_site: State) -> None:
    anna = signed_in("anna")
    shown, twin = anna.get("/accounting/book"), anna.get("/api/accounting/book")
    assert shown.status_code == twin.status_code == 200
    assert msgspec.json.decode(twin.content)["title"] == "Book"
    assert b"The book holds nothing there." in shown.content


def test_who_is_not_signed_in_is_asked_to(founded_site: State) -> None:
    nobody = Client()
    assert nobody.get("/accounting/book?as_of=2026-01-01").headers["Location"].startswith("/account/login/?next=")
    assert nobody.get("/api/accounting/book").status_code == 401


@pytest.mark.parametrize(
    "wrong", ["as_of=31.3.2026", "known_at=soon", "known_at=99999", "as_reported=all", "colour=red"]
)
def test_what_is_not_understood_is_told_and_asked_of_nobody(founded_site: State, wrong: str) -> None:
    answer = signed_in("anna").get(f"/api/accounting/book?{wrong}")
    assert answer.status_code == 400
    assert msgspec.json.decode(answer.content)["title"] == "Not understood"


def test_a_page_without_a_decision_cannot_be_declared() -> None:
    with pytest.raises(TypeError):
        page("tests/undecided", title="Undecided")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="decided by mba"):

        @page("tests/misplaced", title="Misplaced", needs=place("mba"))
        def misplaced(asking: Asking) -> Page:
            return Page("", ())


def test_two_pages_do_not_share_a_path() -> None:
    with pytest.raises(ValueError, match="two pages"):

        @page("me", title="Another", needs=Open.PUBLIC)
        def another(asking: Asking) -> Page:
            return Page("", ())
