"""What rules find is told in the reader's language, its values letter for letter; no field is without words."""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from openmpca.pages.told import is_known, worded
from openmpca.problems import RULES, Rule
from openmpca.record import kinds
from openmpca.record.statements import KINDS
from openmpca.web.pages.field_meanings import meant
from tools import messages

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@pytest.fixture
def russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("ZZA1 has no place S-4.", "У ZZA1 нет места S-4."),
        ("ABC is not of 4 characters.", "ABC: должно быть 4 знаков."),
        ("XX: no codes of inventory changes.", "XX: нет таких кодов инвентарных изменений."),
        ("No shipment 7 stands. Receipt: statement 12.", "Действующего отправления 7 нет. Получение: запись 12."),
        ("change SD of batch A in XTF2, correcting statement 7", "изменение SD партии A в XTF2, вместо записи 7"),
        ("2 batches unlike the book: D2 (missing), X1.", "Расходится с книгой учёта, партии (2): D2 (missing), X1."),
    ],
)  # fmt: skip
def test_a_message_is_told_in_russian_with_its_values(russian: None, message: str, said: str) -> None:
    assert worded(message) == said


def test_a_value_that_looks_like_a_pattern_stays_as_it_is(russian: None) -> None:
    assert worded(r"ZZA1 has no place {0}\1.") == r"У ZZA1 нет места {0}\1."


def test_a_message_of_nobody_is_shown_as_it_is(russian: None) -> None:
    assert worded("Quite another thing, says somebody.") == "Quite another thing, says somebody."
    assert not is_known("Quite another thing, says somebody.")


def test_english_is_never_changed() -> None:
    with translation.override("en"):
        for text in messages.found():
            assert worded(text) == text


def test_every_text_fits_its_own_pattern_and_reads_otherwise_in_russian(russian: None) -> None:
    bare = [text for text in messages.found() if re.search("[a-z]{4,}", text) and not CYRILLIC.search(worded(text))]
    assert bare == []


def test_texts_are_taken_from_f_strings_formats_and_counts_but_not_from_docstrings_sql_or_rules() -> None:
    source = '''
"""A docstring that speaks of things."""
RULE = rule(1, "A title of a rule", source="nowhere", mend="Mend it well.")
def check(name, n):
    """Another docstring."""
    query("SELECT * FROM somewhere WHERE code = %s")
    RULE.problem(f"{name} is no name.")
    pl.format("{} of area {}.", a, b)
    counted(n, "batch")
'''
    assert set(messages.of_module(source)) == {"{0} is no name.", "{0} of area {1}.", "{0} batch", "{0} batches"}


def test_a_rule_that_says_what_nothing_translates_is_found() -> None:
    rule = Rule(number=9999, title="t", severity="error", source="s", mend="m")
    assert not is_known(rule.problem("A text that nobody wrote").message)


def test_every_field_of_every_kind_of_statement_has_a_meaning_in_both_languages() -> None:
    assert RULES
    lacking = []
    for language in ("en", "ru"):
        with translation.override(language):
            for kind in KINDS:
                for row in kinds.fields(kind):
                    said = meant(kind, row)
                    if not said or (language == "ru" and CYRILLIC.search(said) is None):
                        lacking.append(f"{language} {kind}.{row['field']}: {said}")
    assert lacking == []
