"""The catalogues of the languages: every visible text of the pages, its translation, the file read at run time.

``make languages`` takes the texts out of the code and the templates, brings each catalogue up to date (translations
stay, texts that are gone go) and compiles it. ``--check`` writes nothing and says what is not as it should be. The same
source gives the same bytes: no date, no name, no line number is written.

Texts of Python are found in its syntax tree, so a name that ``gettext`` was imported as counts and a text that is put
together at run time is an error. Texts of templates are found as Django finds them (`templatize`), so that each has the
identifier under which Django looks it up. What stands in tables of the field (`tools.tables`) is looked up too, and the
texts of which rules make their messages (`tools.messages`); pages know a message by the list of them that is written.

The language ``ar-xb`` is nobody's: each text in marks, lengthened, between Arabic letters. Pages drawn in it show which
text is not translatable, what does not fit, and how a page looks from right to left (`OPENMPCA_PSEUDO=1`).
"""

import ast
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools import messages, tables

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
LOCALE = SOURCE / "openmpca" / "locale"
LANGUAGES = ("ru",)
PSEUDO = "ar_XB"
FIRST, LAST = "⟦ع ", " ــــ⟧"
"""What stands before and after each text of the pseudo-language."""

SHAPES = {
    "gettext": "i", "gettext_lazy": "i", "gettext_noop": "i",
    "ngettext": "ip", "ngettext_lazy": "ip",
    "pgettext": "ci", "pgettext_lazy": "ci",
    "npgettext": "cip", "npgettext_lazy": "cip",
}  # fmt: skip
"""What the first arguments of each function are: context, identifier, plural."""

_TEXT = r"""[uU]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w+\}")
_UNIT = re.compile(r"(?:^|\s)\(?(?:k|m)?g\)?$|%$")
"""How a head ends that tells figures from text (`record/layout.py`, rule 1)."""


class Untranslatable(SystemExit):
    """A call whose text is not a literal."""


class Text(NamedTuple):
    """A text as it is looked up: its identifier, the plural or "", the context or "", the file where it stands."""

    identifier: str
    plural: str
    context: str
    place: str


class Undated(Catalog):
    """A catalogue whose header says only what is needed to read it."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Language, plural forms, encoding."""
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """A file read says nothing that is not known."""


def names_of(tree: ast.AST) -> dict[str, str]:
    """The names under which a module imported functions of translation, and which function each is."""
    return {
        each.asname or each.name: each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if each.name in SHAPES
    }


def in_python(source: str, place: str) -> Iterator[Text]:
    """The texts of a module."""
    tree = ast.parse(source)
    names = names_of(tree)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        shape = SHAPES[names[call.func.id]]  # type: ignore[attr-defined]
        values = [each.value for each in call.args[: len(shape)] if isinstance(each, ast.Constant)]
        if len(values) == len(shape) and all(isinstance(each, str) for each in values):
            yield _text(shape, values, place)  # type: ignore[arg-type]
        elif _is_put_together(call.args[0]):
            raise Untranslatable(f"{place}:{call.lineno}: only a literal text can be translated")


def _is_put_together(value: ast.expr) -> bool:
    """Whether a text is made at run time, rather than a literal or taken from a table (`TABLES`)."""
    by_method = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    return by_method or isinstance(value, (ast.JoinedStr, ast.BinOp))


def in_template(source: str, place: str) -> Iterator[Text]:
    """The texts of a template."""
    from django.utils.translation.template import templatize

    for match in _CALL.finditer(templatize(source)):
        values = ast.literal_eval(f"({match[2]},)")
        shape = SHAPES["gettext" if match[1] == "_" else match[1]]
        yield _text(shape, values[: len(shape)], place)


def _text(shape: str, values: Iterable[str], place: str) -> Text:
    found = dict(zip(shape, values, strict=True))
    return Text(found["i"], found.get("p", ""), found.get("c", ""), place)


def in_tables() -> Iterator[Text]:
    """The texts of the field's tables, and those of which messages are made."""
    for place, texts in tables.TABLES.items():
        yield from (Text(each, "", "", place) for each in texts())
    yield from (Text(text, "", "", place) for text, place in messages.found().items())


def texts() -> list[Text]:
    """Every text, in the order of files and lines."""
    found: list[Text] = []
    for path in sorted(SOURCE.rglob("*")):
        place = path.relative_to(SOURCE).as_posix()
        if path.suffix == ".py" and path.is_relative_to(SOURCE / "openmpca"):
            found += in_python(path.read_text(encoding="utf-8"), place)
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found += in_template(path.read_text(encoding="utf-8"), place)
    return [*found, *in_tables()]


def template() -> Undated:
    """A catalogue of every text, without translations."""
    made = Undated()
    for each in texts():
        identifier: Any = (each.identifier, each.plural) if each.plural else each.identifier
        made.add(identifier, locations=[(each.place, 0)], context=each.context or None)
    return made


def po_file(language: str) -> Path:
    """The catalogue that people edit."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def written(language: str) -> Undated:
    """The catalogue of a language as it lies in the tree."""
    path = po_file(language)
    catalog = Undated(locale=language)
    if path.exists():
        for each in read_po(io.BytesIO(path.read_bytes()), locale=language, abort_invalid=True):
            if each.id and each.string:
                catalog.add(each.id, each.string, context=each.context)
    return catalog


def current(language: str, found: Catalog) -> Undated:
    """The catalogue of a language as it should be: the texts that there are, with the translations there are."""
    known, made = written(language), Undated(locale=language)
    for each in found:
        if each.id:
            had = known.get(_singular(each), each.context)
            made.add(each.id, _fitting(each, had, made.num_plurals), locations=each.locations, context=each.context)
    return made


def _fitting(message: Message, had: Message | None, forms: int) -> Any:
    """A translation that is of the same kind, one or several forms; else none."""
    plural = isinstance(message.id, (list, tuple))
    if had is not None and isinstance(had.string, (list, tuple)) == plural:
        return had.string
    return ("",) * forms if plural else ""


def pseudo(found: Catalog) -> Undated:
    """The catalogue of the language of nobody."""
    made = Undated(locale="ar")
    for each in found:
        if each.id:
            made.add(each.id, _marked(each.id, made.num_plurals), context=each.context)
    return made


def _marked(identifier: Any, forms: int) -> Any:
    if isinstance(identifier, (list, tuple)):
        return (mark(identifier[0]), *[mark(identifier[1])] * (forms - 1))
    return mark(identifier)


def mark(text: str) -> str:
    """A text of the pseudo-language."""
    return f"{FIRST}{text}{LAST}"


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def as_po(catalog: Undated) -> bytes:
    """A catalogue as people edit it."""
    made = io.BytesIO()
    write_po(made, catalog, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in catalog.mime_headers)
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + made.getvalue().strip() + b"\n"


def as_mo(catalog: Undated) -> bytes:
    """A catalogue as it is read at run time."""
    made = io.BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def files(found: Catalog) -> dict[Path, bytes]:
    """Every file of the catalogues, as it should be with the texts found."""
    made = {}
    for language in LANGUAGES:
        path = po_file(language)
        catalog = current(language, found)
        made[path] = as_po(catalog)
        made[path.with_suffix(".mo")] = as_mo(catalog)
    made[po_file(PSEUDO).with_suffix(".mo")] = as_mo(pseudo(found))
    made[LOCALE / "messages.json"] = messages.as_json()
    return made


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation, or without one of its forms."""
    return [_singular(each) for each in catalog if each.id and not all(_forms(each.string))]


def unlike(catalog: Catalog) -> list[str]:
    """Translations whose placeholders or unit are not those of the text."""
    return [_singular(each) for each in catalog if each.id and any(map(_placed_unlike(each), _forms(each.string)))]


def _forms(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (list, tuple)) else (string or "",)


def _placed_unlike(message: Message) -> Callable[[str], bool]:
    """Whether a translation has other placeholders than each form of its text, or ends in another unit."""
    asked = [_kept(each) for each in _forms(message.id)]
    return lambda form: bool(form) and _kept(form) not in asked


def _kept(text: str) -> tuple[list[str], str]:
    """What must be the same in every language: placeholders, and the unit at the end."""
    unit = _UNIT.search(text)
    return sorted(_PLACEHOLDER.findall(text)), unit[0].strip() if unit else ""


def check(found: Catalog) -> list[str]:
    """What is not as it should be with the texts found, a line each."""
    said = []
    for language in LANGUAGES:
        known, made = written(language), current(language, found)
        keys = {(_singular(each), each.context) for each in made}
        gone = [_singular(each) for each in known if each.id and (_singular(each), each.context) not in keys]
        said += [f"{language}: not translated: {each!r}" for each in untranslated(made)]
        said += [f"{language}: placeholders or unit differ: {each!r}" for each in unlike(made)]
        said += [f"{language}: no longer in the source: {each!r}" for each in gone]
    for path, data in files(found).items():
        if not path.exists() or path.read_bytes() != data:
            said.append(f"stale, run `make languages`: {path.relative_to(ROOT)}")
    return said


def write(found: Catalog) -> list[str]:
    """Bring every catalogue up to date and compile it; what still wants a translator."""
    for path, data in files(found).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return check(found)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(OPENMPCA_HOME=home, DJANGO_SETTINGS_MODULE="openmpca.web.serving_settings")
        django.setup()
        said = (check if "--check" in arguments else write)(template())
    print("\n".join(said) or "The catalogues hold every text.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
