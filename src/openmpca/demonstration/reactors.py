"""The routine of the two reactors: fuel that comes, is loaded, irradiated, discharged; physical inventories every year.

Figures are plausible for a small light-water unit (37 assemblies of 250 kg uranium, 12 exchanged at each outage) and
for a pool reactor of five megawatts with elements of 19.75 % enrichment that replaced elements of 90 %.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from openmpca.demonstration.days import OPENING, Diary, Uranium, grams, reporting_day, working
from openmpca.demonstration.scenario import Block

UNIT: Final = "XTP1"
POOL: Final = "XTR1"
OUTAGES: Final = (date(2024, 4, 15), date(2025, 10, 13))
UNIT_INVENTORIES: Final = (date(2024, 4, 30), date(2025, 5, 30))
POOL_INVENTORIES: Final = (date(2024, 11, 15), date(2025, 11, 14))
FRESH: Final = "BQ2F"
IN_CORE: Final = "BQ4F"
SPENT: Final = "BQ1G"
SILICIDE: Final = {"fresh": "B42F", "core": "B44F", "spent": "B41G"}
ALUMINIDE: Final = {"fresh": "B32F", "core": "B34F", "spent": "B31G"}


def assembly(number: int) -> str:
    """The name of an assembly of the power reactor."""
    return f"TS-{number:03}"


def unit(seed: str) -> list[Block]:
    """The power reactor: opening, two outages, two physical inventories."""
    diary = Diary("power-reactor.toml", seed, "viktor", ("asa",))
    fuel = {assembly(number): Uranium(diary.about(2_500_000, 4_000), 0) for number in range(1, 50)}
    fuel = {name: Uranium(each.element, round(each.element * 0.0395)) for name, each in fuel.items()}
    core = [assembly(number) for number in range(1, 38)]
    fresh = [assembly(number) for number in range(38, 50)]
    spent = [assembly(number) for number in range(901, 909)]
    lines = [_line(name, fuel[name], "CORE", "B", IN_CORE) for name in core]
    lines += [_line(name, fuel[name], "FRESH", "A", FRESH) for name in fresh]
    lines += [_irradiated(diary, name) for name in spent]
    diary.write("open", date(2024, 1, 11), name="open-xtp1", mba=UNIT, day=OPENING, each=lines)
    loaded = fresh
    for outage, taken in zip(OUTAGES, (core[:12], core[12:24]), strict=True):
        _outage(diary, outage, taken, loaded)
        loaded = [f"TF-24-{number:02}" for number in range(1, 13)]
    for day in UNIT_INVENTORIES:
        _inventory(diary, UNIT, day)
    return diary.blocks


def _line(batch: str, uranium: Uranium, place: str, kmp: str, description: str, items: int = 1) -> dict[str, Any]:
    return {
        "batch": batch,
        "weights": uranium.weights,
        "items": items,
        "place": place,
        "kmp": kmp,
        "description": description,
        "item_numbers": [batch],
    }


def _after(diary: Diary) -> dict[str, str]:
    """What an assembly of the power reactor holds after three cycles."""
    plutonium = diary.about(21_800, 900)
    return {
        "LEU": grams(diary.about(2_412_000, 3_000)),
        "LEU/U235": grams(diary.about(20_900, 900)),
        "P": grams(plutonium),
        "P/Pu239+Pu241": grams(round(plutonium * 0.69)),
    }


def _irradiated(diary: Diary, name: str) -> dict[str, Any]:
    line = _line(name, Uranium(0, 0), "POND", "C", SPENT)
    return {**line, "weights": _after(diary)}


def _outage(diary: Diary, day: date, taken: Sequence[str], loaded: Sequence[str]) -> None:
    end = day + timedelta(days=10)
    diary.write(
        "discharge",
        end,
        name=f"discharge-{day:%Y-%m}",
        tells="Twelve assemblies leave the core; loss and production follow from the depletion calculation.",
        mba=UNIT,
        day=day + timedelta(days=4),
        kmp="3",
        description=SPENT,
        method="ORIGEN",
        reference_date=day,
        to_place="POND",
        each=[{"batch": name, "after": _after(diary)} for name in taken],
    )
    diary.write(
        "move",
        end,
        name=f"loading-{day:%Y-%m}",
        day=day + timedelta(days=6),
        mba=UNIT,
        batches=list(loaded),
        place="CORE",
    )


def _inventory(diary: Diary, mba: str, day: date, **found: Any) -> None:
    """A physical inventory in which every item is found, closed some days later."""
    low = mba.lower()
    diary.write(
        "take inventory", working(day + timedelta(days=3)), name=f"pit-{low}-{day.year}", mba=mba, day=day, **found
    )
    diary.write("close", reporting_day(day), hour=12, name=f"close-{low}-{day.year}", of=f"@pit-{low}-{day.year}")


def pool(seed: str) -> list[Block]:
    """The research reactor: opening, two changes of the core, two physical inventories; the rest is told by hand."""
    diary = Diary("research-reactor.toml", seed, "lena", ("omar",))
    lines = []
    for number in range(1, 21):
        lines.append(_line(f"LI-L{number:02}", _element(diary), "CORE", "B", SILICIDE["core"]))
    for number in range(21, 25):
        lines.append(_line(f"LI-L{number:02}", _element(diary), "FRESH", "A", SILICIDE["fresh"]))
    for number in range(1, 9):
        element = Uranium(diary.about(1_620, 15), diary.about(1_270, 12), "HEU")
        lines.append(_line(f"LI-H{number:02}", element, "POND", "C", ALUMINIDE["spent"]))
    for number in range(9, 11):
        lines.append(_line(f"LI-H{number:02}", Uranium(2_105, 1_895, "HEU"), "FRESH", "A", ALUMINIDE["fresh"]))
    diary.write("open", date(2024, 1, 10), name="open-xtr1", mba=POOL, day=OPENING, each=lines)
    _exchange(diary, date(2024, 3, 12), ("LI-L01", "LI-L02"), ("LI-L21", "LI-L22"))
    _exchange(diary, date(2025, 2, 11), ("LI-L03", "LI-L04", "LI-L05"), ("LI-L23", "LI-L24", "LI-L25"))
    for day in POOL_INVENTORIES:
        _inventory(diary, POOL, day)
    return diary.blocks


def _element(diary: Diary) -> Uranium:
    element = diary.about(22_950, 60)
    return Uranium(element, round(element * 0.1975))


def _exchange(diary: Diary, day: date, taken: Sequence[str], loaded: Sequence[str]) -> None:
    each = []
    for name in taken:
        plutonium = diary.about(420, 30)
        after = {
            "LEU": grams(diary.about(20_480, 60)),
            "LEU/U235": grams(diary.about(2_330, 50)),
            "P": grams(plutonium),
            "P/Pu239+Pu241": grams(round(plutonium * 0.85)),
        }
        each.append({"batch": name, "after": after})
    diary.write(
        "discharge",
        day + timedelta(days=2),
        name=f"exchange-{day:%Y-%m}",
        mba=POOL,
        day=day,
        kmp="3",
        description=SILICIDE["spent"],
        method="MTR-PC",
        reference_date=day,
        to_place="POND",
        each=each,
    )
    diary.write(
        "move", day + timedelta(days=2), mba=POOL, day=day + timedelta(days=1), batches=list(loaded), place="CORE"
    )
