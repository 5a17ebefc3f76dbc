"""Sharing a mass out in proportion, exactly: whole micrograms, largest remainder first."""

from collections.abc import Sequence


def proportional(amount: int, parts: Sequence[int]) -> list[int]:
    """``amount`` shared out in proportion to ``parts`` (none negative); the shares sum to it exactly.

    Each gets the whole part of its share; what is left goes one by one to the largest remainders, the first of equals
    first. Where all parts are zero, all goes to the first.

    >>> proportional(10, [1, 1, 1]), proportional(-7, [3, 1]), proportional(5, [0, 0])
    ([4, 3, 3], [-5, -2], [5, 0])
    """
    if not parts:
        raise ValueError("there is nothing to share among")
    whole = sum(parts)
    if whole == 0:
        return [amount] + [0] * (len(parts) - 1)
    sign, magnitude = (-1 if amount < 0 else 1), abs(amount)
    shares = [magnitude * part // whole for part in parts]
    remainders = sorted(range(len(parts)), key=lambda at: (-(magnitude * parts[at] % whole), at))
    for at in remainders[: magnitude - sum(shares)]:
        shares[at] += 1
    return [sign * share for share in shares]
