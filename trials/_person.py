"""Somebody who uses the pages by HTTP as a browser does: cookies, files, the fields of a form as they are given."""

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

BOUNDARY = "----a-boundary-of-parts"
PATIENCE = 120.0


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where one is led, the page."""

    status: int
    location: str
    text: str


@dataclass
class Sending:
    """A form as it is sent, so that the same can be sent again."""

    path: str
    body: bytes
    kind: str


@dataclass
class Person:
    """A browser without a window, at a server that may come back at another address."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page, and go where it leads."""
        answer = self._ask("GET", path)
        while answer.status in (301, 302, 303):
            answer = self._ask("GET", answer.location)
        return answer

    def send(self, sending: Sending) -> Answer:
        """Send a form; `OSError` or `http.client.HTTPException` where no answer comes."""
        return self._ask("POST", sending.path, sending.body, sending.kind)

    def filled(self, page: Answer, action: str, **typed: str) -> Sending:
        """The form of a page that leads to an address, filled in; names may say ``__`` for a colon."""
        given = {name.replace("__", ":"): text for name, text in typed.items()}
        kind = "application/x-www-form-urlencoded"
        return Sending(action, urlencode({**fields(page.text, action), **given}).encode(), kind)

    def file(self, page: Answer, action: str, name: str, content: bytes, **typed: str) -> Sending:
        """A form with a file."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in {**fields(page.text, action), **typed}.items()
        ]
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return Sending(action, body, f"multipart/form-data; boundary={BOUNDARY}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        at = urlsplit(self.address)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=PATIENCE)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            connection.request(method, path, body, {**headers, **({"Content-Type": kind} if kind else {})})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            for each in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = each.partition(";")[0].partition("=")
                self.cookies[name.strip()] = value.strip()
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()


def fields(page: str, action: str) -> dict[str, str]:
    """What a page's form that leads to an address has in its fields."""
    for tag, inner in re.findall(r"(<form[^>]*>)(.*?)</form>", page, re.DOTALL):
        found = re.search(r'action="([^"]*)"', tag)
        if 'method="post"' in tag and unescape(found[1] if found else action) == action:
            return {**_inputs(inner), **_chosen(inner), **_lines(inner)}
    raise ValueError(f"the page has no form to {action}")


def _inputs(inner: str) -> dict[str, str]:
    found = {}
    for tag in re.findall(r"<input[^>]*>", inner):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not re.search(r'type="(checkbox|file)"', tag):
            found[unescape(name[1])] = unescape(value[1]) if value else ""
    return found


def _chosen(inner: str) -> dict[str, str]:
    found = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', inner, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        chosen = [value for value, selected in values if selected] or [value for value, _ in values[:1]]
        found[unescape(name)] = unescape(chosen[0]) if chosen else ""
    return found


def _lines(inner: str) -> dict[str, str]:
    return {
        unescape(name): unescape(text)
        for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', inner, re.DOTALL)
    }
