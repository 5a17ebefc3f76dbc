"""Drafts: what somebody typed and has not stated yet, kept in the pages' database; theirs alone.

Rules kept here:

1. A draft is found by its number together with its person: that of another person is as none.
2. What is kept is what was typed, text by name, whether it can be read or not; never a passphrase, never a file.
3. A person has at most `MOST` drafts; the oldest goes when a new one comes.
4. A form has one draft, however often it is sent to be kept: it is found by the form's mark, which is kept with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.apps import apps

from openmpca.pages.blocks import MARK
from openmpca.record import clock

MOST: Final = 200
LONGEST: Final = 200_000


@dataclass(frozen=True)
class Kept:
    """A draft: its number, the address of the form, what it is about, what was typed, when."""

    number: int
    path: str
    title: str
    fields: Mapping[str, str]
    changed: datetime

    @property
    def address(self) -> str:
        """Where it is opened again."""
        return address(self.path, self.number)


def address(path: str, number: int) -> str:
    """The address at which a draft of a form is opened."""
    return f"{path}{'&' if '?' in path else '?'}draft={number}"


def _drafts() -> Any:
    return apps.get_model("web", "Draft").objects


def keep(person: str, path: str, title: str, fields: Mapping[str, str], number: int | None = None) -> int:
    """Keep what was typed, in the place of an earlier draft of the same person and page; gives its number."""
    path = path[:200]
    now = datetime.fromtimestamp(clock.now_us() / 1_000_000, UTC)
    given = {"title": title[:200], "fields": _bounded(fields), "changed": now}
    own = _drafts().filter(person=person, path=path)
    if number is None and fields.get(MARK):
        number = own.filter(**{f"fields__{MARK}": fields[MARK]}).values_list("pk", flat=True).first()
    if number is not None and own.filter(pk=number).update(**given):
        return number
    made = _drafts().create(person=person, path=path, **given)
    old = _drafts().filter(person=person).order_by("-changed", "-pk").values_list("pk", flat=True)[MOST:]
    _drafts().filter(pk__in=list(old)).delete()
    return int(made.pk)


def _bounded(fields: Mapping[str, str]) -> dict[str, str]:
    kept, size = {}, 0
    for name, text in fields.items():
        size += len(name) + len(text)
        if size <= LONGEST:
            kept[name] = text
    return kept


def one(person: str, number: int, path: str = "") -> Kept | None:
    """A draft of a person, on a page when that is named; None when they have none of this number."""
    found = _drafts().filter(pk=number, person=person).first() if abs(number) < 1 << 62 else None
    return None if found is None or (path and found.path != path[:200]) else _kept(found)


def of(person: str) -> list[Kept]:
    """The drafts of a person, the last changed first."""
    return [_kept(each) for each in _drafts().filter(person=person).order_by("-changed", "-pk")]


def drop(person: str, number: int) -> bool:
    """Forget a draft of a person; whether there was one."""
    return bool(_drafts().filter(pk=number, person=person).delete()[0]) if abs(number) < 1 << 62 else False


def _kept(row: Any) -> Kept:
    return Kept(int(row.pk), row.path, row.title, dict(row.fields), row.changed)
