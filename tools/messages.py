"""The texts of which messages are made, taken from the code: `openmpca.pages.told` knows a message by them.

What rules find is said in modules that know no languages, by f-strings and by ``pl.format``. Each becomes one text with
its values numbered, ``{0} has no place {1}.``; so do the words that are put into others. A module of `ROOMS` is read
whole but for what nobody reads as words: docstrings, SQL, patterns, the rules' own titles (`tools.languages` has them).
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openmpca.record.layout import counted

SOURCE: Final = Path(__file__).resolve().parents[1] / "src" / "openmpca"
ROOMS: Final = (
    "accounting/importing", "accounting/inventory", "accounting/joint", "accounting/obligations",
    "accounting/reporting", "accounting/rules", "accounting/transit", "formats/code10", "formats/iati",
    "formats/markup", "formats/mspdi", "formats/tables",
    "accounting/batch_history.py", "accounting/book_rows.py", "accounting/operations.py", "accounting/preview.py",
    "accounting/quantities.py", "accounting/totals.py", "accounting/wording.py", "cooperation",
    "nuclear/description.py",
    "nuclear/mass.py", "nuclear/transformation.py", "proof/disclosures/checking.py",
    "proof/disclosures/disclosing.py", "proof/disclosures/showing.py", "proof/releasing.py",
    "record/commands.py", "record/doctor.py", "record/entry.py", "record/grants.py", "record/once.py",
    "record/people.py", "record/proposals.py", "record/rules.py", "record/turn.py", "record/withholding.py",
)  # fmt: skip
"""Where messages are made that a page may show: folders and modules."""
NONE_IN: Final = (
    "fields.py", "template.py", "write.py", "transit_list.py", "declared.py", "profile.py", "numbered.py", "lexer.py",
    "importing/rules.py", "reporting/rules.py", "iati/rules.py", "markup/rules.py", "mspdi/rules.py", "mappings.py",
    "iati/ruleset.py", "markup/values.py", "markup/fragment.py", "markup/writer.py",
)  # fmt: skip
"""Modules of them where none is made: titles of columns (`tools.tables`), rules alone, what only programmers meet."""
TOLD_ELSEWHERE: Final = ("rule", "numbered", "_due", "TableField", "compile")
"""Calls whose texts `tools.languages` finds as tables of the field, or nobody reads."""
_DUE: Final = ("title", "source")
_VALUE: Final = "\x00"
_PLACE: Final = re.compile(r"\{[a-z_]*\}")
_WORDS: Final = re.compile(r"[a-z]{2,}[ .:,;]|[\x00 ][a-z]{2,}")
_SQL: Final = (
    r"^\W?(?:SELECT|WHERE|FROM|AND|OR|ORDER|GROUP|SET|UPDATE|INSERT|DELETE|JOIN|WITH|CREATE|PRAGMA|SHOW)\b"
    r"|%s|\\|\bnumber >|\baccount IN\b|\b(?:SELECT|WHERE|COALESCE|NOT IN|GROUP BY)\b| IN \x00|^\S+ = "
)
_UNREAD: Final = re.compile(_SQL + r"|^\S+$|^accounting\.|^mapping |^tables: |^Waiting: |^openmpca [a-z]+ v1$|^text/")


def found() -> dict[str, str]:
    """Every text, sorted, with the module where it stands."""
    texts: dict[str, str] = {}
    for room in ROOMS:
        path = SOURCE / room
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if module.as_posix().endswith(NONE_IN) or "cli" in module.parts:  # the command line speaks English
                continue
            for text in of_module(module.read_text(encoding="utf-8")):
                texts.setdefault(text.strip(), module.relative_to(SOURCE.parent).as_posix())
    texts |= dict.fromkeys(in_data(), "openmpca/accounting/reporting/practice.toml")
    texts |= dict.fromkeys(in_kinds(), "openmpca/record/rooms.py")
    return dict(sorted(texts.items()))


def in_data() -> list[str]:
    """What is due and by which text, and why two characters of a material description do not go together."""
    descriptions = _read("nuclear/data/description.toml")["pairing"]
    practice = [each for part in _read("accounting/reporting/practice.toml").values() for each in _listed(part)]
    said = [*(each["reason"] for each in descriptions), *(each.get(name, "") for each in practice for name in _DUE)]
    return sorted({each for each in said if re.search("[a-z]{3,}", each)})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SOURCE / name).read_text(encoding="utf-8"))


def _listed(part: object) -> list[dict[str, str]]:
    return part if isinstance(part, list) else []


def in_kinds() -> list[str]:
    """The words of roles, of who may, and of kinds, bare and with what follows in a summary (`record.rooms.words`)."""
    from openmpca.accounting.rule_list import all_rules
    from openmpca.pages.describing import who_may_at
    from openmpca.pages.routes import Open
    from openmpca.record.statements import KINDS, ROLES

    all_rules()  # every module that registers kinds is read
    bare = [name.partition(".")[2].replace("_", " ") for name in KINDS if not name.startswith("proof.")]
    whoever = [*(each.value for each in Open), who_may_at("{0}", "{1}")]
    return [*ROLES, *bare, *(f"{each} {{0}}" for each in bare), *whoever, *words_of_fields()]


def words_of_fields() -> list[str]:
    """The words of which a field of the room of cooperation holds one."""
    from openmpca.cooperation.marks import OneOf, marked
    from openmpca.cooperation.rules import kinds

    marks = (each.own for kind in kinds() for each in marked(kind))
    return sorted({word for mark in marks if isinstance(mark, OneOf) for word in mark.words})


def as_json() -> bytes:
    """The list that pages read."""
    return json.dumps(list(found()), ensure_ascii=False, indent=0).encode() + b"\n"


def of_module(source: str) -> Iterator[str]:
    """The texts of one module in the order in which they stand."""
    tree = ast.parse(source)
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if id(node) not in silent and (text := _text(node)) and _WORDS.search(text) and not _UNREAD.search(text):
            yield numbered(text)
        yield from _counts(node)


def _counts(node: ast.AST) -> list[str]:
    """A count with its noun, one and several, as `layout.counted` writes it."""
    if not (isinstance(node, ast.Call) and _called(node) == "counted" and isinstance(node.args[-1], ast.Constant)):
        return []
    noun = str(node.args[-1].value)
    return [counted(number, noun).replace(str(number), "{0}") for number in (1, 2)]


def numbered(text: str) -> str:
    """A text with its values numbered."""
    first, *rest = text.split(_VALUE)
    return first + "".join(f"{{{at}}}{each}" for at, each in enumerate(rest))


def _silent(tree: ast.AST) -> Iterator[int]:
    """What is not said: docstrings, parts of f-strings, what rules are made of, what is raised for programmers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(each) for each in node.values)
        elif isinstance(node, ast.Call) and _called(node) in (*TOLD_ELSEWHERE, "counted"):
            yield from (id(each) for each in ast.walk(node))


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _text(node: ast.AST) -> str:
    """The text of a literal, with a mark where a value goes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _PLACE.sub(_VALUE, node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else _VALUE for each in node.values)
        return _PLACE.sub(_VALUE, "".join(map(str, parts)))
    return ""
