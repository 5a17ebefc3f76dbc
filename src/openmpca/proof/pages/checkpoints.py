"""What the log signed last, who cosigned it, and how much waits to be signed.

Rules kept here:

1. A checkpoint tells size and root, which stand on every page; so everybody who may read anything may have it.
2. Signing takes an administrator who proved who they are just now, and a key that is not sealed with a passphrase: a
   passphrase is never typed into a page.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Block, Button, Facts, Form, Link, Page, Table, Text
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, File, Go, NotAllowed, NotFound, Open, Sent, page
from openmpca.proof.keyring import keys, passphrase
from openmpca.proof.moments import moment
from openmpca.proof.signing import checkpoints, padding
from openmpca.proof.signing.checkpoints import Signed
from openmpca.proof.witnesses import policies
from openmpca.record.home import configuration
from openmpca.record.record import Refused, head


@page("proof/checkpoint", title=gettext_lazy("Checkpoint"), needs=Open.READER, menu=30)
def checkpoint(asking: Asking) -> Page:
    """The last signed checkpoint with its cosignatures."""
    last, size = checkpoints.latest(), head()[0]
    lead = _("A checkpoint says how many statements there are and what their root is, signed by the key of the log.")
    sign = Link(_("Sign how the record stands"), asking.to("proof/sign")) if asking.reach.administers else None
    if last is None:
        return Page(_("Checkpoint"), [Text(_("Nothing was signed yet."))], lead, action=sign)
    made = last.checkpoint
    facts = {"origin": made.origin, "size": made.size, "root": made.root.hex(), "waiting": size - made.size}
    heads = {
        "origin": _("Log"),
        "size": _("Statements"),
        "root": _("Root"),
        "waiting": _("Recorded since, not signed yet"),
    }
    links = [Link(_("The signed note"), asking.to("proof/checkpoint-file"))]
    return Page(_("Checkpoint"), [Facts(facts, heads=heads), _cosigned(last)], lead, sign, links)


def _cosigned(last: Signed) -> Table:
    """The witnesses of this home's policy that signed, each with the time that it said."""
    try:
        judged = policies.policy().judged(last.note, last.checkpoint.origin)
        signed = sorted(judged.cosigned.items())
        met = _("That is what the policy asks for.") if judged.met else _("The policy asks for more.")
    except (Refused, ValueError, OSError):
        signed, met = [], _("No policy of this installation says whose cosignatures count.")
    rows = [{"witness": name, "time": moment(seconds)} for name, seconds in signed]
    heads = {"witness": _("Witness"), "time": _("Signed at")}
    return Table(rows, heads, name="cosigned", caption=_("Cosigned by witnesses. %(met)s") % {"met": met})


@page("proof/checkpoint-file", title=gettext_lazy("Signed note"), needs=Open.READER)
def checkpoint_file(asking: Asking) -> File:
    """The last checkpoint as partners read it: a signed note with its cosignatures."""
    last = checkpoints.latest()
    if last is None:
        raise NotFound(_("Nothing was signed yet."))
    return File("checkpoint", last.note.encode(), "text/plain; charset=utf-8")


@page("proof/sign", title=gettext_lazy("Sign a checkpoint"), needs=Open.ADMINISTRATOR, in_person=True)
def sign(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """Signing how the record stands, for the partners."""
    form = Form([*acting.fields(asking, sent)], [Button(_("Sign"), "sign", main=True)], name="sign")
    blocks: list[Block] = [Text(_("Partners see from it that the record only grows.")), form]
    shown = Page(_("Sign a checkpoint"), blocks, above=[Link(_("Checkpoint"), asking.to("proof/checkpoint"))])
    if sent is None:
        return shown
    must_be_fresh(asking)
    try:
        made = _made(asking, sent)
    except Refused as refused:
        return refused_as(refused.problems, shown)
    said = _("Signed: %(size)d statements.") if made.fresh else _("Signed before: %(size)d statements.")
    return Go(asking.to("proof/checkpoint"), said % {"size": made.checkpoint.size}, {"size": made.checkpoint.size})


def _made(asking: Asking, sent: Sent) -> Signed:
    """A checkpoint as `openmpca checkpoint` makes it: filled up first where that is configured."""
    if keys.signing("log").sealed and not passphrase.at_hand():
        raise NotAllowed(_("The key of the log is sealed with a passphrase: sign with `openmpca checkpoint`."))
    pad = configuration().pad
    return checkpoints.make(size=padding.fill(acting.act(asking, sent), pad) if pad else None)
