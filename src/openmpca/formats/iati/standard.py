"""The standard that a file is held against: schema, code lists and ruleset, from a folder as IATI publishes them.

The folder has ``iati-activities-schema.xsd`` with what it includes, ``ruleset-standard.json`` (or ``standard.json``)
and ``codelists/`` with one file a list. A list that is not there is told when a file uses it. Nothing is fetched.

Source: IATI-Schemas, IATI-Codelists, IATI-Codelists-NonEmbedded, IATI-Rulesets, version 2.03; why they are not shipped:
decision 22.
"""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec
from lxml import etree

from openmpca.formats.iati.rules import NO_STANDARD
from openmpca.formats.iati.ruleset import Ruleset, decoded
from openmpca.formats.markup.safe import parse
from openmpca.formats.tables.rules import Refused

SCHEMA_FILE: Final = "iati-activities-schema.xsd"
RULESET_FILES: Final = ("ruleset-standard.json", "standard.json")
LISTS_FOLDER: Final = "codelists"
_AGENCIES: Final = "OrganisationRegistrationAgency"


class CodeList(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of a list; one that is not complete may be lengthened by others."""

    name: str
    codes: frozenset[str]
    complete: bool


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """What `openmpca.formats.iati.check.check` holds a file against."""

    schema: Any
    lists: dict[str, CodeList]
    ruleset: Ruleset

    @property
    def agencies(self) -> frozenset[str] | None:
        """The prefixes of agencies that register organisations, or None where the list is not there."""
        found = self.lists.get(_AGENCIES)
        return found.codes if found else None


def load(folder: Path) -> Standard:
    """The standard in a folder; raises ``Refused`` (rule 1010) for what is missing or cannot be read."""
    return Standard(schema=_schema(folder / SCHEMA_FILE), lists=_lists(folder / LISTS_FOLDER), ruleset=_ruleset(folder))


@cache
def paths_of_codes() -> dict[str, tuple[str, ...]]:
    """Which list a code stands on: the name of the list and the paths, from an activity, of what is on it."""
    table = tomllib.loads((files(__package__) / "codelists.toml").read_text(encoding="utf-8"))
    return {name: tuple(paths) for name, paths in table.items()}


def _schema(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    try:
        return etree.XMLSchema(etree.parse(path, parser))
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise _refused(path, error) from None


def _ruleset(folder: Path) -> Ruleset:
    path = next((folder / name for name in RULESET_FILES if (folder / name).is_file()), folder / RULESET_FILES[0])
    try:
        return decoded(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _refused(path, error) from None


def _lists(folder: Path) -> dict[str, CodeList]:
    found = [_list(path) for path in sorted(folder.glob("*.xml"))]
    return {each.name: each for each in found}


def _list(path: Path) -> CodeList:
    try:
        root = parse(path.read_bytes())
    except (OSError, Refused) as error:
        raise _refused(path, error) from None
    return CodeList(
        name=root.get("name", path.stem),
        codes=frozenset((code.text or "").strip() for code in root.iterfind("codelist-items/codelist-item/code")),
        complete=root.get("complete") != "0",
    )


def _refused(path: Path, error: Exception) -> Refused:
    return Refused(NO_STANDARD.problem(f"{path.name} cannot be read: {error}.", record=str(path)))
