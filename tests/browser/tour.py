"""Reads a tour out of its page and does it as it stands: each line of a list is one thing that is done, or seen.

    - Open the address that was printed.
    - In a window of its own, open the address that is shown: `mira` sits there.
    - Go on in the window of `jonas`.
    - Write `text` into *Field*.
    - Write `text` into *Field* under *Fields*.
    - Choose `text` in *Field*.
    - Search for `text`.
    - Follow **Link**.
    - Follow **Link** on the left.
    - Follow **Link** in the row of `text` and `text`.
    - Push **Button**.
    - Push **Button** in *Part of the page*.
    - Save **Link**.
    - You see `text` and `text`.
    - You do not see `text`.

A line that reads otherwise is told and not passed over, so nothing in a list is left to the reader alone. In a text
``...`` stands for anything, and any blank for any other.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser.hands import Hands

CODE: Final = r"`([^`]+)`"
CODES: Final = r"(`[^`]+`(?:, `[^`]+`)*(?: and `[^`]+`)?)"
BOLD: Final = r"\*\*([^*]+)\*\*"
NAMED: Final = r"\*([^*]+)\*"


class NotDone(AssertionError):  # noqa: N818
    """A line of the page that cannot be done, or does not come true; it tells the line."""


def lines(page: str) -> Iterator[str]:
    """The lines of the lists of a page, those that go on below put together."""
    for each in re.findall(r"^- (.+(?:\n  .+)*)", page, re.M):
        yield re.sub(r"\s+", " ", each)


@dataclass
class Tour:
    """Somebody who goes through a page: the address that was printed, the windows that are open, who sits where."""

    printed: str
    opened: Callable[[], Hands]
    windows: dict[str, Hands] = field(default_factory=dict)
    here: str = "jonas"

    @property
    def hands(self) -> Hands:
        """The hands at the window in front."""
        return self.windows[self.here]

    def do(self, line: str) -> None:
        """Do one line. Raises `NotDone`."""
        for reads, does in LINES.items():
            if found := re.fullmatch(reads, line.rstrip(".")):
                try:
                    does(self, *found.groups())
                except Exception as error:
                    raise NotDone(f"{line}\n{error}") from error
                return
        raise NotDone(f"Nobody can do this line: {line}")

    def open_printed(self) -> None:
        """Open the address that the server printed."""
        self.windows[self.here] = self.opened()
        self.hands.page.goto(self.printed)

    def open_shown(self, who: str) -> None:
        """Open the address that stands on the page in a window of its own."""
        shown = re.search(r"https?://\S+", self.hands.seen)
        assert shown, f"no address stands there: {self.hands.seen}"
        self.here = who
        self.windows[who] = self.opened()
        self.hands.page.goto(shown[0])

    def go_on(self, who: str) -> None:
        """Go on in another window."""
        assert who in self.windows, f"nobody opened a window of {who}"
        self.here = who

    def follow_in_row(self, link: str, row: str) -> None:
        """Follow a link of the row in which some texts stand."""
        self.hands.follow(link, row=of(row))

    def sees(self, texts: str) -> None:
        """Look for texts, on the page or in the bar above it."""
        for each in of(texts):
            assert stands(each, self.hands), f"{each} is not on the page:\n{self.hands.seen}"

    def sees_not(self, texts: str) -> None:
        """Look whether texts are not there."""
        for each in of(texts):
            assert not stands(each, self.hands), f"{each} is on the page"


def of(texts: str) -> list[str]:
    """The texts of an enumeration."""
    return re.findall(CODE, texts)


def stands(text: str, hands: Hands) -> bool:
    """Whether a text stands on the page; dots for anything within a line, a blank for any."""
    wanted = r"[^\n]*".join(r"\s+".join(map(re.escape, part.split())) for part in text.split("..."))
    return re.search(wanted, hands.seen) is not None


LINES: Final[dict[str, Callable[..., Any]]] = {
    "Open the address that was printed": Tour.open_printed,
    f"In a window of its own, open the address that is shown: {CODE} sits there": Tour.open_shown,
    f"Go on in the window of {CODE}": Tour.go_on,
    f"Write {CODE} into {NAMED}": lambda tour, text, label: tour.hands.write(label, text),
    f"Write {CODE} into {NAMED} under {NAMED}": lambda tour, text, label, group: tour.hands.write(label, text, group),
    f"Choose {CODE} in {NAMED}": lambda tour, text, label: tour.hands.choose(label, text),
    f"Search for {CODE}": lambda tour, text: tour.hands.find(text),
    f"Follow {BOLD}": lambda tour, link: tour.hands.follow(link),
    f"Follow {BOLD} on the left": lambda tour, link: tour.hands.follow(link, within="Rooms"),
    f"Follow {BOLD} in the row of {CODES}": Tour.follow_in_row,
    f"Push {BOLD} in {NAMED}": lambda tour, button, place: tour.hands.push(button, within=place),
    f"Push {BOLD}": lambda tour, button: tour.hands.push(button),
    f"Save {BOLD}": lambda tour, link: tour.hands.save(link),
    f"You see {CODES}": Tour.sees,
    f"You do not see {CODES}": Tour.sees_not,
}
"""What a line may read, without the full stop, and how it is done."""
