"""The Agency's list of unmatched transits, row by row beside our board and our reports."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.accounting.reporting.story import Story, Weights
from tests.accounting.reporting.test_commands import run
from tests.state import at

HEADS = "Type,Date,Shipper,Shipper MBA,Receiver,Receiver MBA,Batch name,Element,Weight (g),U-235 (g)\n"
LEU: Weights = {"E": "1000", "E/U235": "45"}
SENT = "SD,2026-03-20,ZZ,ZZA1,ZZ,ZZC1,FA1,E,1000,45\n"
ARRIVED = "RD,2026-03-28,ZZ,ZZA1,ZZ,ZZC1,FA1,E,1000,45\n"


class Transits(Story):
    """Two areas; ZZA1 has received fuel from abroad, and ships some of it to ZZC1."""

    def came(self, day: str = "2026-03-10", **more: Any) -> int:
        return self.change(day, "RF", "FA1", more.pop("weights", LEU), **{"shipper_batch": "YF1", **more})

    def left(self, day: str = "2026-03-20", **more: Any) -> int:
        return self.change(day, "SD", "FA1", LEU, **more)

    def arrived(self, day: str = "2026-03-28", **more: Any) -> int:
        given = {"mba": "ZZC1", "counterpart": "ZZ/ZZA1", "shipper_batch": "FA1", **more}
        return self.change(day, "RD", "C-FA1", given.pop("weights", LEU), **given)

    def reported(self, mba: str, end: str, day: str, sent: str = "", answered: str = "", **more: Any) -> int:
        """A report of changes that goes as far as it has days."""
        from openmpca.accounting.reporting import commands

        self.mba, before = mba, self.mba
        number = int(self.report("I", end, day, **more).stated.numbers[0])
        self.mba = before
        if sent:
            commands.send(number, date.fromisoformat(sent), self.act, when=at(f"{sent}T13:00:00"))
        if answered:
            on = date.fromisoformat(answered)
            commands.answer(number, on, self.act, acknowledged=True, when=at(f"{answered}T14:00:00"))
        return number


@pytest.fixture
def listed(state_home: Any, tmp_path: Path) -> Any:
    """What a list of 30 June gives, each row in few words."""

    def lines(rows: str, *options: str, heads: str = HEADS) -> list[str]:
        table = tmp_path / "list.csv"
        table.write_text(heads + rows)
        found = json.loads(run("reconcile", str(table), "--as-of", "2026-06-30", "--json", *options))
        return [
            " ".join(
                part
                for part in (str(each["row"]), each["code"], each["class"], ",".join(each["differs"]), each["why"])
                if part
            )
            for each in found
        ]

    return lines


def test_a_shipment_that_nothing_answers_is_open_with_both(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    assert listed(SENT) == ["2 SD agrees"]
    assert listed(SENT, "--differences") == []
    assert "Everything agrees" in run("reconcile", str(_table(SENT)), "--transits", "--differences")


def _table(rows: str) -> Path:
    import os

    path = Path(os.environ["OPENMPCA_HOME"]) / "list.csv"
    path.write_text(HEADS + rows)
    return path


def test_a_receipt_is_timing_until_it_is_acknowledged_before_the_list_and_theirs_from_then_on(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    story.arrived()
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    assert listed(SENT) == ["2 SD timing Our RD is not reported yet."]
    story.reported("ZZC1", "2026-03-31", "2026-06-25")
    assert listed(SENT) == ["2 SD timing Our RD is in report 1, which was not sent by 2026-06-30."]
    from openmpca.accounting.reporting import commands
    from openmpca.accounting.reporting.queries import all_reports

    [of] = [each.number for each in all_reports("ZZC1")]
    commands.send(of, date(2026, 6, 26), story.act, when=at("2026-06-26"))
    assert listed(SENT) == ["2 SD timing Our RD is in report 1, which was not acknowledged by 2026-06-30."]
    commands.answer(of, date(2026, 7, 2), story.act, acknowledged=True, when=at("2026-07-02"))
    assert listed(SENT) == ["2 SD timing Our RD is in report 1, which was not acknowledged by 2026-06-30."]
    assert listed(SENT, "--as-of", "2026-07-02") == ["2 SD theirs They acknowledged both sides of it."]


def test_a_report_dated_after_the_list_is_timing_and_one_that_came_back_too(listed: Any) -> None:
    from openmpca.accounting.reporting import commands

    story = Transits()
    story.came()
    story.left()
    story.arrived()
    of = story.reported("ZZC1", "2026-03-31", "2026-07-05", "2026-07-06")
    assert listed(SENT)[0] == "2 SD timing Our RD is in report 1 of 2026-07-05, after the list."
    commands.answer(of, date(2026, 7, 9), story.act, acknowledged=False, remarks={1: "NO"}, when=at("2026-07-09"))
    assert listed(SENT, "--as-of", "2026-07-10")[0] == "2 SD timing Our RD is in report 1, which came back."


def test_a_receipt_after_the_day_of_the_list_leaves_it_open_on_that_day(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    story.arrived("2026-07-03")
    assert listed(SENT) == ["2 SD agrees"]
    late = "YY/YYB1,,ZZ/ZZA1,,YF2,E,1000,45\n"
    story.change("2026-07-04", "RF", "FA2", LEU, shipper_batch="YF2")
    assert listed(SENT + "SF,2026-06-20," + late)[1:] == ["3 SF timing Our RF is dated 2026-07-04, after the list."]


def test_another_batch_name_on_the_receipt_is_ours_on_both_rows(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    receipt = story.arrived(shipper_batch="FA-1")
    shipment = receipt - 1
    rows = SENT + ARRIVED.replace("FA1", "FA-1")
    assert listed(rows) == [
        f"2 SD ours batch Differs: batch FA1, statement {receipt} FA-1.",
        f"3 RD ours batch Differs: batch FA-1, statement {shipment} FA1.",
    ]


def test_a_receipt_that_names_its_shipment_under_another_name_is_ours(listed: Any) -> None:
    story = Transits()
    story.came()
    shipment = story.left()
    import msgspec

    story.act = msgspec.structs.replace(story.act, overrides={"505": "as on the receiver's paper"})
    receipt = story.arrived(shipper_batch="FA-1", shipment=shipment)
    assert listed(SENT) == [f"2 SD ours batch Differs: batch FA1, statement {receipt} FA-1."]


def test_a_receipt_that_was_not_corrected_with_its_shipment_is_ours(listed: Any) -> None:
    story = Transits()
    story.came(weights={"E": "1100", "E/U235": "49"})
    shipment = story.left()
    receipt = story.arrived()
    shipped = story.correct(shipment, "2026-05-02", weights={"E": "998", "E/U235": "45"})
    row = SENT.replace(",1000,45", ",998,45")
    assert listed(row) == [f"2 SD ours weight Differs: weight 998 g, statement {receipt} 1000 g."]
    assert listed(row.replace("ZZ,ZZC1", "YY,YYB1").replace("SD", "SF"))[1:] == [
        f"SD ours weight Differs: weight 998 g, statement {receipt} 1000 g."
    ], f"nobody lists {shipped}"


def test_a_lot_that_has_arrived_leaves_the_rest_open_with_both(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    story.arrived(weights={"E": "400", "E/U235": "18"})
    assert listed(SENT) == ["2 SD agrees Some of it has arrived."]
    assert listed(SENT.replace(",1000,45", ",600,")) == ["2 SD agrees Some of it has arrived."]


def test_our_row_of_what_we_have_corrected_is_timing_and_then_theirs(listed: Any) -> None:
    story = Transits()
    story.came()
    story.came("2026-03-11", shipper_batch="YF2")
    shipment = story.left()
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    corrected = story.correct(shipment, "2026-05-02", weights={"E": "1100", "E/U235": "45"})
    says = f"Differs: weight 1000 g, statement {corrected} 1100 g."
    assert listed(SENT) == [f"2 SD timing weight {says} Our correction is not reported yet."]
    story.reported("ZZA1", "2026-05-31", "2026-06-05", "2026-06-06", "2026-06-20", corrections_only=True)
    assert listed(SENT) == [f"2 SD theirs weight {says} The report that they acknowledged says what we hold."]


def test_our_row_of_what_we_have_deleted_is_timing_and_then_theirs(listed: Any) -> None:
    story = Transits()
    story.came()
    shipment = story.left()
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    story.delete(shipment, "2026-03-20", when="2026-05-01")
    assert listed(SENT) == ["2 SD timing We deleted or replaced what was reported; that is not reported yet."]
    report = story.reported("ZZA1", "2026-05-31", "2026-06-05", corrections_only=True)
    assert listed(SENT) == ["2 SD timing What took its place is in report 2, which was not sent by 2026-06-30."]
    from openmpca.accounting.reporting import commands

    commands.send(report, date(2026, 6, 6), story.act, when=at("2026-06-06T13:00:00"))
    commands.answer(report, date(2026, 6, 9), story.act, acknowledged=True, when=at("2026-06-09"))
    assert listed(SENT) == ["2 SD theirs They acknowledged the report that took it away."]


def test_what_we_never_reported_as_the_row_has_it_is_ours(listed: Any) -> None:
    story = Transits()
    story.came()
    shipment = story.left()
    found = listed(SENT.replace("03-20", "03-21"))
    says = f"Differs: date 2026-03-21, statement {shipment} 2026-03-20."
    assert found == [f"2 SD ours date {says} Our SD is not reported yet."]


def test_another_states_shipment_is_answered_by_our_receipt(listed: Any) -> None:
    story = Transits()
    receipt = story.came()
    row = "SF,2026-03-05,YY,YYB1,ZZ,ZZA1,YF1,E,1000,45\n"
    assert listed(row) == ["2 SF timing Our RF is not reported yet."]
    assert listed(row.replace("YF1", "YF-1")) == [f"2 SF ours batch Differs: batch YF-1, statement {receipt} YF1."]
    assert listed(row.replace("ZZA1", "ZZC1").replace("YF1", "YF1")) == [
        f"2 SF ours area Differs: area YY/YYB1 to ZZ/ZZC1, statement {receipt} YY/YYB1 to ZZA1."
    ]
    assert listed(row.replace(",45", ",50")) == [
        f"2 SF ours fissile weight Differs: fissile weight 50 g, statement {receipt} 45 g."
    ]
    assert listed(row.replace("YF1,E", "YF1,D")) == [f"2 SF ours category Differs: category D, statement {receipt} E."]
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    assert listed(row) == ["2 SF theirs They acknowledged our RF, and the other State's SF is on their list."]
    assert listed(row.replace("YF1,E,1000,45", "QQ,E,77,")) == [
        "2 SF unexplained We have stated no RF that answers it."
    ]


def test_both_rows_of_one_transfer_abroad_name_what_keeps_them_apart(listed: Any) -> None:
    story = Transits()
    receipt = story.came()
    theirs = "SF,2026-03-05,YY,YYB1,ZZ,ZZA1,YF-1,E,1000,45\n"
    own = "RF,2026-03-10,YY,YYB1,ZZ,ZZA1,YF1,E,1000,45\n"
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    assert listed(own) == ["2 RF agrees"]
    assert listed(own + theirs) == [
        "2 RF ours batch Row 3 is its other side. Differs: batch YF-1, row 2 YF1.",
        f"3 SF ours batch Differs: batch YF-1, statement {receipt} YF1.",
    ]


def test_what_is_open_here_and_not_on_the_list_is_timing_or_theirs(listed: Any) -> None:
    story = Transits()
    story.came()
    story.left()
    other = "SF,2026-03-05,YY,YYB1,XX,XXA1,YF9,E,5,\n"
    assert listed(other) == ["2 SF unexplained Neither side is ours.", "SD timing Our SD is not reported yet."]
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06", "2026-04-20")
    assert listed(other)[1:] == ["SD theirs They acknowledged our SD and do not list it."]
    story.arrived()
    assert listed(other)[1:] == []


def test_rows_of_ours_that_nobody_knows_are_unexplained(listed: Any) -> None:
    Transits()
    assert listed(SENT.replace("ZZA1", "ZZX1") + SENT) == [
        "2 SD unexplained We have no area ZZX1.",
        "3 SD unexplained We have stated and reported nothing like it.",
    ]


def test_kilograms_rounding_and_a_tolerance_are_heeded(listed: Any) -> None:
    story = Transits()
    story.change("2026-03-10", "RF", "N1", {"N": "1000400"}, shipper_batch="YN1")
    heads = "Code,Date,From,To,Batch,Category,Weight,Unit\n"
    row = "SF,2026-03-05,YY,ZZ/ZZA1,YN1,N,{},kg\n"
    assert listed(row.format("1000"), heads=heads) == ["2 SF timing Our RF is not reported yet."]
    assert listed(row.format("997"), heads=heads)[0].startswith("2 SF ours weight")
    assert listed(row.format("997"), "--tolerance", "5000", heads=heads) == ["2 SF timing Our RF is not reported yet."]


def test_a_table_that_cannot_be_read_is_refused_and_a_mapping_says_what_is_listed(state_home: Any) -> None:
    story = Transits()
    story.came()
    table = _table("SD,20.03.2026,ZZ,ZZA1,ZZ,ZZC1,FA1,E,1000,45\n")
    found = json.loads(run("reconcile", str(table), "--json", code=1))
    assert [each["field"] for each in found["problems"]] == ["Date"]
    run("reconcile", str(table), "--inventories", code=1)
    run("reconcile", str(table), "--tolerance", "x", code=2)
    mapping = table.with_name("mapping.toml")
    fields = {
        "Type": "code",
        "Shipper": "shipper",
        "Receiver": "receiver",
        "Batch name": "batch",
        "Element": "category",
    }
    told = [
        *(f'{{column = "{column}", field = "{name}"}}' for column, name in fields.items()),
        '{column = "Date", field = "day", date_format = "DD.MM.YYYY"}',
        '{column = "Weight (g)", field = "weight", unit = "g"}',
    ]
    mapping.write_text(f"columns = [{', '.join(told)}]\n")
    shown = json.loads(run("reconcile", str(table), "--mapping", str(mapping), "--json"))
    assert [each["class"] for each in shown] == ["unexplained"]
