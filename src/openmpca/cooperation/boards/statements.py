"""The statements about boards: which there are, who co-chairs them for whom, what they decide, who has signed.

Source: the research on joint programmes, 1.6: revisions are valid with the approval of the co-chairs of all parties,
N of N over a content hash.
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import DIGEST, Introduces, Names
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
ABOUT: Final = ("project", "agreement", "clause", "site", "plan", "milestone", "deliverable", "assumption", "proposal")


@kind("cooperation.board", prepare=STATING, approve=STATING, erasable=("about",))
class Board(Said, frozen=True, kw_only=True):
    """A board that decides for its parties, of a project or of the whole programme."""

    code: Annotated[str, Introduces("board")]
    title: str
    parties: list[Party]
    project: Annotated[str, Names("project")] = ""
    about: str = ""


@kind("cooperation.seat", persons=2, prepare=STATING, approve=(AUTHORITY,))
class Seat(Said, frozen=True, kw_only=True):
    """From its day until ``until`` a person co-chairs a board for ``of``, and signs with the key ``vkey``.

    A party seats its own co-chairs. Only those of a party that keeps no record, and for which nobody acts here, are
    stated by others: by two persons, who compared the key with what that party handed over.
    """

    board: Annotated[str, Names("board")]
    of: Party
    person: str
    vkey: str
    until: date | None = None


@kind("cooperation.decision", prepare=STATING, approve=STATING)
class Decision(Said, frozen=True, kw_only=True):
    """What a board is to decide, or has decided: valid as soon as a co-chair of every party has signed this content.

    ``about`` names what it is about, ``initiated`` the party from which it came, ``revokes`` an earlier decision that
    it ends. ``attachments`` holds NAME SHA256 for each paper that belongs to it.
    """

    code: Annotated[str, Introduces("decision")]
    board: Annotated[str, Names("board")]
    title: str
    text: str
    parties: list[Party]
    about: list[Annotated[str, Names(*ABOUT)]] = []
    initiated: Party = ""
    revokes: Annotated[str, Names("decision")] = ""
    attachments: dict[str, Annotated[str, DIGEST]] = {}


@kind("cooperation.signature", prepare=STATING, approve=STATING, event=True)
class Signature(Said, frozen=True, kw_only=True):
    """A co-chair has signed a decision: ``note`` is what they signed, with the signature, letter for letter."""

    decision: Annotated[str, Names("decision")]
    note: str
