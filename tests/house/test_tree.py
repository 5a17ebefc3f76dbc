"""What holds for every file of the tree: sizes, words, links, licence, locks, the coverage gate."""

import ast
import hashlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.tree import ROOT, text_of, tracked

LONGEST_MODULE = 500
LONGER: dict[str, str] = {}
"""Modules that are longer, each with the reason."""

REGISTRY_HOST = re.compile(
    r"\b(?:(?:test\.)?pypi|files\.pythonhosted|registry\.npmjs|(?:deb|security|ftp)\.debian|proxy\.golang)\.org\b"
)
ABSOLUTE_PATH = re.compile(r"(?<![\w.~/}$)-])/(?:work|root|home)/\w")
POSTPONED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


def found(pattern: re.Pattern[str]) -> list[str]:
    """Every place of the tree where a pattern occurs."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def project() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_module_is_too_long_to_be_one_thing() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(text_of(path).splitlines())
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src")
    }
    longer = {name for name, lines in lengths.items() if lines > LONGEST_MODULE}
    assert longer == set(LONGER)


def test_every_module_opens_by_saying_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and path.is_relative_to(ROOT / "src")
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(text_of(path)))
    ]
    assert silent == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert found(REGISTRY_HOST) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert found(ABSOLUTE_PATH) == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert found(POSTPONED) == []


def test_the_licence_is_the_unchanged_text_of_apache_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


@pytest.mark.parametrize("page", [path for path in tracked() if path.suffix == ".md"], ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    assert [target for target in LINK.findall(text_of(page)) if not (page.parent / target).exists()] == []


def linked(index: Path) -> set[Path]:
    return {(index.parent / target).resolve() for target in LINK.findall(text_of(index))}


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    pages = {path for path in tracked() if path.parent == ROOT / "docs" and path.suffix == ".md"}
    assert pages - linked(ROOT / "docs/README.md") - {ROOT / "docs/README.md"} == set()


def test_every_decision_is_in_the_index_under_a_number_of_its_own() -> None:
    folder = ROOT / "docs/decisions"
    pages = {path for path in tracked() if path.parent == folder and path.name != "README.md"}
    numbers = [path.name[:4] for path in pages]
    assert pages - linked(folder / "README.md") == set()
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_the_changelog_speaks_of_this_version() -> None:
    headings = re.findall(r"^## \[(.+?)\]", text_of(ROOT / "CHANGELOG.md"), re.M)
    assert headings[0] == "Unreleased" or headings[0] == project()["project"]["version"]


def pins(name: str) -> dict[str, Version]:
    lock = (ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(package): Version(version)
        for package, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.M)
    }


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_what_the_project_asks_for(lock: str) -> None:
    stated = project()["project"]
    asked = [*stated["dependencies"], *stated["optional-dependencies"]["postgresql"]]  # type: ignore[call-overload]
    if "dev" in lock:
        asked += stated["optional-dependencies"]["dev"]  # type: ignore[call-overload]
    pinned = pins(lock)
    for requirement in map(Requirement, asked):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


DISTRIBUTED_AS = {"allauth": "django-allauth"}
"""Packages whose name on the shelf is another than in an import."""


def imported() -> set[str]:
    """The packages that OpenMPCA imports at any place, those of the standard library and its own apart.

    What only collects the doctests of the source (src/conftest.py) is no part of it.
    """
    names = set()
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src/openmpca"):
            for node in ast.walk(ast.parse(text_of(path))):
                if isinstance(node, ast.Import):
                    names |= {each.name.partition(".")[0] for each in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"openmpca"}


def test_every_package_that_is_imported_is_asked_for() -> None:
    stated = project()["project"]
    asked = [*stated["dependencies"], *stated["optional-dependencies"]["postgresql"]]  # type: ignore[call-overload]
    assert {canonicalize_name(DISTRIBUTED_AS.get(name, name)) for name in imported()} <= {
        canonicalize_name(Requirement(each).name) for each in asked
    }


def test_both_locks_pin_the_same_versions() -> None:
    run, test = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: test[name] for name in run if name in test} == {name: run[name] for name in run if name in test}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for pin in re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]:
        assert "--hash=sha256:" in pin
    assert "://" not in text


def test_every_pattern_of_the_coverage_gate_is_about_a_file() -> None:
    report = project()["tool"]["coverage"]["report"]  # type: ignore[call-overload]
    built = [pattern for pattern in report["include"] if len(list((ROOT / pattern).parent.glob("*.py"))) > 1]
    assert report["fail_under"] == 100
    assert [pattern for pattern in built if not list(ROOT.glob(pattern))] == []
