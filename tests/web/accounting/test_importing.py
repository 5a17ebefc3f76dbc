"""Bringing in a table by upload: read, mapped, checked by row, stated all or nothing, once; then the file goes."""

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmpca.pages import uploads
from tests.accounting.story import Story, begun
from tests.state import State
from tests.web.conftest import signed_in
from tests.web.test_proposals import narrow

GOOD = (
    "Date,MBA,Code,Batch,Other side,E (g),E/U235 (g)\n2024-02-01,ZZA1,RF,B1,XX,100,5\n2024-02-02,ZZA1,RF,B2,XX,10,1\n"
)


@pytest.fixture
def story(site: State) -> Story:
    return begun()


@pytest.fixture
def anna(story: Story) -> Client:
    return signed_in("anna")


def upload(client: Client, text: str | bytes, name: str = "../../month.csv", **fields: str) -> str:
    """A file sent; gives the address at which it is looked at."""
    content = text.encode() if isinstance(text, str) else text
    answer = client.post("/accounting/import", {"file": SimpleUploadedFile(name, content), "kind": "change", **fields})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def mapping(client: Client, address: str) -> dict[str, str]:
    return {name: text for name, text in client.get(f"/api{address}").json()["blocks"]["mapping"].items() if text}


def errors_of(blocks: dict[str, Any]) -> list[str]:
    return [each["message"] for each in blocks["problems"] if each["severity"] == "error"]


def kept(site: State) -> list[Path]:
    return [each for each in (site.folder / uploads.FOLDER).rglob("*") if each.is_file()]


def test_a_table_is_looked_at_and_stated_all_at_once(anna: Client, story: Story, site: State) -> None:
    address = upload(anna, GOOD)
    looked = anna.get(f"/api{address}").json()["blocks"]
    assert errors_of(looked) == []
    assert [(each["row"], each["batch"], each["E"]) for each in looked["rows"]["rows"]] == [
        (2, "B1", "100"),
        (3, "B2", "10"),
    ]
    assert "Bring in month.csv" in anna.get(address).content.decode()
    assert story.held("ZZA1") == {}
    assert [each.name for each in kept(site)] == ["month.csv"]
    assert kept(site)[0].parent.stat().st_mode & 0o077 == 0
    form = {**mapping(anna, address), "step": "state"}
    assert anna.post(address, form).status_code == 302
    assert story.held("ZZA1") == {"E": 110, "E/U235": 6}
    assert kept(site) == []
    again = anna.post(address, form, follow=True).content.decode()
    assert "This form was sent before, and recorded as statements" in again
    assert story.held("ZZA1") == {"E": 110, "E/U235": 6}


def test_what_is_wrong_stands_at_its_row_and_nothing_is_recorded(anna: Client, story: Story, site: State) -> None:
    address = upload(anna, GOOD + "soon,ZZA1,RF,B3,XX,ten,1\n")
    rows = anna.get(f"/api{address}").json()["blocks"]["rows"]["rows"]
    assert rows[0]["row"] == 4
    assert "ten" in rows[0]["problems"]
    refused = anna.post(address, {**mapping(anna, address), "step": "state"})
    assert refused.status_code == 422
    assert "Refused: nothing was recorded" in refused.content.decode()
    assert story.held("ZZA1") == {}
    assert kept(site)
    gone = anna.post(address, {"step": "forget"}, follow=True).content.decode()
    assert "The file is deleted" in gone
    assert kept(site) == []
    assert anna.get(address).status_code == 404


def test_columns_are_mapped_by_whoever_looks(anna: Client, story: Story) -> None:
    odd = GOOD.replace("Other side", "Whence").replace("E (g)", "Mass A").replace("E/U235 (g)", "Mass B")
    odd = odd.replace("2024-02-01", "01.02.2024").replace("2024-02-02", "02.02.2024").replace("100,5", '"0,1","0,005"')
    odd = odd.replace("10,1\n", '"0,01","0,001"\n')
    address = upload(anna, odd)
    chosen = {"field-4": "counterpart", "field-5": "E", "field-6": "E/U235"}
    first = anna.post(address, {**mapping(anna, address), **chosen, "step": "check"}).content.decode()
    assert 'name="unit-5"' in first
    read_as = {"unit-5": "kg", "unit-6": "kg", "numbers": "1500,25", "date-0": "DD.MM.YYYY"}
    form = {**mapping(anna, address), **chosen, **read_as}
    checked = anna.post(f"/api{address}", {**form, "step": "check"}).json()["blocks"]
    assert errors_of(checked) == []
    assert anna.post(address, {**form, "step": "state"}).status_code == 302
    assert story.held("ZZA1") == {"E": 110, "E/U235": 6}


def test_what_is_too_large_is_refused_before_it_is_kept(
    anna: Client, site: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100)
    sent = anna.post("/accounting/import", {"file": SimpleUploadedFile("m.csv", GOOD.encode()), "kind": "change"})
    assert sent.status_code == 422
    assert f"The file has {len(GOOD)} bytes; at most 100 are taken." in sent.content.decode()
    assert kept(site) == []


def test_a_spreadsheet_that_unpacks_to_too_much_or_has_too_many_rows_is_told_and_not_read(
    anna: Client, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting.pages import importing
    from tests.formats.tables.sheets import xlsx_parts, zipped

    rows = [line.split(",") for line in GOOD.splitlines()]
    own = importing.LIMITS
    assert (own.bytes, own.unpacked) == (uploads.LARGEST, 256 << 20)
    monkeypatch.setattr(importing, "LIMITS", msgspec.structs.replace(own, unpacked=1 << 20))
    bomb = zipped(xlsx_parts(rows) | {"xl/worksheets/sheet2.xml": b" " * (2 << 20)})
    assert len(bomb) < 1 << 14
    address = upload(anna, bomb, "bomb.xlsx")
    rules = [each["rule"] for each in anna.get(f"/api{address}").json()["blocks"]["problems"]]
    assert rules == [905]
    refused = anna.post(address, {"step": "state"})
    assert refused.status_code in (200, 422)
    monkeypatch.setattr(importing, "LIMITS", msgspec.structs.replace(own, cells=20))
    address = upload(anna, GOOD + "2024-02-03,ZZA1,RF,B3,XX,10,1\n")
    found = anna.get(f"/api{address}").json()["blocks"]
    assert errors_of(found)
    assert found["rows"]["rows"] == []
    assert story.held("ZZA1") == {}


def test_of_a_person_who_sends_many_files_the_oldest_go(
    anna: Client, site: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST", 2)
    addresses = [upload(anna, GOOD, f"m{number}.csv") for number in range(4)]
    other = upload(signed_in("boris"), GOOD, "other.csv")
    assert sorted(each.name for each in kept(site)) == ["m2.csv", "m3.csv", "other.csv"]
    assert [anna.get(each).status_code for each in addresses] == [404, 404, 200, 200]
    assert signed_in("boris").get(other).status_code == 200


def test_what_a_killed_server_left_of_a_file_goes_when_the_next_begins(site: State) -> None:
    import os

    folder = uploads.begin()
    assert folder.stat().st_mode & 0o077 == 0
    for name, age in (("old.upload.csv", 7200), ("new.upload.csv", 60)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time() - age,) * 2)
    uploads.begin()
    assert [each.name for each in kept(site)] == ["new.upload.csv"]


def test_a_file_is_of_who_sent_it_alone(anna: Client, story: Story) -> None:
    address = upload(anna, GOOD)
    boris = signed_in("boris")
    assert boris.get(address).status_code == 404
    assert boris.post(address, {"step": "state"}).status_code == 404
    assert boris.post(address, {"step": "forget"}).status_code == 404
    assert anna.get(address).status_code == 200
    assert anna.get("/accounting/import?file=../../openmpca.sqlite3").status_code == 404


def test_rows_about_an_area_beyond_the_reach_ask_nothing_of_the_book(story: Story) -> None:
    carla = narrow(story, "carla", "mba:ZZA1")
    for wrong in ("ZZB1", "NOPE"):
        address = upload(carla, GOOD.replace("02-02,ZZA1", f"02-02,{wrong}"))
        found = carla.post(address, {**mapping(carla, address), "step": "state"})
        assert found.status_code == 422
        assert f"There is no MBA {wrong} that you may read." in found.content.decode()
    assert story.held("ZZB1") == {}
    fine = upload(carla, GOOD)
    assert carla.post(fine, {**mapping(carla, fine), "step": "state"}).status_code == 302
    assert story.held("ZZA1") == {"E": 110, "E/U235": 6}
    register = upload(carla, "Code,Name\nX,Y\n", kind="country")
    assert "take a grant for everything" in carla.get(register).content.decode()


def test_what_is_too_large_or_no_table_is_refused(
    anna: Client, story: Story, site: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose a file." in anna.post("/accounting/import", {"kind": "change"}).content.decode()
    picture = upload(anna, b"%PDF-1.7 nothing", name="a.pdf")
    assert "PDF" in anna.get(picture).content.decode()
    monkeypatch.setattr(uploads, "LARGEST", 10)
    sent: Any = {"file": SimpleUploadedFile("a.csv", GOOD.encode()), "kind": "change"}
    refused = anna.post("/accounting/import", sent)
    assert refused.status_code == 422
    assert re.search(r"has \d+ bytes", refused.content.decode())
    assert len(kept(site)) == 1


def test_what_takes_two_persons_becomes_a_proposal(anna: Client, story: Story) -> None:
    from openmpca.record.statements import Duty

    story.state(Duty(day=date(2000, 1, 1), of="accounting.change", persons=2, prepare=["officer"], approve=["officer"]))
    address = upload(anna, GOOD)
    form = {**mapping(anna, address), "step": "state"}
    gone = anna.post(address, form)
    assert gone.headers["Location"].startswith("/record/proposal?number=")
    assert anna.post(address, form).headers["Location"] == gone.headers["Location"]
    assert story.held("ZZA1") == {}
