"""What the room's reading pages share: the point in the two times, the areas that may be read, questions as forms.

Rules kept here:

1. An area that the book did not know at the asked times, and one beyond the reach, answer alike: there is none.
2. A question keeps the times of the page that it stands on.
3. What reports do not tell is shown from the book, and the page says so.
4. What cannot be is blank, and no zero: the uranium of plutonium, what a line did not move.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting.figures import ITEMS
from openmpca.accounting.queries import View
from openmpca.nuclear.categories import CATEGORIES, join_key
from openmpca.pages.blocks import LINKS, Button, Choice, Field, Form, Row
from openmpca.pages.routes import Asking, NotFound, address

_VIEW: Final = "view"


def view_of(asking: Asking) -> View:
    """The view that is asked about: one for all that a page shows."""
    found = asking.looked_at.get(_VIEW)
    if not isinstance(found, View):
        found = asking.looked_at[_VIEW] = View.of(asking.times.as_of, asking.times.known_at)
    return found


def areas(asking: Asking, view: View) -> list[str]:
    """The areas with books that may be read, by code."""
    return asking.reach.mbas(view.opened.areas)


def must_know(asking: Asking, view: View, mba: str) -> None:
    """Refuse an area that there is not, or that may not be read (rule 1)."""
    asking.must_cover("mba", mba)
    if not view.opened.has(mba):
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba})


def question(asking: Asking, path: str, fields: Sequence[Field], name: str = "question") -> Form:
    """A form that asks a page again, at the same times (rule 2)."""
    kept = [Field(name, "", value, "hidden") for name, value in asking.times.given.items() if value]
    return Form([*fields, *kept], [Button(_("Show"))], address(path), "get", name)


def one_of(values: Sequence[str], blank: str | None = None) -> list[Choice]:
    """Choices that are shown as they are sent; ``blank`` is what is shown for none of them."""
    first = [] if blank is None else [Choice("", blank)]
    return [*first, *(Choice(each, each) for each in values)]


def told_by_the_book(asking: Asking) -> str:
    """What a page says that cannot answer as reported (rule 3); empty where it was not asked."""
    return _("From the book: reports do not tell this.") if asking.times.as_reported else ""


def accounted(row: Row, nuclides: Sequence[str]) -> Row:
    """A row of the book in which a nuclide that its category does not account is blank, and leads nowhere (rule 4)."""
    category = CATEGORIES.get(str(row.get("category", "")))
    if category is None:
        return row
    zero = [each for each in nuclides if each not in ("", ITEMS) and row.get(each) == "0"]
    return blanked(row, [each for each in zero if join_key(category.code, each) not in category.keys])


def blanked(row: Row, columns: Sequence[str]) -> Row:
    """A row with some columns blank; what is blank leads nowhere."""
    leads = {name: target for name, target in row.get(LINKS, {}).items() if name not in columns}
    return {**row, **dict.fromkeys(columns, ""), LINKS: leads}


def to_statement(asking: Asking, number: int) -> str:
    """The address of a statement."""
    return asking.to("record/statement", number=number)
