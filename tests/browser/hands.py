"""The hands of somebody at a page: a mouse, or a keyboard alone. A story is written once and done with both.

A control is found by what it is called on the page, never by how it is made. With a keyboard one walks to it with Tab
and Shift+Tab, from where one is; a step fails where the focus cannot be seen, is lost, does not move on, or takes more
steps than anybody would go.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

MOST_STEPS: Final = 90
"""How far one walks to a control before calling it out of reach."""

STEP: Final = """target => {
  const at = document.activeElement;
  if (at === target) return {here: true, ...seen(at)};
  const lost = !at || at === document.body;
  const behind = !lost && Boolean(at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING);
  const skip = !lost && at.className === "skip" && document.getElementById("content").contains(target);
  return {here: false, lost, behind, skip, same: window.walked === at, ...(window.walked = at, lost ? {} : seen(at))};
  function seen(each) {
    const box = each.getClientRects()[0] || {width: 0, height: 0, top: -1, left: -1};
    const style = getComputedStyle(each);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0;
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 1), innerHeight - 2);
    const on = document.elementFromPoint(x, y);
    const covered = Boolean(on) && !each.contains(on) && !on.contains(each) && !on.closest("label")?.contains(each);
    const room = each.id === "content" || (ring && inside && !covered);
    return {seen: room, what: `${each.tagName} ${each.name || each.textContent.trim().slice(0, 40)}`};
  }
}"""
"""Where the focus is, as seen from a control that one wants to reach."""


class OutOfReach(AssertionError):  # noqa: N818
    """A control that the keyboard does not reach as it should; it tells where the focus was."""


def called(name: str) -> "re.Pattern[str]":
    """What a field is called, with or without what a batch holds of it and the word that it is needed."""
    return re.compile(rf"^\s*{re.escape(name)}(, holds .*)?(\s+needed)?\s*$")


def word(text: str) -> "re.Pattern[str]":
    """A text that stands by itself, in a cell that may hold others."""
    return re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")


class Hands:
    """Somebody at a page, with a mouse."""

    name = "mouse"

    def __init__(self, page: Any) -> None:
        self.page = page

    # What one sees.

    @property
    def seen(self) -> str:
        """The text of the page, thin spaces as they are read."""
        return str(self.page.inner_text("main")).replace("\u2009", " ")

    def sees(self, *texts: str) -> None:
        """Look for texts on the page."""
        shown = self.seen
        missing = [each for each in texts if each not in shown]
        assert not missing, f"{self.page.url} does not show {missing}:\n{shown[:3000]}"

    def row(self, *texts: str) -> Any:
        """The rows of a list in whose cells some texts stand."""
        rows = self.page.get_by_role("row")
        for each in texts:
            rows = rows.filter(has=self.page.get_by_role("cell").filter(has_text=word(each)))
        return rows

    # What one does.

    def follow(self, text: str, row: Sequence[str] = (), within: str = "") -> None:
        """Follow a link, which leads to another page; without a text the first of a row."""
        self._leave_by(self._link(text, row, within))

    def save(self, text: str, row: Sequence[str] = ()) -> Path:
        """Follow a link that gives a file."""
        link = self._link(text, row)
        self.reach(link)
        with self.page.expect_download() as made:
            self.press(link)
        return Path(made.value.path())

    def push(self, text: str, within: str = "") -> None:
        """Push a button that sends a form: of the page itself, or of what is around it."""
        named = self._place(within).get_by_role("button", name=text, exact=True)
        inside = self.page.get_by_role("main").get_by_role("button", name=text, exact=True)
        self._leave_by(inside if not within and inside.count() else named)

    def unfold(self, text: str) -> None:
        """Open what is folded."""
        summary = self.page.locator("summary", has_text=text).first
        self.reach(summary)
        self.press(summary)

    def write(self, label: str, text: str, group: str = "") -> None:
        """Write a text into a field, in place of what stands there."""
        self.fill(self.field(label, group), text)

    def choose(self, label: str, text: str) -> None:
        """Choose one of those offered, by the beginning of what it is called."""
        box = self.field(label)
        offered = [str(each).strip() for each in box.locator("option").all_inner_texts()]
        at = next((place for place, each in enumerate(offered) if each == text), None)
        at = next((place for place, each in enumerate(offered) if each.startswith(text)), -1) if at is None else at
        assert at >= 0, f"{label} offers {offered}"
        self.select(box, at)

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.toggle(self.page.get_by_role("checkbox", name=label))

    def stand_at(self, label: str) -> None:
        """Put the focus into a field."""
        self.focus(self.field(label))

    def scan(self, code: str) -> None:
        """Hold a scanner to a code: it types what it reads where the focus is, and Enter."""
        assert self.page.evaluate("document.activeElement.name") == "code", "a scanner would type somewhere else"
        self.page.keyboard.type(code)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")

    def find(self, text: str) -> None:
        """Search from where one is."""
        box = self.page.get_by_role("searchbox", name="Search").first
        self.fill(box, text)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")

    def give(self, label: str, file: Path) -> None:
        """Choose a file of one's own."""
        box = self.field(label)
        self.reach(box)
        with self.page.expect_file_chooser() as asked:
            self.press(box)
        asked.value.set_files(file)

    def field(self, label: str, group: str = "") -> Any:
        """A field by what it is called, in a group of them by that of the group."""
        place = self.page.get_by_role("group", name=called(group)) if group else self.page
        return place.get_by_label(called(label))

    def _place(self, within: str) -> Any:
        return self.page.get_by_label(within, exact=True) if within else self.page

    def _link(self, text: str, row: Sequence[str], within: str = "") -> Any:
        place = self.row(*row) if row else self._place(within)
        return (place.get_by_role("link", name=text, exact=True) if text else place.get_by_role("link")).first

    def _leave_by(self, control: Any) -> None:
        """Act on a control that leads to another page, and wait for that."""
        self.reach(control)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.press(control)

    # How the hand does it.

    def reach(self, control: Any) -> None:
        """Go to a control."""
        control.hover()

    def press(self, control: Any) -> None:
        """Act on the control at which one is."""
        control.click()

    def focus(self, box: Any) -> None:
        """Put the focus into a box."""
        box.click()

    def fill(self, box: Any, text: str) -> None:
        """Put a text into a box in place of what stands there."""
        box.fill(text)

    def select(self, box: Any, place: int) -> None:
        """Choose what stands at a place of those offered."""
        box.select_option(index=place)

    def toggle(self, box: Any) -> None:
        """Change a box that is ticked or not."""
        box.click()


class Keys(Hands):
    """Somebody at a page with a keyboard alone."""

    name = "keys"

    def press(self, control: Any) -> None:
        """Press Enter on what has the focus; a box for files opens by a space."""
        self.page.keyboard.press("Space" if control.get_attribute("type") == "file" else "Enter")

    def fill(self, box: Any, text: str) -> None:
        """Walk to a box, which selects what stands in it, or select it all; then type."""
        self.reach(box)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def select(self, box: Any, place: int) -> None:
        """Walk to what is offered, and go through it by the arrows."""
        self.reach(box)
        now = box.evaluate("each => each.selectedIndex")
        for _ in range(abs(place - now)):
            self.page.keyboard.press("ArrowDown" if place > now else "ArrowUp")
        assert box.evaluate("each => each.selectedIndex") == place

    def focus(self, box: Any) -> None:
        """Walk to a box."""
        self.reach(box)

    def toggle(self, box: Any) -> None:
        """Walk to a box and press the space bar."""
        self.reach(box)
        self.page.keyboard.press("Space")

    def reach(self, control: Any) -> None:
        """Walk to a control with Tab and Shift+Tab. Raises `OutOfReach`."""
        target = control.element_handle()
        self.page.evaluate("window.walked = null")
        for step in range(MOST_STEPS):
            at = self.page.evaluate(STEP, target)
            if not at["here"] and (step and at["lost"]):
                raise OutOfReach(f"{self.page.url}: the focus was lost on the way to {control}")
            if not at.get("seen", True):
                raise OutOfReach(f"{self.page.url}: the focus cannot be seen at {at['what']}")
            if at["here"]:
                return
            if at["same"]:
                raise OutOfReach(f"{self.page.url}: the focus is held by {at['what']}")
            self.page.keyboard.press("Enter" if at["skip"] else "Shift+Tab" if at["behind"] else "Tab")
        raise OutOfReach(f"{self.page.url}: {control} is more than {MOST_STEPS} steps away")
