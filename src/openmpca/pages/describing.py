"""The description of what programs can ask, in OpenAPI 3.1, made from the declared pages and from nothing else.

Rules kept here:

1. Every route is described, with the parameters of its signature, the two times, the decision who may, and every way in
   which it answers; nothing is declared a second time for it.
2. What is sent is described once: names with texts. Which names a page takes, and what they mean, its own forms tell
   (``forms`` in what GET answers).

Source: OpenAPI Specification 3.1.0; decision 15.
"""

import inspect
from collections.abc import Iterable, Iterator
from datetime import date
from inspect import Parameter
from typing import Any, Final, get_args, get_type_hints

from openmpca.pages.answering import API
from openmpca.pages.drawing_up import FORMS
from openmpca.pages.routes import File, Open, Place, Route
from openmpca.pages.times import STATES

Schema = dict[str, Any]

VERSION: Final = "3.1.0"
TEXTS: Final = {"type": "string"}
PLAIN: Final = {"type": ["string", "number", "boolean", "null"]}
REFUSALS: Final = {
    "400": "What was asked or sent cannot be read.",
    "401": "Nobody is signed in, the token does not work, or a fresh proof is needed.",
    "403": "Who asks may not.",
    "404": "There is no such thing, or it lies beyond what who asks may read.",
    "405": "The address is not asked in this way.",
    "409": "What is asked about has changed meanwhile.",
    "413": "What was sent is too large.",
    "422": "The rules refuse what was sent.",
}


def openapi(routes: Iterable[Route], version: str) -> Schema:
    """The description of some routes, as JSON holds it."""
    defined: Schema = dict(_schemas())
    paths = {f"/{API}{each.path}": _operations(each, defined) for each in sorted(routes, key=lambda each: each.path)}
    return {
        "openapi": VERSION,
        "info": {"title": "OpenMPCA", "version": version, "description": inspect.cleandoc(__doc__).partition("\n")[0]},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": defined,
            "parameters": dict(_common()),
            "responses": {code: _refusal(words) for code, words in REFUSALS.items()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
                "proof": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
    }


def who_may(route: Route) -> str:
    """The decision of a route in words."""
    needs = route.needs
    if isinstance(needs, Place):
        return who_may_at(needs.kind, needs.parameter)
    return needs.value


def who_may_at(kind: str, parameter: str) -> str:
    """The decision by the place that a parameter names, in words."""
    return f"whoever holds a grant that covers the {kind} named in {parameter}"


def methods(route: Route) -> list[str]:
    """The methods that a route answers."""
    return ["get", "post"] if route.posts else ["get"]


def _operations(route: Route, defined: Schema) -> Schema:
    return {method: _operation(route, method, defined) for method in methods(route)}


def _operation(route: Route, method: str, defined: Schema) -> Schema:
    person = " It answers no token." if route.in_person else ""
    told = {
        "operationId": f"{method}-{route.name}",
        "tags": [route.room or "home"],
        "summary": str(route.title),
        "description": f"{inspect.getdoc(route.function) or ''}\n\nWho may: {who_may(route)}.{person}".strip(),
        "parameters": [*_parameters(route, defined), *({"$ref": f"#/components/parameters/{n}"} for n, _ in _common())],
        "responses": {"200": _answer(route, method), **_refusals(route, method)},
        "security": list(_security(route, method)),
    }
    if method == "post":
        sent = {"schema": {"$ref": "#/components/schemas/Sent"}}
        kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
        told["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, sent)}
    return told


def _parameters(route: Route, defined: Schema) -> Iterator[Schema]:
    for name, each in route.parameters.items():
        needed = each.default is Parameter.empty
        yield {"name": name, "in": "query", "required": needed, "schema": _schema(route, name, each, defined)}


def _schema(route: Route, name: str, parameter: Parameter, defined: Schema) -> Schema:
    made = dict(route.readers[name].json_schema(ref_template="#/components/schemas/{model}"))
    defined |= made.pop("$defs", {})
    kinds = [each for each in made.pop("anyOf", ()) if each.get("type") != "null"]
    made |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
    default = parameter.default
    if isinstance(default, str | int):
        made["default"] = default
    elif isinstance(default, date):
        made["default"] = default.isoformat()
    return made


def _common() -> Iterator[tuple[str, Schema]]:
    words = {
        "as_of": ("The day as of which is answered; blank is today.", {"type": "string", "format": "date"}),
        "known_at": ("The time, or the number of the statement, as known at which is answered; blank is now.", TEXTS),
        "as_reported": ("The state of reports; blank is the book.", {"type": "string", "enum": list(STATES)}),
        "as": ("A list of the page as a file.", {"type": "string", "enum": list(FORMS)}),
        "table": ("Which list of the page, by its name; the first one unless said.", TEXTS),
    }
    for name, (told, schema) in words.items():
        yield name, {"name": name, "in": "query", "required": False, "description": told, "schema": schema}


def _answer(route: Route, method: str) -> Schema:
    shapes = ["Page", *(["Done"] if method == "post" else [])]
    listed = {"type": "array", "items": {"type": "object"}, "description": "A list, where as=json asks for one."}
    schema = {"anyOf": [*({"$ref": f"#/components/schemas/{each}"} for each in shapes), listed]}
    content: Schema = {"application/json": {"schema": schema}}
    content |= {kind.partition(";")[0]: {} for name, (kind, _) in FORMS.items() if name != "json"}
    answers = get_type_hints(route.function)["return"]
    if File in (get_args(answers) or (answers,)):
        content["*/*"] = {}
    return {"description": "The page as data.", "content": content}


def _refusals(route: Route, method: str) -> Schema:
    left_out = set() if method == "post" else {"409", "413"}
    if route.needs is Open.PUBLIC:
        left_out |= {"401"}
    return {code: {"$ref": f"#/components/responses/{code}"} for code in REFUSALS if code not in left_out}


def _refusal(words: str) -> Schema:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {"description": words, "content": content}


def _security(route: Route, method: str) -> Iterator[dict[str, list[str]]]:
    if route.needs is Open.PUBLIC and method == "get":
        yield {}
    if not route.in_person:
        yield {"token": []}
    yield {"session": [], "proof": []} if method == "post" else {"session": []}


def _schemas() -> Iterator[tuple[str, Schema]]:
    names = ("record", "field", "message", "mend")
    problem = {
        "rule": {"type": "integer", "description": "The number of the rule; 0 where how it was asked is wrong."},
        "severity": {"type": "string", "enum": ["error", "warning", "note"]},
        **dict.fromkeys(names, TEXTS),
    }
    problems = {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}
    yield "Problem", _object(problem, list(problem))
    yield "Refusal", _object({"problems": {**problems, "minItems": 1}}, ["problems"])
    fields = {"name": TEXTS, "label": TEXTS, "kind": TEXTS, "required": {"type": "boolean"}, "help": TEXTS}
    field = _object({**fields, "choices": {"type": "array", "items": TEXTS}, "error": TEXTS}, list(fields))
    steps = {"type": "array", "items": TEXTS, "description": "What may be sent as `step`."}
    form = {"name": TEXTS, "method": TEXTS, "action": TEXTS, "fields": {"type": "array", "items": field}}
    yield "Form", _object({**form, "steps": steps}, [*form, "steps"])
    times = dict.fromkeys(("as_of", "known_at", "as_reported"), TEXTS)
    forms = {"type": "array", "items": {"$ref": "#/components/schemas/Form"}}
    page = {"title": TEXTS, "lead": TEXTS, **times, "blocks": {"type": "object", "additionalProperties": _block()}}
    yield "Page", _object({**page, "forms": forms}, list(page))
    numbers = {"type": "array", "items": {"type": "integer"}, "description": "The statements that were recorded."}
    waits = {"type": ["integer", "null"], "description": "The proposal that waits for a second person."}
    done = {"message": TEXTS, "address": TEXTS, "numbers": numbers, "proposal": waits, "problems": problems}
    yield "Done", _object(done, list(done))
    sent = {"type": "object", "additionalProperties": PLAIN, "description": "Names with texts, as a form sends them."}
    once = "The day, a point and a text of one's own: what is sent with it is stated once, however often."
    step = {**PLAIN, "description": "Which of the form's buttons it is."}
    yield "Sent", {**sent, "properties": {"step": step, "mark": {**PLAIN, "description": once}}}


def _block() -> Schema:
    rows = {"type": "array", "items": {"type": "object"}}
    table = _object(
        {"heads": {"type": "object", "additionalProperties": TEXTS}, "rows": rows, "totals": rows}, ["rows"]
    )
    problems = {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}
    return {"anyOf": [table, problems, {"type": "object", "description": "Facts, or a picture's data."}, TEXTS]}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
