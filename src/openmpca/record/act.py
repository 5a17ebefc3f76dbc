"""Who states: the act by which statements enter the record."""

import msgspec

from openmpca.record import clock


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """A party, the person who prepared, those who approved, and the soft rules overridden, each with its reason."""

    party: str
    prepared_by: str
    approved_by: list[str] = []
    overrides: dict[str, str] = {}

    def lines(self, recorded_us: int) -> list[tuple[str, object]]:
        """The envelope's lines after kind and version."""
        made: list[tuple[str, object]] = [("party", self.party), ("prepared_by", self.prepared_by)]
        if self.approved_by:
            made.append(("approved_by", self.approved_by))
        if self.overrides:
            made.append(("overrides", self.overrides))
        return [*made, ("recorded", clock.to_text(recorded_us))]
