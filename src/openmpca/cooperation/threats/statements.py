"""The statements of threat analyses: scenarios, each party's own analyses, comparisons on agreed scales.

A party's analysis is its own: nobody else reads it before it is released, and a comparison takes only what its owner
puts into it, sealed until all have.

Source: the research on joint programmes, sections 0 and 3 (analyses can differ: compare, never merge silently).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
CONFIDENCES: Final = ("low", "moderate", "high")


@kind("cooperation.threat", prepare=STATING, approve=STATING)
class Threat(Said, frozen=True, kw_only=True):
    """A threat, or a scenario, as a party describes it; nothing is said yet of how likely or grave it is."""

    code: Annotated[str, Introduces("threat")]
    title: str
    scenario: str = ""


@kind("cooperation.analysis", prepare=STATING, approve=STATING)
class Analysis(Said, frozen=True, kw_only=True):
    """A party's own analysis of a threat: how it rates it, how sure it is, and why.

    ``rated`` gives a word for each scale; ``confidence`` is how sure the party is of it; ``label`` is the marking under
    which it keeps the analysis.
    """

    threat: Annotated[str, Names("threat")]
    rated: dict[str, str]
    confidence: Annotated[str, OneOf(*CONFIDENCES)]
    reasons: str = ""
    label: str = ""


@kind("cooperation.comparison", prepare=STATING, approve=STATING)
class Comparison(Said, frozen=True, kw_only=True):
    """A comparison of the parties' analyses of some threats, on scales that they agreed on.

    ``scales`` gives for each scale its words from the lowest up, with < between them; ``after`` is the comparison that
    this one repeats, so that what converges is seen; all ``parties`` are meant to have sealed by ``due``.
    """

    code: Annotated[str, Introduces("comparison")]
    title: str
    parties: list[Party]
    threats: list[Annotated[str, Names("threat")]]
    scales: dict[str, str]
    after: Annotated[str, Names("comparison")] = ""
    due: date | None = None


@kind("cooperation.averaging", prepare=STATING, approve=STATING)
class Averaging(Said, frozen=True, kw_only=True):
    """A party agrees that averages may be shown in a comparison; they are once every party of it has agreed."""

    comparison: Annotated[str, Names("comparison")]
    reason: str = ""
