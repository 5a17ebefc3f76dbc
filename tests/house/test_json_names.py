"""What `--json` shows is named in one way: names in snake_case, masses told by their unit."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openmpca.nuclear.mass import GRAMS_PATTERN
from tests.state import sqlite_state

GRAMS = re.compile(GRAMS_PATTERN, re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
WEIGHT = re.compile(r"[A-Z][A-Za-z0-9]*(/[A-Za-z0-9+#]+)?|#", re.ASCII)
BY_WEIGHT = (".weights", ".moved", ".balance")
NO_MASSES = ("significant_quantities", "effective_kilograms")
DIGITS = ("report", "kmp", "refers_to", "after", "decision", "country", "form")
"""Names of what is no mass, but may be written in digits alone."""


def wrong(value: object, path: str = "") -> Iterator[str]:
    """Where a JSON document names something otherwise than all the others do."""
    if isinstance(value, list):
        for each in value:
            yield from wrong(each, path)
    elif isinstance(value, dict):
        for name, each in value.items():
            here = f"{path}.{name}"
            if path.endswith(BY_WEIGHT):
                yield from _wrong_weight(name, each, here)
                continue
            if not NAME.fullmatch(name):
                yield f"{here}: not in snake_case"
            yield from _wrong_mass(name, each, here)
            yield from wrong(each, here)


def _wrong_weight(key: str, value: object, here: str) -> Iterator[str]:
    if not WEIGHT.fullmatch(key):
        yield f"{here}: no weight key"
    if not (isinstance(value, int) if key.endswith("#") else isinstance(value, str) and GRAMS.fullmatch(value)):
        yield f"{here}: {value!r} is no number of items, or no text in grams"


def _wrong_mass(name: str, value: object, here: str) -> Iterator[str]:
    micrograms, grams = name == "ug" or name.endswith("_ug"), name == "grams" or name.endswith("_g")
    if micrograms and not isinstance(value, int):
        yield f"{here}: {value!r} is no whole number of micrograms"
    if grams and value not in (None, "") and not (isinstance(value, str) and GRAMS.fullmatch(value)):
        yield f"{here}: {value!r} is no text in grams"
    figure = isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value)
    if figure and not grams and not micrograms and name not in (*NO_MASSES, *DIGITS):
        yield f"{here}: {value!r} tells no unit"


def test_names_are_told_from_those_that_mislead() -> None:
    right = {"weights": {"E": "1.5", "E/U235": "1", "E/#": 2}, "open_g": "3", "grams": None, "found_ug": 3, "items": 1}
    assert list(wrong([right])) == []
    for one in (
        {"open_ug": "3"},
        {"theirs g": "3"},
        {"grams": 3},
        {"open": "3.5"},
        {"weights": {"element": "1"}},
        {"moved": {"E": 1}},
        {"balance": {"E/#": "1"}},
    ):
        assert list(wrong({"rows": [one]})), one


COMMANDS = """
book
book --account SD
book XTF1 --by-batch
book --as-reported made
ledger XTF1
batch C30B-0001
batch PUBE-9
balance XTF1
balance XTF1 --period 2024-06-14
transit
transit --all
transit --due
transit --as-reported made
totals
totals --by category
totals --by batch
totals --by organisation
totals --by mba --as-reported made
exemptions
obligations
obligations --batches
obligations --moves
lineage C30B-0001
lineage C30B-0001 --descendants
inventory show
inventory holdup XTF2
due --as-of 2024-12-31
reports
report figures XTF1
register mba
register facility
places XTF1
documents
people
kinds
rules
changes
categories
proposals
log
mapping list
doctor
"""


def typed(words: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command shows as JSON."""
    from openmpca.cli import app

    capsys.readouterr()
    try:
        app([*words, "--json"], standalone_mode=False)
    except SystemExit as end:
        code = end.code or 0
    else:
        code = 0
    assert code == 0, (words, capsys.readouterr())
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_the_lists_of_the_demonstration_are_named_in_one_way(
    played_file: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite_state(played_file[0], tmp_path / "home") as state:
        monkeypatch.setenv("OPENMPCA_HOME", str(state.folder))
        monkeypatch.setenv("OPENMPCA_BY", "")
        found = {line: sorted(set(wrong(typed(line.split(), capsys)))) for line in COMMANDS.split("\n") if line}
        inventories = [each["inventory"] for each in typed(["inventory", "show"], capsys)]
        made = [each["statement"] for each in typed(["reports"], capsys)]
        assert inventories
        assert made
        more = [*(f"inventory {word} {number}" for word in ("list", "differences") for number in inventories[:3])]
        more += [f"report show {number}" for number in made[:4]]
        found |= {line: sorted(set(wrong(typed(line.split(), capsys)))) for line in more}
    assert {line: told[:6] for line, told in found.items() if told} == {}
