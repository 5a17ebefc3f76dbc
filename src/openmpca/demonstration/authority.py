"""The routine of the authority: initial reports, each month's reports made, sent and acknowledged, by a deputy in August.

Reports of a month are made on about the tenth of the next, sent two days later, answered before its end.
"""

from datetime import date, timedelta
from typing import Final

from openmpca.demonstration.days import Diary, months, working
from openmpca.demonstration.scenario import Block

AREAS: Final = ["XTF1", "XTF2", "XTL1", "XTP1", "XTR1"]
RETURNED: Final = date(2024, 7, 1)
"""The month whose reports of the research reactor come back with a remark; that story is told by hand."""


def authority(seed: str) -> list[Block]:
    """The blocks of the authority."""
    diary = Diary("authority.toml", seed, "ines", ("jonas",))
    _cycle(diary, "initial", date(2023, 12, 31), working(date(2024, 1, 22)), AREAS)
    for month in months():
        following = (month + timedelta(days=32)).replace(day=1)
        if following > date(2025, 12, 31):
            continue
        made = working(following + timedelta(days=9))
        areas = AREAS if month != RETURNED else [each for each in AREAS if each != "XTR1"]
        _cycle(diary, f"{month:%Y-%m}", following - timedelta(days=1), made, areas)
    return diary.blocks


def _cycle(diary: Diary, name: str, until: date, made: date, areas: list[str]) -> None:
    by = "pavel" if made.month == 8 else "ines"
    encoder = "DRAGAN,P." if by == "pavel" else "MORELL,I."
    reports = diary.write("report", made, by=by, name=f"reports-{name}", areas=areas, until=until, encoder=encoder)
    sent = working(made + timedelta(days=2))
    diary.write("send", sent, by=by, approved=(), day=sent, reports=[reports])
    answered = working(made + timedelta(days=14))
    diary.write(
        "answer", answered, by=by if answered.month == 8 else "ines", approved=(), day=answered, reports=[reports]
    )
