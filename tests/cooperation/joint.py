"""What tests of cooperation share: a State with a hosted party, and a partner with a record of its own."""

from datetime import date
from typing import Any

from tests.proof.partner import Partner
from tests.state import BEGINNING, at, founded

DAY = date(2026, 3, 1)
HOSTED = "HOS"


def hosting(act: Any = None) -> tuple[Any, Any]:
    """A record of the party SRA that also hosts HOS; gives the acts of both, each of two persons."""
    from openmpca.record import commands
    from openmpca.record.act import Act
    from openmpca.record.statements import Grant, Party, Person

    ours = act or founded()
    people = ["hana", "hugo"]
    introduced = [Party(day=BEGINNING, code=HOSTED, name="Hosted party")]
    introduced += [Person(day=BEGINNING, person=each, of=HOSTED) for each in people]
    roles = ("authority", "officer")
    given = [Grant(day=BEGINNING, person=who, for_party=HOSTED, role=role) for who in people for role in roles]
    commands.state([*introduced, *given], ours)
    return ours, Act(party=HOSTED, prepared_by="hana", approved_by=["hugo"])


def state(act: Any, *statements: Any, when: str = "2026-03-01") -> list[int]:
    """State something on a day; gives the numbers."""
    from openmpca.record import commands

    return list(commands.state(list(statements), act, when=at(when)).numbers)


def refused(act: Any, *statements: Any) -> list[tuple[int, str]]:
    """Rule and field of each problem with which statements are refused."""
    import pytest

    from openmpca.record import commands
    from openmpca.record.record import Refused

    with pytest.raises(Refused) as found:
        commands.state(list(statements), act)
    return [(each.rule, each.field) for each in found.value.problems]


def received(partner: Partner, act: Any, *numbers: int, hidden: dict[int, set[str]] | None = None) -> int:
    """A partner's statements come in by a bundle, some with fields hidden; gives the number that it was received as."""
    from openmpca.proof.bundles import receiving
    from openmpca.tlog.disclosure import Body
    from tests.state import alone

    chosen: dict[int, Any] = dict.fromkeys(numbers)
    for number, names in (hidden or {}).items():
        chosen[number] = Body.parse(partner.bodies[number]).fields.keys() - names - {"prepared_by", "approved_by"}
    done = receiving.receive(partner.bundle(chosen), partner.policy(), alone(act))
    assert done.stated is not None
    return int(done.stated.numbers[0])
