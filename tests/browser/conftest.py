"""The demonstration State, served, and a browser; once for all stories, which run in one process."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.browser.hands import Hands, Keys
from tests.browser.room import Room, window
from tests.browser.serving import CHROMIUM, Served, chromium, let_in, served
from tests.demonstration_built import Built

Serving = Callable[[str], Served]


@pytest.fixture(scope="session")
def home(demonstration: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the demonstration State as it is built; what is served are copies of it."""
    if not CHROMIUM:
        pytest.skip("no Chromium: Debian's package chromium has it")
    return demonstration.copied(tmp_path_factory.mktemp("demonstration") / "folder")


@pytest.fixture(scope="session")
def people(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The home of the demonstration State in which everybody has an account, and their handles."""
    own = tmp_path_factory.mktemp("people") / "home"
    shutil.copytree(home, own)
    return own, let_in(own)


@pytest.fixture(scope="session")
def serving(people: tuple[Path, set[str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Serves a State of one's own to each who asks by a name, always the same for the same name."""
    home, handles = people
    with ExitStack() as running:

        @cache
        def serve(name: str) -> Served:
            own = tmp_path_factory.mktemp(name) / "home"
            shutil.copytree(home, own)
            site = running.enter_context(served(own, OPENMPCA_PSEUDO="1"))
            site.known |= handles
            return site

        yield serve


@pytest.fixture(scope="session")
def site(serving: Serving) -> Served:
    """The demonstration State with its pages."""
    return serving(Hands.name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, for one module: Playwright runs an event loop in this thread, which Django tests after it must
    not meet.
    """
    with chromium() as made:
        yield made


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A browser's window of its own, with nothing remembered; errors of scripts and of the policy fail the test."""
    with window(browser) as made:
        yield made


@pytest.fixture
def page(context: Any) -> Any:
    """An empty page."""
    return context.new_page()


@pytest.fixture
def room(serving: Serving, browser: Any) -> Iterator[Room]:
    """Where people do a story by keyboard alone, all of them in one State."""
    with ExitStack() as windows:
        yield Room(serving(Keys.name), Keys, lambda **more: windows.enter_context(window(browser, **more)))


@pytest.fixture(params=[pytest.param(Hands, marks=pytest.mark.long), Keys], ids=lambda each: each.name)
def each_room(request: pytest.FixtureRequest, serving: Serving, browser: Any) -> Iterator[Room]:
    """Where people do a story by keyboard alone, and in trials with a mouse too, each in a State of its own; it is with
    a mouse that one goes through the tour."""
    site = serving(request.param.name)
    with ExitStack() as windows:
        yield Room(site, request.param, lambda **more: windows.enter_context(window(browser, **more)))
