"""A process that writes into the State of OPENMPCA_HOME, for tests of many writers and of killed ones.

python -m tests.record.writer one NAME COUNT     COUNT statements, each of its own
python -m tests.record.writer many NAME COUNT    COUNT statements at once; says `writing` when half is written
python -m tests.record.writer approve NUMBER     approves a proposal as boris
"""

import sys
from datetime import date

from openmpca.record.opening import open_home

open_home()

from openmpca.record import commands, turn  # noqa: E402  Django first
from openmpca.record.act import Act  # noqa: E402
from openmpca.record.statements import Party  # noqa: E402

BEGINNING = date(2000, 1, 1)

ACT = Act(party="SRA", prepared_by="anna")


def told(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def one(name: str, count: int) -> None:
    for number in range(count):
        commands.state([Party(day=BEGINNING, code=f"{name}-{number}", name=name)], ACT)


def many(name: str, count: int) -> None:
    written = [0]

    def step(steps: int) -> None:
        written[0] += steps
        told("writing")

    half = [Party(day=BEGINNING, code=f"{name}-{number}", name=name) for number in range(count // 2)]
    rest = [Party(day=BEGINNING, code=f"{name}-{number}", name=name) for number in range(count // 2, count)]
    from openmpca.record.frames import segments

    commands.state([*segments(half), *segments(rest)], ACT, progress=step)


def main() -> None:
    turn.announce_to(told)
    verb, *rest = sys.argv[1:]
    if verb == "approve":
        try:
            commands.approve(int(rest[0]), "boris")
        except commands.NoProposal:
            told("closed")
    else:
        {"one": one, "many": many}[verb](rest[0], int(rest[1]))


if __name__ == "__main__":
    main()
