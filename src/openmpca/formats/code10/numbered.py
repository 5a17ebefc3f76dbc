"""How the rules of this package are registered: as any rule of the house, and with an explanation of their own."""

from typing import Final

from openmpca.problems import ERROR, Rule, Severity, rule

C10: Final = "SG-FM-1172 (2011)"

EXPLANATIONS: Final[dict[int, str]] = {}
"""Rule number to a paragraph for the person who meets the problem: why the rule is there and what it looks at."""


def numbered(
    number: int,
    title: str,
    explanation: str,
    *,
    mend: str,
    source: str = f"{C10} section 3",
    severity: Severity = ERROR,
    unverified: bool = False,
) -> Rule:
    """Register a rule of this package with its explanation; what is not an error may be overridden with a reason."""
    EXPLANATIONS[number] = explanation
    return rule(
        number,
        title,
        severity=severity,
        source=source,
        mend=mend,
        soft=severity != ERROR,
        unverified=unverified,
    )
