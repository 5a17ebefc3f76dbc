"""What is kept of the whole State, handed on to the processes that a server begins, so that it is counted once.

Rules kept here:

1. It goes through a pipe from a process to one that it began itself, and from nowhere else: it is believed as it is.
2. What was handed on is looked at before it is used as what was made here is (`kept`, rule 2): by then a statement may
   have come, and nothing of before it is shown.
3. All is packed at once, so that what is one thing here is one thing there; what is told by being the same stays so.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class _Keeper:
    """What is kept somewhere: how to copy it, and how to add what another process copied."""

    copied: Callable[[], object]
    add: Callable[[Any], object]


_KEEPERS: Final[dict[str, _Keeper]] = {}


def name_of(make: Callable[..., object]) -> str:
    """The name of what a function makes."""
    return f"{make.__module__}.{make.__qualname__}"


def hand_on(name: str, copied: Callable[[], object], add: Callable[[Any], object]) -> None:
    """Have something that is kept handed on under a name; the first of a name is."""
    _KEEPERS.setdefault(name, _Keeper(copied, add))


def packed() -> bytes:
    """All that is kept here, for a process that this one begins."""
    return pickle.dumps({name: each.copied() for name, each in _KEEPERS.items()}, pickle.HIGHEST_PROTOCOL)


def unpack(given: bytes) -> None:
    """Keep what the process that began this one has packed (rule 1)."""
    for name, found in pickle.loads(given).items():  # noqa: S301
        if name in _KEEPERS:
            _KEEPERS[name].add(found)
