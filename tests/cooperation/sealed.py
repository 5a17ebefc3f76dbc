"""What tests of sealing share: matters with two parties, what is sealed and opened in them, and by whom."""

import os
from typing import Any

from openmpca.cooperation.priorities.statements import Proposal, Round
from openmpca.cooperation.sealing import digests
from openmpca.cooperation.sealing.digests import Opening
from openmpca.cooperation.sealing.statements import Opened, Sealed
from openmpca.cooperation.threats.statements import Comparison, Threat
from tests.cooperation.joint import DAY, HOSTED
from tests.proof.partner import Partner

ALL = ["*"]
PARTNER = "PER"
SCALES = {"likelihood": "remote < possible < likely", "consequence": "minor < grave < extreme"}


def proposal(code: str, **others: Any) -> Proposal:
    return Proposal(**{"day": DAY, "code": code, "title": f"Proposal {code}", "release": ALL, **others})


def scoring(code: str = "R-1", parties: tuple[str, ...] = ("SRA", HOSTED), **others: Any) -> Round:
    given = {"day": DAY, "code": code, "title": "First round", "release": ALL, "parties": list(parties)}
    return Round(**{**given, "proposals": ["PR-1", "PR-2", "PR-3"], **others})


def threat(code: str, **others: Any) -> Threat:
    return Threat(**{"day": DAY, "code": code, "title": f"Threat {code}", "release": ALL, **others})


def comparison(code: str = "C-1", parties: tuple[str, ...] = ("SRA", HOSTED), **others: Any) -> Comparison:
    given = {"day": DAY, "code": code, "title": "Comparison", "release": ALL, "parties": list(parties)}
    return Comparison(**{**given, "threats": ["T-1", "T-2"], "scales": SCALES, **others})


def made(party: str, matter: str, content: object) -> Opening:
    return digests.made(party, matter, content, os.urandom)


def scores(*given: int, **reasons: str) -> dict[str, Any]:
    said = {f"PR-{at}": score for at, score in enumerate(given, 1)}
    return {"scores": said, **({"reasons": reasons} if reasons else {})}


def seals(opening: Opening, **others: Any) -> Sealed:
    given = {"day": DAY, "release": ALL, "matter": opening.matter, "digest": digests.digest(opening)}
    return Sealed(**{**given, **others})


def opens(number: int, opening: Opening, **others: Any) -> Opened:
    given = {"matter": opening.matter, "salt": opening.salt, "content": opening.content}
    return Opened(**{"day": DAY, "release": ALL, "sealed": number, **given, **others})


def by_partner(partner: Partner, kind: str, said: Any, **others: Any) -> int:
    """A partner states in its own record what a statement of ours would say; gives its number there."""
    import msgspec

    return partner.state(f"cooperation.{kind}", **{**msgspec.to_builtins(said), **others})
