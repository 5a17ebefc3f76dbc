"""The tour in the browser is done as its page tells it, line by line, beginning with the address that is printed."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser.hands import Hands
from tests.browser.room import window
from tests.browser.serving import served
from tests.browser.tour import NotDone, Tour, lines
from tests.house.tree import ROOT

PAGE = ROOT / "docs/tour-in-browser.md"


def test_the_tour_goes_as_its_page_tells_it(home: Path, browser: Any, tmp_path: Path) -> None:
    own = shutil.copytree(home, tmp_path / "home")
    with served(own) as site, ExitStack() as windows:
        tour = Tour(site.first(), lambda: Hands(windows.enter_context(window(browser)).new_page()))
        for line in lines(PAGE.read_text(encoding="utf-8")):
            tour.do(line)


def test_a_line_that_nobody_can_do_is_told() -> None:
    tour = Tour("", lambda: pytest.fail("no window is wanted"))
    with pytest.raises(NotDone, match="Nobody can do this line: Look around"):
        tour.do("Look around.")


def test_the_lines_of_a_tour_are_those_of_its_lists() -> None:
    page = "# A tour\n\n**1. Come in.** Text.\n\n- Push **One**.\n- You see `a` and\n  `b`.\n\nMore text.\n"
    assert list(lines(page)) == ["Push **One**.", "You see `a` and `b`."]
