"""Each field of a form that states something tells its meaning and source, and an example where it is typed freely."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse

from openmpca.pages import answering, drawing_up
from openmpca.pages.blocks import Button, Field, Form, Page, each_of
from openmpca.pages.helping import HELP
from openmpca.pages.routes import Asking, Route
from tests.state import State
from tests.web.conftest import signed_in
from tests.web.test_languages import main_pages

ALSO = ("/people/grant?person=boris", "/people/duty?kind=record.grant", "/accounting/register-entry?thing=mba")
UNTYPED = ("checkbox", "lines", "file")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Field]:
    """The fields of every form that is shown, by page and name."""
    found: dict[str, Field] = {}
    respond = drawing_up.respond

    def seen(route: Route, asking: Asking, page: Page) -> HttpResponse:
        forms = [each for each in each_of(page.blocks) if isinstance(each, Form) and each.method == "post"]
        found.update({f"{route.path} {field.name}": field for form in forms for field in form.fields})
        return respond(route, asking, page)

    monkeypatch.setattr(answering.drawing_up, "respond", seen)
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_field_that_states_something_is_without_words(
    founded_site: State, drawn: dict[str, Field], language: str
) -> None:
    anna = signed_in("anna")
    anna.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for address in (*main_pages(), *ALSO):
        anna.get(address)
    fields = {where: each for where, each in drawn.items() if each.kind != "hidden"}
    assert len(fields) > 60
    lacking = {
        where
        for where, each in fields.items()
        if not (each.help and each.source)
        or not (each.example or each.choices or each.parts or each.kind in UNTYPED)
        or (language == "ru" and not re.search("[а-яё]", str(each.help)))
    }
    assert lacking == set()


def test_what_a_form_says_of_its_field_stands() -> None:
    own = Field("batch", "Batch", help="Of this form alone.", source="INFCIRC/153", example="A-1")
    bare, unknown = Field("batch", "Batch"), Field("quite-new", "New")
    shown = Form([own, bare, unknown], [Button("Send")]).fields
    assert shown[0] == own
    assert (shown[1].help, shown[1].source) == (str(HELP["batch"].meaning), "The record's own.")
    assert shown[2] == unknown  # which the test above finds
    assert Form([bare], [Button("Show")], method="get").fields == [bare]
