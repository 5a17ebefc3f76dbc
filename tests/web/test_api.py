"""The HTTP API as a whole: its description tells every route, and every refusal has one shape."""

import re
from datetime import date
from typing import Any, Literal

import msgspec
import pytest
from django.test import Client

from openmpca.pages import acting
from openmpca.pages.blocks import Page, Problems
from openmpca.pages.describing import openapi
from openmpca.pages.routes import ROUTES, Asking, File, Go, Open, Route, Sent, page, place
from openmpca.problems import of_asking
from openmpca.record.commands import Stated
from openmpca.web import tokens, urls
from tests.state import State
from tests.web.conftest import signed_in


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Route:
    """A declared page with a parameter of every sort."""
    monkeypatch.setattr("openmpca.pages.routes.ROUTES", (declared := {}))

    @page("tests/tried", title="Tried", needs=place("mba"))
    def tried(
        asking: Asking,
        mba: str,
        since: date | None = None,
        number: int = 1,
        by_batch: bool = False,
        kind: Literal["all", "open"] = "all",
        sent: Sent | None = None,
    ) -> Page | Go | File:
        """A page that is tried."""
        return Go("/", "Done") if sent is not None else Page("Tried", [])

    return declared["tests/tried"]


def described(route: Route, method: str = "get") -> Any:
    return openapi([route], "1")["paths"][f"/api/{route.path}"][method]


def test_a_description_types_parameters_from_the_signature(tried: Route) -> None:
    schemas = {each["name"]: each for each in described(tried)["parameters"] if "name" in each}
    assert schemas["mba"] == {"name": "mba", "in": "query", "required": True, "schema": {"type": "string"}}
    assert schemas["since"]["schema"] == {"type": "string", "format": "date"}
    assert schemas["number"]["schema"]["maximum"] == 2**63 - 1
    assert schemas["number"]["schema"]["default"] == 1
    assert schemas["by_batch"]["schema"] == {"type": "boolean", "default": False}
    assert schemas["kind"]["schema"]["enum"] == ["all", "open"]
    shared = [each["$ref"].rpartition("/")[2] for each in described(tried)["parameters"] if "$ref" in each]
    assert shared == ["as_of", "known_at", "as_reported", "as", "table"]


def test_a_description_tells_who_may_and_every_way_of_answering(tried: Route) -> None:
    told = described(tried, "post")
    assert "whoever holds a grant that covers the mba named in mba" in told["description"]
    assert set(told["responses"]) == {"200", "400", "401", "403", "404", "405", "409", "413", "422"}
    assert told["security"] == [{"token": []}, {"session": [], "proof": []}]
    assert described(ROUTES["tokens"])["security"] == [{"session": []}]


def test_every_route_is_described_and_every_reference_leads_somewhere(founded_site: State) -> None:
    answer = signed_in("anna").get("/api/openapi.json")
    told = msgspec.json.decode(answer.content)
    assert answer.headers["Content-Type"] == "application/json"
    assert set(told["paths"]) == {f"/api/{path}" for path in ROUTES}
    operations = [each for path in told["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for reference in set(re.findall(rb'"\$ref": *"#/([^"]+)"', answer.content)):
        found = told
        for part in reference.decode().split("/"):
            found = found[part]


def test_the_page_of_operations_names_each(founded_site: State) -> None:
    shown = signed_in("anna").get("/description").content.decode()
    assert all(f"/api/{path}" in shown for path in ROUTES)


REFUSED = [
    ("GET", "/api/accounting/book?colour=red", 400, "colour"),
    ("GET", "/api/accounting/ledger", 400, "mba"),
    ("GET", "/api/accounting/ledger?mba=X&since=86400", 400, "since"),
    ("GET", "/api/accounting/ledger?mba=X&since=0001-01-01", 400, "since"),
    ("GET", "/api/accounting/ledger?mba=X&by_booking=perhaps", 400, "by_booking"),
    ("GET", "/api/accounting/book?mba=%00", 400, "mba"),
    ("GET", "/api/accounting/book?as_of=9999-12-31", 400, "as_of"),
    ("GET", "/api/record/proposal?number=99999999999999999999", 400, "number"),
    ("DELETE", "/api/accounting/book", 405, ""),
    ("GET", "/api/no/such/page", 404, ""),
]


@pytest.mark.parametrize(("method", "address", "status", "field"), REFUSED)
def test_every_refusal_has_one_shape_and_names_its_field(
    founded_site: State, method: str, address: str, status: int, field: str
) -> None:
    answer = signed_in("anna").generic(method, address)
    assert answer.status_code == status
    [problem] = msgspec.json.decode(answer.content)["problems"]
    assert set(problem) == {"rule", "severity", "record", "field", "message", "mend"}
    assert (problem["rule"], problem["severity"], problem["field"]) == (0, "error", field)
    assert problem["message"]


def test_what_is_wrong_is_told_all_at_once_and_in_the_same_words_on_the_page(founded_site: State) -> None:
    anna = signed_in("anna")
    wrong = "accounting/ledger?since=soon&by_booking=perhaps"
    told = msgspec.json.decode(anna.get(f"/api/{wrong}").content)["problems"]
    assert [each["field"] for each in told] == ["mba", "since", "by_booking"]
    shown = anna.get(f"/{wrong}")
    assert shown.status_code == 400
    assert all(f"<code>{each['field']}</code>" in shown.content.decode() for each in told)
    assert "rule 0" not in shown.content.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b" ", ""),
        (b"[1]", ""),
        (b"{", ""),
        (b'{"name": NaN}', ""),
        (b'{"name": ["x"]}', "name"),
        (b'{"name": {"x": 1}}', "name"),
        (b'{"name": "\\ud800"}', "name"),
        (b'{"name": "a\\u0000b"}', "name"),
        (b"[" * 100_000, ""),
        (b"\xff", ""),
    ],
)
def test_a_body_that_cannot_be_read_is_told_at_its_field(founded_site: State, body: bytes, field: str) -> None:
    answer = signed_in("anna").post("/api/tokens", body, content_type="application/json")
    assert answer.status_code == 400
    [problem] = msgspec.json.decode(answer.content)["problems"]
    assert problem["field"] == field


def test_a_json_body_means_what_the_form_means(monkeypatch: pytest.MonkeyPatch, founded_site: State) -> None:

    came: list[Any] = []

    def take(asking: Asking, sent: Sent | None = None) -> Page | Go:
        came.append(sent)
        return Go("/there", "Recorded", acting.value(Stated(range(7, 9), [of_asking("Look again.")])))

    route = Route("me", "Taken", Open.READER, take, {}, True)
    for each in urls.urlpatterns:
        if getattr(each, "name", "") == "api/me":
            monkeypatch.setattr(each, "callback", urls._view(route))
    anna = signed_in("anna")
    body = b'{"grams": 1.10, "number": 7, "all": true, "none": false, "note": null, "text": "x"}'
    answer = anna.post("/api/me", body, content_type="application/json")
    assert came == [{"grams": "1.10", "number": "7", "all": "yes", "none": "", "note": "", "text": "x"}]
    done = msgspec.json.decode(answer.content)
    assert (done["numbers"], done["proposal"], done["address"]) == ([7, 8], None, "/there")
    assert [each["message"] for each in done["problems"]] == ["Look again."]


def test_too_large_a_body_is_refused_as_json(founded_site: State) -> None:
    anna = signed_in("anna")
    answer = anna.post("/api/tokens", b'{"name": "' + b"x" * 5_000_000 + b'"}', content_type="application/json")
    assert answer.status_code == 413
    assert msgspec.json.decode(answer.content)["problems"]


def test_what_fails_is_told_as_json_without_what_failed(founded_site: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(person: str) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tokens, "of_person", fails)
    anna = signed_in("anna")
    anna.raise_request_exception = False
    answer = anna.get("/api/tokens")
    assert answer.status_code == 500
    assert b"secret" not in answer.content
    assert msgspec.json.decode(answer.content)["problems"]


def test_a_page_that_refuses_in_words_alone_tells_programs_the_same(tried: Route) -> None:
    from openmpca.pages.blocks import Text
    from openmpca.pages.drawing_up import problems_of

    assert [each["message"] for each in problems_of(Page("Gone", [Text("It went.")], status=404))] == ["It went."]
    assert [each["message"] for each in problems_of(Page("Gone", [], status=404))] == ["Gone"]
    both = Page("No", [Problems([of_asking("One.")]), Text("Two.")], status=422)
    assert [each["message"] for each in problems_of(both)] == ["One."]


def test_a_form_tells_programs_its_fields_and_never_a_passphrase(founded_site: State) -> None:
    [form] = msgspec.json.decode(signed_in("anna").get("/api/tokens").content)["forms"]
    assert [each["name"] for each in form["fields"]] == ["name", "may", "mba", "until", "mark"]
    assert form["fields"][1]["choices"] == ["read", "state"]
    assert form["steps"] == ["make"]


def test_nobody_learns_nothing_but_that_they_are_nobody(founded_site: State) -> None:
    for path in ROUTES:
        if ROUTES[path].needs is not Open.PUBLIC:
            assert Client().get(f"/api/{path}").status_code == 401


@pytest.mark.parametrize("known_at", ["9999-12-31", "0001-01-01", "9" * 40, "-1", "٣"])
def test_a_time_that_no_clock_has_is_told_and_breaks_nothing(founded_site: State, known_at: str) -> None:
    answer = signed_in("anna").get("/api/accounting/book", {"known_at": known_at})
    assert answer.status_code in (200, 400)


def test_a_name_of_a_field_that_only_looks_like_a_rule_is_no_reason() -> None:
    assert not acting._numbered("override-" + "9" * 5000)
    assert acting._numbered("override-301")
    assert not acting._numbered("301")
