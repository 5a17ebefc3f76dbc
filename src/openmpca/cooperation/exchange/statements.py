"""The statements about what is published of a project: by whom it is called what, and which fields each party releases.

Nothing is published before every party of a project has released it, field by field.

Source: the research on joint programmes, 4.1 (IATI 2.03, a whitelist of fields approved by all parties).
"""

from typing import Annotated

from openmpca.cooperation.marks import Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

FIELDS = ("title", "description", "parties", "dates", "country", "money")
STATING = (AUTHORITY, OFFICER)


@kind("cooperation.organisation", prepare=STATING, approve=(AUTHORITY,))
class Organisation(Said, frozen=True, kw_only=True):
    """How a party is called in files of IATI: its identifier, the type of organisation by its code, its country.

    ``iati`` begins with the code of the agency that registers it. ``country`` has two letters.
    """

    code: Annotated[str, Introduces("organisation")]
    of: Party
    iati: str
    type: str
    country: str = ""


@kind("cooperation.publication", persons=2, prepare=STATING, approve=(AUTHORITY,))
class Publication(Said, frozen=True, kw_only=True):
    """A party releases fields of a project to the public; what all its parties release may be published."""

    project: Annotated[str, Names("project")]
    fields: Annotated[list[str], OneOf(*FIELDS)]
