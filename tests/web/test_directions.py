"""On pages from right to left figures, days and codes stand as they are written; elsewhere nothing is added."""

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation

from openmpca.locale import PSEUDO, offered
from openmpca.pages.blocks import Cell
from openmpca.pages.directions import isolated

BEGIN, END = "\u2066", "\u2069"


@pytest.mark.parametrize("apart", ["2025-10-01", "7\u2009723.5", "−12.8", "P-25-2", "XP/XPE1", "12:30", "309", "XTF-1"])
def test_each_is_set_apart_where_one_reads_from_right_to_left(apart: str) -> None:
    with override_settings(LANGUAGES=offered(with_pseudo=True)), translation.override(PSEUDO[0]):
        assert isolated(f"ع {apart}, XTF2.") == f"ع {BEGIN}{apart}{END}, XTF2."
    with translation.override("ru"):
        assert isolated(f"до {apart}, XTF2.") == f"до {apart}, XTF2."


def test_a_cell_has_a_direction_of_its_own() -> None:
    shown = Template("{% load pages %}{% cell cell %}").render(Context({"cell": Cell("XTF-", False, "/to", "Area")}))
    assert shown.strip() == '<a href="/to"><bdi>XTF-</bdi></a>'
