"""Every way into a State, made from its own description of its routes, and what stands beyond somebody's grant.

Who reads everything finds out what there is; somebody else then tries it at every address, in every form.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from openmpca.pages.routes import Open

FORMS: Final = ("csv", "xlsx", "pdf", "json")
AT_ONCE: Final = 4
WHOLE: Final = (Open.WHOLE.value, Open.ADMINISTRATOR.value)
"""The decisions that no grant for a place meets."""


@dataclass(frozen=True)
class Answer:
    """What came of asking an address."""

    address: str
    status: int
    content: bytes

    def without(self, given: Mapping[str, object]) -> str:
        """The answer without what was asked in the address."""
        text = re.sub(r'"mark":"[^"]*"', "", self.content.decode("utf-8", "replace"))
        for value in given.values():
            text = text.replace(str(value), "?")
        return text


@dataclass(frozen=True)
class Asker:
    """Somebody's open session, asked for addresses without a browser's manners: nothing is followed or hidden."""

    address: str
    cookies: str

    @classmethod
    def of(cls, page: Any, address: str) -> "Asker":
        """Who is signed in at a page."""
        return cls(address, "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies()))

    def ask(self, addresses: Iterable[str]) -> list[Answer]:
        """The answers of some addresses, in their order."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(self._one, addresses))

    def rows(self, address: str) -> Iterator[dict[str, Any]]:
        """The rows of all lists of a page."""
        (answer,) = self.ask([f"api/{address}"])
        for block in json.loads(answer.content)["blocks"].values():
            if isinstance(block, dict):
                yield from block.get("rows", ())

    def _one(self, address: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            connection.request("GET", f"/{address}", headers={"Cookie": self.cookies})
            came = connection.getresponse()
            return Answer(address, came.status, came.read())
        finally:
            connection.close()


@dataclass(frozen=True)
class Way:
    """A route: its path, what it takes, what it has to be told; ``whole`` where it takes a grant for everything."""

    path: str
    takes: frozenset[str]
    needs: frozenset[str]
    whole: bool = False

    def asked(self, given: Mapping[str, object], form: str = "") -> str:
        """The address of a question, in a form: of JSON, of a file, or blank for the page."""
        told = {**given, **({"as": form} if form in FORMS else {})}
        return f"{'api/' if form == 'api' else ''}{self.path}?{urlencode(told)}"

    def in_all_forms(self, given: Mapping[str, object]) -> Iterator[str]:
        """The addresses of a question as a page and as a file of each form."""
        for form in ("", *FORMS):
            yield self.asked(given, form)


def who_may(operation: Mapping[str, str]) -> str:
    """The decision of an operation, as its description tells it."""
    return operation["description"].rpartition("Who may: ")[2].partition(".")[0]


def ways(asker: Asker) -> list[Way]:
    """The routes that a State describes."""
    (answer,) = asker.ask(["api/openapi.json"])
    described = json.loads(answer.content)
    usual = set(described["components"]["parameters"])
    found = []
    for path, operations in described["paths"].items():
        told = [each for each in operations["get"]["parameters"] if "name" in each and each["name"] not in usual]
        needs = frozenset(each["name"] for each in told if each["required"])
        takes = frozenset(each["name"] for each in told)
        found.append(Way(path.removeprefix("/api/"), takes, needs, who_may(operations["get"]) in WHOLE))
    return found
