"""Tags of the shared pages: addresses made from the one that was asked for, and cells, of which there are many."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext

from openmpca.pages.blocks import Cell, Choice
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
    return mark_safe(_cell(cell, get_language_bidi()))  # noqa: S308  escaped there


@register.simple_tag(name="cells")
def shown_cells(row: Iterable[Cell]) -> SafeString:
    """The cells of a row of a table."""
    return mark_safe(_cells(row, get_language_bidi()))  # noqa: S308  escaped there


@register.simple_tag(name="lines")
def shown_lines(rows: Iterable[Iterable[Cell]]) -> SafeString:
    """The rows of a table, each with its cells."""
    rtl = get_language_bidi()
    return mark_safe("".join([f"<tr>{_cells(each, rtl)}</tr>" for each in rows]))  # noqa: S308  escaped there


@register.simple_tag(name="options")
def shown_options(choices: Iterable[Choice], chosen: str | None = None) -> SafeString:
    """What may be chosen, with what is chosen."""
    told = ((escape(str(each.value)), each.value == chosen, escape(str(each.text))) for each in choices)
    made = (f'<option value="{value}"{" selected" if is_it else ""}>{text}</option>' for value, is_it, text in told)
    return mark_safe("".join(made))  # noqa: S308  escaped above


def _cells(row: Iterable[Cell], rtl: bool) -> str:
    return "".join([f'<td class="{each.kind}">{_cell(each, rtl)}</td>' for each in row])


def _cell(cell: Cell, rtl: bool) -> str:
    text = escape(isolated(cell.text) if rtl else cell.text)
    if cell.link:
        return f'<a href="{escape(cell.link)}"><bdi>{text}</bdi></a>'
    if cell.text == UNKNOWN:
        return f'<span title="{escape(gettext("unknown"))}">{UNKNOWN}</span>'
    return f"<bdi>{text}</bdi>"
