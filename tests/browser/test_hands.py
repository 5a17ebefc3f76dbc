"""The keyboard of the stories finds what is wrong with a page: a focus that is not seen, is held, or does not come."""

from typing import Any

import pytest

from tests.browser.hands import Keys, OutOfReach

RING = "<style>:focus-visible { outline: 3px solid }</style>"
ONE, TWO = "<a href='#one'>One</a>", "<a href='#two'>Two</a>"


def walked(page: Any, content: str) -> None:
    page.set_content(f"<main id=content>{content}</main>")
    Keys(page).reach(page.get_by_text("Two"))


def test_a_control_is_reached_forward_and_back(page: Any) -> None:
    walked(page, RING + ONE + TWO)
    hands = Keys(page)
    hands.reach(page.get_by_text("One"))
    assert page.evaluate("document.activeElement.textContent") == "One"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (ONE + "<style>a { outline: none }</style>" + TWO, "the focus cannot be seen"),
        (RING + "<a href='#one' onkeydown='event.preventDefault()'>One</a>" + TWO, "the focus is held"),
        (RING + ONE + "<span role=link>Two</span>", "the focus was lost"),
        (RING + f"<p>{ONE}</p>" * 100 + TWO, "steps away"),
    ],
    ids=["not seen", "held", "lost", "far"],
)
def test_a_control_that_the_keyboard_does_not_reach_fails(page: Any, content: str, told: str) -> None:
    with pytest.raises(OutOfReach, match=told):
        walked(page, content)
