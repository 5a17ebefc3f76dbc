"""A page as data: what it shows is told once, and drawn as HTML, JSON, CSV or a spreadsheet from the same blocks.

    >>> table = Table(rows=[{"mba": "ZZA1", "ug": "9581.000000"}], heads={"mba": "MBA", "ug": "g"})
    >>> [cell.text for cell in table.cells(table.rows[0])]
    ['ZZA1', '9\\u2009581.000000']

Heads say the unit of a column (`record/layout.py`, rule 1). A cell leads somewhere when its row says so in ``links``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.utils.translation import gettext as _

from openmpca.pages.helping import helped
from openmpca.problems import Problem
from openmpca.record import layout
from openmpca.record.once import new_mark

Row = Mapping[str, Any]
LINKS = "links"
"""The key of a row that holds, by column, the address that a cell leads to; it is no column."""
MARK = "mark"
"""The name under which a form sends its mark."""
SHORT = 20
"""Up to how many characters a text is kept on one line."""


def said(value: object) -> object:
    """A yes or no in the reader's language; anything else as it is."""
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value


class Cell(NamedTuple):
    """One value as it is shown."""

    text: str
    right: bool
    link: str
    head: str

    @property
    def kind(self) -> str:
        """How a cell stands: a figure to the right, a short text in one line, a long one in as many as it takes."""
        return "figure" if self.right else "short" if len(self.text) <= SHORT else "long"


@dataclass(frozen=True)
class Block:
    """A part of a page; every one has a name, by which its JSON is found."""

    template: ClassVar[str]

    @property
    def key(self) -> str:
        """The name that it was given."""
        return str(getattr(self, "name", ""))


@dataclass(frozen=True)
class Table(Block):
    """A list: rows by column name, heads in order, totals under a rule; ``empty`` is said when there is no row."""

    template: ClassVar[str] = "pages/table.html"
    rows: Sequence[Row]
    heads: Mapping[str, str]
    totals: Sequence[Row] = ()
    name: str = "list"
    caption: str = ""
    empty: str = ""

    @cached_property
    def columns(self) -> list[layout.Shown]:
        """The columns as text, with the rows and then the totals in each."""
        heads = {name: str(head) for name, head in self.heads.items()}
        rows = [{name: said(row.get(name, "")) for name in heads} for row in (*self.rows, *self.totals)]
        return layout.columns(heads, rows)

    def cells(self, row: Row) -> list[Cell]:
        """The cells of one of the rows or totals."""
        at = self._at[id(row)]
        links = row.get(LINKS, {})
        return [Cell(each.cells[at], each.right, links.get(each.name, ""), each.head) for each in self.columns]

    @property
    def lines(self) -> Iterator[list[Cell]]:
        """The cells of each row."""
        return (self.cells(row) for row in self.rows)

    @property
    def sums(self) -> Iterator[list[Cell]]:
        """The cells of each total."""
        return (self.cells(row) for row in self.totals)

    @cached_property
    def _at(self) -> dict[int, int]:
        return {id(row): at for at, row in enumerate([*self.rows, *self.totals])}


@dataclass(frozen=True)
class Facts(Block):
    """Names and values of one thing, one below the other.

    ``links`` leads from a name's value to a page; ``heads`` gives what is shown for a name, where that is another.
    """

    template: ClassVar[str] = "pages/facts.html"
    facts: Mapping[str, Any]
    name: str = "facts"
    caption: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[Cell]:
        """The values as they are shown."""
        return [
            Cell(layout.plain(said(value)), False, self.links.get(name, ""), str(self.heads.get(name, name)))
            for name, value in self.facts.items()
        ]


@dataclass(frozen=True)
class Problems(Block):
    """What rules found, each with its number, where it stands and how to mend it."""

    template: ClassVar[str] = "pages/problems.html"
    problems: Sequence[Problem]
    name: str = "problems"
    caption: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Text(Block):
    """A paragraph, or several where lines are blank."""

    template: ClassVar[str] = "pages/text.html"
    text: str
    name: str = "text"
    caption: str = ""


@dataclass(frozen=True)
class Verbatim(Block):
    """A text letter for letter, its lines as they are."""

    template: ClassVar[str] = "pages/verbatim.html"
    text: str
    name: str = "verbatim"
    caption: str = ""


@dataclass(frozen=True)
class Beside(Block):
    """Blocks side by side where there is room, to be compared; in every other form they follow each other."""

    template: ClassVar[str] = "pages/beside.html"
    blocks: Sequence[Block]
    caption: str = ""


@dataclass(frozen=True)
class Effect(Beside):
    """What a form would do, beside it: checked anew while one types, and told to who cannot see it."""

    template: ClassVar[str] = "pages/effect.html"


def each_of(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks in order, those that stand side by side one after the other."""
    for each in blocks:
        yield from each_of(each.blocks) if isinstance(each, Beside) else (each,)


@dataclass(frozen=True)
class Choice:
    """One answer that a field takes: what is sent, and what is shown."""

    value: str
    text: str


@dataclass(frozen=True)
class Field:
    """A field of a form: its label, what was typed, what may be chosen, what it means, where that is from.

    ``suggestions`` are offered, and anything else may be typed; ``parts`` are small fields that are one thing together,
    as the weights of a batch; what is ``further`` stands folded until something is in it. What a ``password`` holds is
    shown nowhere, what a ``secret`` holds only goes back to who typed it.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    choices: Sequence[Choice] = ()
    help: str = ""
    source: str = ""
    example: str = ""
    required: bool = False
    error: str = ""
    suggestions: Sequence[Choice] = ()
    parts: Sequence["Field"] = ()
    further: bool = False


@dataclass(frozen=True)
class Button:
    """A way to send a form: its text, and what is sent as ``step``."""

    text: str
    step: str = ""
    main: bool = False


@dataclass(frozen=True)
class Form(Block):
    """Fields that are sent back to ``action``; with ``method`` get they are only a question.

    With ``check``, a step of that name is sent on every change, and its answer's `Effect` is put beside the form. What
    is sent with one ``mark`` is stated once; a form has its own, or that of the form that it goes on with.
    """

    template: ClassVar[str] = "pages/form.html"
    fields: Sequence[Field]
    buttons: Sequence[Button]
    action: str = ""
    method: str = "post"
    name: str = "form"
    caption: str = ""
    uploads: bool = False
    check: str = ""
    mark: str = field(default_factory=new_mark)

    def __post_init__(self) -> None:
        if self.method == "post":  # a question is answered at once; what is stated is explained
            object.__setattr__(self, "fields", [helped(each) for each in self.fields])

    @property
    def sent(self) -> list[Field]:
        """Every field that is sent: those that are flat, and the mark where something is done."""
        return [*self.flat, Field(MARK, "", self.mark, "hidden")] if self.method == "post" else self.flat

    @property
    def flat(self) -> list[Field]:
        """The fields as they are sent: the parts in the place of what they are parts of."""
        return [part for each in self.fields for part in (each.parts or [each])]

    @property
    def first(self) -> list[Field]:
        """The fields that always show."""
        return [each for each in self.fields if not each.further]

    @property
    def rest(self) -> list[Field]:
        """The fields that are folded."""
        return [each for each in self.fields if each.further]

    @property
    def unfolded(self) -> bool:
        """Whether something is typed, or wrong, in a field that is folded."""
        return any(each.value or each.error for each in self.rest)


@dataclass(frozen=True)
class Drawing(Block):
    """A picture as SVG of ours, with its title, a summary in words and its data as a table; ``narrow`` for phones."""

    template: ClassVar[str] = "pages/drawing.html"
    svg: str
    title: str
    summary: str
    table: Table
    name: str = "drawing"
    caption: str = ""
    narrow: str = ""


@dataclass(frozen=True)
class Branch:
    """A part of a tree: its text, where it leads, what is said of it, and what hangs on it."""

    text: str
    link: str = ""
    detail: str = ""
    within: Sequence["Branch"] = ()


@dataclass(frozen=True)
class Tree(Block):
    """What hangs on what, as lists within lists, which screen readers tell with their depth."""

    template: ClassVar[str] = "pages/tree.html"
    branches: Sequence[Branch]
    name: str = "tree"
    caption: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Link:
    """A way to another page."""

    text: str
    address: str


@dataclass(frozen=True)
class Page:
    """One heading, one main action, the content."""

    title: str
    blocks: Sequence[Block]
    lead: str = ""
    action: Link | None = None
    links: Sequence[Link] = ()
    above: Sequence[Link] = ()
    status: int = 200
