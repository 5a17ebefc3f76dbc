"""A story of money told through the record, the command line and the pages; and what another party must not meet."""

import csv
import io
import os
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from openmpca.cooperation.money.statements import ExchangeRate, Exemption, InKind, Pledge, StaffTime
from tests.cooperation.joint import DAY, HOSTED, hosting, received, state
from tests.cooperation.paying import HALF, disbursement, obligation, share_rule, told_of_a_project
from tests.proof.partner import Partner, met
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL: dict[str, Any] = {"release": ["*"]}
LATER = (date(2026, 7, 1), date(2026, 10, 31))


def blocks(who: Client, path: str) -> dict[str, Any]:
    found: dict[str, Any] = who.get(f"/api/cooperation/{path}").json()["blocks"]
    return found


def a_year_of_money() -> tuple[Any, Any]:
    """SRA and HOS share P-1: 80 to 20, later 50 to 50; HOS pays in RUB, and states one payment otherwise than SRA."""
    ours, theirs = hosting()
    told_of_a_project(ours, **ALL)
    later = {"begins": LATER[0], "ends": LATER[1], "shares": {"SRA": "50", HOSTED: "50"}}
    state(ours, share_rule(**ALL), share_rule(**later, **ALL))
    state(ours, Pledge(**ALL, day=HALF[0], code="PL-1", giver="SRA", currency="USD", amount="5000"))
    state(ours, obligation(**ALL, amount="900"))
    state(ours, disbursement(**ALL, amount="300"), disbursement(**ALL, code="D-2", amount="100.50", day=LATER[0]))
    state(ours, disbursement(**ALL, code="D-2R", amount="-0.50", reverses="D-2", day=LATER[0]))
    given = {"project": "P-1", "giver": HOSTED, "currency": "RUB", **ALL}
    theirs_paid = {**given, "obligation": "", "costline": "", "receiver": "Local Works"}
    state(ours, disbursement(**{**theirs_paid, "code": "D-3", "amount": "9241", "day": LATER[0]}))
    state(ours, StaffTime(**given, day=DAY, code="T-1", work="Review", hours="10.5", rate="1200"))
    state(theirs, InKind(**given, day=DAY, code="K-1", what="Workshop", amount="50000", basis="cost"))
    state(theirs, Exemption(**given, day=DAY, code="E-1", sort="customs duty", amount="700", receiver="SRA"))
    return ours, theirs


def rate(**others: Any) -> ExchangeRate:
    given = {"day": LATER[0], "currency": "RUB", "into": "USD", "rate": "0.01082134", "ends": LATER[1], "source": "CBR"}
    return ExchangeRate(**{**given, **others})


def test_the_money_of_a_project_is_told_alike_by_command_line_and_pages(site: State, run: Run, tmp_path: Path) -> None:
    ours, theirs = a_year_of_money()
    entries = run.json("money", "journal", "--project", "P-1")[1]
    paid = [each for each in entries["sums"] if (each["category"], each["currency"]) == ("disbursement", "USD")]
    assert [(each["book"], each["amount"], each["entries"]) for each in paid] == [("SRA", "400.00", 3)]
    assert "12 600" in run.text("money", "journal")[1].replace("\u2009", " ")
    (fund,) = run.json("money", "funds")[1]
    assert (fund["obligated"], fund["left"], fund["disbursed"], fund["standing"]) == (
        "900.00", "100.00", "400.00", "closed",
    )  # fmt: skip
    assert run.json("money", "funds", "--as-of", "2026-02-01")[1][0]["standing"] == "closes soon"
    shared = run.json("money", "shares", "project:P-1", "--in", "USD")[1]
    assert [(each["party"], each["planned"], each["actual"]) for each in shared] == [
        ("SRA", "80", "100.00"), (HOSTED, "20", "0.00"), ("SRA", "50", None), (HOSTED, "50", None),
    ]  # fmt: skip
    assert "SRA has recorded no rate of RUB into USD for 2026-07-01" in run.text("money", "shares", "--in", "USD")[1]
    totals = run.json("money", "book", "SRA", "--in", "USD")[1]["totals"]
    assert [(each["category"], each["worth"]) for each in totals] == [
        ("pledge", "5000.00"), ("obligation", "900.00"), ("disbursement", None), ("staff time", None),
    ]  # fmt: skip
    assert "no rate" in run.text("money", "book", "SRA", "--in", "USD")[1]
    anna = signed_in("anna")
    assert "SRA has recorded no rate" in anna.get("/cooperation/shares?of=project:P-1&into=USD").content.decode()
    assert "SRA has recorded no rate" in anna.get("/cooperation/book?party=SRA&into=USD").content.decode()
    state(ours, rate(**ALL))
    shared = run.json("money", "shares", "project:P-1", "--in", "USD")[1]
    assert [(each["party"], each["amount"], each["actual"], each["difference"]) for each in shared[2:]] == [
        ("SRA", "100.00", "50.00", "0.00"), (HOSTED, "100.00", "50.00", "0.00"),
    ]  # fmt: skip
    page = blocks(anna, "shares?of=project:P-1&into=USD")
    assert [each["actual"] for each in page["shares"]["rows"]] == ["100.00", "0.00", "50.00", "50.00"]
    shown = anna.get("/cooperation/shares?of=project:P-1&into=USD").content.decode()
    assert "<svg" in shown
    assert "the share of SRA declines" in shown
    state(theirs, rate(**ALL, source="Another bank"), rate(**ALL, currency="EUR"))
    listed = {(each["book"], each["currency"]): each["agreed"] for each in run.json("money", "rates")[1]}
    assert listed == {("SRA", "RUB"): HOSTED, (HOSTED, "RUB"): "SRA", (HOSTED, "EUR"): ""}
    assert [each["agreed"] for each in blocks(anna, "book?party=SRA")["rates"]["rows"]] == [HOSTED]
    booked = {each["code"]: each for each in run.json("money", "book", "SRA", "--in", "USD")[1]["entries"]}
    assert (booked["D-3"]["worth"], booked["D-3"]["rate"], booked["D-3"]["since"]) == (
        "100.00", "0.01082134", "2026-07-01",
    )  # fmt: skip
    assert booked["T-1"]["worth"] is None
    assert [each["worth"] for each in run.json("money", "book", HOSTED, "--in", "RUB")[1]["totals"]] == [
        "50000.00", "700.00",
    ]  # fmt: skip


def test_what_both_sides_say_is_laid_side_by_side(site: State, run: Run) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    told_of_a_project(ours, release=["PER"])
    state(
        ours, obligation(), disbursement(), disbursement(code="D-2", amount="50"), disbursement(code="D-4", amount="7")
    )
    said = {"day": "2026-03-01", "giver": "SRA", "receiver": "PER", "project": "P-1", "currency": "USD"}
    sent = [
        partner.state("cooperation.disbursement", **said, code="D-1", amount="100"),
        partner.state("cooperation.disbursement", **{**said, "day": "2026-03-03"}, code="D-2", amount="49.99"),
        partner.state("cooperation.disbursement", **{**said, "day": "2026-03-09"}, code="IN-4", amount="7.00"),
        partner.state("cooperation.disbursement", **said, code="D-5", amount="a lot"),
    ]
    received(partner, ours, *sent)
    rows = run.json("money", "reconciled")[1]
    told = {each["code"]: (each["standing"], each["differs"], each["silent"], each["perhaps"]) for each in rows}
    assert told == {
        "D-2": ("differs", "amount, day", "", ""),
        "D-4": ("one side", "", "", "IN-4"),
        "IN-4": ("one side", "", "SRA", "D-4"),
        "O-1": ("one side", "", "", ""),
        "D-1": ("matched", "", "", ""),
    }
    page = blocks(signed_in("anna"), "reconciled?project=P-1")
    assert page["counts"]["differs"] == 1
    assert {each["code"] for each in page["reconciled"]["rows"]} == set(told)
    both = signed_in("anna").get("/cooperation/entry?code=D-2").content.decode()
    assert "SRA: disbursement" in both
    assert "PER: disbursement" in both
    assert "O-1" in both
    assert "What names it" in signed_in("anna").get("/cooperation/entry?code=O-1").content.decode()


def test_the_pages_lead_from_every_sum_to_its_entries(site: State) -> None:
    a_year_of_money()
    anna = signed_in("anna")
    page = blocks(anna, "money?project=P-1")
    assert [each["planned"] for each in page["cost_lines"]["rows"]] == ["800"]
    assert page["money_by_year"]["data"]["rows"][0]["amount"] == "400.00"
    by_book = blocks(anna, "money?category=staff+time&book=SRA")
    assert [(each["giver"], each["year"]) for each in by_book["money_by_year"]["data"]["rows"]] == [(HOSTED, "2026")]
    for each in page["sums"]["rows"]:
        where = urlencode({name: each[name] for name in ("book", "category", "currency")} | {"project": "P-1"})
        entries = blocks(anna, f"entries?{where}")["entries"]["rows"]
        assert sum(Decimal(one["amount"]) for one in entries) == Decimal(each["amount"])
    of_fund = blocks(anna, "entries?fund=F-1&since=2026-01-01&until=2026-12-31")
    assert [each["code"] for each in of_fund["entries"]["rows"]] == ["O-1"]
    assert blocks(anna, "funds")["funds"]["rows"][0]["left"] == "100.00"
    assert blocks(anna, "funds")["ceilings"]["rows"][0]["amount"] == "1500"
    assert anna.get("/api/cooperation/entry?code=NONE").status_code == 404
    assert anna.get("/api/cooperation/money-file?form=ledger").status_code == 404
    assert "O-1" in anna.get("/cooperation/money-file?form=beancount&project=P-1").content.decode()


def test_another_party_meets_no_money_that_was_not_released_to_it(site: State, run: Run) -> None:
    ours, _theirs = hosting()
    told_of_a_project(ours)
    state(
        ours, obligation(receiver="Secret Works", amount="876.54"), disbursement(amount="76.54"), share_rule(), rate()
    )
    hana, anna = signed_in("hana"), signed_in("anna")
    asked = ("money", "money?project=P-1", "entries", "entry?code=O-1", "book?party=SRA", "reconciled", "funds",
             "shares", "money-file", "say?kind=cooperation.disbursement")  # fmt: skip
    seen, own = ("".join(who.get(f"/cooperation/{each}").content.decode() for each in asked) for who in (hana, anna))
    for kept in ("Secret Works", "76.54", "Protection 2026"):
        assert kept in own
        assert kept not in seen
    assert hana.get("/api/cooperation/entry?code=O-1").status_code == 404
    for command in (["journal"], ["book", "SRA"], ["reconciled"], ["funds"], ["shares"], ["years"]):
        assert run.json("money", *command, "--reader", HOSTED)[1] in (
            [], {"entries": [], "sums": []}, {"entries": [], "totals": [], "problems": []},
        )  # fmt: skip


@pytest.mark.parametrize("program", ["hledger", "ledger"])
def test_the_program_of_others_has_the_sums_that_we_have(site: State, run: Run, tmp_path: Path, program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    a_year_of_money()
    file = tmp_path / "money.journal"
    assert run.text("money", "export", str(file))[0] == 0
    assert run.text("money", "export", str(file))[0] == 2
    assert run.text("money", "export", str(file), "--form", "csv")[0] == 2
    found: dict[tuple[str, str], Decimal] = {}
    for name, amount, unit in postings(program, file):
        if ":To" in name:
            key = (":".join(name.split(":")[:2]), unit)
            found[key] = found.get(key, Decimal(0)) + amount
    sums = run.json("money", "journal")[1]["sums"]
    assert found == {
        (f"{each['category'].capitalize()}:{each['book']}", each["currency"]): Decimal(each["amount"]) for each in sums
    }


def postings(program: str, file: Path) -> list[tuple[str, Decimal, str]]:
    """Account, amount and commodity of each posting, as the program prints them."""
    line = "%(quoted(account)),%(quantity(amount)),%(commodity(amount))\n"
    commands = {
        "hledger": ["hledger", "-f", str(file), "print", "-O", "csv"],
        "ledger": ["ledger", "-f", str(file), "register", "--format", line],
    }
    printed = subprocess.run(
        commands[program],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout
    rows = list(csv.reader(io.StringIO(printed)))
    if program == "ledger":
        return [(name, Decimal(amount), unit) for name, amount, unit in rows]
    heads = rows[0]
    at = [heads.index(each) for each in ("account", "amount", "commodity")]
    return [(row[at[0]], Decimal(row[at[1]]), row[at[2]].strip('"')) for row in rows[1:]]
