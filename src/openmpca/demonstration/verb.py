"""What every verb of a scenario is: the fields of its block, and a way to state them."""

from typing import Any, ClassVar

import msgspec

from openmpca.demonstration.playing import Playing
from openmpca.record.statements import Statement

Fields = dict[str, Any]
Weights = dict[str, str]


class Verb(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all verbs share; ``makes`` is the kind of statement whose fields a block may give for all that it makes."""

    makes: ClassVar[type[Statement] | None] = None
    each_of: ClassVar[tuple[str, ...]] = ()

    def play(self, playing: Playing, shared: Fields) -> None:
        """State what the block says."""
        raise NotImplementedError
