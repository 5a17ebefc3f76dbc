"""The forms in which a page goes out: HTML, JSON, and each of its lists as CSV, spreadsheet, PDF or JSON.

Rules kept here:

1. Every form holds the same blocks; a list goes out as it is filtered and sorted on the page.
2. A text in a spreadsheet or CSV file is never taken for a formula (`formats.tables.write`).
3. Numbers that are masses are exact decimal text in every form.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from openmpca.formats.tables.write import Column, write_csv, write_json, write_xlsx
from openmpca.pages.blocks import (
    LINKS,
    Block,
    Branch,
    Drawing,
    Facts,
    Form,
    Page,
    Problems,
    Row,
    Table,
    Text,
    Tree,
    Verbatim,
    each_of,
)
from openmpca.pages.documents.lists import in_pdf
from openmpca.pages.documents.paper import TooLong
from openmpca.pages.routes import Asking, Route
from openmpca.problems import Problem, of_asking

Made = Callable[[Asking, Page, Table], bytes]


def _by(write: Callable[..., None]) -> Made:
    """A form that is written row by row from typed columns."""

    def made(asking: Asking, page: Page, table: Table) -> bytes:
        heads = {name: str(head) for name, head in table.heads.items()}
        columns = [Column(name=name, title=head, kind=_kind(head, table, name)) for name, head in heads.items()]
        target = io.BytesIO()
        write(columns, map(partial(_values, list(heads)), [*table.rows, *table.totals]), target)
        return target.getvalue()

    return made


FORMS: Final[dict[str, tuple[str, Made]]] = {
    "csv": ("text/csv; charset=utf-8", _by(write_csv)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _by(write_xlsx)),
    "pdf": ("application/pdf", in_pdf),
    "json": ("application/json", _by(write_json)),
}
FIRST_REFUSAL: Final = 400
SECRET: Final = ("password", "secret")
"""The kinds of fields of which nothing is told."""
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9-]+")
_MASS: Final = re.compile(r"(?:^|\s|\()(?:g|kg)\)?$")


def respond(route: Route, asking: Asking, page: Page) -> HttpResponse:
    """The answer that was asked for."""
    wanted = asking.request.GET.get("as", "")
    if page.status == 200 and wanted in FORMS:
        try:
            return _list(route, asking, page, wanted)
        except TooLong as error:
            page = Page(_("Too long for paper"), [Text(str(error))], status=422)
    if asking.as_json:
        return in_json(document(page, asking), page.status)
    context = {"page": page, "asking": asking, "route": route, "forms": FORMS}
    return HttpResponse(render_to_string("pages/page.html", context, request=asking.request), status=page.status)


def document(page: Page, asking: Asking) -> dict[str, object]:
    """A page as JSON holds it."""
    blocks: dict[str, object] = {}
    for each in each_of(page.blocks):
        blocks[_free(each.key, blocks)] = _of_block(each)
    shown: dict[str, object] = {
        "title": str(page.title),
        "lead": str(page.lead),
        **dict(asking.times.given),
        "blocks": blocks,
    }
    if forms := [form(each) for each in each_of(page.blocks) if isinstance(each, Form)]:
        shown["forms"] = forms
    return {"problems": problems_of(page), **shown} if page.status >= FIRST_REFUSAL else shown


def problems_of(page: Page) -> list[dict[str, object]]:
    """What a page that refuses says: its problems, or else its words."""
    blocks = list(each_of(page.blocks))
    told = [problem(each) for block in blocks if isinstance(block, Problems) for each in block.problems]
    words = [str(block.text) for block in blocks if isinstance(block, Text)] or [str(page.title)]
    return told or [problem(of_asking(each)) for each in words]


def form(block: Form) -> dict[str, object]:
    """A form as programs fill it: what each field is called, takes and means, and the steps that it sends."""
    fields = [
        {
            "name": each.name,
            "label": str(each.label),
            "kind": each.kind,
            "required": each.required,
            "choices": [choice.value for choice in each.choices],
            "help": str(each.help),
            "error": str(each.error),
        }
        for each in block.sent
    ]
    steps = [each.step for each in block.buttons if each.step]
    return {"name": block.name, "method": block.method, "action": block.action, "fields": fields, "steps": steps}


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 1
    while (made := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return made


def _of_block(block: Block) -> object:
    if isinstance(block, Table):
        return {"heads": _texts(block.heads), "rows": _rows(block.rows), "totals": _rows(block.totals)}
    if isinstance(block, Facts):
        return dict(block.facts)
    if isinstance(block, Problems):
        return [problem(each) for each in block.problems]
    if isinstance(block, Text | Verbatim):
        return str(block.text)
    if isinstance(block, Drawing):
        return {"title": str(block.title), "summary": str(block.summary), "data": _of_block(block.table)}
    if isinstance(block, Form):
        return {each.name: each.value for each in block.sent if each.kind not in SECRET}
    if isinstance(block, Tree):
        return [_branch(each) for each in block.branches]
    raise TypeError(type(block))


def _branch(branch: Branch) -> dict[str, object]:
    within = [_branch(each) for each in branch.within]
    return {"text": str(branch.text), "detail": str(branch.detail), "within": within}


def _texts(heads: Mapping[str, str]) -> dict[str, str]:
    return {name: str(head) for name, head in heads.items()}


def _rows(rows: Iterable[Row]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != LINKS} for row in rows]


def problem(each: Problem) -> dict[str, object]:
    """A problem as JSON holds it."""
    return msgspec.structs.asdict(each)


def in_json(value: object, status: int) -> HttpResponse:
    """A JSON answer."""
    return HttpResponse(msgspec.json.encode(value, enc_hook=str), content_type="application/json", status=status)


def problems_in_json(messages: Sequence[str], status: int) -> HttpResponse:
    """The one shape of errors that are no rules' problems."""
    return in_json({"problems": [problem(of_asking(each)) for each in messages]}, status)


def _list(route: Route, asking: Asking, page: Page, wanted: str) -> HttpResponse:
    shown = (each.table if isinstance(each, Drawing) else each for each in each_of(page.blocks))
    tables = {each.name: each for each in shown if isinstance(each, Table)}
    table = tables.get(asking.request.GET.get("table", "")) or next(iter(tables.values()), None)
    if table is None:
        return problems_in_json([_("This page has no list.")], 404)
    kind, made = FORMS[wanted]
    content = made(asking, page, table)
    name = _UNSAFE.sub("-", f"{route.path}-{table.name}").strip("-")
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
    return answer


def _kind(head: str, table: Table, name: str) -> Any:
    if _MASS.search(head):
        return "mass"
    values = [row.get(name) for row in table.rows]
    if values and all(isinstance(each, date) for each in values):
        return "date"
    whole = values and all(isinstance(each, int) and not isinstance(each, bool) for each in values)
    return "integer" if whole else "text"


def _values(names: Sequence[str], row: Row) -> list[Any]:
    return [_value(row.get(name)) for name in names]


def _value(value: object) -> Any:
    if value is None or (isinstance(value, (str, int, date)) and not isinstance(value, bool)):
        return value
    from openmpca.record.layout import plain

    return plain(value)
