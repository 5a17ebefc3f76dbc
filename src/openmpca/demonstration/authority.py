"""The routine of the authority: initial reports, each month's reports made, sent and acknowledged, by a deputy in
August.

Reports of a month are made on about the tenth of the next, sent two days later, answered before its end. Where there
was a physical inventory the operator closes the balance once the changes are reported; its listing and balance follow
the same day.
"""

from datetime import date, timedelta
from typing import Final

from openmpca.demonstration.days import LAST, OPENING, Diary, months, reporting_day, working
from openmpca.demonstration.scenario import Block

AREAS: Final = ["XTF1", "XTF2", "XTL1", "XTP1", "XTR1"]
INVENTORIES: Final = {
    "2024-04": ["XTP1"],
    "2024-06": ["XTF1", "XTF2"],
    "2024-11": ["XTL1", "XTR1"],
    "2025-05": ["XTP1"],
    "2025-06": ["XTF1", "XTF2"],
    "2025-11": ["XTL1", "XTR1"],
}
CORRECTED_BALANCES: Final = {"2025-07": ["XTF2"]}
"""The month in whose reporting a balance made before is corrected: a mistake told by hand was found after the
inventory.
"""
RETURNED: Final = date(2024, 7, 1)
"""The month whose reports of the research reactor come back with a remark; that story is told by hand."""


def authority(seed: str) -> list[Block]:
    """The blocks of the authority."""
    diary = Diary("authority.toml", seed, "ines", ("jonas",))
    _cycle(diary, "initial", OPENING, working(date(2024, 1, 22)), {"P": AREAS})
    for month in months():
        following = (month + timedelta(days=32)).replace(day=1)
        name = f"{month:%Y-%m}"
        changes = AREAS if month != RETURNED else [each for each in AREAS if each != "XTR1"]
        wanted = {"I": changes}
        if areas := INVENTORIES.get(name, []) + CORRECTED_BALANCES.get(name, []):
            wanted["PM"] = areas
        _cycle(diary, name, following - timedelta(days=1), reporting_day(month), wanted)
    return diary.blocks


def _cycle(diary: Diary, name: str, until: date, made: date, wanted: dict[str, list[str]]) -> None:
    by = "pavel" if made.month == 8 else "ines"
    encoder = "DRAGAN,P." if by == "pavel" else "MORELL,I."
    reports = [
        diary.write(
            "report",
            made,
            by=by,
            hour=9 if sorts != "PM" else 15,
            name=f"reports-{name}" if sorts != "PM" else f"balances-{name}",
            areas=areas,
            until=until,
            sorts=list(sorts),
            encoder=encoder,
        )
        for sorts, areas in wanted.items()
    ]
    sent = working(made + timedelta(days=2))
    diary.write("send", sent, by=by, approved=(), day=sent, reports=reports)
    answered = working(made + timedelta(days=14))
    if answered > LAST:
        return
    diary.write(
        "answer", answered, by=by if answered.month == 8 else "ines", approved=(), day=answered, reports=reports
    )
