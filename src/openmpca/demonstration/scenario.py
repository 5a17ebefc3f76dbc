"""Scenario files: what happens in a State that is not real, block by block, as TOML that an accountant can read and
write.

    title = "The first receipt"

    [default]
    by = "lena"
    approved = ["omar"]

    [[block]]
    at = 2024-03-04T09:00:00Z
    do = "receive"
    name = "first-fuel"
    ...

Rules kept here:

1. A block says when it is stated (``at``, UTC), by whom (``by``), who approved (``approved``), what it does (``do``),
   and the fields of that verb. ``[default]`` says what holds for every block of a file that does not say otherwise.
2. Blocks are played in the order of their times; those of one time in the order of files and blocks.
3. ``@name`` stands for the number of the first statement of the block of that name, ``@name/3`` for its third; in a
   list ``@name`` stands for all of them. Only a block played before may be named.
4. All problems of all files are told at once, each with file, block and field.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from openmpca.demonstration import rules
from openmpca.problems import Problem
from openmpca.record.record import Refused

Fields = dict[str, Any]
REFERENCE: Final = re.compile(r"@([A-Za-z0-9._-]+)(?:/([1-9][0-9]*))?")
_OWN: Final = ("at", "by", "approved", "party", "do", "name", "expects", "override", "tells")


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every block says, whatever it does.

    ``tells`` is one sentence for the reader, ``expects`` the rules whose problems the block is meant to raise,
    ``override`` gives a reason for each soft rule that is overridden.
    """

    at: datetime
    by: str
    do: str
    approved: list[str] = []
    party: str = ""
    name: str = ""
    expects: list[int] = []
    override: dict[str, str] = {}
    tells: str = ""


@dataclass(frozen=True)
class Block:
    """One block: its head, the fields of its verb as written, and where it stands."""

    head: Head
    fields: Fields
    file: str = ""
    place: int = 0

    @property
    def where(self) -> str:
        """How problems name the block."""
        label = f" ({self.head.name})" if self.head.name else ""
        return f"{self.file} block {self.place}{label}"


@dataclass(frozen=True)
class Scenario:
    """Blocks in the order in which they are played."""

    blocks: tuple[Block, ...]
    titles: Mapping[str, str] = field(default_factory=dict)


def read(paths: Iterable[Path], check: "Checking | None" = None) -> Scenario:
    """The scenario that some files, or all `.toml` files of some folders, make together. Raises `Refused` with every
    problem.
    """
    files = [each for path in paths for each in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    return of_texts({each.name: each.read_bytes() for each in files}, check)


def of_texts(texts: Mapping[str, bytes], check: "Checking | None" = None) -> Scenario:
    """The scenario of named texts. With ``check`` they are held to be the whole: names and fields are checked too."""
    problems: list[Problem] = []
    blocks: list[Block] = []
    titles: dict[str, str] = {}
    for name, text in texts.items():
        made, wrong = _file(name, text)
        blocks += made
        problems += wrong
        titles[name] = _title(text) if not wrong else ""
    scenario = in_order(blocks, titles)
    problems += checked(scenario, check) if check else []
    if problems:
        raise Refused(problems)
    return scenario


def in_order(blocks: Iterable[Block], titles: Mapping[str, str] | None = None) -> Scenario:
    """Blocks in the order of their times."""
    return Scenario(tuple(sorted(blocks, key=lambda each: each.head.at)), titles or {})


class Checking:
    """What finds the faults in the fields of a block; `verbs.Verbs` is one."""

    def problems(self, block: Block) -> list[tuple[str, str]]:
        """Pairs of field and fault."""
        raise NotImplementedError


def checked(scenario: Scenario, check: Checking | None = None) -> list[Problem]:
    """What is wrong with names and fields of the blocks of a scenario."""
    found: list[Problem] = []
    known: set[str] = set()
    for block in scenario.blocks:
        found += [
            rules.NAME.problem(f"There is no block {name} before.", record=block.where, field=where)
            for where, name in _names(block.fields)
            if name not in known
        ]
        if block.head.name in known:
            found.append(rules.NAME.problem("Two blocks have this name.", record=block.where, field="name"))
        if block.head.name:
            known.add(block.head.name)
        for where, fault in check.problems(block) if check else ():
            found.append(rules.BLOCK.problem(fault, record=block.where, field=where))
    return found


def _names(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every block that a value names, with the field in which it does."""
    if isinstance(value, str) and (match := REFERENCE.fullmatch(value)):
        yield where, match[1]
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _names(each, where or str(key))
    elif isinstance(value, list):
        for each in value:
            yield from _names(each, where)


class Unnamed(LookupError):  # noqa: N818
    """A name stands for nothing yet."""


def resolved(value: Any, numbers: Mapping[str, Sequence[int]]) -> Any:
    """A value with statement numbers in the place of names (rule 3)."""
    if isinstance(value, str) and (match := REFERENCE.fullmatch(value)):
        return _number(match, numbers)
    if isinstance(value, Mapping):
        return {key: resolved(each, numbers) for key, each in value.items()}
    if isinstance(value, list):
        made: list[Any] = []
        for each in value:
            match = REFERENCE.fullmatch(each) if isinstance(each, str) else None
            if match and match[2] is None:
                made += numbers.get(match[1], ())
            else:
                made.append(resolved(each, numbers))
        return made
    return value


def _number(match: re.Match[str], numbers: Mapping[str, Sequence[int]]) -> int:
    place = int(match[2] or 1)
    found = numbers.get(match[1], ())
    if len(found) < place:
        raise Unnamed(f"{match[1]} made {len(found)} statements; there is no statement {place} of it.")
    return found[place - 1]


def _title(text: bytes) -> str:
    return str(tomllib.loads(text.decode()).get("title", ""))


def _file(name: str, text: bytes) -> tuple[list[Block], list[Problem]]:
    try:
        read = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        return [], [rules.FILE.problem(f"{error}.", record=name)]
    default, given = read.get("default", {}), read.get("block", [])
    strange = sorted(set(read) - {"title", "story", "default", "block"})
    if strange or not isinstance(default, dict) or not isinstance(given, list):
        told = f"It has {', '.join(strange)} besides blocks." if strange else "There are no blocks."
        return [], [rules.FILE.problem(told, record=name)]
    blocks, problems = [], []
    for place, each in enumerate(given, 1):
        try:
            blocks.append(_block({**default, **each}, name, place))
        except (msgspec.ValidationError, TypeError) as error:
            message, _, path = str(error).partition(" - at `$.")
            problems.append(rules.BLOCK.problem(f"{message}.", record=f"{name} block {place}", field=path.rstrip("`")))
    return blocks, problems


def _block(given: Fields, file: str, place: int) -> Block:
    own = {key: value for key, value in given.items() if key in _OWN}
    head = msgspec.convert(own, Head)
    if head.at.tzinfo is None:
        raise msgspec.ValidationError("Write the time with its zone, for example 2024-03-04T09:00:00Z - at `$.at`")
    head = msgspec.structs.replace(head, at=head.at.astimezone(UTC))
    return Block(head, {key: value for key, value in given.items() if key not in _OWN}, file, place)


def written(blocks: Iterable[Block], title: str = "", story: str = "") -> str:
    """The text of a scenario file."""
    parts = [f"{key} = {_value(text)}" for key, text in (("title", title), ("story", story)) if text]
    return "\n".join(parts) + "\n\n" + "\n".join(map(_written, blocks))


def _written(block: Block) -> str:
    head = {name: value for name in _OWN if (value := getattr(block.head, name)) not in ("", [], {})}
    lines = [f"{key} = {_value(value)}" for key, value in {**head, **block.fields}.items()]
    return "\n".join(["[[block]]", *lines, ""])


def _value(value: object, inside: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        pairs = (f"{_key(str(key))} = {_value(each, inside=True)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, (list, tuple)):
        if not inside and value and isinstance(value[0], Mapping):
            return "[\n" + "".join(f"    {_value(each, inside=True)},\n" for each in value) + "]"
        return f"[{', '.join(_value(each, inside=True) for each in value)}]"
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return str(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else msgspec.json.encode(key).decode()
