"""What is shown and cannot be translated: words in templates outside the tags of translation, literals in Python.

A template is read as Django reads it, without its tags, and what is left as HTML: its text, and the attributes that are
read out or shown. In Python the places are looked at whose value a page shows (`SHOWN`, `FIRST_ARGUMENTS`); a literal
there must stand in a call of translation. Official codes, units, marks (`CODE`) and the names of `SAME` need none.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from tools.languages import SOURCE, names_of

PACKAGE = SOURCE / "openmpca"
SAME = {"OpenMPCA", "JSON", "CSV", "XLSX", "PDF", "SVG", "PNG", "QR", "UTC", "JavaScript", "localhost"}
"""Names that are the same in every language."""
CODE = re.compile(r"[A-Z0-9-]{1,6}|(?:k|m|µ|u)?g|%|T?Bq|[a-z]|[A-Z]+/[\d.]+")
"""Official codes, units, single letters."""
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[^\W\d_]")
SHOWN_ATTRIBUTES = ("title", "alt", "placeholder", "aria-label", "aria-description", "label")
SHOWN = {"title", "caption", "lead", "empty", "label", "help", "example_text", "text", "summary", "message", "heads"}
"""Arguments that pages show, by name."""
FIRST_ARGUMENTS = {
    "Page": (0,), "Text": (0,), "Link": (0,), "Button": (0,), "Choice": (1,), "Field": (1,), "Drawing": (1, 2),
    "Table": (1,), "Go": (1,), "NotFound": (0,), "NotAllowed": (0,), "Unreadable": (0,),
    "TimesError": (1,), "success": (1,),
}  # fmt: skip
"""Arguments that pages show, by the function and their place."""


def in_templates(paths: Iterable[Path] | None = None) -> list[str]:
    """Text of templates that no tag translates, each with its place."""
    found = (
        sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")])
        if paths is None
        else paths
    )
    return [f"{path.name}: {each}" for path in found for each in of_template(path.read_text(encoding="utf-8"))]


def of_template(source: str) -> list[str]:
    """The texts of one template that no tag translates."""
    reader = _Reader()
    reader.feed(_bare(source))
    reader.close()
    return reader.found


def _bare(source: str) -> str:
    """The template without its tags, variables and what blocktranslate holds."""
    from django.template.base import Lexer, TokenType

    kept, within = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type is TokenType.BLOCK else ""
        if within:
            within = "" if name == within else within
        elif name in ("blocktranslate", "blocktrans", "comment"):
            within = f"end{name}"
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
    return "".join(kept)


class _Reader(HTMLParser):
    """Text and shown attributes that hold words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value and not needs_none(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent and not needs_none(data):
            self.found.append(data.strip())


def needs_none(text: str) -> bool:
    """Whether every word of a text is a code, a unit or a name that is the same in every language."""
    words = [each.strip("·()[]:;,.…–") for each in TAG.sub(" ", text).split()]
    return all(not WORD.search(each) or each in SAME or bool(CODE.fullmatch(each)) for each in words)


def in_python(paths: Iterable[Path] | None = None) -> list[str]:
    """Literals that pages show and nothing translates, each with its place."""
    if paths is None:
        paths = [path for room in ("pages", "web") for path in PACKAGE.rglob(f"{room}/**/*.py")]
    return [
        f"{path.name}:{each}"
        for path in sorted(set(paths))
        if "migrations" not in path.parts and path.name not in ("apps.py", "cli.py")
        for each in of_python(path.read_text(encoding="utf-8"))
    ]


def of_python(source: str) -> list[str]:
    """The literals of one module that pages show and nothing translates."""
    tree = ast.parse(source)
    names = set(names_of(tree))
    return [
        f"{literal.lineno}: {literal.value}"
        for value in _shown(tree)
        for literal in _literals(value, names)
        if not needs_none(literal.value)
    ]


def _shown(tree: ast.AST) -> Iterator[ast.expr]:
    """What is handed over to be shown."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from (node.args[at] for at in FIRST_ARGUMENTS.get(name, ()) if at < len(node.args))
            headed = any(each.arg == "heads" for each in node.keywords)
            if name == "Facts" and node.args and isinstance(node.args[0], ast.Dict) and not headed:
                yield from filter(None, node.args[0].keys)
            if name[:1].isupper() or name in ("page", "replace"):
                yield from (each.value for each in node.keywords if each.arg in SHOWN)
        elif isinstance(node, ast.Assign) and any(getattr(each, "id", "") in SHOWN for each in node.targets):
            yield node.value


def _literals(value: ast.expr, names: set[str]) -> Iterator[ast.Constant]:
    """The literal texts of what is shown: not what is looked up by, handed on to another function, or translated."""
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str):
            yield value
        return
    for each in _parts(value, names):
        yield from _literals(each, names)


def _parts(value: ast.expr, names: set[str]) -> list[ast.expr]:
    if isinstance(value, ast.Dict):
        return value.values  # the keys name columns
    if isinstance(value, ast.BinOp):
        return [value.left] if isinstance(value.op, ast.Mod) else [value.left, value.right]
    if isinstance(value, ast.IfExp):
        return [value.body, value.orelse]
    if isinstance(value, (ast.JoinedStr, ast.BoolOp)):
        return value.values
    return []
