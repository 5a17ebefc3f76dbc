"""What a party puts into a comparison, and seals: for each threat its ratings, how sure it is, and why.

    {"threats": {"T-1": {"rated": {"likelihood": "likely"}, "confidence": "high", "reasons": "...", "day": "..."}}}

Rules kept here:

1. A threat or a scale that is not rated is not rated: nothing is filled in.
2. A word that is not on the scale, or a threat that is not of the comparison, does not count and is told of.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.sealing import matters
from openmpca.cooperation.threats.statements import CONFIDENCES, Analysis, Comparison

SORT = "comparison"


class Rated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a party rates one threat: a word for each scale, how sure it is, why, and since when it holds this."""

    rated: dict[str, str]
    confidence: str = ""
    reasons: str = ""
    day: date | None = None


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a party seals for a comparison."""

    threats: dict[str, Rated]


def words(scale: str) -> list[str]:
    """The words of a scale, from the lowest up.

    >>> words("remote < possible<likely")
    ['remote', 'possible', 'likely']
    """
    return [each.strip() for each in scale.split("<")]


def content_of(held: object) -> Content:
    """A content that was opened. Raises `msgspec.ValidationError`."""
    return msgspec.convert(held, Content)


def unfit(said: Comparison, held: object) -> list[str]:
    """What does not fit in a content (rule 2)."""
    try:
        content = content_of(held)
    except msgspec.ValidationError as error:
        return [f"It is no list of rated threats: {error}."]
    return [told for code, rated in content.threats.items() for told in _unfit(said, code, rated)]


def _unfit(said: Comparison, code: str, rated: Rated) -> Iterator[str]:
    if code not in said.threats:
        yield f"{code!r} is no threat of this comparison."
    if rated.confidence and rated.confidence not in CONFIDENCES:
        yield f"{code}: {rated.confidence!r} is none of {', '.join(CONFIDENCES)}."
    for scale, word in rated.rated.items():
        if scale not in said.scales:
            yield f"{code}: {scale!r} is no scale of this comparison."
        elif word not in words(said.scales[scale]):
            yield f"{code}: {word!r} is no word of the scale {scale}."


def own(claims: Claims, said: Comparison, party: str) -> Content:
    """What a party's own analyses come to on the scales of a comparison, to be looked over and sealed."""
    found: dict[str, Rated] = {}
    for each in claims.of(Analysis):
        if each.party == party and each.said.threat in said.threats:
            found[each.said.threat] = _on_scales(each.said, said.scales)
    return Content(found)


def _on_scales(analysis: Analysis, scales: Mapping[str, str]) -> Rated:
    rated = {scale: word for scale, word in analysis.rated.items() if word in words(scales.get(scale, ""))}
    return Rated(rated, analysis.confidence, analysis.reasons, analysis.day)


matters.FORMS[SORT] = unfit
