"""Labels of what an area holds: one for each batch, or one for each item of it, with a code to scan."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openmpca.accounting import figures
from openmpca.accounting.accounts import MAIN, date_of
from openmpca.accounting.book_rows import of_batches
from openmpca.accounting.documents import words
from openmpca.accounting.documents.codes import written
from openmpca.accounting.documents.made import Document, NoDocument, must_fit, of_labels
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.queries import View
from openmpca.nuclear.categories import join_key
from openmpca.pages.documents.labels import Label, label
from openmpca.record.layout import figure


def labels(mba: str, view: View, batch: str = "", *, by_item: bool = False, most: int | None = None) -> Document:
    """The labels of an area, or of one batch. Raises `NoDocument`, and `TooLong` beyond ``most`` codes."""
    held = _held(mba, view)
    if batch and batch not in held:
        raise NoDocument(_("%(mba)s holds no batch %(batch)s then.") % {"mba": mba, "batch": batch})
    if not held:
        raise NoDocument(_("%(mba)s holds nothing then.") % {"mba": mba})
    known = standings(mba, view, batch or None)
    wanted = [known.get(name, Standing(batch=name)) for name in held if batch in ("", name)]
    must_fit(sum(_count(each, by_item) for each in wanted), most)
    made = [each for standing in wanted for each in _labels(mba, standing, held[standing.batch], by_item)]
    title = _("Labels of %(mba)s, %(day)s") % {"mba": mba, "day": words.day(date_of(view.day))}
    return of_labels("-".join(filter(None, [mba, "labels", batch])), mba, title, made)


def _count(standing: Standing, by_item: bool) -> int:
    return max(1, len(standing.item_numbers)) if by_item else 1


def _held(mba: str, view: View) -> dict[str, list[str]]:
    """What each batch holds, in words, a line for each category."""
    held: dict[str, list[str]] = {}
    for (batch, category), amounts in of_batches(view, mba, MAIN).items():
        told = [_amount(category, nuclide, amounts[nuclide]) for nuclide in figures.in_order(set(amounts))]
        held.setdefault(batch, []).append(", ".join(told))
    return held


def _amount(category: str, nuclide: str, amount: int) -> str:
    if nuclide == figures.ITEMS:
        return ngettext("%(items)s item", "%(items)s items", amount) % {"items": amount}
    text = str(figures.amount(nuclide, amount))
    return f"{join_key(category, nuclide)} {figure(text, len(text.partition('.')[2])).strip()} g".replace(" ", "\u00a0")


def _labels(mba: str, standing: Standing, weights: list[str], by_item: bool) -> Iterator[Label]:
    told = {
        _("MBA"): mba,
        _("Place"): " / ".join(filter(None, [standing.kmp, standing.place])),
        _("Description"): standing.description,
        _("Holds"): "\n".join(weights),
        _("Seals"): standing.seals,
        _("Obligation"): standing.obligation,
    }
    name = standing.name or standing.batch
    if not by_item or not standing.item_numbers:
        told |= {_("Items"): standing.item_numbers}
        yield label(name, written(mba, standing.batch), told)
        return
    for item in standing.item_numbers:
        yield label(name, written(mba, standing.batch, item), told, item if item != name else "")
