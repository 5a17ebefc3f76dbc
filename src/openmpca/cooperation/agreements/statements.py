"""The statements about agreements: texts, clauses, positions, changes of term, and what depends on a clause.

Every party states an agreement for itself; where two parties' words differ, both are shown.

Source: the research on joint programmes, 1.1 (layers, clauses that must be data) and its query about what lapses.
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import DIGEST, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

LAYERS = ("umbrella", "implementing", "site", "contract")
CLAUSES = (
    "liability",
    "tax",
    "customs",
    "access",
    "audit",
    "immunities",
    "title",
    "retransfer",
    "use",
    "information",
    "acquisition",
    "disputes",
    "term",
)
STATING = (AUTHORITY, OFFICER)
ACCEPTS = "accepts"
STANCES: Final = (ACCEPTS, "accepts with changes", "reserves", "rejects")
EXTENDED, PROVISIONAL, ENDED = "extended", "provisional", "ended"
TERMS: Final = (EXTENDED, PROVISIONAL, ENDED)
ASPECTS: Final = ("authority", "payment", "access", "protection")
STOPS, UNDER, UNTIL, SURVIVES, UNCONCERNED = "stops", "under", "until", "survives", "unconcerned"
ANSWERS: Final = (STOPS, UNDER, UNTIL, SURVIVES, UNCONCERNED)
Answer = Annotated[str, OneOf(*ANSWERS)]
FOR_EVER: Final = -1


@kind("cooperation.agreement", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Agreement(Said, frozen=True, kw_only=True):
    """An agreement as a party has it: its layer, its parties, its term, and the digests of its authentic texts.

    ``under`` is the agreement on which it rests. It is in force from ``in_force`` on, or applied for the time being
    from ``provisional`` on, until ``expires``. ``texts`` gives the SHA-256 of the text in each language.
    """

    code: Annotated[str, Introduces("agreement")]
    title: str
    layer: Annotated[str, OneOf(*LAYERS)]
    parties: list[Party]
    signed: date | None = None
    provisional: date | None = None
    in_force: date | None = None
    expires: date | None = None
    under: Annotated[str, Names("agreement")] = ""
    texts: dict[str, Annotated[str, DIGEST]] = {}
    note: str = ""


@kind("cooperation.clause", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Clause(Said, frozen=True, kw_only=True):
    """A clause of an agreement: of what kind it is, where it stands, and until when it holds.

    ``expires`` is the last day on which it holds, where that is not the last day of its agreement. What it protects may
    outlive it: ``survives`` says for how many years after its end, with -1 for ever.
    """

    code: Annotated[str, Introduces("clause")]
    agreement: Annotated[str, Names("agreement")]
    sort: Annotated[str, OneOf(*CLAUSES)]
    title: str
    article: str = ""
    expires: date | None = None
    survives: int = 0
    note: str = ""


@kind("cooperation.position", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Position(Said, frozen=True, kw_only=True):
    """What a party holds of a clause from the day on: it accepts, accepts with changes, reserves or rejects, and why.

    ``wanted`` is the wording that it would accept. Its last position counts, those before it tell how it came there.
    """

    clause: Annotated[str, Names("clause")]
    stance: Annotated[str, OneOf(*STANCES)]
    reason: str = ""
    wanted: str = ""
    note: str = ""


@kind("cooperation.amendment", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Amendment(Said, frozen=True, kw_only=True):
    """An amendment of an agreement: what it changes, since when it is in force, the digests of its texts."""

    code: Annotated[str, Introduces("amendment")]
    agreement: Annotated[str, Names("agreement")]
    title: str
    clauses: list[Annotated[str, Names("clause")]] = []
    signed: date | None = None
    in_force: date | None = None
    texts: dict[str, Annotated[str, DIGEST]] = {}
    note: str = ""


@kind("cooperation.term", prepare=STATING, approve=(AUTHORITY,), erasable=("reason",))
class Term(Said, frozen=True, kw_only=True):
    """The term of an agreement is changed: extended, applied for the time being from the day on, or ended by notice.

    ``expires`` is its last day from then on; without one an extension, or what is provisional, has no end. ``by`` is
    the amendment that says so.
    """

    agreement: Annotated[str, Names("agreement")]
    change: Annotated[str, OneOf(*TERMS)]
    expires: date | None = None
    by: Annotated[str, Names("amendment")] = ""
    reason: str = ""


@kind("cooperation.dependency", prepare=STATING, approve=STATING, erasable=("reason",))
class Dependency(Said, frozen=True, kw_only=True):
    """A project, payment, visit, shipment, site or agreement rests on a clause, or on something that rests on one.

    When that lapses, each of four things has its own answer: new ``authority``, ``payment``, ``access`` and the
    ``protection`` of what was done. Each stops, goes on under another clause (``instead``), goes on until a day
    (``until``), survives, or is unconcerned. Blank is not settled; it is told as open.
    """

    what: Annotated[str, Names("project", "costline", "visit", "shipment", "site", "asset", "agreement")]
    on: Annotated[str, Names("clause", "agreement", "project")]
    authority: Answer = ""
    payment: Answer = ""
    access: Answer = ""
    protection: Answer = ""
    instead: Annotated[str, Names("clause", "agreement")] = ""
    until: date | None = None
    reason: str = ""
