"""What is sealed, as a digest: canonical content, a salt that nobody can guess, and what both are bound to.

    digest = SHA-256("openmpca/sealed/v1\\n" + party + "\\n" + matter + "\\n" + salt + "\\n" + content)

Party and matter go into the digest, so that another party's digest, or one of another matter, opens nothing. The salt
has 128 bits: scores are few, and without it every one of them could be tried. No home, no database, no clock.

    >>> digest(Opening("ALD", "round:R-1", "00" * 16, canonical({"scores": {"P-2": 3, "P-1": 5}})))[:16]
    '751452252741766f'
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import msgspec

PREFIX: Final = "openmpca/sealed/v1"
SALT: Final = re.compile(r"[0-9a-f]{32}")
LONGEST: Final = 200_000
Random = Callable[[int], bytes]


class Opening(msgspec.Struct, frozen=True):
    """All that goes into a digest; who keeps it can open what was sealed, and nobody else can."""

    party: str
    matter: str
    salt: str
    content: str


def canonical(content: object) -> str:
    """Content as canonical JSON: names in order, no space.

    >>> canonical({"b": [1, "x"], "a": {}})
    '{"a":{},"b":[1,"x"]}'
    """
    return msgspec.json.encode(content, order="deterministic").decode()


def read(text: str) -> Any:
    """What a canonical text holds. Raises `ValueError` where it is not canonical, or too long."""
    if len(text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    try:
        held = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("it is no JSON") from None
    if canonical(held) != text:
        raise ValueError("it is not canonical: names in order, no spaces, each name once")
    return held


def made(party: str, matter: str, content: object, random: Random) -> Opening:
    """What opens a content that is sealed now."""
    return Opening(party, matter, random(16).hex(), canonical(content))


def digest(opening: Opening) -> str:
    """The digest that is stated."""
    text = "\n".join([PREFIX, opening.party, opening.matter, opening.salt, opening.content])
    return sha256(text.encode()).hexdigest()
