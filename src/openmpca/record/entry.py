"""Statements as people write them: fields as text on a command line, or JSON in a file.

Rules kept here:

1. Nothing is guessed: a field that the kind does not have, or a value of another form, is a problem with its place.
2. All problems of all statements are told at once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args, get_type_hints

import msgspec

from openmpca.problems import Problem
from openmpca.record.record import Refused
from openmpca.record.rules import FIELDS
from openmpca.record.statements import KINDS, Fields, Statement

_IN_JSON: dict[object, str] = {
    str: "a text in quotes",
    int: "a whole number, without quotes",
    bool: "true or false, without quotes",
    date: 'a date in quotes, "YYYY-MM-DD"',
    dict[str, str]: 'an object of texts, {"NAME": "VALUE"}, numbers in quotes too',
    list[str]: 'a list of texts, ["TEXT"]',
    list[int]: "a list of whole numbers, [NUMBER]",
}
_FORMS: dict[object, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "date",
    dict[str, str]: "NAME:VALUE,...",
    list[str]: "TEXT,...",
    list[int]: "NUMBER,...",
}


class Given(msgspec.Struct, frozen=True):
    """A kind by name, and fields with their values."""

    kind: str
    fields: Fields


def from_text(name: str, pairs: Sequence[str]) -> Given:
    """A statement from `field=value` texts; lists as `a,b`, mappings as `key:value,key:value`, or JSON for either."""
    fields: Fields = {}
    hints = get_type_hints(KINDS[name].struct) if name in KINDS else {}
    wrong: list[Problem] = []
    for pair in pairs:
        field, equals, text = pair.partition("=")
        if not equals or field in fields:
            wrong.append(FIELDS.problem(f"{pair!r} does not read FIELD=VALUE, or repeats one.", record=name))
            continue
        fields[field] = _value(hints.get(field), text)
    if wrong:
        raise Refused(wrong)
    return Given(name, fields)


def _value(hint: object, text: str) -> object:
    if text[:1] in "[{" and hint is not str:
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    if hint == dict[str, str]:
        return dict(part.partition(":")[::2] for part in text.split(",") if part)
    if hint in (list[str], list[int]):
        return [part for part in text.split(",") if part]
    return text


def from_json(data: bytes) -> list[Given]:
    """Statements from a JSON list of objects, each with `kind` and its fields."""
    try:
        read = msgspec.json.decode(data, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused([FIELDS.problem(f"It is no JSON list of statements: {error}.", record="file")]) from error
    return [Given(str(each.pop("kind", "")), each) for each in read]


def statements(given: Sequence[Given], *, as_text: bool = False) -> list[Statement]:
    """Typed statements; `Refused` with every problem. ``as_text``: numbers and the like may come as text."""
    made: list[Statement] = []
    wrong: list[Problem] = []
    for place, each in enumerate(given, 1):
        record = each.kind if len(given) == 1 else f"{each.kind or 'statement'} {place}"
        if each.kind not in KINDS:
            wrong.append(FIELDS.problem(f"There is no kind {each.kind!r}.", record=record, field="kind"))
            continue
        found = _misfits(each, record, as_text)
        if not found:
            made.append(msgspec.convert(each.fields, KINDS[each.kind].struct, strict=not as_text))
            found = _unsized(made[-1], record)
        wrong += found
    if wrong:
        raise Refused(wrong)
    return made


def _misfits(given: Given, record: str, as_text: bool) -> list[Problem]:
    """Fields that the kind does not have, that are missing, or whose value has another form."""
    struct = KINDS[given.kind].struct
    hints, found = get_type_hints(struct), []
    for name, value in given.fields.items():
        if name not in struct.__struct_fields__:
            found.append(FIELDS.problem(f"{given.kind} has no field {name}.", record=record, field=name))
            continue
        try:
            msgspec.convert(value, hints[name], strict=not as_text)
        except msgspec.ValidationError as error:
            path = str(error).partition(" - at `$")[2].rstrip("`")
            shown, wanted = (repr(value), form(hints[name])) if as_text else (_json(value), _in_json(hints[name]))
            message = f"{_shortened(shown)} does not read as: {wanted}."
            found.append(FIELDS.problem(message, record=record, field=name + path))
    for each in msgspec.structs.fields(struct):
        if each.required and each.name not in given.fields:
            found.append(FIELDS.problem("It is missing.", record=record, field=each.name))
    return found


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _in_json(hint: object) -> str:
    """How a value of a field is written in JSON; null is what may be left out."""
    others = [each for each in get_args(hint) if each is not type(None)]
    if type(None) in get_args(hint):
        return f"{_in_json(others[0])}, or null"
    return _IN_JSON.get(hint, "JSON")


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unsized(made: Statement, record: str) -> list[Problem]:
    """Whole numbers that no table can hold."""
    return [
        FIELDS.problem("It is no number of 64 bits.", record=record, field=name)
        for name in made.__struct_fields__
        if isinstance(value := getattr(made, name), int) and not -(1 << 63) <= value < 1 << 63
    ]


def form(hint: object) -> str:
    """How a value of a field is written, in words."""
    others = [each for each in get_args(hint) if each is not type(None)]
    if hint not in _FORMS and len(others) == 1 and type(None) in get_args(hint):
        return form(others[0])
    return _FORMS.get(hint, "JSON")
