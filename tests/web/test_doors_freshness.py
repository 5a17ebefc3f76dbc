"""What takes a fresh proof that somebody sits there: led to it and back, refused in JSON, done when given."""

from collections.abc import Iterator

import pytest

from openmpca.pages.blocks import Page
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, Open, Route, Sent
from tests.state import State
from tests.web.conftest import signed_in

DONE: list[str] = []


def _approval(asking: Asking, sent: Sent | None = None) -> Page | Go:
    if sent is not None:
        must_be_fresh(asking)
        DONE.append(asking.person)
        return Go("/")
    return Page("Approval", ())


@pytest.fixture
def approval(founded_site: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page /me as if it took a fresh proof."""
    from openmpca.pages.routes import ROUTES
    from openmpca.web import urls

    route = Route("me", "Approval", Open.PERSON, _approval, {}, True)
    monkeypatch.setitem(ROUTES, "me", route)
    views = [each for each in urls.urlpatterns if getattr(each, "name", "") in ("me", "api/me")]
    for each in views:
        monkeypatch.setattr(each, "callback", urls._view(route))
    DONE.clear()
    yield
    DONE.clear()


@pytest.mark.usefixtures("approval")
def test_who_signed_in_long_ago_is_led_to_prove_it_and_nothing_is_done() -> None:
    anna = signed_in("anna", fresh=False)
    led = anna.post("/me")
    assert led.status_code == 302
    assert led.headers["Location"] == "/account/reauthenticate/?next=%2Fme"
    assert anna.post("/api/me", {}, content_type="application/json").status_code == 401
    assert not DONE


@pytest.mark.usefixtures("approval")
def test_who_proved_it_just_now_goes_on() -> None:
    assert signed_in("anna").post("/me").headers["Location"] == "/"
    assert len(DONE) == 1
