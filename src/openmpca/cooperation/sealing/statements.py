"""The statements of sealing: a party commits to what it will show, and shows it when all parties have committed.

Source: the research on joint programmes, section 3 (sealed independent scoring by each party, commit then reveal);
decision 20: what is sealed is a digest of its own, so that a party that another hosts seals before anything reaches
the host.
"""

from typing import Annotated, Final

from openmpca.cooperation.marks import DIGEST, Names
from openmpca.cooperation.statements import Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
MATTERS: Final = ("round", "comparison")
"""The sorts of things for which parties seal; whoever introduces one says which parties these are."""


@kind("cooperation.sealed", prepare=STATING, approve=STATING, event=True)
class Sealed(Said, frozen=True, kw_only=True):
    """A party commits to what it will show in a matter, without showing it: only the digest is stated.

    ``matter`` is the round of scoring or the comparison; ``digest`` is the SHA-256 of party, matter, salt and content.
    """

    matter: Annotated[str, Names(*MATTERS)]
    digest: Annotated[str, DIGEST]


@kind("cooperation.opened", prepare=STATING, approve=STATING, refers=("sealed",), event=True)
class Opened(Said, frozen=True, kw_only=True):
    """A party shows what it sealed in a matter: whoever has the digest can check that nothing was changed.

    ``sealed`` is the number of its own sealed statement; ``salt`` are the 32 hexadecimal figures that went into the
    digest, ``content`` is what was sealed, letter for letter: canonical JSON.
    """

    matter: Annotated[str, Names(*MATTERS)]
    sealed: int
    salt: str
    content: str
