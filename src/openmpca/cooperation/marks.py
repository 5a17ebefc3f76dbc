"""What the fields of this room's statements hold, told once: rules, links, forms and pages all follow from it.

    @kind("cooperation.project", ...)
    class Project(Said, frozen=True, kw_only=True):
        code: Annotated[str, Introduces("project")]
        agreement: Annotated[str, Names("agreement")]
        cost: Annotated[str, AMOUNT] = ""

Rules kept here:

1. A thing (agreement, project, site) is called by its sort and a code that its parties agree on: ``project:P-07``. Two
   parties that introduce the same code speak of the same thing, each for itself.
2. A field that may name things of several sorts holds ``SORT:CODE``; one that names things of one sort holds the code.
3. A blank field names nothing, where the field need not be given.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from openmpca.record.statements import Statement


@dataclass(frozen=True)
class Introduces:
    """The code of the thing of a sort that the statement speaks of: it is known from then on."""

    sort: str


@dataclass(frozen=True)
class Names:
    """The codes of things that are known already: of one sort, or of several (rule 2)."""

    sorts: tuple[str, ...]

    def __init__(self, *sorts: str) -> None:
        object.__setattr__(self, "sorts", sorts)

    def thing(self, text: str) -> str:
        """The thing that a text of such a field names.

        >>> Names("project").thing("P-07"), Names("site", "project").thing("site:S-1")
        ('project:P-07', 'site:S-1')
        """
        return text if len(self.sorts) > 1 else f"{self.sorts[0]}:{text}"


@dataclass(frozen=True)
class OneOf:
    """One of some words."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)


@dataclass(frozen=True)
class Form:
    """A text of a form that is read exactly: an amount, a share, a party, a moment; ``wanted`` says which it is."""

    name: str
    wanted: str = ""
    pattern: re.Pattern[str] | None = None


_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?", re.ASCII)
_RATE: Final = re.compile(r"(?!0(?:\.0*)?$)(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,8})?", re.ASCII)
_PERCENT: Final = re.compile(r"100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\dZ", re.ASCII)
AMOUNT: Final = Form("amount", "a number like 1250.50, without separators, with at most four decimals", _DECIMAL)
"""An amount of money or of work, as decimal text: no float ever, up to four decimals."""
SHARE: Final = Form("share", "a percentage from 0 to 100", _PERCENT)
"""A share in percent, as decimal text with up to four decimals, from 0 to 100."""
PARTY: Final = Form("party")
"""The code of a party that the record knows."""
CURRENCY: Final = Form("currency", "a currency of three capital letters", re.compile(r"[A-Z]{3}"))
"""A currency by its three capital letters."""
DIGEST: Final = Form("digest", "a SHA-256 in lower-case hexadecimal", re.compile(r"[0-9a-f]{64}"))
"""A SHA-256 in lower-case hexadecimal."""
MOMENT: Final = Form("moment", "a moment like 2026-03-31T09:30Z", _MOMENT)
"""A moment in UTC, YYYY-MM-DDThh:mmZ."""
RATE: Final = Form("rate", "a number above zero like 92.4105, with at most eight decimals", _RATE)
"""What one unit is worth in another, as decimal text."""
EVERYBODY: Final = "*"

Mark = Introduces | Names | OneOf | Form
_MARKS: Final = (Introduces, Names, OneOf, Form)


@dataclass(frozen=True)
class Marked:
    """A field with its marks: that of its texts, and for a mapping those of its keys and of its values."""

    name: str
    own: Mark | None = None
    keys: Mark | None = None
    values: Mark | None = None

    def texts(self, value: object) -> Iterator[tuple[Mark, str]]:
        """Each text that a value of the field holds, with its mark; blank ones are left out."""
        for mark, text in self._every(value):
            if mark is not None and text:
                yield mark, text

    def _every(self, value: object) -> Iterator[tuple[Mark | None, str]]:
        if isinstance(value, Mapping):
            for key, each in value.items():
                yield self.keys, str(key)
                yield self.values, str(each)
        elif isinstance(value, list | tuple):
            for each in value:
                yield self.own, str(each)
        elif isinstance(value, str):
            yield self.own, value


@cache
def marked(struct: type[Statement]) -> tuple[Marked, ...]:
    """The fields of a kind that have marks, in their order."""
    hints = get_type_hints(struct, include_extras=True)
    found = (_of(name, hints[name]) for name in struct.__struct_fields__)
    return tuple(each for each in found if each.own or each.keys or each.values)


def _of(name: str, hint: Any) -> Marked:
    own = _mark(hint)
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    inner = get_args(plain)
    if get_origin(plain) is dict:
        return Marked(name, own, _mark(inner[0]), _mark(inner[1]))
    if get_origin(plain) is list:
        return Marked(name, own or _mark(inner[0]))
    return Marked(name, own)


def _mark(hint: Any) -> Mark | None:
    given = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((each for each in given if isinstance(each, _MARKS)), None)


def unfit(struct: type[Statement], fields: Mapping[str, Any]) -> Iterator[tuple[str, Mark, str]]:
    """The fields whose text is none of its words or not in its form, with the mark and what is wrong."""
    for each in marked(struct):
        for mark, text in each.texts(fields.get(each.name)):
            if isinstance(mark, OneOf) and text not in mark.words:
                yield each.name, mark, f"{text!r} is none of {', '.join(mark.words)}."
            if isinstance(mark, Form) and mark.pattern is not None and not mark.pattern.fullmatch(text):
                yield each.name, mark, f"{text!r} is not {mark.wanted}."


@cache
def introduced(struct: type[Statement]) -> tuple[str, str]:
    """The field by which a kind introduces its thing, and the sort of that; blank where it introduces none."""
    for each in marked(struct):
        if isinstance(each.own, Introduces):
            return each.name, each.own.sort
    return "", ""
