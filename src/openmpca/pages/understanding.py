"""What was asked and sent, read by the types that a page declares; what does not fit is told at its field.

Rules kept here:

1. Nothing of a request reaches a page before all of it was understood; all that does not fit is told at once.
2. A form and a JSON body mean the same: names with texts. In JSON a number is the text in which it is written, true is
   "yes", false and null are blank; nothing is nested.
3. No text holds what a database does not take: NUL, and halves of characters.
4. A day lies within 1900 to 2199 and is written YYYY-MM-DD; a whole number has at most 64 bits.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from inspect import Parameter
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from openmpca.pages.times import NAMES, a_day
from openmpca.problems import Problem, of_asking

FORM_PARAMETERS: Final = ("as", "table", "csrfmiddlewaretoken", "step")
LONGEST_NAME: Final = 100


def _day(value: object) -> object:
    return a_day(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]


class Unreadable(Exception):  # noqa: N818
    """What was asked or sent cannot be read: the problems, each with its field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(each.message for each in problems))
        self.problems = problems


def reader(annotation: Any) -> TypeAdapter[Any]:
    """What reads a parameter of a declared type from its text."""
    return TypeAdapter(_bounded(annotation))


def _bounded(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(map(_bounded, get_args(annotation)))]  # noqa: UP007  made of what is known when it runs
    return {date: Day, int: Whole}.get(annotation, annotation)


def asked(
    given: Mapping[str, str], parameters: Mapping[str, Parameter], readers: Mapping[str, TypeAdapter[Any]]
) -> dict[str, Any]:
    """The arguments of a page as an address gives them; a blank one that need not be given is as good as not given."""
    found, wrong = {}, _unknown(set(given) - set(parameters) - set(NAMES) - set(FORM_PARAMETERS))
    for name, each in parameters.items():
        if name not in given or (given[name] == "" and each.default is not Parameter.empty):
            if each.default is Parameter.empty:
                wrong.append(of_asking(_("This is needed."), field=name))
            continue
        try:
            found[name] = readers[name].validate_strings(_text(name, given[name]))
        except ValidationError as error:
            wrong.append(_unfit(name, error))
        except Unreadable as error:
            wrong += error.problems
    if wrong:
        raise Unreadable(wrong)
    return found


def _unknown(names: Iterable[str]) -> list[Problem]:
    return [of_asking(_("This page takes no such parameter."), field=name[:LONGEST_NAME]) for name in sorted(names)]


def _unfit(name: str, error: ValidationError) -> Problem:
    first = error.errors(include_url=False)[0]
    kind = first["type"]
    mends = {
        "int_parsing": _("Write a whole number."),
        "bool_parsing": _("Write yes or no."),
        "value_error": _("Write it as YYYY-MM-DD."),
    }
    if kind in ("literal_error", "enum"):
        mend = _("Choose one of %(expected)s.") % {"expected": first["ctx"]["expected"]}
    else:
        mend = mends.get(kind, str(first["msg"]))
    return of_asking(_("What is given does not fit."), field=name, mend=mend)


def sent(request: HttpRequest) -> dict[str, Any] | None:
    """What a form or a JSON body sends, None where nothing was sent."""
    if request.method != "POST":
        return None
    if request.content_type == "application/json":
        return _of_json(request.body)
    wrong: list[Problem] = []
    found = _texts(dict(request.POST.items()), wrong)
    if wrong:
        raise Unreadable(wrong)
    return {**found, **request.FILES.dict()}


def _of_json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body.decode(), parse_float=str, parse_int=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = error if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise Unreadable([of_asking(_("The body is no JSON: %(reason)s.") % {"reason": reason})]) from None
    if not isinstance(read, dict):
        raise Unreadable([of_asking(_("The body is no JSON object of names and values."))])
    wrong: list[Problem] = []
    found = _texts(read, wrong)
    if wrong:
        raise Unreadable(wrong)
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _texts(given: Mapping[str, Any], wrong: list[Problem]) -> dict[str, Any]:
    found = {}
    for name, value in given.items():
        try:
            found[_text(name, name)] = _text(name, _plain(name, value))
        except Unreadable as error:
            wrong += error.problems
    return found


def _plain(name: str, value: object) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    if not isinstance(value, str):
        raise Unreadable([of_asking(_("A field takes one text."), field=name, mend=_("Send no list and no object."))])
    return value


def _text(name: str, value: str) -> str:
    if "\0" in value or any("\ud800" <= each <= "\udfff" for each in value):
        shown = name.encode("utf-8", "replace").decode().replace("\0", "?")[:LONGEST_NAME]
        raise Unreadable([of_asking(_("A text holds what is no character."), field=shown, mend=_("Take it out."))])
    return value
