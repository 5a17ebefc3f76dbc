"""The routine of the fuel plant: cylinders come, are converted, become powder, pellets and assemblies; little is lost
on the way.

The store (XTF1) holds cylinders and drums. The process area (XTF2) holds bulk material: what is held up in equipment,
scrap, and discards are measured or estimated, and each physical inventory finds a little more or less than the book
says.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from openmpca.demonstration.days import FIRST, OPENING, Diary, Uranium, months, reporting_day, working
from openmpca.demonstration.reactors import UNIT
from openmpca.demonstration.scenario import Block

STORE: Final = "XTF1"
PROCESS: Final = "XTF2"
SUPPLIER: Final = "XP/XPE1"
INVENTORIES: Final = (date(2024, 6, 14), date(2025, 6, 13))
ENRICHMENT: Final = 0.0445
CYLINDER: Final = "OGUB"
POWDER: Final = "GQMB"
SCRAP: Final = "RRLD"
HELD_UP: Final = "FQ6D"
DELIVERED: Final = {"2024": date(2024, 8, 20), "2025": date(2025, 3, 11)}
DISCARDED_TWICE: Final = date(2024, 10, 1)
MISREAD: Final = date(2025, 4, 1)
"""The months in which a discard is stated twice, and one is stated with a digit lost: both are put right later, by
hand.
"""

NOT_ANNOUNCED: Final = date(2025, 9, 1)
EXPORTED_FROM: Final = date(2025, 2, 1)
EXPORTED: Final = Uranium(220_000, 9_790)
"""Scrap that leaves for Perion through the store; that story is told by hand."""
CORRECTED_TWICE: Final = Uranium(15_412_000, 685_834)
RIGHT: Final = Uranium(15_402_600, 685_416)
"""Cylinder C30B-0003 as its supplier first invoiced it, and as it is after two corrections, told by hand."""


class Plant:
    """What the two areas hold, as the operator's own system would know it."""

    def __init__(self, seed: str) -> None:
        self.store = Diary("fuel-store.toml", seed, "tara", ("emil",))
        self.process = Diary("fuel-process.toml", seed, "emil", ("tara",))
        self.held: dict[str, Uranium] = {}
        self.cylinders: list[str] = []
        self.number = 0
        self.made = {2024: 0, 2025: 0}

    def uranium(self, element: int) -> Uranium:
        """Uranium of the plant's enrichment."""
        return Uranium(element, round(element * ENRICHMENT))

    def blocks(self) -> list[Block]:
        """Everything that the plant states."""
        self._open()
        for month in months():
            if month.month in (2, 9):
                self._announce(month)
                self._import(month)
            if month == EXPORTED_FROM:
                self.held["SCR-23"] = self.held["SCR-23"] - EXPORTED
            if month.month in (1, 7):
                self._feed(month)
            if month.month in (2, 4, 5, 8, 10, 11):
                self._press(month)
            if month.month == 12:
                self._recover_scrap(month)
            for day in INVENTORIES:
                if (day.year, day.month) == (month.year, month.month):
                    self._inventories(day)
            self._discard(month)
        for year in DELIVERED:
            self._deliver(year)
        return [*self.store.blocks, *self.process.blocks]

    def _cylinder(self) -> str:
        self.number += 1
        name = f"C30B-{self.number:04}"
        self.held[name] = self.uranium(self.store.about(15_402_000, 9_000))
        return name

    def _open(self) -> None:
        first = [self._cylinder(), self._cylinder()]
        self.cylinders = first
        lines = [_line(name, self.held[name], "UF6", "A", CYLINDER, items=1, obligation="XPA") for name in first]
        self.store.write("open", date(2024, 1, 15), name="open-xtf1", mba=STORE, day=OPENING, each=lines)
        held = {"P-23-04": 3_120_000, "SCR-23": 251_300, "HU-KILN": 181_000, "HU-PRESS": 64_000}
        self.held |= {name: self.uranium(element) for name, element in held.items()}
        lines = [
            _line("P-23-04", self.held["P-23-04"], "POWDER", "A", POWDER, obligation="XPA"),
            _line("SCR-23", self.held["SCR-23"], "SCRAP", "C", SCRAP),
            *(self._held_up(name, place) for name, place in (("HU-KILN", "KILN"), ("HU-PRESS", "PRESS"))),
        ]
        self.process.write("open", date(2024, 1, 15), name="open-xtf2", hour=11, mba=PROCESS, day=OPENING, each=lines)

    def _held_up(self, name: str, place: str) -> dict[str, Any]:
        line = _line(name, self.held[name], place, "B", HELD_UP)
        return {**line, "holdup": True, "method": "NDA", "uncertainty": "8 %"}

    def _announce(self, month: date) -> None:
        """The authority tells the Agency of the import; the last time it forgot."""
        if month == NOT_ANNOUNCED:
            return
        sent = working(month - timedelta(days=20))
        notice = {
            "code": _notice(month),
            "sort": "advance notice",
            "mba": STORE,
            "due": working(month + timedelta(days=5)),
            "title": "Import of two cylinders of UF6 from Perion",
            "sent": sent,
            "answered": sent + timedelta(days=7),
            "answer": "noted",
        }
        self.store.write("state", sent, by="ines", approved=(), kind="document", day=sent, each=[notice])

    def _import(self, month: date) -> None:
        day = working(month + timedelta(days=5))
        each, measured = [], {}
        for _ in range(2):
            name = self._cylinder()
            self.cylinders.append(name)
            booked = CORRECTED_TWICE if name == "C30B-0003" else self.held[name]
            each.append({"batch": name, "shipper_batch": f"XP{name[-4:]}", "weights": booked.weights})
            found = self.uranium(booked.element - self.store.about(650, 600))
            if booked is not CORRECTED_TWICE:
                measured[name] = found.weights
            self.held[name] = found if name in measured else RIGHT
        self.store.write(
            "receive",
            day + timedelta(days=2),
            name=f"import-{month:%Y-%m}",
            mba=STORE,
            day=day,
            counterpart=SUPPLIER,
            kmp="1",
            place="UF6",
            items=1,
            description=CYLINDER,
            obligation="XPA",
            document=_notice(month),
            each=each,
            measured=measured,
        )

    def _feed(self, month: date) -> None:
        """A cylinder goes to the process area and is converted to powder."""
        name = self.cylinders.pop(0)
        half = f"{month:%y}-{1 if month.month < 7 else 2}"
        day = working(month + timedelta(days=16 if month == FIRST else 8))
        shipped = self.store.write(
            "ship",
            day,
            hour=10,
            name=f"feed-{half}",
            mba=STORE,
            day=day,
            batches=[name],
            counterpart=f"XT/{PROCESS}",
            kmp="2",
            description=CYLINDER,
        )
        self.process.write(
            "receive",
            day,
            hour=14,
            name=f"fed-{half}",
            mba=PROCESS,
            day=day,
            shipped=[shipped],
            kmp="1",
            place="POWDER",
        )
        whole = self.held.pop(name)
        scrap = whole.part(self.process.about(58_000, 4_000))
        kiln = whole.part(self.process.about(9_000, 1_500))
        powder = whole - scrap - kiln
        self._rebatch(
            day + timedelta(days=6),
            {name: whole},
            {f"P-{half}": powder, self._scrap(month): scrap, "HU-KILN": kiln},
            name=f"convert-{half}",
            tells="A cylinder becomes powder; a little stays in the kiln, a little becomes scrap.",
        )

    @staticmethod
    def _scrap(month: date) -> str:
        return f"SCR-{month:%y}"

    def _rebatch(
        self, day: date, out: dict[str, Uranium], into: dict[str, Uranium], name: str = "", tells: str = ""
    ) -> None:
        for batch, uranium in out.items():
            left = self.held.get(batch, uranium) - uranium
            self.held.pop(batch, None)
            if left.element:
                self.held[batch] = left
        for batch, uranium in into.items():
            self.held[batch] = self.held.get(batch, Uranium(0, 0)) + uranium
        self.process.write(
            "rebatch",
            working(day),
            name=name,
            tells=tells,
            mba=PROCESS,
            day=day,
            kmp="4",
            out=[
                {"batch": batch, "weights": each.weights, "description": _described(batch), **_items(batch)}
                for batch, each in out.items()
            ],
            into=[
                {
                    "batch": batch,
                    "weights": each.weights,
                    "description": _described(batch),
                    "place": _place(batch),
                    **_items(batch),
                }
                for batch, each in into.items()
            ],
        )

    def _press(self, month: date) -> None:
        """Powder becomes two assemblies, with scrap from grinding."""
        day = working(month + timedelta(days=17))
        source = max((name for name in self.held if name.startswith("P-")), key=lambda name: self.held[name].element)
        into = {}
        for _ in range(2):
            self.made[month.year] += 1
            into[f"TF-{month:%y}-{self.made[month.year]:02}"] = self.held[source].part(
                self.process.about(2_500_000, 4_000)
            )
        into[self._scrap(month)] = self.held[source].part(self.process.about(31_000, 3_000))
        into["HU-PRESS"] = self.held[source].part(self.process.about(2_400, 500))
        used = Uranium(0, 0)
        for each in into.values():
            used = used + each
        self._rebatch(day, {source: used}, into)

    def _recover_scrap(self, month: date) -> None:
        """Clean scrap goes back to powder; what is left of it is poor and is kept as retained waste."""
        day = working(month + timedelta(days=9))
        scrap = self._scrap(month)
        whole = self.held[scrap]
        waste = whole.part(self.process.about(6_200, 500))
        clean = whole.part(round(whole.element * 0.7)) - waste
        self._rebatch(day, {scrap: clean}, {f"P-{month:%y}-R": clean}, name=f"recover-{month:%Y}")
        self.held[scrap] = self.held[scrap] - waste
        self._out("TW", day, scrap, waste, name=f"retained-{month:%Y}", description="TRNE")

    def _discard(self, month: date) -> None:
        """Liquid effluent, measured, discharged to the river."""
        day = working(month + timedelta(days=24))
        source = self._scrap(month) if self._scrap(month) in self.held else "SCR-23"
        gone = self.held[source].part(self.process.about(3_400, 900))
        if month == MISREAD:
            gone = self.held[source].part(41_200)
        self.held[source] = self.held[source] - gone
        stated = gone if month != MISREAD else Uranium(gone.element // 10, gone.fissile // 10)
        self._out("LD", day, source, stated, name=f"discard-{month:%Y-%m}", description="UJ6E")
        if month == DISCARDED_TWICE:
            again = day + timedelta(days=3)
            self._out("LD", again, source, stated, name="discard-again", description="UJ6E", day=day, expects=[334])

    def _out(
        self,
        code: str,
        stated: date,
        batch: str,
        gone: Uranium,
        *,
        name: str,
        description: str,
        day: date | None = None,
        expects: Iterable[int] = (),
    ) -> None:
        self.process.write(
            "state",
            stated + timedelta(days=1),
            name=name,
            expects=list(expects),
            kind="change",
            mba=PROCESS,
            day=day or stated,
            code=code,
            batch=batch,
            weights=gone.weights,
            kmp="3",
            description=description,
            basis="M",
            method="TITR",
        )

    def _inventories(self, day: date) -> None:
        self.store.write(
            "take inventory", working(day + timedelta(days=3)), name=f"pit-xtf1-{day:%Y}", mba=STORE, day=day
        )
        self.store.write("close", reporting_day(day), hour=12, name=f"close-xtf1-{day:%Y}", of=f"@pit-xtf1-{day:%Y}")
        found = []
        for batch in sorted(self.held):
            if batch.startswith("C30B"):
                continue
            if batch.startswith("P-"):
                self.held[batch] = self.held[batch].part(self.held[batch].element - self.process.about(240, 350))
            elif batch.startswith("HU-"):
                self.held[batch] = self.held[batch].part(self.held[batch].element - self.process.about(-900, 2_600))
            elif batch.startswith("SCR"):
                self.held[batch] = self.held[batch].part(self.held[batch].element - self.process.about(800, 1_400))
            else:
                continue
            found.append({"batch": batch, "weights": self.held[batch].weights})
        self.process.write(
            "take inventory",
            working(day + timedelta(days=5)),
            name=f"pit-xtf2-{day:%Y}",
            mba=PROCESS,
            day=day,
            but=found,
        )
        self.process.write("close", reporting_day(day), hour=12, name=f"close-xtf2-{day:%Y}", of=f"@pit-xtf2-{day:%Y}")

    def _deliver(self, year: str) -> None:
        """Assemblies for the next outage go to the power reactor; in 2025 the receipt is stated before the shipment."""
        day = DELIVERED[year]
        late = year == "2025"
        first = 1 if not late else 7
        names = [f"TF-24-{number:02}" for number in range(first, first + 6)]
        each: list[dict[str, Any]] = [{"batch": name} for name in names]
        ship: dict[str, Any] = {
            "name": f"deliver-{year}",
            "mba": PROCESS,
            "day": day,
            "counterpart": f"XT/{UNIT}",
            "kmp": "2",
            "description": "BQ2F",
            "batches": names,
        }
        if not late:
            shipped = self.process.write("ship", day, **ship)
            self.process.write(
                "receive",
                day + timedelta(days=2),
                name=f"delivered-{year}",
                by="viktor",
                approved=("asa",),
                mba=UNIT,
                day=day + timedelta(days=1),
                shipped=[shipped],
                kmp="1",
                place="FRESH",
            )
            return
        receipts = [
            {
                **one,
                "shipper_batch": one["batch"],
                "weights": self.held[one["batch"]].weights,
                "item_numbers": [one["batch"]],
            }
            for one in each
        ]
        self.process.write(
            "receive",
            day + timedelta(days=2),
            name=f"delivered-{year}",
            by="viktor",
            approved=("asa",),
            tells="The reactor states its receipt; the plant has not stated the shipment yet.",
            mba=UNIT,
            day=day + timedelta(days=1),
            code="RD",
            counterpart=f"XT/{PROCESS}",
            kmp="1",
            place="FRESH",
            items=1,
            description="BQ2F",
            each=receipts,
        )
        self.process.write("ship", day + timedelta(days=8), **ship)


def _notice(month: date) -> str:
    return f"AN-{month:%Y-%m}"


def _items(batch: str) -> dict[str, Any]:
    """Cylinders and assemblies are counted; powder, scrap and what is held up are bulk."""
    return {"items": 1, "item_numbers": [batch]} if batch.startswith(("C30B", "TF")) else {}


def _described(batch: str) -> str:
    if batch.startswith("C30B"):
        return CYLINDER
    return {"P-": POWDER, "SC": SCRAP, "HU": HELD_UP, "TF": "BQ2F"}[batch[:2]]


def _place(batch: str) -> str:
    return {"P-": "POWDER", "SC": "SCRAP", "TF": "FINISHED"}.get(batch[:2]) or batch.removeprefix("HU-")


def _line(batch: str, uranium: Uranium, place: str, kmp: str, description: str, **more: Any) -> dict[str, Any]:
    return {"batch": batch, "weights": uranium.weights, "place": place, "kmp": kmp, "description": description, **more}


def plant(seed: str) -> list[Block]:
    """The blocks of both areas."""
    return Plant(seed).blocks()


__all__ = ["INVENTORIES", "PROCESS", "STORE", "plant"]
