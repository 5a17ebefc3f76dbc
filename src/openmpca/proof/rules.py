"""What is checked before a statement of this room is recorded: rules 50 to 99.

Source: design, ideas 6 and 7.
"""

from collections.abc import Callable

from openmpca.problems import Problem
from openmpca.proof.bundles import bundle_checks
from openmpca.proof.disclosures import disclosing
from openmpca.proof.escrow import escrow_rules
from openmpca.proof.keyring import keyrules
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of a segment."""
    check_kind = _CHECKS.get(segment.kind.name)
    return check_kind(segment, known, act) if check_kind else []


_CHECKS: dict[str, Callable[[Segment, Known, Act], list[Problem]]] = {
    **keyrules.CHECKS,
    **bundle_checks.CHECKS,
    "proof.disclosure": disclosing.check,
    "proof.escrow": escrow_rules.check_escrow,
    "proof.escrow_opening": escrow_rules.check_opening,
}
