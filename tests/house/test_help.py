"""Help as a first-time user reads it: one line a command, nothing cut off, everything in a panel that says for whom."""

from collections.abc import Iterator
from typing import Any

import pytest

from openmpca.record.help import PANELS, first_sentence

LINE = 60


def commands() -> Iterator[tuple[str, Any]]:
    from typer.main import get_command

    from openmpca.cli import app
    from tools.pages import commands as below

    yield from list(below(get_command(app), "openmpca"))[1:]


def test_the_line_of_every_command_is_one_short_sentence() -> None:
    lines = {name: first_sentence(command.help or "") for name, command in commands()}
    assert {name: line for name, line in lines.items() if not 0 < len(line) <= LINE or not line.endswith(".")} == {}


def test_every_command_stands_in_a_panel() -> None:
    outside = [name for name, command in commands() if name.count(" ") == 1 and command.rich_help_panel not in PANELS]
    assert outside == []


def test_every_argument_and_option_says_what_it_is_for() -> None:
    silent = [
        f"{name} {each.name}"
        for name, command in commands()
        for each in command.params
        if not getattr(each, "hidden", False) and not (getattr(each, "help", None) or "").strip()
    ]
    assert silent == []


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_of_help_is_cut_off_or_too_wide(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import typer
    from typer.main import get_command

    from openmpca.cli import app

    monkeypatch.setenv("COLUMNS", str(width))
    root = get_command(app)
    with typer.Context(root, info_name="openmpca", terminal_width=width) as context:  # type: ignore[attr-defined]
        text = root.get_help(context)
    assert "..." not in text.replace("[ARGS]...", "")
    assert max(map(len, text.splitlines())) <= width
