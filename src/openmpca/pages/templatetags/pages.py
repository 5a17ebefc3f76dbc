"""Tags of the shared pages: addresses made from the one that was asked for, and cells, of which there are many."""

import re
from collections.abc import Iterable
from typing import Final

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from openmpca.pages.blocks import Cell
from openmpca.pages.directions import isolated
from openmpca.pages.told import is_known, worded
from openmpca.problems import RULES, Problem
from openmpca.record.layout import UNKNOWN

register = template.Library()
_CODE: Final = re.compile(r"`([^`\n]+)`")


@register.filter
def rule_title(problem: Problem) -> str:
    """What the rule of a problem demands, where its message is told in another language than the reader's."""
    rule = RULES.get(problem.rule)
    return gettext(rule.title) if rule and get_language() != "en" and not is_known(problem.message) else ""


@register.filter
def in_words(text: str) -> str:
    """A text of the field's tables, or a message, in the reader's language; as it is where it has none."""
    said = gettext(text) if text else ""
    return worded(said) if said == text else said


@register.filter
def in_order(text: object) -> str:
    """A text in which figures, days and codes stand as they are written, on pages from right to left too."""
    return isolated(str(text))


@register.filter
def marked(text: str) -> SafeString:
    """A text of ours in which names of fields and commands stand between backquotes, with those as code."""
    parts = enumerate(_CODE.split(isolated(str(text))))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


@register.simple_tag
def as_list(request: HttpRequest, form: str, table: str) -> str:
    """The address of a list of this page in another form, filtered as it is here."""
    asked = request.GET.copy()
    asked["as"], asked["table"] = form, table
    return f"?{asked.urlencode()}"


@register.simple_tag(name="cell")
def shown_cell(cell: Cell) -> SafeString:
    """What stands in a cell: its text, which may lead somewhere, or a dash for what is not known."""
    if cell.link:
        return format_html('<a href="{}"><bdi>{}</bdi></a>', cell.link, isolated(cell.text))
    if cell.text == UNKNOWN:
        return format_html('<span title="{}">{}</span>', gettext("unknown"), UNKNOWN)
    return format_html("<bdi>{}</bdi>", isolated(cell.text))


@register.simple_tag(name="cells")
def shown_cells(row: Iterable[Cell]) -> SafeString:
    """The cells of a row of a table."""
    return format_html_join("", '<td class="{}">{}</td>', ((each.kind, shown_cell(each)) for each in row))
