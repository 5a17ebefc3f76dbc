"""The rules of scenario files: numbers 985 to 989."""

from openmpca.problems import WARNING, rule

FILE = rule(
    985,
    "A scenario file is TOML with blocks",
    source="docs/demonstration.md",
    mend="Write `[[block]]` above each block, and see docs/demonstration.md for its fields.",
)
BLOCK = rule(
    986,
    "A block says when, who and what it does, with the fields of its verb",
    source="docs/demonstration.md",
    mend="See docs/demonstration.md for the verbs and their fields.",
)
NAME = rule(
    987,
    "A block names blocks before it",
    source="docs/demonstration.md",
    mend="Give the block that is meant a `name` of its own, and let it come earlier.",
)
UNEXPECTED = rule(
    988,
    "A block raises the problems that it expects, and no others",
    severity=WARNING,
    source="docs/demonstration.md",
    mend="Mend the block, or list the rule in its `expects`.",
)
NOT_REAL = rule(
    989,
    "A scenario is played in a demonstration only",
    source="design: demonstration and training States",
    mend="Make a home of its own for it: name an empty one with --home.",
)
