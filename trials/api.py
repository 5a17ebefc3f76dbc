"""The HTTP API asked by a fuzzer that reads its description, and by one that fills its forms; no server error.

    python trials/api.py [--examples N] [--seed N] [--no-keep]

The first makes parameters, bodies and headers from the description, good and bad ones (schemathesis). The second
takes codes and numbers that there are, and fills each form that a page tells with its choices and with hostile texts,
which reaches further in. Every answer has to be one that the description tells, in its shape.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
from hypothesis import HealthCheck, Phase, given, seed, settings

from trials import _report, _state

HOSTILE = [
    "",
    " ",
    "0",
    "-1",
    "9" * 18,
    "9" * 40,
    "9" * 5000,
    "1e9",
    "1.0000001",
    "٣",
    "²",
    "NaN",
    "x" * 300,
    "'; --",
    "{{ 7 }}",
    "%s %(x)s",
    "<b>",
    "=1+1",
    "\u202e\u0301",
    "a\nb",
    "𝒳",
    "0001-01-01",
    "9999-12-31",
    "2199-12-31",
    "1900-01-01",
    "2024-02-30",
    "2024-03-05",
    "2024-03",
    "mba:ZZA1",
    "*",
    "../..",
    "yes",
]
USUAL = [
    "1",
    "12.5",
    "100",
    "2024-03-05",
    "2026-10-01",
    "A",
    "B1",
    "FUEL-1",
    "LEU",
    "E",
    "ZZ/ZZB1",
    "YY",
    "KMP1",
    "note",
]
KNOWN: dict[str, list[str]] = {
    "mba": ["ZZA1", "ZZB1", "MBA1"],
    "number": [str(each) for each in range(60)],
    "known_at": ["0", "3", "20", "2024-03-05"],
    "as_of": ["2024-02-10", "2024-03-31", "1900-01-01", "2199-12-31"],
    "as_reported": ["made", "sent", "acknowledged"],
    "as": ["csv", "xlsx", "json"],
    "batch": ["FUEL-1", "PART-1"],
    "person": ["anna", "boris"],
}


@dataclass
class Met:
    """What came of asking: answers by status, and what was not as it should be."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def tell(self, what: str) -> None:
        """Keep one thing that is wrong, once."""
        if what not in self.wrong:
            self.wrong.append(what)


@contextmanager
def errors_of(met: Met) -> Iterator[None]:
    """Keep where the server failed."""
    from django.core.signals import got_request_exception

    def keep(sender: Any, request: Any = None, **rest: Any) -> None:
        lines = traceback.format_exc().strip().splitlines()
        met.tell(f"{request.method} {request.path}: {' | '.join(each.strip() for each in lines[-7:])}")

    got_request_exception.connect(keep, weak=False)
    try:
        yield
    finally:
        got_request_exception.disconnect(keep)


def headers(person: str) -> Callable[[bool], dict[str, str]]:
    """What somebody sends to be known: a token that states, or for what a person does themselves a session."""
    from django.test import Client

    from openmpca.record.commands import person_of
    from openmpca.web import tokens
    from openmpca.web.doors import BACKEND
    from openmpca.web.events import now
    from openmpca.web.models import Account

    who = person_of(person)
    account = Account.objects.filter(person=who).first() or Account.objects.create_user(person, who)
    client = Client()
    client.force_login(account, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    token = tokens.make(who, f"trial {time.time_ns()}", states=True, place="", ends=now() + timedelta(days=1))
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={'c' * 32}"

    def sent(in_person: bool) -> dict[str, str]:
        return {"Cookie": cookie, "X-CSRFToken": "c" * 32} if in_person else {"Authorization": f"Bearer {token}"}

    return sent


def settled(examples: int) -> settings:
    """Only the making of examples: nothing kept, nothing made smaller, no clock."""
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def described(person: str, examples: int, chance: int) -> Met:
    """Ask what the description gives rise to."""
    import schemathesis
    from django.core.handlers.wsgi import WSGIHandler
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    known, met = headers(person), Met()
    every = [
        not_a_server_error,
        checks.response_schema_conformance,
        checks.content_type_conformance,
        checks.status_code_conformance,
    ]
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler(), headers=known(False))

    def ask(case: Any) -> None:
        in_person = {"token": []} not in case.operation.definition.raw["security"]
        answer = case.call(headers=known(in_person))
        met.answers[str(answer.status_code)] += 1
        try:
            case.validate_response(answer, checks=every)
        except Exception as failure:
            told = " ".join(str(failure).split())
            met.tell(f"{case.method} {case.path}: {told[:600]}")

    with errors_of(met):
        for each in schema.get_all_operations():
            operation = each.ok()
            settled(examples)(seed(chance)(given(operation.as_strategy())(ask)))()
    return met


@contextmanager
def known_here() -> Iterator[None]:
    """Name the areas and some batches of the State that is open among what is known."""
    from django.db import connection

    before = dict(KNOWN)
    with connection.cursor() as cursor:
        for name, sql in (
            ("mba", "SELECT DISTINCT code FROM accounting_register WHERE thing = 'mba'"),
            ("batch", "SELECT DISTINCT batch FROM accounting_posting ORDER BY batch LIMIT 20"),
        ):
            cursor.execute(sql)
            KNOWN[name] = [row[0] for row in cursor.fetchall() if row[0]] or before[name]
    try:
        yield
    finally:
        KNOWN.update(before)


def filled(person: str, examples: int, chance: int) -> Met:
    """Ask with what there is, and fill the forms."""
    from django.test import Client

    known, met, luck = headers(person), Met(), random.Random(chance)
    client = Client(raise_request_exception=False)
    told = msgspec.json.decode(client.get("/api/openapi.json", headers=known(True)).content)
    with errors_of(met), known_here():
        for path, operations in sorted(told["paths"].items(), key=shuts_out):
            sent = known({"token": []} not in operations.get("post", operations["get"])["security"])
            for _ in range(examples):
                address = f"{path}?{urlencode(parameters(operations['get'], told, luck))}"
                answer = client.get(address, headers=sent)
                met.answers[str(answer.status_code)] += 1
                if "post" in operations and "json" in answer.headers.get("Content-Type", ""):
                    body = filling(msgspec.json.decode(answer.content), luck)
                    answer = client.post(address, body, content_type="application/json", headers=sent)
                    met.answers[str(answer.status_code)] += 1
    return met


def shuts_out(described: tuple[str, Any]) -> bool:
    """Whether an operation may take from who asks what they need to go on; such come last."""
    return described[0].startswith("/api/people")


def text(of: list[str], luck: random.Random) -> str:
    """Mostly what there is or might be, else a hostile text."""
    return luck.choice((of or USUAL) if luck.random() < 0.8 else HOSTILE)


def parameters(operation: Mapping[str, Any], told: Mapping[str, Any], luck: random.Random) -> dict[str, str]:
    """Parameters of an operation: those that are needed, and a few of the others."""
    found = {}
    for each in operation["parameters"]:
        one = each if "name" in each else told["components"]["parameters"][each["$ref"].rpartition("/")[2]]
        if one["required"] or luck.random() < (0.7 if one["name"] == "mba" else 0.2):
            found[one["name"]] = text(KNOWN.get(one["name"]) or typed(one["schema"]), luck)
    return found


def typed(schema: Mapping[str, Any]) -> list[str]:
    """Texts that fit a described type."""
    usual = {"boolean": ["true", "false"], "integer": KNOWN["number"], "date": KNOWN["as_of"]}
    return [*schema.get("enum", ())] or usual.get(schema.get("format", schema.get("type", "")), [])


def filling(shown: Any, luck: random.Random) -> dict[str, str]:
    """One of the forms of a page filled: as it stands there, its choices, codes that there are, hostile texts."""
    if not isinstance(shown, dict) or not shown.get("forms"):
        return {luck.choice(USUAL): text([], luck)}
    form = luck.choice(shown["forms"])
    stands = shown["blocks"].get(form["name"], {})
    found = {"step": luck.choice([*form["steps"], *form["steps"], "other"])}
    for each in form["fields"]:
        name, there = each["name"], stands.get(each["name"]) if isinstance(stands, dict) else None
        if luck.random() < 0.9:
            found[name] = text([*each["choices"], *([str(there)] if there else []), *KNOWN.get(name, [])], luck)
    return found


def begin(folder: Path) -> None:
    """A State with three areas and some changes, with the tables of its pages; left open."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "openmpca.web.serving_settings"
    _state.begin(folder, 3)
    _state.write_changes(folder / "changes.csv", 300, 3, 2)
    _state.openmpca(folder, "import", "table", str(folder / "changes.csv"), "--by", "anna", "--approved-by", "boris")
    from openmpca.web.databases import open_pages

    open_pages()


def main() -> int:
    """Run the trial and keep its results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--examples", type=int, default=150)
    options.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    options.add_argument("--no-keep", action="store_true")
    asked = options.parse_args()
    found: dict[str, Met] = {}
    with tempfile.TemporaryDirectory(prefix="openmpca-api-") as temporary:
        begin(Path(temporary) / "home")
        found["From the description"] = described("anna", asked.examples, asked.seed)
        found["Forms filled"] = filled("anna", asked.examples, asked.seed)
    rows = [[name, status, count] for name, met in found.items() for status, count in sorted(met.answers.items())]
    wrong = [each for met in found.values() for each in met.wrong]
    text = "\n\n".join(
        [
            f"{_report.machine()}; seed {asked.seed}; {asked.examples} examples of each operation",
            _report.table(["Asked", "Status", "Answers"], rows),
            f"Not as it should be: {len(wrong)}.",
        ]
    )
    print("\n".join([text, *wrong]))
    if not asked.no_keep:
        _report.keep("api", text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
