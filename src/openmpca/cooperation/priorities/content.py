"""What a party seals in a round of scoring: a score for each proposal, and why.

    {"scores": {"PR-1": 5, "PR-2": 2}, "reasons": {"PR-2": "..."}}

A proposal without a score has none: nothing is filled in. A score beyond the scale, or for what is not in the round,
does not count and is told of.
"""

from collections.abc import Iterator

import msgspec

from openmpca.cooperation.priorities.statements import Round
from openmpca.cooperation.sealing import matters

SORT = "round"


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a party seals for a round."""

    scores: dict[str, int]
    reasons: dict[str, str] = {}


def content_of(held: object) -> Content:
    """A content that was opened. Raises `msgspec.ValidationError`."""
    return msgspec.convert(held, Content)


def unfit(said: Round, held: object) -> list[str]:
    """What does not fit in a content."""
    try:
        content = content_of(held)
    except msgspec.ValidationError as error:
        return [f"It is no list of scores: {error}."]
    return list(_unfit(said, content))


def _unfit(said: Round, content: Content) -> Iterator[str]:
    for code in dict.fromkeys([*content.scores, *content.reasons]):
        if code not in said.proposals:
            yield f"{code!r} is no proposal of this round."
    for code, score in content.scores.items():
        if not said.least <= score <= said.most:
            yield f"{code}: {score} is not from {said.least} to {said.most}."


matters.FORMS[SORT] = unfit
