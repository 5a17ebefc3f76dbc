"""A State of any size, for benchmarks and for learning to import: its register as a scenario, its changes as a table.

Batches of low enriched uranium come from abroad, are discarded from, are partly shipped to another area that receives
them on the shipper's data, and what is left is exported: eight changes a batch, in the order of their days, so that
no balance is negative at any date.

    openmpca demonstration --size 100000 --write-scenario big
    openmpca --home big/home play big/register.toml
    openmpca --home big/home import table big/changes.csv --as change --by anna
"""

import heapq
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from openmpca.demonstration.scenario import Block, Head, written

FIRST: Final = date(2014, 1, 1)
COUNTRY: Final = "XT"
COLUMNS: Final = (
    "day",
    "mba",
    "code",
    "batch",
    "kmp",
    "description",
    "basis",
    "items",
    "counterpart",
    "shipper_batch",
    "LEU (g)",
    "LEU/U235 (g)",
)
_LIFE: Final = (("RF", 0), ("LD", 4), ("LD", 9), ("SD", 15), ("RD", 17), ("LD", 25), ("LD", 31), ("SF", 40))
_SPAN: Final = 41

Line = tuple[date, int, str]


def area(number: int) -> str:
    """The code of an area.

    >>> area(0), area(299)
    ('Z000', 'Z299')
    """
    return f"Z{number:03}"


def changes(count: int, mbas: int = 300, years: int = 10, seed: str = "2024") -> Iterator[str]:
    """The lines of a table of ``count`` changes, its head first, in the order of their days."""
    yield ",".join(COLUMNS) + "\n"
    chance = random.Random(f"{seed} {count} {mbas} {years}")  # noqa: S311  a story, not a secret
    batches = -(-count // len(_LIFE))
    days = max(years * 365 - _SPAN, 1)
    waiting: list[Line] = []
    left = count
    for number in range(batches):
        begun = FIRST + timedelta(days=number * days // batches)
        while waiting and waiting[0][0] < begun and left:
            yield heapq.heappop(waiting)[2]
            left -= 1
        for at, (day, line) in enumerate(_batch(number, begun, mbas, chance)):
            heapq.heappush(waiting, (day, number * len(_LIFE) + at, line))
    for _ in range(left):
        yield heapq.heappop(waiting)[2]


def _batch(number: int, begun: date, mbas: int, chance: random.Random) -> Iterator[tuple[date, str]]:
    """The life of one batch, in thousandths of a gram."""
    name = f"B{number:07}"
    here = int(chance.random() * mbas)
    there = (here + 1 + int(chance.random() * max(mbas - 1, 1))) % mbas
    there = there if there != here else (here + 1) % mbas
    whole = 8_000_000 + int(chance.random() * 1_000_000)
    moved = whole // 2
    amounts = (whole, 3_000, 2_000, moved, moved, 1_000, 1_500, moved - 10_000)
    for (code, after), amount in zip(_LIFE, amounts, strict=True):
        at = there if code == "RD" or after > 17 else here
        other = {"SD": f"{COUNTRY}/{area(there)}", "RD": f"{COUNTRY}/{area(here)}"}.get(code, "")
        other = "XP/XPE1" if code in ("RF", "SF") else other
        cells = (
            begun + timedelta(days=after),
            area(at),
            code,
            name,
            "1",
            "FQ1B",
            "M" if code != "RD" else "N",
            0,
            other,
            name if code in ("RF", "RD") else "",
            _grams(amount),
            _grams(amount * 4 // 100),
        )
        yield begun + timedelta(days=after), ",".join(map(str, cells)) + "\n"


def _grams(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def register(mbas: int) -> str:
    """The scenario that founds such a State and registers its areas."""
    people: list[Any] = [
        {"id": "p-0000000001", "handle": "anna", "name": "Anna"},
        {"id": "p-0000000002", "handle": "boris", "name": "Boris"},
    ]
    codes = [area(number) for number in range(mbas)]
    blocks = [
        _block("found", day=FIRST, party_code="SRA", party_name="Authority", persons=people, roles=["authority"]),
        _block("state", kind="country", day=FIRST, each=[{"code": COUNTRY, "name": "Tessara, large", "own": True}]),
        _block("state", kind="facility", day=FIRST, each=[{"code": "ZZA-", "name": "Works"}]),
        _block(
            "state",
            kind="mba",
            day=FIRST,
            facility="ZZA-",
            each=[{"code": code, "name": f"Area {code}"} for code in codes],
        ),
        _block("state", kind="kmp", day=FIRST, code="1", each=[{"mba": code, "name": "Flow"} for code in codes]),
    ]
    return written(blocks, title="A State of any size: its register")


def _block(do: str, **fields: Any) -> Block:
    return Block(Head(at=datetime(2014, 1, 1, tzinfo=UTC), by="anna", approved=["boris"], do=do), fields)


def write(folder: Path, count: int, mbas: int, years: int, seed: str) -> tuple[Path, Path]:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    scenario, table = folder / "register.toml", folder / "changes.csv"
    scenario.write_text(register(mbas), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        file.writelines(changes(count, mbas, years, seed))
    return scenario, table
