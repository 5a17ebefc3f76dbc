"""What is checked of what the index counts: rule 857."""

import re
from typing import Final

from openmpca.cooperation.index import statements  # noqa: F401  registers its kinds
from openmpca.cooperation.rules import Check, rows
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

COUNTED = rule(
    857,
    "Trainers and trained are whole numbers of persons",
    source="design idea 7: partnership index, share of trainers",
    mend="Give for each party how many persons there were; leave out a party that sent none.",
)
_WHOLE: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


def _training(segment: Segment, known: Known, act: Act) -> list[Problem]:
    found = list[Problem]()
    for where, fields in rows(segment):
        if not fields.get("trainers"):
            found.append(COUNTED.problem("There is no trainer.", record=where, field="trainers"))
        for field in ("trainers", "trained"):
            for party, number in fields.get(field, {}).items():
                if not _WHOLE.fullmatch(number):
                    found.append(COUNTED.problem(f"{party}: {number!r} is no number.", record=where, field=field))
    return found


CHECKS: Final[dict[str, Check]] = {"cooperation.training": _training}
