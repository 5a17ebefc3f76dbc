"""The routes of all pages: each is declared once, with what it takes to read it, and answers as HTML and as JSON.

    @page("accounting/book", title="Book", needs=place("mba"))
    def book(asking: Asking, mba: str, by_batch: bool = False) -> Page: ...

Rules kept here:

1. A route without a decision about who may use it cannot be declared: ``needs`` has no default.
2. Parts of the address and of a form are read by the types in the signature; what does not fit is told as a problem and
   reaches nothing.
3. ``/accounting/book`` is the page, ``/api/accounting/book`` its twin in JSON: the same function, the same decision.
4. A function that takes ``sent`` answers POST too; it gets the form (or the JSON body) there, and None on GET. What it
   states is stated once for a form, however often that is sent (`record.once`); no page has to think of it.
5. A function may answer with a `File`; page and twin then give the same bytes.

What a function may raise: `Refused`, `NotFound`, `NotAllowed`, `NotYet`, `TimesError`; each becomes a page of its own.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final, get_type_hints
from urllib.parse import quote_plus, urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from openmpca.pages.blocks import Page
from openmpca.pages.reach import Reach
from openmpca.pages.times import NAMES, Times
from openmpca.pages.understanding import reader

Sent = Mapping[str, Any]


class Open(Enum):
    """Decisions that name no place."""

    PUBLIC = "anybody, without signing in"
    PERSON = "whoever is signed in, about themselves"
    READER = "whoever holds a grant; what is shown is cut to its scope"
    WHOLE = "whoever holds a grant for everything"
    ADMINISTRATOR = "whoever holds a grant as administrator, everywhere"


@dataclass(frozen=True)
class Place:
    """A decision by the place that a parameter names; an empty one is the whole."""

    parameter: str
    kind: str


def place(parameter: str, kind: str = "mba") -> Place:
    """Whoever holds a grant that covers the place that a parameter names."""
    return Place(parameter, kind)


Needs = Open | Place


class NotFound(Exception):  # noqa: N818
    """There is no such thing, or it lies beyond the reach of who asks: nobody can tell which."""


class NotYet(Exception):  # noqa: N818
    """What was asked is being counted for the first time since the server started; the text says so."""


class NotAllowed(Exception):  # noqa: N818
    """Who asks may not; the text says what it takes."""


@dataclass(frozen=True)
class Asking:
    """Who asks, and when about: a person with their reach, the two times of the address, the mark of the form sent."""

    request: HttpRequest
    person: str
    handle: str
    reach: Reach
    times: Times
    as_json: bool = False
    mark: str = ""
    looked_at: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What was looked up for this answer and holds for all of it."""

    @cached_property
    def for_programs(self) -> bool:
        """Whether a program reads the answer, or it goes out as a file, and not onto a page."""
        return self.as_json or bool(self.request.GET.get("as"))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parts of the address besides the times, to be sent along when those change."""
        return [(name, str(value)) for name, value in self.request.GET.items() if name not in NAMES]

    @property
    def present(self) -> str:
        """The address of this page now."""
        return f"{self.request.path}?{urlencode(self.kept)}"

    def to(self, path: str, **parameters: Any) -> str:
        """The address of another page at the same times."""
        return address(path, **parameters, **self.times.given)

    def must_cover(self, kind: str, code: str) -> None:
        """Refuse what lies beyond the reach, in the words used for what there is not."""
        if not self.reach.covers(f"{kind}:{code}"):
            told = _("There is no %(kind)s %(code)s that you may read.") % {"kind": kind.upper(), "code": code}
            raise NotFound(told)


@dataclass(frozen=True)
class Go:
    """An answer to what was sent: go on at an address, with something to say there; ``value`` is for programs."""

    address: str
    message: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """An answer that is a file: its name, its bytes exactly as they are, what kind they are."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


Answer = Page | Go | File


@dataclass(frozen=True)
class Route:
    """One declared page."""

    path: str
    title: Any
    needs: Needs
    function: Callable[..., Answer]
    parameters: Mapping[str, inspect.Parameter]
    posts: bool
    menu: int = 0
    in_person: bool = False
    readers: Mapping[str, TypeAdapter[Any]] = field(repr=False, default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the route, as addresses are made from it."""
        return self.path.replace("/", "-") or "home"

    @property
    def room(self) -> str:
        """The room: the first part of the path."""
        return self.path.partition("/")[0]


ROUTES: Final[dict[str, Route]] = {}
_GIVEN: Final = ("asking", "sent")


def page(
    path: str, *, title: Any, needs: Needs, menu: int = 0, in_person: bool = False
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare a page at a path without slashes at its ends; ``menu`` orders those in the rail of their room.

    A page ``in_person`` answers no token: what a person does to their account, or signs as the second person.
    """

    def declare(function: Callable[..., Answer]) -> Callable[..., Answer]:
        if path in ROUTES and ROUTES[path].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two pages at {path}")
        signature = inspect.signature(function)
        taken = {name: each for name, each in signature.parameters.items() if name not in _GIVEN}
        if isinstance(needs, Place) and needs.parameter not in taken:
            raise ValueError(f"{path} is decided by {needs.parameter}, which it does not take")
        hints = get_type_hints(function, include_extras=True)
        readers = {name: reader(hints[name]) for name in taken}
        posts = "sent" in signature.parameters
        ROUTES[path] = Route(path, title, needs, function, taken, posts, menu, in_person, readers)
        return function

    return declare


def in_menu(room: str) -> Iterator[Route]:
    """The pages of a room that stand in its menu, in order."""
    return iter(
        sorted((each for each in ROUTES.values() if each.room == room and each.menu), key=lambda each: each.menu)
    )


def address(path: str, **parameters: Any) -> str:
    """The address of a page with parameters; blank ones are left out."""
    given = [
        f"{name}={value if isinstance(value, int) and value is not True else quote_plus(str(value))}"
        for name, value in parameters.items()
        if value is not None and value is not False and value != ""
    ]
    return f"/{path}?{'&'.join(given)}" if given else f"/{path}"
