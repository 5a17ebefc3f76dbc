"""The programme at a glance, as the demonstration State has it: seven years of two partners and a third."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.waiting import waiting
from tests.state import State
from tests.web.conftest import signed_in

DAY = date(2026, 11, 1)


@pytest.fixture
def programme(site: State) -> State:
    """The demonstration's people and its programme, without its facilities."""
    from openmpca.demonstration.generator import told
    from openmpca.demonstration.player import play
    from openmpca.demonstration.scenario import of_texts

    texts = told()
    played = play(of_texts({name: texts[name] for name in ("01-the-state.toml", "07-programme.toml")}))
    assert played.unexpected == []
    return site


def test_the_programme_shows_what_waits_lapses_is_paid_and_is_disputed(programme: State) -> None:
    waits = waiting(Claims(DAY), datetime(2026, 11, 1, tzinfo=UTC))
    told = {(each.party, each.what, each.thing) for each in waits}
    assert ("CNSO", "sign", "decision:D-2025-2") in told
    assert ("CNSO", "confirm", "assumption:AS-FEED") in told
    assert ("VAEB", "answer", "match:MT-2") in told
    assert ("CNSO", "do", "responsibility:RS-1") in told
    assert ("CNSO", "notify", "notification:N-02") in told
    ines, talia = signed_in("ines"), signed_in("talia")
    whole: dict[str, Any] = ines.get("/api/cooperation/programme?as_of=2026-11-01").json()["blocks"]
    assert whole["expiring"]["rows"][0]["what"] == "UA-2019"
    shown = ines.get("/cooperation/programme?as_of=2026-11-01").content.decode()
    for each in ("P-STORE", "P-TUBES", "P-FUEL", "L-TUBES", "<svg"):
        assert each in shown
    items = ines.get("/api/cooperation/items").json()["blocks"]["types"]["rows"]
    assert {(each["viewer"], each["accepted"], each["disputed"]) for each in items} == {
        ("CNSO", "10", "0"),
        ("TNRA", "8", "2"),
    }
    transition = ines.get("/api/cooperation/transition?code=TR-STORE").json()
    assert transition["lead"] == "transferred with open conditions"

    assert "Answer match MT-2" in talia.get("/cooperation/newcomer?code=VELMAR").content.decode()
    dario = signed_in("dario")
    needs = dario.get("/api/cooperation/newcomer?code=VELMAR").json()["blocks"]["needs"]["rows"]
    assert [each["matches"] for each in needs if each["need"] == "ND-3"] == [[]]
    _nothing_is_obligated_for_the_stopped_plant()


def _nothing_is_obligated_for_the_stopped_plant() -> None:
    from openmpca.cooperation.money.statements import Obligation
    from openmpca.record import commands
    from openmpca.record.act import Act
    from tests.cooperation.joint import refused

    act = Act(party="TNRA", prepared_by=commands.person_of("ines"))
    asked: dict[str, Any] = {"giver": "TNRA", "receiver": "Plant builders", "project": "P-FUEL", "fund": "F-TNRA"}
    said = Obligation(day=DAY, code="OB-FUEL", currency="EUR", amount="4000000", evidence="Contract", **asked)
    assert (884, "project") in refused(act, said)
