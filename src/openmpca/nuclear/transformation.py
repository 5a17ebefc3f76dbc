"""Nuclear loss, nuclear production and category changes derived from the masses before and after.

Between two dates a batch was irradiated or decayed; a depletion calculation or the decay of its isotopes says what
it holds afterwards. From the two sets of weights follow the inventory changes that take the book from one to the other.

Rules kept here:

* Loss is net, by category: what the element weighs less, not only the isotope that burnt. A category whose element
  weighs more is nuclear production; one that weighs the same but whose isotopes moved is a loss of no element weight.
* The isotope weights of a change follow its element. An isotope that grew while its element shrank (U-236 in fuel)
  stands in the loss with a minus, so that the book comes out at exactly the weights after.
* A weight given before but not after is a mistake, not a zero; so is the reverse within one category.
* Uranium whose enrichment has left the window of its category is due for a category change of all that is left of it,
  after the loss. Where the enrichment is not accounted nothing can be said and nothing is proposed.
* The changes are dated by the reference date of the calculation, and bring out the weights after exactly.

Source: Model Subsidiary Arrangement Code 10 (LN, NP, category changes by burn-up); INFCIRC/153, paragraph 107. That
decay of plutonium is booked as nuclear loss is customary, but unverified.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from openmpca.nuclear.categories import (
    AGENCY_SCHEME,
    CATEGORIES,
    FISSILE,
    category_for,
    enrichment,
    fissile_ug,
    join_key,
    split_key,
)
from openmpca.nuclear.changes import category_change
from openmpca.nuclear.decay import NUCLIDES, decay

LOSS: Final = "LN"
PRODUCTION: Final = "NP"


class TransformationError(ValueError):
    """Weights before and after that cannot be compared."""


class Transformation(msgspec.Struct, frozen=True, kw_only=True):
    """One change that is due. ``code`` is that of the inventory change; ``weights`` are in ug by weight key.

    A change of category has the code of its Agency categories, or "" where both are one to the Agency (HEU to LEU);
    ``weights`` are then those that leave, ``new_weights`` those that enter ``new_category``.
    """

    code: str
    category: str
    day: date
    weights: Mapping[str, int]
    new_category: str = ""
    new_weights: Mapping[str, int] = {}


def transformation(
    before: Mapping[str, int], after: Mapping[str, int], day: date, scheme: Sequence[str] = AGENCY_SCHEME
) -> tuple[Transformation, ...]:
    """The changes due on the reference date: losses, then productions, then category changes.

    ``before`` and ``after`` hold ug by weight key, each category with its element. Categories that only come up
    afterwards are produced. ``scheme`` says which uranium categories are told apart.

    >>> fresh = {"E": 2_000_000_000, "E/U235": 90_000_000}
    >>> spent = {"E": 1_930_000_000, "E/U235": 16_000_000, "P": 18_000_000, "P/Pu239": 11_000_000}
    >>> for due in transformation(fresh, spent, date(2025, 6, 30)):
    ...     print(due.code, dict(due.weights))
    LN {'E': 70000000, 'E/U235': 74000000}
    NP {'P': 18000000, 'P/Pu239': 11000000}
    """
    _check(before)
    _check(after)
    categories = tuple(dict.fromkeys(split_key(key)[0] for key in (*before, *after)))
    differences = {code: _difference(code, before, after) for code in categories}
    losses = [
        Transformation(code=LOSS, category=code, day=day, weights=weights)
        for code, weights in differences.items()
        if weights[code] >= 0 and any(weights.values())
    ]
    productions = [
        Transformation(code=PRODUCTION, category=code, day=day, weights={key: -ug for key, ug in weights.items()})
        for code, weights in differences.items()
        if weights[code] < 0
    ]
    moves = [move for code in categories for move in _category_changes(code, after, day, scheme)]
    return (*losses, *productions, *moves)


def decay_losses(
    weights: Mapping[str, int], start: date, end: date, grown: Collection[str] = ()
) -> tuple[Transformation, ...]:
    """The changes due for the decay of the isotopes that the weights name, from one date to another.

    The element loses what its named isotopes lose. A sum such as ``Pu239+Pu241`` follows its parts where both are
    named, and is refused where not. Daughters are booked only as the categories in ``grown`` (``Am241``, say), for
    most books do not account them.

    >>> held = {"P": 1_000_000_000, "P/Pu239": 880_000_000, "P/Pu241": 120_000_000}
    >>> for due in decay_losses(held, date(2024, 1, 1), date(2025, 1, 1), grown=("Am241",)):
    ...     print(due.code, {key: ug / 1e6 for key, ug in due.weights.items()})
    LN {'P': 5.704938, 'P/Pu239': 0.025351, 'P/Pu241': 5.679587}
    NP {'Am241': 5.674991}
    """
    _check(weights)
    after = dict(weights)
    for code in dict.fromkeys(split_key(key)[0] for key in weights):
        isotopes = _isotopes(code, weights)
        decayed = decay(isotopes, start, end)
        daughters = {nuclide: ug for nuclide, ug in decayed.items() if nuclide not in isotopes}
        for key, ug in _decay_loss(code, weights, isotopes, decayed).items():
            after[key] -= ug
        for category in (known for known in grown if CATEGORIES[known].nuclide in daughters):
            after[category] = after.get(category, 0) + daughters[CATEGORIES[category].nuclide]
    return tuple(due for due in transformation(weights, after, end) if due.code in (LOSS, PRODUCTION))


def _check(weights: Mapping[str, int]) -> None:
    for key, ug in weights.items():
        code = split_key(key)[0]
        if code not in CATEGORIES:
            raise TransformationError(f"{key}: there is no category {code!r}.")
        if code not in weights:
            raise TransformationError(f"{key} has no weight of its element beside it.")
        if ug < 0:
            raise TransformationError(f"{key}: a batch cannot hold the negative mass of {ug} ug.")


def _difference(code: str, before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Before less after, for every weight of a category; both must hold the same weights where both hold any."""
    keys = [key for key in (*before, *after) if split_key(key)[0] == code]
    if code in before:
        missing = sorted({key for key in keys if key not in before or key not in after})
        if missing:
            raise TransformationError(
                f"{', '.join(missing)}: give the weight both before and after; blank is not zero."
            )
    return {key: before.get(key, 0) - after[key] for key in dict.fromkeys(keys)}


def _category_changes(
    code: str, after: Mapping[str, int], day: date, scheme: Sequence[str]
) -> tuple[Transformation, ...]:
    enriched = enrichment(code, after) if code in scheme and code in after else None
    if enriched is None or (target := category_for(enriched, scheme)) == code:
        return ()
    left = {key: ug for key, ug in after.items() if split_key(key)[0] == code}
    change = category_change(CATEGORIES[code].agency, CATEGORIES[target].agency)
    return (
        Transformation(
            code=change.code if change else "",
            category=code,
            day=day,
            weights=left,
            new_category=target,
            new_weights=_as_category(code, left, target),
        ),
    )


def _as_category(code: str, weights: Mapping[str, int], target: str) -> dict[str, int]:
    """The same uranium by the weights that the new category accounts.

    Fissile content becomes U-235 on entering enriched uranium (natural and depleted uranium bring no other), and the
    sum of U-233 and U-235 becomes fissile content on leaving it. Other isotopes are no longer accounted.
    """
    kept = {weight.nuclide for weight in CATEGORIES[target].weights}
    moved = {target: weights[code]}
    moved |= {join_key(target, nuclide): ug for key, ug in weights.items() if (nuclide := split_key(key)[1]) in kept}
    fissile = fissile_ug(code, weights)
    if fissile is not None and FISSILE in kept:
        moved[join_key(target, FISSILE)] = fissile
    elif fissile is not None and join_key(code, FISSILE) in weights:
        moved[join_key(target, "U235")] = fissile
    return moved


def _isotopes(code: str, weights: Mapping[str, int]) -> dict[str, int]:
    """The single isotopes that the weights of a category name; a category of one nuclide is its own isotope."""
    own = CATEGORIES[code].nuclide
    named = {split_key(key)[1]: ug for key, ug in weights.items() if split_key(key)[0] == code}
    singles = {nuclide: ug for nuclide, ug in named.items() if nuclide in NUCLIDES}
    return {own: weights[code]} if own in NUCLIDES else singles


def _decay_loss(
    code: str, weights: Mapping[str, int], isotopes: Mapping[str, int], decayed: Mapping[str, int]
) -> dict[str, int]:
    """What every weight of a category loses by decay; daughters of the same element stay in the element."""
    lost = {nuclide: ug - decayed[nuclide] for nuclide, ug in isotopes.items()}
    stays = sum(
        ug for nuclide, ug in decayed.items() if nuclide not in isotopes and _element(nuclide) == _element(code)
    )
    losses = {code: sum(lost.values()) - stays}
    for key in weights:
        category, nuclide = split_key(key)
        if category != code or not nuclide or nuclide == FISSILE:
            continue
        parts = nuclide.split("+")
        if not all(part in lost for part in parts):
            raise TransformationError(f"{key}: its decay follows from its parts; give the weight of each.")
        losses[key] = sum(lost[part] for part in parts)
    return losses


def _element(name: str) -> str:
    """Chemical symbol of a category or of a nuclide."""
    return CATEGORIES[name].element if name in CATEGORIES else name.rstrip("0123456789")
