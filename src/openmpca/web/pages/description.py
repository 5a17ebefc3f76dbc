"""What programs can ask: every operation of the HTTP API, and its description for the tools of programmers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.answering import API
from openmpca.pages.blocks import LINKS, Link, Page, Table, Text
from openmpca.pages.describing import methods, who_may
from openmpca.pages.routes import ROUTES, Asking, File, Open, page
from openmpca.pages.told import worded
from openmpca.web import api


@page("description", title=gettext_lazy("What programs can ask"), needs=Open.PERSON)
def description(asking: Asking) -> Page:
    """Every operation: its address, what it answers, who may ask, what it takes."""
    rows = [
        {
            "address": f"/{API}{each.path}",
            "methods": " ".join(methods(each)).upper(),
            "title": str(each.title),
            "who": worded(who_may(each)),
            "token": _("no") if each.in_person else _("yes"),
            "takes": " ".join(each.parameters),
            LINKS: {} if _asks_for_more(each.path) else {"title": asking.to(each.path)},
        }
        for each in sorted(ROUTES.values(), key=lambda each: each.path)
    ]
    heads = {
        "address": _("Address"),
        "methods": _("Methods"),
        "title": _("What it answers"),
        "who": _("Who may"),
        "token": _("By token"),
        "takes": _("Takes"),
    }
    told = Text(
        _("Every page answers programs under /api/ with the same content, as JSON; a refusal is a list of problems.")
    )
    links = [Link(_("The description in OpenAPI"), "/api/openapi.json"), Link(_("Tokens for programs"), "/tokens")]
    return Page(_("What programs can ask"), [told, Table(rows, heads, name="operations")], links=links)


@page("openapi.json", title=gettext_lazy("The description of the HTTP API"), needs=Open.PERSON)
def openapi_json(asking: Asking) -> File:
    """This description, in OpenAPI 3.1."""
    return File("openapi.json", api.description(), "application/json")


def _asks_for_more(path: str) -> bool:
    return any(each.default is each.empty for each in ROUTES[path].parameters.values())
