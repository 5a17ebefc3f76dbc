"""What was typed into a form of accounting, read as statements take it; what cannot be read is told at its field.

Rules kept here:

1. Everything is read before anything is told, so all that is wrong stands there at once.
2. Blank is not given, which is neither zero nor the text "".
3. Weights are typed part by part under ``weights:E/U235``, in grams; the number of items stands in a field of its own.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, get_type_hints

import msgspec
from django.utils.translation import gettext as _

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.statements import Change, Listed
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.problems import Problem
from openmpca.record import clock, rules
from openmpca.record.record import Refused

_HINTS: Final = {**get_type_hints(Listed), **get_type_hints(Change)}
_APART: Final = re.compile(r"[,;\n]")
_PART: Final = re.compile(r"(\S+)\s*=\s*(\S+)")


def wrong(message: str, field: str = "", mend: str = "") -> Problem:
    """A problem with what was typed into a field."""
    return rules.FIELDS.problem(message, field=field, mend=mend or _("See what the field means, and its example."))


class Typed:
    """The texts of a form by name, and every problem found in reading them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.problems: list[Problem] = []

    def must_be_read(self) -> None:
        """Raises `Refused` with all that could not be read."""
        if self.problems:
            raise Refused(self.problems)

    def _tell(self, field: str, message: str, mend: str = "") -> None:
        self.problems.append(wrong(message, field, mend))

    def text(self, name: str, needed: bool = False) -> str:
        """A text without blanks at its ends."""
        found = self.texts.get(name, "").strip()
        if needed and not found:
            self._tell(name, _("This is needed."))
        return found

    def day(self, name: str = "day") -> date:
        """A day; today where it is blank."""
        text, today = self.text(name), clock.day(clock.now_us())
        try:
            return date.fromisoformat(text) if text else today
        except ValueError:
            self._tell(name, _("%(text)s is no day.") % {"text": text}, _("Write it as YYYY-MM-DD."))
            return today

    def number(self, name: str, needed: bool = False) -> int | None:
        """A whole number, not below zero."""
        text = self.text(name, needed)
        if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
            self._tell(name, _("%(text)s is no number.") % {"text": text}, _("Write it in digits."))
            return None
        return int(text) if text else None

    def names(self, name: str, needed: bool = False) -> list[str]:
        """Several texts, set apart by commas, semicolons or lines."""
        return [each.strip() for each in _APART.split(self.text(name, needed)) if each.strip()]

    def weights(self, name: str = "weights", items: int | None = None, needed: bool = False) -> dict[str, int] | None:
        """Weights in micrograms by key, with the number of items; None where none is given."""
        before = f"{name}:"
        given = {field: self.text(field) for field in self.texts if field.startswith(before)}
        found = {field.removeprefix(before): self._grams(field, text) for field, text in given.items() if text}
        if needed and not found:
            self._tell(name, _("Give at least one weight."))
        if items is not None and not found:
            self._tell("items", _("Items are counted with given weights."), _("Give the weights too."))
        if items is not None and found:
            found[ITEMS] = items
        return found or None

    def _grams(self, field: str, text: str) -> int:
        try:
            return parse_grams(text)
        except MassError as error:
            self._tell(field, f"{text}: {error}", _("Write grams with a decimal point, such as 10.5."))
            return 0

    def parts(self, name: str = "parts") -> dict[str, dict[str, int]]:
        """New batches with their weights, one a line: ``CAN-2: E=40 E/U235=2 #=4``."""
        found: dict[str, dict[str, int]] = {}
        for line in filter(str.strip, self.text(name, needed=True).splitlines()):
            batch, colon, rest = line.rpartition(":")
            weights = dict(_PART.findall(rest.replace(",", " ")))
            if not colon or not batch.strip() or not weights:
                self._tell(name, _("%(line)s does not read BATCH: KEY=GRAMS.") % {"line": line})
                continue
            found[batch.strip()] = {key: self._amount(name, key, text) for key, text in weights.items()}
        return found

    def _amount(self, name: str, key: str, text: str) -> int:
        if key != ITEMS:
            return self._grams(name, text)
        if not (text.isascii() and text.isdecimal() and len(text) < 16):
            self._tell(name, _("%(text)s is no number of items.") % {"text": text})
            return 0
        return int(text)

    def given(self, names: Iterable[str]) -> dict[str, Any]:
        """The fields of a change that are not blank, as the statement holds them."""
        return {name: self._converted(name) for name in names if self.text(name)}

    def _converted(self, name: str) -> Any:
        text = self.text(name)
        if _HINTS[name] == list[str]:
            return self.names(name)
        if _HINTS[name] is bool:
            return text == "yes"
        try:
            return msgspec.convert(text, _HINTS[name], strict=False)
        except msgspec.ValidationError:
            self._tell(name, _("%(text)s cannot be read.") % {"text": text})
            return None
