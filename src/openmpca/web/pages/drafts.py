"""Drafts: what I typed and have not stated yet; nobody else sees it, and it is no part of the record."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import drafting
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Field, Form, Page, Table
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page


@page("drafts", title=gettext_lazy("Your drafts"), needs=Open.PERSON)
def drafts(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The drafts of who asks; one that is sent is deleted."""
    if sent is not None:
        return _delete(asking, str(sent.get("number", "")))
    kept = drafting.of(asking.person)
    rows = [
        {
            "draft": each.number,
            "title": each.title,
            "changed": each.changed.strftime("%Y-%m-%d %H:%M"),
            LINKS: {"draft": each.address, "title": each.address},
        }
        for each in kept
    ]
    heads = {"draft": _("Draft"), "title": _("What"), "changed": _("Last changed, UTC")}
    blocks: list[Block] = [Table(rows, heads, name="drafts", empty=_("You have no drafts."))]
    return Page(_("Your drafts"), [*blocks, *_deleting(kept)], _("Only you see them. They are no part of the record."))


def _deleting(kept: Sequence[drafting.Kept]) -> list[Form]:
    if not kept:
        return []
    choices = [Choice(str(each.number), f"{each.number} · {each.title}") for each in kept]
    chosen = Field("number", _("Draft"), choices=choices)
    return [Form([chosen], [Button(_("Delete"))], "/drafts", name="delete", caption=_("Delete a draft"))]


def _delete(asking: Asking, text: str) -> Go:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
    if not drafting.drop(asking.person, number):
        raise NotFound(_("You have no draft %(number)s.") % {"number": text})
    return Go("/drafts", _("Draft %(number)s is deleted.") % {"number": number})
