"""A file that somebody disclosed, checked: what it proves, by whose signatures, by when, and what it does not prove.

Rules kept here:

1. Nothing of the file or the policy is kept, and nothing is asked of the record: what is told follows from the two.
2. The policy is that of this home, or one that is sent along.
3. What comes out of the file stands with every character visible (`legible`).
"""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import Block, Button, Facts, Field, Form, Page, Problems, Text
from openmpca.pages.routes import Asking, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import of_asking
from openmpca.proof.disclosures import checking, telling
from openmpca.proof.disclosures.checking import NotProven, Proven
from openmpca.proof.legible import visible
from openmpca.proof.witnesses import policies
from openmpca.record.record import Refused
from openmpca.tlog.policy import MAX_POLICY_BYTES, Policy, PolicyError


@page("proof/check", title=gettext_lazy("Check a disclosure"), needs=Open.READER, menu=20)
def check(asking: Asking, sent: Sent | None = None) -> Page:
    """The form, and below it what the file proves that was sent."""
    form = Form(
        [
            Field(
                "file",
                _("The file"),
                kind="file",
                required=True,
                help=_("What another party disclosed: one file, which it wrote with `openmpca disclose`."),
            ),
            Field(
                "policy",
                _("Your policy"),
                kind="file",
                help=_("Which logs and witnesses you accept; without one, the policy of this installation."),
            ),
        ],
        [Button(_("Check"), main=True)],
        uploads=True,
        name="disclosure",
    )
    lead = _("A disclosure shows some fields of some statements and proves them, without trusting whoever sent it.")
    shown = Page(_("Check a disclosure"), [form], lead)
    if sent is None:
        return shown
    try:
        proven = checking.check(_content(sent, "file", checking.LARGEST), _policy(sent))
    except (NotProven, Refused) as refused:
        nothing = Problems(refused.problems, caption=_("Nothing is proven by this file"))
        return replace(shown, blocks=[nothing, form], status=422)
    return Page(shown.title, [form, *_told(proven)], lead)


def _content(sent: Sent, name: str, largest: int) -> bytes:
    """The bytes of a file that was sent, one more than is taken where it is larger; of a program also as a text."""
    given = sent.get(name)
    if given is None or given == "":
        return b""
    return given.encode()[: largest + 1] if isinstance(given, str) else bytes(given.read(largest + 1))


def _policy(sent: Sent) -> Policy:
    data = _content(sent, "policy", MAX_POLICY_BYTES)
    if not data:
        return policies.policy()
    try:
        return Policy.parse(data)
    except PolicyError as error:
        message = _("The policy cannot be read: %(error)s.") % {"error": visible(str(error))}
        raise NotProven([of_asking(message)]) from error


def _told(proven: Proven) -> list[Block]:
    told = telling.data(proven)
    blocks: list[Block] = [Problems(proven.problems, caption=_("Cosignatures"))] if proven.problems else []
    for fact in proven.facts:
        fields = {name: telling.value(fact.fields[name]) for name in telling.in_order(fact.fields)}
        said = _("Statement %(number)d says") % {"number": fact.number}
        blocks.append(Facts(fields, f"statement_{fact.number}", said))
    blocks.append(_by(proven, told))
    blocks.append(Facts(_release(told), "release", _("Its release"), heads=_heads()))
    words = "\n\n".join(worded(each) for each in telling.not_proven(proven))
    return [*blocks, Text(words, name="not_proven", caption=_("Not proven"))]


def _by(proven: Proven, told: dict[str, Any]) -> Facts:
    hidden = sum(each.hidden for each in proven.facts)
    facts = {
        "log": visible(str(told["log"])),
        "size": told["size"],
        "root": told["root"],
        "quorum": told["quorum"],
        "no_later_than": told["no_later_than"] or _("nothing is proven about time"),
        "cosigned": ", ".join(f"{visible(name)} {when}" for name, when in told["cosigned"].items()),
        "hidden": hidden,
    }
    caption = _("Proven by these signatures") if proven.met else _("Proven by the signature of the log alone")
    return Facts(facts, "proven", caption, heads=_heads())


def _release(told: dict[str, Any]) -> dict[str, object]:
    release = told["release"]
    said = {name: visible(str(release[name])) for name in ("recipient", "purpose", "authority")}
    return {"number": release["number"], **said, "release_proven": release["proven"]}


def _heads() -> dict[str, str]:
    return {
        "log": _("Log"),
        "size": _("Statements in its checkpoint"),
        "root": _("Root"),
        "quorum": _("Signed as the policy asks"),
        "no_later_than": _("In the log no later than"),
        "cosigned": _("Witnesses"),
        "hidden": _("Hidden lines, each a value or filling"),
        "number": _("Statement"),
        "recipient": _("Recipient"),
        "purpose": _("Purpose"),
        "authority": _("Authority"),
        "release_proven": _("The release is proven too"),
    }
