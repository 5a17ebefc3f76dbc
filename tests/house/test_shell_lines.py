"""Every shell line of the README and of the pages in docs runs, and gives what the page shows."""

import re
from pathlib import Path

import pytest

from tests.house.bundled import bundled, installed
from tests.house.shell_lines import Block, blocks, commands, matches, run_page
from tests.house.tree import ROOT, tracked

NOT_RUN = re.compile(
    r"(sudo apt-get|make|bash \.ci/run|git|python3? -m|\.venv/bin/(pytest|ruff|mypy)) .*|make|bash \.ci/run"
)
"""What a block that is not run may hold: only what sets up a machine or is CI itself."""

README = ROOT / "README.md"
PAGES = [path for path in tracked() if path.suffix == ".md" and blocks(path.read_text(encoding="utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize("page", [each for each in PAGES if each != README], ids=lambda page: page.stem)
def test_a_reader_can_type_every_shell_line_of_a_page(page: Path, tmp_path: Path) -> None:
    assert run_page(page.read_text(encoding="utf-8"), tmp_path / "reader") == []


@pytest.mark.slow
def test_the_tour_can_be_typed_where_the_one_file_was_installed_without_a_network(tmp_path: Path) -> None:
    program = installed(bundled(tmp_path), tmp_path / "program")
    assert run_page(README.read_text(encoding="utf-8"), tmp_path / "reader", program) == []


def test_only_set_up_commands_are_left_out() -> None:
    left_out = [
        (page.name, command.text)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.reason
        for command in commands(block)
    ]
    assert [each for each in left_out if not NOT_RUN.fullmatch(each[1].strip())] == []


def test_the_readme_leaves_out_nothing() -> None:
    text = README.read_text(encoding="utf-8")
    assert [block.text for block in blocks(text) if block.reason] == []


PAGE = """
```console
$ greeting=hello; mkdir inner && cd inner
$ export shown=$greeting
$ echo $shown 42 && basename $PWD
hello ...
inner
$ printf 'a\\nb\\nc\\n'
a
...
c
```
<!-- not run: for the test -->
```sh
false
```
```text
false
```
"""


def test_folder_and_variables_live_on_and_dots_stand_for_anything(tmp_path: Path) -> None:
    assert run_page(PAGE, tmp_path / "reader") == []


def test_a_command_that_fails_or_shows_something_else_is_told(tmp_path: Path) -> None:
    failing = run_page("```sh\ntrue\nexit 3\n```\n", tmp_path / "one")
    other = run_page("```console\n$ echo a\nb\n```\n", tmp_path / "two")
    assert "exit 3\nended with 3" in failing[0]
    assert "The page shows:\nb\nbut this came:\na\n" in other[0]


def test_a_long_command_may_go_on_in_the_next_line() -> None:
    block = Block("console", "$ echo a \\\n> b\na b\n", "")
    assert [(each.text, each.output) for each in commands(block)] == [("echo a \\\nb", ("a b",))]


def test_the_shown_output_must_be_whole() -> None:
    assert matches(("a", "..."), "a\nb\n")
    assert not matches(("a",), "a\nb\n")
    assert matches((), "anything\n")
