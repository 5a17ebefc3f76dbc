"""What was released: to whom, for what, on what authority; and the file of each disclosure.

Rules kept here:

1. A release may speak of any place, so it is read by whoever holds a grant for everything.
2. The file opens what its release names, and nothing else. It is made anew under the last signed checkpoint, so it
   carries the cosignatures that there are.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import LINKS, Block, Facts, Link, Page, Problems, Table
from openmpca.pages.reach import readable_statements
from openmpca.pages.routes import Asking, File, NotFound, Open, page
from openmpca.pages.stored import last_known, statement_of
from openmpca.proof.disclosures import disclosing
from openmpca.proof.models import Release
from openmpca.record import reading
from openmpca.record.record import Refused

SHOWN = 200


@page("proof/releases", title=gettext_lazy("Released"), needs=Open.WHOLE, menu=10)
def releases(asking: Asking) -> Page:
    """The disclosures and bundles that were released, the newest first."""
    found = Release.objects.filter(number__lte=last_known(asking), day__lte=asking.times.as_of).order_by("-number")
    known = {each.number: each for each in found[:SHOWN]}
    readable = readable_statements(asking.reach, (reading.stored(number) for number in known))
    rows = [_row(asking, known[each.number]) for each in readable]
    heads = {
        "number": _("Statement"),
        "day": _("Day"),
        "sort": _("What"),
        "recipient": _("Recipient"),
        "purpose": _("Purpose"),
        "authority": _("Authority"),
    }
    empty = _("Nothing that you may read was released.")
    return Page(
        _("Released"),
        [Table(rows, heads, name="releases", empty=empty)],
        lead=_("Each release is a statement of two persons. What it does not name stays hidden."),
        action=Link(_("Release fields"), asking.to("proof/disclose")),
    )


def _row(asking: Asking, each: Release) -> dict[str, object]:
    path = "proof/release" if each.sort == "disclosure" else "record/statement"
    return {
        "number": each.number,
        "day": each.day,
        "sort": {"disclosure": _("disclosure"), "bundle": _("bundle")}.get(each.sort, each.sort),
        "recipient": each.recipient,
        "purpose": each.purpose,
        "authority": each.authority,
        LINKS: {"number": asking.to(path, number=each.number)},
    }


@page("proof/release", title=gettext_lazy("Release"), needs=Open.WHOLE)
def release(asking: Asking, number: int) -> Page:
    """One disclosure: what it opens, and its file as soon as a signed checkpoint covers it."""
    said = _disclosure(asking, number)
    facts = {name: said[name] for name in ("day", "recipient", "purpose", "authority")}
    heads = {
        "day": _("Day"),
        "recipient": _("Recipient"),
        "purpose": _("Purpose"),
        "authority": _("Authority"),
    }
    try:
        told, whole = disclosing.written(number, disclosing.last_checkpoint())[1], True
    except Refused as refused:
        told, whole = refused.problems, False
    blocks: list[Block] = [Facts(facts, heads=heads), _opened(asking, said)]
    if told:
        blocks.append(Problems(told, caption=_("The file")))
    return Page(
        _("Release %(number)d") % {"number": number},
        blocks,
        action=Link(_("The file"), asking.to("proof/release-file", number=number)) if whole else None,
        links=[Link(_("The statement"), asking.to("record/statement", number=number))],
        above=[Link(_("Released"), asking.to("proof/releases"))],
    )


def _disclosure(asking: Asking, number: int) -> dict[str, object]:
    """The fields of a disclosure that may be read. Raises `NotFound`."""
    found = statement_of(asking, number)
    if found.kind.name != "proof.disclosure":
        raise NotFound(_("Statement %(number)d releases no disclosure.") % {"number": number})
    return found.fields


def _opened(asking: Asking, said: dict[str, object]) -> Table:
    named = disclosing.by_number(map(str, said["fields"])) or {}  # type: ignore[call-overload]
    rows = [
        {
            "number": number,
            "fields": ", ".join(fields),
            LINKS: {"number": asking.to("record/statement", number=number)},
        }
        for number, fields in named.items()
    ]
    return Table(rows, {"number": _("Statement"), "fields": _("Fields")}, name="opened", caption=_("What it opens"))


@page("proof/release-file", title=gettext_lazy("File of a release"), needs=Open.WHOLE)
def release_file(asking: Asking, number: int) -> File:
    """The file that the recipient checks with `openmpca check-disclosure`."""
    _disclosure(asking, number)
    made, _told = disclosing.written(number, disclosing.last_checkpoint())
    return File(f"disclosure-{number}.json", made.encode(), "application/json")
