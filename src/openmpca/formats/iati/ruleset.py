"""The rules language of IATI: a JSON document of XPath contexts, kinds of rule and their cases, held against a file.

Rules kept:

1. A case whose ``condition`` is false is passed over, and so is a comparison of dates of which one is missing.
2. Every date that a path finds is compared, not only the first; a day begins at midnight UTC, the caller says now.
3. Sums are those of decimals, rounded to four places as the official validator does; what is no number fails.
4. A year is 365 days, as the official validator has it: the stricter reading of *not longer than a year*.
5. ``$1`` is the value of each round of a loop wherever it stands, also where ``subs`` does not name it; it is handed to
   XPath as a variable, so that no value from a file can become a part of the question.
6. Registers of organisations that only IATI keeps are not asked: a case that needs one is told as not checked, and one
   that would spare those who are registered spares nobody.
7. What would take the square of a file's size is not asked, and told so: many rounds of a loop over many elements.

Source: IATI-Rulesets, SPEC_JS.rst, version 2.03; the differences between it and the validator are decided above.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal

import msgspec
from lxml import etree

from openmpca.formats.markup import values

_HALF: Final = Decimal("0.00005")
_YEAR: Final = datetime.timedelta(days=365)
_WORK: Final = 1_000_000
_JOINED: Final = re.compile(r"\s\|\s(?=/)")
_AGENCIES: Final = "ORG-ID-PREFIX"
_LANG: Final = {"xml": "http://www.w3.org/XML/1998/namespace"}
_CURRENCIES: Final = "descendant::*[self::value or self::forecast or self::loan-status]"
_EACH: Final = {
    "lang": ("descendant::narrative", "@xml:lang"),
    "sector": ("transaction", "sector"),
    "currency": (_CURRENCIES, "@currency"),
    "recipient-country|recipient-region": ("transaction", "*[self::recipient-country or self::recipient-region]"),
}

Verdict = Literal["holds", "fails", "unknown"]
Found = etree._Element | str


class Info(msgspec.Struct, frozen=True):
    """What the standard says of a case."""

    id: str = ""
    severity: str = "error"
    message: str = ""


class Case(msgspec.Struct, frozen=True, rename={"if_": "if", "info": "ruleInfo", "id_condition": "idCondition"}):
    """One case of a rule; which fields count depends on its kind."""

    paths: tuple[str, ...] = ()
    condition: str = ""
    id_condition: str = ""
    excluded: tuple[str, ...] = ()
    one: str = ""
    all: str = ""
    less: str = ""
    more: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    regex: str = ""
    prefix: tuple[str, ...] = ()
    separator: str = ""
    sum: Decimal = Decimal(0)
    min: Decimal | None = None
    max: Decimal | None = None
    if_: str = ""
    then: str = ""
    foreach: str = ""
    do: "dict[str, Cases]" = {}
    info: Info = Info()


class Cases(msgspec.Struct, frozen=True):
    """The cases of one kind of rule in one context."""

    cases: tuple[Case, ...]


Ruleset = dict[str, dict[str, Cases]]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a case is asked of: the element, the moment, the agencies known, the value of the loop's round."""

    element: etree._Element
    now: datetime.datetime
    agencies: frozenset[str] | None
    value: str = ""

    def xpath(self, path: str) -> Any:
        """What a path finds from the element, or what an expression comes to."""
        return _compiled(path)(self.element, value=self.value)

    def found(self, *paths: str) -> list[Found]:
        """All that paths find."""
        return [each for path in paths for each in self.xpath(path)]

    def texts(self, *paths: str) -> list[str]:
        """The texts of all that paths find."""
        return [each if isinstance(each, str) else "".join(each.itertext()) for each in self.found(*paths)]

    def true(self, expression: str) -> bool:
        """Whether an expression is true as XPath has it: a set with something in it, a number other than 0."""
        result = self.xpath(expression)
        return bool(result) and result == result

    def moments(self, path: str) -> list[datetime.datetime]:
        """The dates that a path finds, and can be read."""
        if path in ("NOW", "TODAY"):
            return [self.now]
        return [moment for text in self.texts(path) if (moment := _moment(text)) is not None]


class Failure(msgspec.Struct, frozen=True):
    """A case that does not hold for an element, or that could not be asked."""

    element: etree._Element
    kind: str
    case: Case
    verdict: Verdict


def decoded(data: bytes) -> Ruleset:
    """The ruleset of a file; raises ``ValueError`` for what is none or has a kind of rule or a path nobody knows."""
    try:
        ruleset = msgspec.json.decode(data, type=Ruleset)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    for context, kinds in ruleset.items():
        _compile_all(context, kinds)
    return ruleset


def failures(
    ruleset: Ruleset, root: etree._Element, *, now: datetime.datetime, agencies: frozenset[str] | None = None
) -> Iterator[Failure]:
    """Every case that fails for an element of the file, or could not be asked, in the order of the ruleset."""
    for context, kinds in ruleset.items():
        for element in (each for path in _apart(context) for each in _compiled(path)(root, value="")):
            asked = Asked(element=element, now=now, agencies=agencies)
            for kind, cases in kinds.items():
                yield from (each for case in cases.cases for each in _judged(kind, case, asked))


def _judged(kind: str, case: Case, asked: Asked) -> Iterator[Failure]:
    if kind == "loop":
        yield from _rounds(case, asked)
        return
    if case.condition and not asked.true(case.condition):
        return
    verdict = KINDS[kind](case, asked)
    if verdict is None:
        yield Failure(asked.element, kind, case, "unknown")
    elif not verdict:
        yield Failure(asked.element, kind, case, "fails")


def _rounds(case: Case, asked: Asked) -> Iterator[Failure]:
    rounds = list(dict.fromkeys(asked.texts(case.foreach)))
    for kind, cases in case.do.items():
        for each in cases.cases:
            if len(rounds) * len(asked.element) > _WORK:
                yield Failure(asked.element, kind, each, "unknown")
                continue
            failed = (_judged(kind, each, msgspec.structs.replace(asked, value=value)) for value in rounds)
            yield from (failure for one in failed for failure in one)


def _no_more_than_one(case: Case, asked: Asked) -> bool:
    return len(asked.found(*case.paths)) <= 1


def _atleast_one(case: Case, asked: Asked) -> bool:
    return len(asked.found(*case.paths)) >= 1


def _only_one_of(case: Case, asked: Asked) -> bool:
    count = len(asked.found(*case.paths))
    return all(count == (0 if asked.found(path) else 1) for path in case.excluded)


def _one_or_all(case: Case, asked: Asked) -> bool:
    if asked.found(case.one):
        return True
    every, has = _EACH[case.all]
    return all(msgspec.structs.replace(asked, element=each).found(has) for each in asked.xpath(every))


def _dependent(case: Case, asked: Asked) -> bool:
    return len({bool(asked.found(path)) for path in case.paths}) <= 1


def _strict_sum(case: Case, asked: Asked) -> bool:
    numbers = [_number(text) for text in asked.texts(*case.paths)]
    total = sum((each for each in numbers if each is not None), Decimal(0))
    return None not in numbers and abs(total - case.sum) < _HALF


def _sum(case: Case, asked: Asked) -> bool:
    return not asked.found(*case.paths) or _strict_sum(case, asked)


def _date_order(case: Case, asked: Asked) -> bool:
    less, more = asked.moments(case.less), asked.moments(case.more)
    return not less or not more or max(less) <= min(more)


def _date_now(case: Case, asked: Asked) -> bool:
    return all(each <= asked.now for each in asked.moments(case.date))


def _time_limit(case: Case, asked: Asked) -> bool:
    starts, ends = asked.moments(case.start), asked.moments(case.end)
    return not starts or not ends or max(ends) - min(starts) <= _YEAR


def _between_dates(case: Case, asked: Asked) -> bool:
    days, starts, ends = (asked.moments(path) for path in (case.date, case.start, case.end))
    return not days or not starts or not ends or (max(starts) <= min(days) and max(days) <= min(ends))


def _regex_matches(case: Case, asked: Asked) -> bool:
    return all(not text or re.search(case.regex, text) for text in asked.texts(*case.paths))


def _regex_no_matches(case: Case, asked: Asked) -> bool:
    return not any(text and re.search(case.regex, text) for text in asked.texts(*case.paths))


def _startswith(case: Case, asked: Asked) -> bool | None:
    texts = asked.texts(*case.paths)
    if _AGENCIES in case.prefix:
        known = asked.agencies
        return None if known is None else all("-".join(text.split("-")[:2]) in known for text in texts)
    beginnings = tuple(each + case.separator for each in asked.texts(*(case.prefix or (case.start,))))
    if len(texts) * len(beginnings) > _WORK:
        return None
    return all(text.startswith(beginnings) for text in texts)


def _unique(case: Case, asked: Asked) -> bool:
    texts = asked.texts(*case.paths)
    return len(texts) == len(set(texts))


def _if_then(case: Case, asked: Asked) -> bool:
    return not asked.true(case.if_) or asked.true(case.then)


def _range(case: Case, asked: Asked) -> bool:
    numbers = [_number(text) for text in asked.texts(*case.paths)]
    return all(
        each is not None and (case.min is None or case.min <= each) and (case.max is None or each <= case.max)
        for each in numbers
    )


def _no_spaces(case: Case, asked: Asked) -> bool:
    return all(text == text.strip() for text in asked.texts(*case.paths))


KINDS: Final[dict[str, Callable[[Case, Asked], bool | None]]] = {
    "no_more_than_one": _no_more_than_one,
    "atleast_one": _atleast_one,
    "only_one_of": _only_one_of,
    "one_or_all": _one_or_all,
    "dependent": _dependent,
    "strict_sum": _strict_sum,
    "sum": _sum,
    "date_order": _date_order,
    "date_now": _date_now,
    "time_limit": _time_limit,
    "between_dates": _between_dates,
    "regex_matches": _regex_matches,
    "regex_no_matches": _regex_no_matches,
    "startswith": _startswith,
    "unique": _unique,
    "if_then": _if_then,
    "range": _range,
    "no_spaces": _no_spaces,
}
"""Each kind of rule: whether a case of it holds, or None where it cannot be asked here."""


def _apart(context: str) -> list[str]:
    """The paths that a context joins: asked one by one, for joining large sets takes the square of their size."""
    return _JOINED.split(context)


@cache
def _compiled(path: str) -> etree.XPath:
    variable = path.replace("'$1'", "$value").replace("$1", "$value")
    return etree.XPath(variable, namespaces=_LANG, smart_strings=False)


def _compile_all(context: str, kinds: dict[str, Cases]) -> None:
    """Raise ``ValueError`` for a kind of rule or an expression that cannot be asked."""
    for path in _apart(context):
        _expression(path)
    for kind, cases in kinds.items():
        if kind != "loop" and kind not in KINDS:
            raise ValueError(f"no kind of rule is called {kind}")
        for case in cases.cases:
            for path in _expressions(case):
                _expression(path)
            _pattern(case.regex)
            if kind == "one_or_all" and case.all not in _EACH:
                raise ValueError(f"nothing is known as all of {case.all}")
            _compile_all(".", case.do)


def _expressions(case: Case) -> list[str]:
    said = [*case.paths, *case.excluded, *case.prefix, case.condition, case.one, case.less, case.more, case.date]
    said += [case.start, case.end, case.if_, case.then, case.foreach]
    return [each for each in said if each not in ("", "NOW", "TODAY", _AGENCIES)]


def _expression(path: str) -> None:
    try:
        _compiled(path)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"{path} is no path: {error}") from None


def _pattern(regex: str) -> None:
    try:
        re.compile(regex)
    except re.error as error:
        raise ValueError(f"{regex} is no pattern: {error}") from None


def _number(text: str) -> Decimal | None:
    number = values.read(Decimal, text)
    return number if isinstance(number, Decimal) else None


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
