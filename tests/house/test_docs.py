"""The documentation is whole: every command, exit code, shared option and page is where a reader looks for it."""

import re
from pathlib import Path

import pytest

from tests.house.test_tree import LINK
from tests.house.tree import ROOT, text_of, tracked

DOCS = ROOT / "docs"
PAGES = [path for path in tracked() if path.suffix == ".md" and path.is_relative_to(DOCS)]
TYPED = re.compile(r"^\$ openmpca (?:--home \S+ )?([a-z-]+)(?: ([a-z-]+))?", re.M)


def all_commands() -> set[str]:
    from typer.main import get_command

    from openmpca.cli import app
    from tools.pages import commands

    return {name.removeprefix("openmpca").strip() for name, _ in commands(get_command(app), "openmpca")}


def test_every_command_has_a_section() -> None:
    sections = re.findall(r"^## `openmpca ?(.*)`$", text_of(DOCS / "commands.md"), re.M)
    assert set(sections) == all_commands()


def test_every_exit_code_is_explained() -> None:
    from openmpca.record.console import Exit

    table = text_of(DOCS / "command-line.md").split("## Exit codes")[1]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.M)} == {int(code) for code in Exit}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_page_types_only_commands_that_there_are(page: Path) -> None:
    known = all_commands()
    groups = {name.split()[0] for name in known if " " in name}
    both = groups & known  # a group that is a command too
    typed = {
        f"{first} {second}" if first in groups and not (first in both and second.startswith("-")) else first
        for first, second in TYPED.findall(text_of(page))
    }
    assert typed - known == set()


@pytest.mark.parametrize("folder", ["duties", "theory", ""])
def test_every_page_of_a_folder_is_in_an_index(folder: str) -> None:
    indexes = [path for path in (DOCS / "README.md", DOCS / folder / "README.md") if path.exists()]
    linked = {(index.parent / target).resolve() for index in indexes for target in LINK.findall(text_of(index))}
    pages = {page for page in PAGES if page.parent == DOCS / folder and page.name != "README.md"}
    assert pages - linked == set()


def test_every_method_names_its_sources_or_its_code() -> None:
    theory = [page for page in PAGES if page.parent == DOCS / "theory"]
    assert [page.name for page in theory if not re.search(r"Sources?:|Code:", text_of(page))] == []
