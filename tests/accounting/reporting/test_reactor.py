"""The ledger of a research reactor (worked example W1) and the reports that it leads to."""

from datetime import date
from typing import Any

from tests.accounting.reporting.story import Story, lines


def reactor(story: Story) -> dict[str, Any]:
    """Opening of nothing, fuel, more fuel, natural uranium stated in error, loss and production."""
    story.inventory("2026-02-25", {}, opening=True)
    story.change("2026-02-27", "RF", "CRR01-40", {"E": "34840", "E/U235": "6880"}, items=40, shipper_batch="GSB0040")
    first = story.report("I", "2026-02-28", "2026-03-05", begin="2026-02-26")
    drum = story.change(
        "2026-03-15", "RD", "NU-DRUM-7", {"N": "125400"}, description="FQMB", basis="M", shipper_batch="ND0007"
    )
    fuel = story.change(
        "2026-03-29",
        "RF",
        "CRR41-51",
        {"E": "9581", "E/U235": "1892"},
        items=11,
        shipper_batch="GSB0041",
        note="IMPORT UNDER LICENCE 123. SHIPPER DATA ACCEPTED PENDING MEASUREMENT.",
    )
    core = {"kmp": "2", "description": "BU4G", "basis": "M", "items": 40}
    story.change("2026-03-31", "LN", "CRR01-40", {"E": "1371", "E/U235": "568"}, name="CORE-26A", **core)
    story.change("2026-03-31", "NP", "CRR01-40", {"P": "170"}, name="CORE-26A", **core)
    second = story.report("I", "2026-03-31", "2026-04-05")
    return {"first": first, "second": second, "drum": drum, "fuel": fuel}


def test_the_ledger_becomes_the_reports_of_the_worked_example(each_state_home: Any) -> None:
    story = Story()
    made = reactor(story)
    assert lines(made["first"]) == ["N RF CRR01-40 E=34840 E/U235=6880"]
    assert lines(made["second"]) == [
        "N RD NU-DRUM-7 N=125400",
        "N RF CRR41-51 E=9581 E/U235=1892",
        "N LN CORE-26A E=1371 E/U235=568",
        "N NP CORE-26A P=170",
    ]
    text = made["second"].draft.text
    assert text.splitlines()[1] == (
        "001:OI/ZZ;2#002:2#003:20260405#006:SMITH,J.#010:I#015:20260301/20260331#207:ZZA-#307:ZZA1#309:N#"
        "370:YY/YYB1#372:ZZ/ZZA1#390:Y#407:1#411:RF#412:20260329#430:B/U/2/F#446:CRR41-51#447:GSB0041#469:N#470:11#"
        "630:9581G#670:1892G#"
    )
    assert text.splitlines()[-1] == (
        "001:NC/ZZ;2#002:1/1#003:20260405#099:E/2#207:ZZA-#307:ZZA1#"
        "391:IMPORT UNDER LICENCE 123. SHIPPER DATA ACCEPTED PENDING MEASUREMENT.#"
    )
    story.delete(made["drum"], "2026-04-20")
    third = story.report("I", "2026-04-30", "2026-05-05")
    assert lines(third) == ["D/2/1"]
    core = {"E": "33469", "E/U235": "6312", "P": "170", "#": "40"}
    story.inventory("2026-05-20", {"CRR41-51": {"E": "9581", "E/U235": "1892", "#": "11"}, "CRR01-40": core})
    listing = story.report("P", "2026-05-20", "2026-05-20")
    assert lines(listing) == ["N CRR41-51 E=9581 E/U235=1892", "N CRR01-40 E=33469 E/U235=6312 P=170"]
    balance = story.report("M", "2026-05-20", "2026-05-25", begin="2026-02-25")
    assert lines(balance) == [
        "N PB E=0 E/U235=0",
        "N RF E=44421 E/U235=8772",
        "N LN E=1371 E/U235=568",
        "N BA E=43050 E/U235=8204",
        "N PE E=43050 E/U235=8204",
        "N MF E=0 E/U235=0",
        "N PB P=0",
        "N NP P=170",
        "N BA P=170",
        "N PE P=170",
        "N MF P=0",
    ]
    assert [made["first"].draft.report.header.number, balance.draft.report.header.number] == [1, 5]
    assert not balance.problems
    assert date(2026, 5, 20) == balance.draft.report.header.end
