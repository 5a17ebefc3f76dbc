"""What keeps others out: headers, forgery, redirects, hosts, sizes, formulas, what is believed of a proxy."""

import csv
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from inspect import Parameter
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver

from openmpca.pages.routes import ROUTES
from tests.state import PARTY, State, alone
from tests.web.conftest import signed_in
from tests.web.doors import PASSPHRASE, account, inline

EVIL = [
    "//evil.example/",
    "https://evil.example/",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "https:/\\evil.example",
    "http://testserver@evil.example/",
    "//testserver.evil.example",
    "http://localhost:1/",
]


def _checked(proxy: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "openmpca.web.serving_settings", "OPENMPCA_PROXY": proxy}
    command = [sys.executable, "-W", "ignore", "-m", "django", "check", "--deploy", "--fail-level", "INFO"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_djangos_deployment_checklist_finds_nothing_behind_tls() -> None:
    done = _checked("https")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


def test_without_tls_only_what_speaks_of_tls_is_silenced() -> None:
    from django.conf import settings

    assert _checked("").returncode == 0
    silenced = set(settings.SILENCED_SYSTEM_CHECKS)
    assert silenced <= {"account.W001", "security.W004", "security.W008", "security.W012", "security.W016"}


HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=()",
}


def test_every_kind_of_answer_has_the_headers_that_keep_a_browser_here(
    founded_site: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = signed_in("anna")
    anna.raise_request_exception = False
    answers = {
        "page": anna.get("/accounting/book"),
        "JSON": anna.get("/api/accounting/book"),
        "list": anna.get("/people?as=csv"),
        "redirect": Client().get("/me"),
        "sign-in": Client().get("/account/login/"),
        "style": anna.get("/static/pages/style.css"),
        "script": anna.get("/static/web/passkey.js"),
        "no page": anna.get("/nothing/here"),
        "no file": anna.get("/static/nothing.css"),
        "not understood": anna.get("/accounting/book?colour=red"),
        "wrong host": anna.get("/me", headers={"host": "evil.example"}),
        "forged": Client(enforce_csrf_checks=True).post("/account/login/"),
        "method": anna.delete("/accounting/book"),
    }
    monkeypatch.setattr("openmpca.web.doors.who", lambda request: 1 / 0)
    answers["broken"] = anna.get("/me")
    wanted = {"no page": 404, "no file": 404, "wrong host": 400, "forged": 403, "method": 405, "broken": 500}
    for kind, answer in answers.items():
        assert answer.status_code == wanted.get(kind, answer.status_code), kind
        for name, value in HEADERS.items():
            assert value in answer.headers.get(name, ""), (kind, name)
        kept = "no-store" not in answer.headers.get("Cache-Control", "")
        assert kept is (kind in ("style", "script", "no file")), kind


def test_the_policy_lets_nothing_run_that_stands_in_a_page() -> None:
    from openmpca.web.middleware import POLICY

    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http" not in POLICY


def _needed(parameters: dict[str, Parameter]) -> list[str]:
    return [name for name, each in parameters.items() if each.default is Parameter.empty]


def test_no_page_holds_what_the_policy_forbids(founded_site: State) -> None:
    anna = signed_in("anna")
    for route in ROUTES.values():
        if not _needed(dict(route.parameters)):
            html = anna.get(f"/{route.path}").content.decode(errors="replace")
            if html.startswith("<!doctype html>"):
                assert inline(html) == [], route.path


def _addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for each in patterns:
        own = str(each.pattern).replace("<int:pk>", "1")
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, before + own)
        elif isinstance(each, URLPattern):
            yield before + own


def test_nothing_is_changed_by_what_another_site_sends(founded_site: State) -> None:
    from openmpca.web.urls import urlpatterns

    anna = signed_in("anna")
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = anna.cookies
    posting = {f"/{before}{route.path}" for route in ROUTES.values() if route.posts for before in ("", "api/")}
    addresses = list(_addresses(list(urlpatterns)))
    assert posting <= set(addresses)
    for address in addresses:
        for kind in ("application/x-www-form-urlencoded", "application/json"):
            assert forged.post(address, "a=1", content_type=kind).status_code == 403, address


def test_what_is_too_large_is_refused_and_is_no_failure_of_the_server(founded_site: State) -> None:
    anna = signed_in("anna")
    large = "x" * (5 * 1024 * 1024)
    fields = "&".join(f"f{number}=1" for number in range(2500))
    form = "application/x-www-form-urlencoded"
    assert Client().post("/invitation", {"secret": large}).status_code == 413
    assert Client().post("/invitation", f"secret={large}", content_type=form).status_code == 413
    assert anna.post("/people/introduce", fields, content_type=form).status_code == 400
    answer = anna.post("/api/people/introduce", json.dumps({"handle": large}), content_type="application/json")
    assert answer.status_code == 413
    assert "problems" in answer.json()
    broken = Client().post("/invitation", "no parts", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (400, 422)


def test_nobody_is_led_to_another_server(founded_site: State) -> None:
    account("anna")
    for evil in EVIL:
        client = Client()
        led = [client.post("/language", {"language": "ru", "next": evil})]
        led.append(client.post("/account/login/", {"login": "anna", "password": PASSPHRASE, "next": evil}))
        led.append(client.post("/account/reauthenticate/", {"password": PASSPHRASE, "next": evil}))
        led.append(client.get("/account/login/", {"next": evil}))
        led.append(client.post("/account/logout/", {"next": evil}))
        wanted = ["/", "/", "/", "/", "/account/login/"]
        assert [(each.status_code, each.headers["Location"]) for each in led] == [(302, to) for to in wanted], evil
        cache.clear()


def test_another_host_name_is_not_answered(founded_site: State) -> None:
    for host in ("evil.example", "testserver.evil.example", "localhost@evil.example", ""):
        assert Client().get("/account/login/", headers={"host": host}).status_code == 400, host
    with override_settings(ALLOWED_HOSTS=["accounts.example"]):
        assert Client().get("/account/login/", headers={"host": "accounts.example"}).status_code == 200


def test_the_address_of_a_request_writes_no_lines_into_the_log(
    founded_site: State, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        signed_in("anna").get("/nothing%0aINFO%20signed%20in%20boris%1b%5b2J")
    assert caplog.records
    assert all(each.getMessage().isprintable() for each in caplog.records if each.name.startswith("django"))


def test_no_spreadsheet_takes_a_name_for_a_formula(founded_site: State) -> None:
    from openmpca.record import people
    from openmpca.record.act import Act

    act = alone(Act(party=PARTY, prepared_by="anna"))
    formulas = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://evil.example")']
    for number, formula in enumerate(formulas):
        people.introduce(f"person{number}", formula, PARTY, date(2026, 1, 1), act)
    anna = signed_in("anna")
    text = anna.get("/people?as=csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or cell.startswith("-1")]
    with zipfile.ZipFile(io.BytesIO(anna.get("/people?as=xlsx").content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert all("<f>" not in sheet and "<f " not in sheet for sheet in sheets)


def _echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR")
    return [json.dumps({name: environ.get(name) for name in names}).encode()]


@contextmanager
def _listening() -> Iterator[int]:
    """The server itself, over an application that tells what it is told; gives its port."""
    from openmpca.web.serving import server

    made = server(_echo, 1, host="127.0.0.1", port=0)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield made.effective_port
    finally:
        made.close()
        thread.join(10)


def _asked(sent: dict[str, str]) -> dict[str, Any]:
    with _listening() as port:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=sent)
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            return dict(json.loads(answer.read()))


def test_what_the_server_itself_refuses_has_headers_too() -> None:
    requests = [b"no request\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: some\r\n\r\n"]
    with _listening() as port:
        for request in requests:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(request)
                answer = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
            assert answer.startswith(("HTTP/1.0 4", "HTTP/1.1 4")), answer
            assert "Content-Security-Policy: default-src 'none'" in answer
            assert "X-Content-Type-Options: nosniff" in answer


def test_who_sends_a_byte_now_and_then_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.web import channel

    monkeypatch.setattr(channel, "HEAD_SECONDS", 0.5)
    with _listening() as port, socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        ended = False
        for _ in range(100):
            try:
                slow.sendall(b"x")
                time.sleep(0.1)
            except OSError:
                ended = True
                break
        assert ended
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200


def test_who_asks_is_taken_from_a_proxy_only_where_there_is_one() -> None:
    sent = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    assert _asked(sent)["REMOTE_ADDR"] == "127.0.0.1"
    assert _asked(sent)["HTTP_X_FORWARDED_PROTO"] is None
    with override_settings(BEHIND_TLS=True, PROXY_ADDRESS="127.0.0.1"):
        believed = _asked(sent)
    assert believed["REMOTE_ADDR"] == "192.0.2.7"
    assert believed["HTTP_X_FORWARDED_PROTO"] == "https"
    with override_settings(BEHIND_TLS=True, PROXY_ADDRESS="192.0.2.1"):
        assert _asked(sent)["REMOTE_ADDR"] == "127.0.0.1"
