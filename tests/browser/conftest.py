"""The demonstration State, served, and a browser; once for all stories, which run in one process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.serving import CHROMIUM, Served, chromium, served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration State with its pages."""
    if not CHROMIUM:
        pytest.skip("no Chromium: Debian's package chromium has it")
    home = tmp_path_factory.mktemp("demonstration") / "home"
    environment = {**os.environ, "OPENMPCA_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "openmpca.cli", "demonstration"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    with served(home, OPENMPCA_PSEUDO="1") as made:
        yield made


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
    made = browser.new_context()
    wrong: list[str] = []
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    made.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield made
    made.close()
    assert not wrong


@pytest.fixture
def page(context: Any) -> Any:
    """An empty page."""
    return context.new_page()
