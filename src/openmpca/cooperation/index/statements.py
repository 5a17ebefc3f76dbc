"""What the index counts that no other subject states: trainings, with who trained and who was trained.

Source: the research on joint programmes, section 6 (training: share of trainers by nationality).
"""

from typing import Annotated, Final

from openmpca.cooperation.marks import Introduces, Names
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)


@kind("cooperation.training", prepare=STATING, approve=STATING, event=True)
class Training(Said, frozen=True, kw_only=True):
    """A training that was held: how many trainers each party sent, how many persons of each were trained.

    ``trainers`` and ``trained`` give a whole number for each party; persons are counted and never named.
    """

    code: Annotated[str, Introduces("training")]
    title: str
    trainers: dict[Party, str]
    trained: dict[Party, str] = {}
    project: Annotated[str, Names("project")] = ""
