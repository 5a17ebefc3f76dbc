"""Data to PDF: a template of this folder, filled with data, drawn by typst.

Rules kept here:

1. What users wrote reaches a template as data (JSON) and is never made part of its source, so nothing in it is markup
   or code.
2. A template reads no file outside its folder and nothing comes from the network: there are no packages.
3. The same data with the same time give the same bytes; the time is one of the record, not the clock's.
4. Fonts are those that are shipped. A character that would be invisible, or turn the text around it, is shown by its
   number: what is signed is what is read.

Source: typst's documentation of its root, inputs and creation time; Unicode, annex 9, for what turns text.
"""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

Form = Literal["pdf", "png", "svg"]
FONTS: Final = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Mono")
"""The families that are shipped, in the order in which they are asked for a character."""

BREAK: Final = "\u200b"
LONG: Final = 28
_NOWHERE: Final = "no-packages"
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_DAY: Final = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LINES: Final = re.compile("\r\n?|[\u2028\u2029\x85]")


def render(template: str, data: object, made_us: int) -> bytes:
    """The PDF of a template (its name without ending) with its data, as of a time in microseconds."""
    (whole,) = _drawn(template, data, made_us, "pdf")
    return whole


def pictures(template: str, data: object, made_us: int, ppi: int = 96) -> list[bytes]:
    """The same as pictures, a PNG for each page."""
    return _drawn(template, data, made_us, "png", ppi)


def _drawn(template: str, data: object, made_us: int, form: Form, ppi: int = 96) -> list[bytes]:
    import typst

    folder = _folder("documents/templates")
    drawing = typst.Compiler(
        str(folder / f"{template}.typ"),
        root=str(folder),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": in_json(data)},
        package_path=str(folder / _NOWHERE),
        package_cache_path=str(folder / _NOWHERE),
    )
    made = drawing.compile(format=form, ppi=float(ppi), timestamp=made_us // 1_000_000)
    return [each for each in (made if isinstance(made, list) else [made]) if each is not None]


def in_json(data: object) -> str:
    """Data as a template gets it: texts as they are to be seen (rule 4)."""
    return msgspec.json.encode(_seen(msgspec.to_builtins(data, str_keys=True, enc_hook=str))).decode()


def visible(text: str) -> str:
    """A text in which nothing hides.

    >>> visible("a\\u202eb\\0c")
    'a[U+202E]b[U+0000]c'
    """
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", _LINES.sub("\n", text))


def broken(text: str) -> str:
    """A text in which nothing hides and whose very long words may go on in the next line.

    >>> broken("x" * 60).count(BREAK), broken("short words").count(BREAK)
    (2, 0)
    """
    return re.sub(rf"\S{{{LONG},}}", _apart, visible(text))


def _apart(found: re.Match[str]) -> str:
    word = found[0]
    return BREAK.join(word[start : start + LONG] for start in range(0, len(word), LONG))


def led(text: str) -> str:
    """A text from right to left in which days keep their order: Arabic letters would turn the parts of a number.

    >>> led("يوم 2026-03-31") == "يوم \u200e2026-03-31", led("on 2026-03-31")
    (True, 'on 2026-03-31')
    """
    return _DAY.sub("\u200e\\g<0>", text) if _RIGHT_TO_LEFT.search(text) else text


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return led(BREAK.join(map(visible, value.split(BREAK))))
    if isinstance(value, dict):
        return {name: _seen(each) for name, each in value.items()}
    return [_seen(each) for each in value] if isinstance(value, list) else value


def _folder(name: str) -> Path:
    return Path(str(files("openmpca.pages").joinpath(name)))


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_folder("fonts"))])
