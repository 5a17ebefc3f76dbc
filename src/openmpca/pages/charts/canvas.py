"""A picture as SVG text: elements one after another, everything escaped, nothing that runs, no style of its own.

Rules kept here:

1. Colours are presentation attributes on groups with a class, so that a picture stands by itself in a file, and the
   style sheet of the pages has the last word on a page: dark, print.
2. Positions are told from the side where reading begins. Drawn for a script that runs from right to left the picture
   is mirrored; texts and figures are not.
3. What SVG cannot hold (control characters) and what would turn the text around it (bidirectional overrides) is left
   out of labels. A label longer than its place ends with an ellipsis; the whole of it stands in the table.
4. The same description gives the same text, byte by byte.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from hashlib import sha256
from typing import Final, Literal
from unicodedata import combining, east_asian_width
from xml.sax.saxutils import escape, quoteattr

from openmpca.pages.charts import colours

Side = Literal["begin", "middle", "end"]
TEXT: Final = 13.0
SMALL: Final = 11.5
FONTS: Final = "Noto Sans, Noto Sans Arabic, DejaVu Sans, sans-serif"
ELLIPSIS: Final = "…"
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NARROW: Final = frozenset("iIjlt.,:;'!|()[] \u2009fr-/")
_ANCHORS: Final = {"begin": "start", "middle": "middle", "end": "end"}
_OPPOSITE: Final = {"begin": "end", "middle": "middle", "end": "start"}


def clean(text: object) -> str:
    """A label without what SVG cannot hold or what turns its surroundings around."""
    return _UNFIT.sub(" ", str(text))


def breadth(text: str, size: float = TEXT, bold: bool = False) -> float:
    """About how wide a text is, rather more than less."""
    return sum(map(_em, text)) * size * (1.12 if bold else 1)


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.36
    return 0.72 if character.isupper() or character in "mwMW@%" else 0.63


def clipped(text: str, width: float, size: float = TEXT, bold: bool = False) -> str:
    """A text that fits a width, with an ellipsis where it was longer.

    >>> clipped("XTF1", 100), clipped("a very long label indeed", 80)
    ('XTF1', 'a very lon…')
    """
    if breadth(text, size, bold) <= width:
        return text
    kept = text
    while kept and breadth(kept + ELLIPSIS, size, bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def number(value: float) -> str:
    """A coordinate: one decimal, none where it is 0.

    >>> number(3.0), number(2.25), number(-0.01)
    ('3', '2.2', '0')
    """
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


class Canvas:
    """Elements that make a picture of a width; ``rtl`` draws it for a script that runs from right to left."""

    def __init__(self, width: float, rtl: bool = False) -> None:
        self.width, self.rtl = width, rtl
        self._parts: list[str] = []

    def x(self, at: float) -> float:
        """A position, counted from the side where reading begins."""
        return self.width - at if self.rtl else at

    def add(self, name: str, **attributes: object) -> None:
        """An element without content; an underscore in a name of an attribute stands for a dash."""
        self._parts.append(f"<{name}{_attributes(attributes)}/>")

    @contextmanager
    def group(self, tone: str = "", *, kind: str | None = None, **attributes: object) -> Iterator[None]:
        """What is drawn within has a tone, or the colour of a kind of material."""
        name, colour = colours.of_kind(kind) if kind is not None else (tone, colours.TONES[tone])
        self._parts.append(f"<g{_attributes({'class': name, 'color': colour, **attributes})}>")
        yield
        self._parts.append("</g>")

    def line(self, begin: tuple[float, float], end: tuple[float, float], **attributes: object) -> None:
        """A straight line in the colour of its group."""
        ends = {"x1": self.x(begin[0]), "y1": begin[1], "x2": self.x(end[0]), "y2": end[1]}
        self.add("line", **ends, stroke="currentColor", **attributes)

    def box(self, x: float, y: float, width: float, height: float, **attributes: object) -> None:
        """A filled box whose beginning is at x."""
        left = self.x(x + width) if self.rtl else x
        self.add("rect", x=left, y=y, width=width, height=height, fill="currentColor", **attributes)

    def path(self, steps: list[tuple[str, list[tuple[float, float]]]], **attributes: object) -> None:
        """A path of steps such as ``("C", [(x, y), (x, y), (x, y)])``."""
        drawn = " ".join(
            command + " ".join(f"{number(self.x(x))},{number(y)}" for x, y in points) for command, points in steps
        )
        self.add("path", d=drawn, **attributes)

    def text(
        self,
        at: tuple[float, float],
        text: object,
        *,
        side: Side = "begin",
        size: float = TEXT,
        within: float = 0,
        bold: bool = False,
        over: bool = False,
        figures: bool = False,
    ) -> None:
        """A text that begins, stands around or ends at a point; ``over`` other things it has a rim of paper."""
        shown = clean(text)
        whole, shown = shown, clipped(shown, within, size, bold) if within else shown
        mirrored = self.rtl and figures
        attributes: dict[str, object] = {
            "x": self.x(at[0]),
            "y": at[1],
            "text-anchor": (_OPPOSITE if mirrored else _ANCHORS)[side],
            "direction": "rtl" if self.rtl and not figures else None,
            "font-size": size,
            "font-weight": 600 if bold else None,
            "class": " ".join(filter(None, ["over" if over else "", "figures" if figures else ""])) or None,
            "fill": "currentColor",
        }
        if over:
            attributes |= {"stroke": colours.PAPER, "stroke-width": 3, "stroke-linejoin": "round"}
            attributes["paint-order"] = "stroke"
        title = f"<title>{escape(whole)}</title>" if whole != shown else ""
        self._parts.append(f"<text{_attributes(attributes)}>{title}{escape(shown)}</text>")

    def svg(self, height: float, title: str, summary: str, form: str) -> str:
        """The whole picture, with its title and its summary for whoever does not see it."""
        title, summary = clean(title), clean(summary)
        name = "c" + sha256(f"{title}\n{summary}\n{self.width}".encode()).hexdigest()[:10]
        root = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {number(self.width)} {number(height)}",
            "width": self.width,
            "height": height,
            "class": f"chart {form}",
            "role": "img",
            "aria-labelledby": f"{name}t",
            "aria-describedby": f"{name}d",
            "direction": "ltr",
            "font-family": FONTS,
            "color": colours.INK,
        }
        told = f'<title id="{name}t">{escape(title)}</title><desc id="{name}d">{escape(summary)}</desc>'
        return f"<svg{_attributes(root)}>{told}{''.join(self._parts)}</svg>"


def _attributes(given: dict[str, object]) -> str:
    return "".join([f" {_name(name)}={_value(value)}" for name, value in given.items() if value is not None])


@cache
def _name(name: str) -> str:
    return name.replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f'"{number(value)}"'
    return f'"{value}"' if isinstance(value, int) else _quoted(str(value))


@lru_cache(maxsize=512)
def _quoted(text: str) -> str:
    return quoteattr(text)
