"""The statements about agreements: texts, clauses, positions, changes of term, and what depends on a clause.

Every party states an agreement for itself; where two parties' words differ, both are shown.

Source: the research on joint programmes, 1.1 (layers, clauses that must be data) and its query about what lapses.
"""

from datetime import date
from typing import Annotated

from openmpca.cooperation.marks import Introduces, Names, OneOf
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
    texts: dict[str, str] = {}
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
