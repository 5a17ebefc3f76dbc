"""A State with a research reactor, told in few words: what happened, and the reports that it leads to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.state import at, founded

Weights = dict[str, str]


@dataclass
class Story:
    """State ZZ with area ZZA1; every statement is recorded on the day after the one it speaks of, unless told
    otherwise."""

    mba: str = "ZZA1"
    precision: dict[str, str] = field(default_factory=dict)
    profile: str = "agency"
    act: Any = None

    def __post_init__(self) -> None:
        from openmpca.accounting.statements import Country, Facility, Kmp, Mba

        self.act = founded()
        day = date(2024, 1, 1)
        self.tell(
            Country(day=day, code="ZZ", name="Zedland", own=True, agreement_in_force=date(2024, 1, 15)),
            Country(day=day, code="YY", name="Ypsland"),
            Facility(day=day, code="ZZA-", name="Research reactor", for_party=self.act.party),
            Facility(day=day, code="ZZC-", name="Store", for_party=self.act.party),
            Facility(day=day, code="YYB-", name="Supplier"),
            Mba(
                day=day,
                code=self.mba,
                facility="ZZA-",
                name="Reactor",
                precision=self.precision,
                profile=self.profile,
            ),
            Mba(day=day, code="ZZC1", facility="ZZC-", name="Store"),
            Mba(day=day, code="YYB1", facility="YYB-", name="Supplier", country="YY", reference_only=True),
            *(Kmp(day=day, mba=mba, code=code, name=code) for mba in (self.mba, "ZZC1") for code in "12"),
            *(
                Kmp(day=day, mba=mba, code=code, name=code, inventory=True)
                for mba in (self.mba, "ZZC1")
                for code in "AB"
            ),
        )

    def tell(self, *statements: Any, when: str = "2024-01-02") -> range:
        """State something with two persons."""
        from openmpca.record import commands

        return commands.state(list(statements), self.act, when=at(when)).numbers

    def change(self, day: str, code: str, batch: str, weights: Weights, **more: Any) -> int:
        """An inventory change."""
        from openmpca.accounting.statements import Change

        when = more.pop("when", day)
        given = {"kmp": "1", "description": "BU2F", "basis": "N", "mba": self.mba, "items": 0, **more}
        if code in ("RF", "RD", "SF", "SD"):
            given.setdefault("counterpart", "YY/YYB1" if code.endswith("F") else "ZZ/ZZC1")
        return self.tell(
            Change(day=date.fromisoformat(day), code=code, batch=batch, weights=weights, **given), when=when
        )[0]

    def delete(self, number: int, day: str, when: str = "") -> int:
        """A deletion of a statement."""
        from openmpca.accounting.statements import Deletion

        deletion = Deletion(day=date.fromisoformat(day), mba=self.mba, corrects=number, reason="stated in error")
        return self.tell(deletion, when=when or day)[0]

    def inventory(self, day: str, lines: dict[str, Weights], *, opening: bool = False, **more: Any) -> list[int]:
        """A physical inventory that is closed; gives the statements of its lines."""
        from openmpca.accounting.statements import Closing, Inventory, Listed

        on = date.fromisoformat(day)
        number = self.tell(Inventory(day=on, mba=self.mba, opening=opening), when=day)[0]
        given = {"kmp": "A", "description": "BU2F", "basis": "L", **more}
        listed = [
            Listed(
                day=on,
                mba=self.mba,
                inventory=number,
                batch=batch,
                weights={key: ug for key, ug in weights.items() if key != "#"},
                items=int(weights.get("#", "0")),
                **given,
            )
            for batch, weights in lines.items()
        ]
        numbers = list(self.tell(*listed, when=day)) if listed else []
        self.tell(Closing(day=on, mba=self.mba, inventory=number), when=day)
        return numbers

    def relist(self, number: int, weights: Weights, when: str, **more: Any) -> int:
        """A correction of a line of a physical inventory."""
        import msgspec

        from openmpca.record.reading import stored

        line = stored(number).statement
        items = int(weights.get("#", str(line.items)))  # type: ignore[attr-defined]
        kept = {key: ug for key, ug in weights.items() if key != "#"}
        new = msgspec.structs.replace(line, weights=kept, items=items, corrects=number, reason="weighed again", **more)
        return self.tell(new, when=when)[0]

    def correct(self, number: int, when: str, **more: Any) -> int:
        """A correction of a change."""
        import msgspec

        from openmpca.record.reading import stored

        new = msgspec.structs.replace(stored(number).statement, corrects=number, reason="typing error", **more)
        return self.tell(new, when=when)[0]

    def report(self, sort: str, end: str, day: str, begin: str = "", **more: Any) -> Any:
        """A report made, approved and recorded."""
        from openmpca.accounting.reporting import commands
        from openmpca.accounting.reporting.make import Wanted

        wanted = Wanted(
            mba=self.mba,
            sort=sort,  # type: ignore[arg-type]
            begin=date.fromisoformat(begin) if begin else None,
            end=date.fromisoformat(end),
            day=date.fromisoformat(day),
            encoder="SMITH,J.",
            **more,
        )
        return commands.make_report(wanted, self.act, when=at(f"{day}T12:00:00"))


def lines(made: Any) -> list[str]:
    """The entries of a report in few words: status and reference, code, batch, weights in grams."""
    from openmpca.nuclear.mass import format_grams

    told = []
    for entry in made.draft.report.entries:
        reference = f"/{entry.reference.report}/{entry.reference.entry}" if entry.reference else ""
        parts = [entry.status + reference, getattr(entry, "code", ""), getattr(entry, "batch", "")]
        parts += [f"{key}={format_grams(ug)}" for key, ug in entry.weights.items()]
        told.append(" ".join(part for part in parts if part))
    return told
