"""Bytes of a labelled file to entries, one at a time, whatever the bytes are.

A new entry begins at each label 001. Entries and problems come in the order of the file; a problem comes before the
entry in which it was met. Nothing is lost save a file without any element (rule 100) and what rules 105 and 106 skip:
an element longer than ``profile.max_element`` bytes, or more than ``profile.max_elements`` elements, drops the entry
and reading goes on at the next label 001. Memory is bounded by these two settings. Source: SG-FM-1172, section 3.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from openmpca.formats.code10 import syntax_rules as rules
from openmpca.formats.code10.lexer import Element, Entry, Lexer, Token, elements_of, is_foreign
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.problems import Problem, Rule

_UNDECODED: Final = re.compile(r"\\udc([0-9a-f]{2})")


def read_entries(source: Iterable[bytes] | BinaryIO, profile: Profile = AGENCY) -> Iterator[Entry | Problem]:
    """Each entry of the input, and each problem of its syntax (rules 100 to 107).

    >>> [entry] = read_entries([b"001:OI/ZZ;7#002:1/1#"])
    >>> entry.contents()
    {'002': '1/1', '001': 'OI/ZZ;7'}
    """
    lexer = Lexer(source, profile.max_element)
    assembly = _Assembly(lexer, profile)
    for token in lexer:
        yield from assembly.add(token)
    yield from assembly.finish()


class _Assembly:
    """The entry that is being read."""

    def __init__(self, lexer: Lexer, profile: Profile) -> None:
        self.lexer = lexer
        self.profile = profile
        self.entry_number = 0
        self.elements: list[Element] = []
        self.offset = 0
        self.rest = ""

    def add(self, token: Token) -> Iterator[Entry | Problem]:
        """Take the elements of a token in; give out the entry that ends there, if one does."""
        self.offset = token.offset
        if token.overlong:
            yield from self.skip(rules.OVERLONG, f"No # within {self.profile.max_element} bytes.")
            return
        found, self.rest = elements_of(token, self.profile)
        for element in found:
            begins = element.label == "001"
            follows = begins and bool(self.elements)
            if begins:
                yield from self.close(element.lead or "")
                self.entry_number += 1
            yield from self.take(element, lead_is_tail=follows)
            if self.lexer.skipping:
                break

    def take(self, element: Element, *, lead_is_tail: bool) -> Iterator[Problem]:
        """Append one element to the entry; what stands before a label 001 is the tail of the entry before, if any."""
        if len(self.elements) >= self.profile.max_elements:
            yield from self.skip(rules.OVERFULL, f"More than {self.profile.max_elements} elements.")
            return
        yield from self.problems_of(element)
        usual = self.profile.element_separator if self.elements else ""
        if lead_is_tail or element.lead == usual:
            element = Element(element.label, element.content, element.closed)
        self.elements.append(element)

    def problems_of(self, element: Element) -> Iterator[Problem]:
        """What is wrong with one element by itself."""
        if element.lead and element.lead.strip("\ufeff \t\r\n\x1a"):
            yield self.problem(rules.TEXT_BETWEEN, f"{_shown(element.lead)} stands before the label.", element)
        if not element.label:
            yield self.problem(rules.NO_LABEL, f"{_shown(element.content)} has no label.", element)
        elif not self.elements and element.label != "001":
            yield self.problem(rules.NO_BEGINNING, f"The entry begins with {element.label}.", element)
        if not element.closed:
            yield self.problem(rules.NOT_CLOSED, f"No # after {_shown(element.content)}.", element)
        if is_foreign(element.content):
            yield self.problem(rules.FOREIGN_BYTES, f"{_shown(element.content)} is not plain text.", element)

    def skip(self, rule: Rule, message: str) -> Iterator[Problem]:
        """Drop the entry and whatever follows up to the next label 001."""
        yield self.problem(rule, message)
        self.elements = []
        self.lexer.skipping = True

    def close(self, tail: str) -> Iterator[Entry]:
        """Give out the entry with what stands after it."""
        if self.elements:
            yield Entry(tuple(self.elements), None if tail == self.profile.entry_separator else tail)
        self.elements = []

    def finish(self) -> Iterator[Entry | Problem]:
        """The last entry; the end of a file may hold white space and the old mark of the end (Ctrl-Z)."""
        if self.rest.strip(" \t\r\n\x1a\x00"):
            yield self.problem(rules.TEXT_BETWEEN, f"{_shown(self.rest)} stands after the last element.")
        if not self.elements and not self.entry_number:
            yield self.problem(rules.EMPTY_FILE, "No element was found.")
        yield from self.close(self.rest)

    def problem(self, rule: Rule, message: str, element: Element | None = None) -> Problem:
        """A problem with its place: entry and byte."""
        place = f"entry {self.entry_number} of the file, byte {self.offset}"
        return rule.problem(message, record=place, field=element.label if element else "")


def _shown(text: str) -> str:
    """The beginning of a text, safe to show; a byte that is no character as ``\\xNN``."""
    return _UNDECODED.sub(r"\\x\1", ascii(text if len(text) <= 40 else text[:40] + "..."))
