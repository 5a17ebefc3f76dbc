"""What the room's pages share: the claims that who asks may read, the things that there are, tables with links.

Rules kept here:

1. A page asks for claims with the parties of who asks, so nothing of another party is shown, counted or found that was
   not released to one of them.
2. A thing that may not be read answers as one that there is not.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.marks import introduced
from openmpca.cooperation.rules import kinds
from openmpca.cooperation.statements import Said
from openmpca.pages.blocks import Link
from openmpca.pages.routes import Asking, NotFound, address
from openmpca.record.statements import kind_by

S = TypeVar("S", bound=Said)


def claims_of(asking: Asking) -> Claims:
    """The claims at the asked times, as far as who asks may read them."""
    return Claims(asking.times.as_of, asking.times.known_at, asking.reach.parties)


def about(claims: Claims, kind: type[S], code: str) -> list[Claim[S]]:
    """The claims of a kind that introduce the thing of a code. Raises `NotFound`."""
    _field, sort = introduced(kind)
    found = claims.about(kind, f"{sort}:{code}")
    if not found:
        raise NotFound(_("There is no %(sort)s %(code)s that you may read.") % {"sort": sort, "code": code})
    return found


def codes(claims: Claims, sort: str) -> list[str]:
    """The codes of the things of a sort that may be read, in order."""
    return sorted({code for kind in kinds() if introduced(kind)[1] == sort for code in _codes(claims, kind)})


def _codes(claims: Claims, kind: type[S]) -> Sequence[str]:
    return [each.code for each in claims.of(kind)]


def to_say(asking: Asking, kind: type[Said], text: str, **given: str) -> Link | None:
    """The way to state something of a kind, with fields filled in; None where who asks may state nothing now."""
    name = kind_by(kind).name
    may = asking.reach.states and asking.times.is_now and asking.reach.roles & set(kind_by(kind).prepare)
    filled = "\n".join(f"{field}={value}" for field, value in given.items() if value)
    return Link(text, address("cooperation/say", kind=name, given=filled)) if may else None


def to_claim(asking: Asking, claim: Claim[S]) -> str:
    """The address of the statement of a claim; a partner's is read in its bundle."""
    return asking.to("record/statement", number=claim.number if claim.ours else claim.known)
