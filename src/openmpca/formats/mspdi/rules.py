"""The rules 1020 to 1029: whether a plan is sound in itself. Source: Project XML Data Interchange schema; ours."""

from typing import Final

from openmpca.problems import WARNING, rule

_PLAN: Final = "MSPDI: Project XML data interchange schema"

SAME_UID = rule(
    1020, "A unique identifier stands for one thing", source=_PLAN, mend="Give each thing an identifier of its own."
)
NO_SUCH = rule(
    1021,
    "What a plan refers to is in it",
    source=_PLAN,
    mend="Add what is referred to, or take the reference out.",
)
CIRCLE = rule(
    1022,
    "No task waits for itself",
    source=_PLAN,
    mend="Take one of the links of the circle out, so that the work can begin somewhere.",
)
ENDS_BEFORE = rule(1023, "Nothing ends before it begins", source=_PLAN, mend="Correct one of the two moments.")
NOT_A_SHARE = rule(
    1024,
    "What is done of a task is between 0 and 100 %",
    severity=WARNING,
    source=_PLAN,
    mend="Correct the percentage.",
)
