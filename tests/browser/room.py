"""Where the people of a story sit, each in a window of their own: who comes in, who approves, what goes on record."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser.hands import Hands
from tests.browser.serving import PASSPHRASE, Served

PATIENCE: Final = 10_000
"""For how many milliseconds one looks for a control."""


@contextmanager
def window(browser: Any, **options: Any) -> Iterator[Any]:
    """A browser's window with nothing remembered; errors of scripts and of the policy fail the test."""
    made = browser.new_context(**options)
    made.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    made.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield made
    made.close()
    assert not wrong


@dataclass
class Room:
    """A State that is served, the hands with which people work there, and a way to open windows."""

    site: Served
    kind: type[Hands]
    opened: Callable[..., Any]
    sitting: dict[str, Hands] = field(default_factory=dict)

    def person(self, handle: str) -> Hands:
        """Somebody at their own desk, at home: signed in, whenever they did it."""
        if handle not in self.sitting:
            known = self.site.remembered.get(handle)
            self.sitting[handle] = self.kind(self.opened(**({"storage_state": known} if known else {})).new_page())
            self.sitting[handle].page.goto(self.site.address)
        them = self.sitting[handle]
        if "/account/login/" in them.page.url:
            sign_in(them, handle)
            self.site.remembered[handle] = them.page.context.storage_state()
        elif them.page.url != self.site.address:
            them.follow("Home", within="Rooms")
        return them

    def leave(self, handle: str) -> None:
        """Somebody signs out and closes their window."""
        them = self.sitting.pop(handle)
        them.push("Sign out")
        assert "/account/login/" in them.page.url
        self.site.remembered.pop(handle)

    def approve(self, handle: str, *texts: str) -> int:
        """A second person finds a proposal on their own home and approves it; gives what it became."""
        them = self.person(handle)
        them.follow("", row=texts)
        them.sees("Approve")
        them.push("Approve")
        if "/reauthenticate/" in them.page.url:
            them.write("Passphrase", PASSPHRASE)
            them.push("Go on")
            them.push("Approve")
        made = re.search(r"Recorded as statements? (\d+)", them.seen)
        assert made, them.seen
        return int(made[1])

    def record(self, *words: str) -> Any:
        """What a command says in JSON."""
        return json.loads(self.site.command(*words, "--json"))


def sign_in(hands: Hands, handle: str) -> None:
    """Sign somebody in who has an account."""
    hands.write("Handle", handle)
    hands.write("Passphrase", PASSPHRASE)
    hands.push("Sign in")
