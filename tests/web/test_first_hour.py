"""The first hour of an authority in the browser: from nothing to opening balances, by the pages alone."""

import re
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.house.tree import ROOT
from tests.state import State
from tests.web.conftest import prove
from tests.web.doors import PASSPHRASE
from tests.web.first_hour import FOUNDING, REGISTER, messy

LEADS = "/accounting/register-entry?thing="


def founded_by_hand(client: Client) -> Any:
    from openmpca.web.serving import founding_secret

    return client.post("/found", {**FOUNDING, "secret": str(founding_secret())})


@pytest.fixture
def amal(site: State) -> Client:
    """Who founded the State, signed in."""
    client = Client()
    assert founded_by_hand(client).headers["Location"] == "/begin"
    return client


def steps(client: Client) -> dict[str, str]:
    rows = client.get("/api/begin").json()["blocks"]["steps"]["rows"]
    return {row["what"]: row["state"] for row in rows}


def following(client: Client) -> str:
    """Where the page leads next."""
    page = client.get("/begin").content.decode()
    return page.split('class="action" href="')[1].split('"')[0].replace("&amp;", "&")


def proven(client: Client) -> Client:
    from openmpca.web.models import Account

    prove(client, Account.objects.get(pk=client.session["_auth_user_id"]).pk)
    return client


def second(amal: Client) -> Client:
    """The second administrator, let in by the first on the page of people."""
    made = proven(amal).post("/people/person?person=bela", {"step": "invite"}).content.decode()
    secret = made.split("/invitation#")[1].split("<")[0].strip()
    client = Client()
    entered = client.post("/invitation", {"secret": secret, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert entered.status_code == 302
    return client


def registered(client: Client) -> None:
    for each in REGISTER:
        answer = client.post(
            f"/accounting/register-entry?thing={each['thing']}", {**each, "day": "2024-12-02", "step": "state"}
        )
        assert answer.status_code == 302, answer.content.decode()


def uploaded(client: Client, content: bytes | None = None) -> str:
    file = SimpleUploadedFile("Stock list.xlsx", content or messy())
    sent: dict[str, Any] = {"day": "2024-12-31", "file": file}
    answer = client.post("/accounting/opening?mba=XNR1", sent)
    assert answer.status_code == 302, answer.content.decode()
    return f"{answer.headers['Location']}&sheet=Stock+2024"


def blocks(client: Client, address: str) -> Any:
    answer = client.get(f"/api{address}")
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content)["blocks"]


def chosen(client: Client, address: str) -> dict[str, str]:
    """What the page proposes, with what only a person can tell."""
    proposed = {name: text for name, text in blocks(client, address)["mapping"].items() if text}
    told = {"field-2": "category", "field-4": "element", "unit-4": "kg", "field-5": "fissile", "unit-5": "g"}
    told |= {"field-6": "kmp", "field-0": "", "word-2:LEU": "E", "word-2:natural": "N"}
    return {**proposed, **told, "const-basis": "N", "const-description": "BQ2F"}


def prepared(client: Client) -> int:
    address = uploaded(client)
    answer = client.post(address, {**chosen(client, address), "step": "state"})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].split("number=")[1])


def test_without_a_state_every_way_leads_to_its_founding(site: State) -> None:
    nobody = Client()
    assert nobody.get("/").headers["Location"].startswith("/account/login/")
    assert nobody.get("/account/login/").headers["Location"] == "/found"
    page = nobody.get("/found").content.decode()
    assert "One-time secret" in page
    assert "two persons" in page
    assert nobody.get("/api/found").json()["forms"][0]["name"] == "founding"


def test_only_who_holds_the_secret_founds_and_only_once(site: State) -> None:
    from openmpca.record.record import head
    from openmpca.web.models import Account
    from openmpca.web.serving import founding_secret

    secret, client = str(founding_secret()), Client()
    for wrong in ({}, {"secret": "guessed"}, {"secret": secret, "again": "another"}, {"secret": secret, "second": ""}):
        assert client.post("/found", {**FOUNDING, "secret": "", **wrong}).status_code == 422
    same = client.post("/api/found", {**FOUNDING, "secret": secret, "second": "amal"}, content_type="application/json")
    assert same.json()["problems"][0]["message"] == "Two persons have one handle."
    assert "passphrase" not in same.json()["blocks"]["founding"]
    assert (head()[0], Account.objects.count()) == (0, 0)
    burnt = client.post("/invitation", {"secret": secret, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert burnt.status_code == 422
    assert client.post("/found", {**FOUNDING, "secret": secret}).headers["Location"] == "/begin"
    assert Client().post("/found", {**FOUNDING, "secret": secret}).status_code == 200
    assert (head()[0], Account.objects.count()) == (1, 1)
    assert founding_secret() is None
    assert Client().get("/account/login/").status_code == 200


def test_the_founder_is_led_from_step_to_step(amal: Client) -> None:
    assert steps(amal)["Found the State"] == "done"
    assert following(amal) == "/people/person?person=bela"
    assert "Go on setting the State up" in amal.get("/").content.decode()
    second(amal)
    assert following(amal) == f"{LEADS}country"
    registered(amal)
    found = steps(amal)
    assert [name for name, state in found.items() if state == "next"] == ["Opening inventory of XNR1"]
    assert found["Key measurement points of XNR1, of flow and of inventory"] == "done"
    assert following(amal) == "/accounting/opening?mba=XNR1"


def test_the_messy_sheet_is_read_as_it_stands_and_nothing_of_it_is_lost(amal: Client) -> None:
    registered(amal)
    address = uploaded(amal)
    proposed = blocks(amal, address)
    assert proposed["mapping"]["heading"] == "4"
    assert proposed["mapping"]["left_out"] == "9-10"
    assert [row["text"] for row in proposed["left_out"]["rows"]] == [
        "Total · 6 · 1,730",
        "Checked by P. Lind and A. Haddad",
    ]
    assert "Sheet About" in amal.get(address).content.decode()
    checked = amal.post(f"/api{address}", {**chosen(amal, address), "step": "check"}).json()["blocks"]
    assert [each["message"] for each in checked["problems"] if each["severity"] != "note"] == []
    assert [(row["weight"], row["batches"], row["found_g"]) for row in checked["opening"]["rows"]] == [
        ("E", 2, "1705"),
        ("E/U235", 2, "336"),
        ("N", 1, "25"),
    ]


def test_a_total_that_is_not_the_sum_of_its_rows_is_told_at_its_row(amal: Client) -> None:
    registered(amal)
    address = uploaded(amal, messy("1,720"))
    checked = amal.post(f"/api{address}", {**chosen(amal, address), "step": "check"}).json()["blocks"]
    told = [each for each in checked["problems"] if each["rule"] == 936]
    assert [(each["record"], each["field"]) for each in told] == [("row 9", "U (kg)")]


def test_what_is_wrong_stands_at_its_row_and_nothing_is_prepared(amal: Client) -> None:
    from openmpca.record.models import Proposal

    registered(amal)
    address = uploaded(amal)
    wrong = {**chosen(amal, address), "word-2:natural": "", "numbers": "1500.25"}
    refused = amal.post(f"/api{address}", {**wrong, "step": "state"})
    assert refused.status_code == 422
    rows = {row["row"]: row["problems"] for row in refused.json()["blocks"]["rows"]["rows"]}
    assert "1,205" in rows[5]
    assert "natural" in rows[8]
    assert Proposal.objects.count() == 0
    assert amal.get(address).status_code == 200


def test_the_opening_waits_for_the_second_person_and_then_the_listing_can_be_made(amal: Client) -> None:
    bela = second(amal)
    registered(amal)
    number = prepared(amal)
    assert steps(amal)["Opening inventory of XNR1"] == "waits"
    assert steps(amal)["Initial listing (PIL) of XNR1"] == "later"
    assert following(amal) == f"/record/proposal?number={number}"
    told = blocks(amal, f"/record/proposal?number={number}")
    assert [row["found_g"] for row in told["foreseen"]["rows"]] == ["1705", "336", "25"]
    assert "postings" not in told
    assert proven(bela).post(f"/record/approve?number={number}", {"step": "approve"}).status_code == 302
    book = blocks(amal, "/accounting/book?as_of=2024-12-31")["book"]["rows"]
    assert {(row["category"], row["element"]) for row in book} == {("E", "1705"), ("N", "25")}
    assert following(amal) == "/accounting/make?mba=XNR1&sort=P&end=2024-12-31"
    drawn = amal.post(following(amal), {"step": "state", "dated": "2025-01-15", "encoder": "HADDAD,A."})
    listing = int(drawn.headers["Location"].split("number=")[1])
    assert steps(amal)["Initial listing (PIL) of XNR1"] == "waits"
    proven(bela).post(f"/record/approve?number={listing}", {"step": "approve"})
    assert set(steps(amal).values()) == {"done", "if you want"}
    assert "Go on setting the State up" not in amal.get("/").content.decode()
    report = amal.get("/api/accounting/reports").json()["blocks"]["reports"]["rows"][0]
    file = amal.get(f"/accounting/report-file?number={report['statement']}").content
    assert b"446:DU-SHIELD" in file


def test_the_mapping_is_remembered_for_the_next_area(amal: Client) -> None:
    registered(amal)
    prepared(amal)
    other = {**REGISTER[2], "code": "XNS1", "name": "Store"}
    amal.post("/accounting/register-entry?thing=mba", {**other, "day": "2024-12-02", "step": "state"})
    file = SimpleUploadedFile("next.xlsx", messy())
    begun = amal.post("/accounting/opening?mba=XNS1", {"day": "2024-12-31", "file": file}).headers["Location"]
    proposed = blocks(amal, f"{begun}&sheet=Stock+2024")["mapping"]
    assert (proposed["field-4"], proposed["unit-4"], proposed["word-2:LEU"]) == ("element", "kg", "E")
    assert proposed["const-basis"] == "N"


def test_an_opening_is_prepared_once_however_often_it_is_sent(amal: Client) -> None:
    registered(amal)
    address = uploaded(amal)
    form = {**chosen(amal, address), "step": "state"}
    first, again = amal.post(address, form), amal.post(address, form)
    assert first.headers["Location"] == again.headers["Location"]
    assert amal.post(address, {"step": "forget"}).status_code in (302, 404)


def test_an_area_with_nothing_in_it_opens_empty(amal: Client) -> None:
    bela = second(amal)
    registered(amal)
    made = amal.post("/accounting/opening?mba=XNR1", {"day": "2024-12-31", "empty": "yes"})
    number = made.headers["Location"].split("number=")[1]
    assert proven(bela).post(f"/record/approve?number={number}", {"step": "approve"}).status_code == 302
    assert "opened on 2024-12-31" in amal.get("/accounting/opening?mba=XNR1").content.decode()


def sections() -> dict[str, list[dict[str, str]]]:
    """The tables of the page that tells of the first hour, by the number of their section, as fields with values."""
    page = (ROOT / "docs/duties/first-hour.md").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, str]]] = {}
    for part in page.split("\n## ")[1:]:
        tables = re.findall(r"(?:^\|.*\|\n)+", part, re.M)
        rows = [
            [[cell.strip() for cell in line.strip("|").split("|")] for line in each.splitlines()] for each in tables
        ]
        found[part.partition(".")[0]] = [{row[0]: row[1] for row in table[2:]} for table in rows]
    return found


def typed(client: Client, address: str, told: dict[str, str], step: str) -> Any:
    """Fill the form of a page by the labels of its fields, as somebody does who reads, and send it."""
    (form,) = client.get(f"/api{address}").json()["forms"]
    names = {each["label"]: each["name"] for each in form["fields"]}
    assert set(told) <= set(names), set(told) - set(names)
    shown = next(
        iter(each for name, each in client.get(f"/api{address}").json()["blocks"].items() if name == form["name"])
    )
    given = {name: str(text) for name, text in shown.items() if text}
    return client.post(address, {**given, **{names[label]: text for label, text in told.items()}, "step": step})


def test_the_page_in_docs_is_what_a_newcomer_types(site: State) -> None:
    from openmpca.web.serving import founding_secret

    told, amal = sections(), Client()
    secret = {
        "One-time secret": str(founding_secret()),
        "Your passphrase": PASSPHRASE,
        "The passphrase again": PASSPHRASE,
    }
    assert typed(amal, "/found", {**told["1"][0], **secret}, "found").headers["Location"] == "/begin"
    bela = second(amal)
    for table in (*told["3"], *told["4"], *told["5"], *told["6"]):
        answer = typed(amal, following(amal), table, "state")
        assert answer.status_code == 302, answer.content.decode()
    assert following(amal) == "/accounting/opening?mba=XNR1"
    address = uploaded(amal)
    means = chosen(amal, address)
    columns = ["No.", "Batch", "Material", "Pcs", "U (kg)", "U-235 (g)", "Where"]
    for column, field in told["7"][0].items():
        assert means[f"field-{columns.index(column)}"] == field
    number = amal.post(address, {**means, "step": "state"}).headers["Location"].split("number=")[1]
    assert proven(bela).post(f"/record/approve?number={number}", {"step": "approve"}).status_code == 302
    assert following(amal) == "/accounting/make?mba=XNR1&sort=P&end=2024-12-31"


def test_parties_and_duties_are_stated_on_pages(amal: Client) -> None:
    bela = second(amal)
    gone = proven(amal).post("/people/party", {"code": "NEC", "name": "Norland Energy", "day": "2024-12-02"})
    assert gone.headers["Location"] == "/people/parties"
    assert [row["code"] for row in blocks(amal, "/people/parties")["parties"]["rows"]] == ["NSA", "NEC"]
    assert proven(amal).post("/people/party", {"code": "NEC", "name": "Again", "day": "2024-12-02"}).status_code == 422
    form = {"persons": "2", "prepare-officer": "yes", "approve-authority": "yes", "day": "2024-12-02"}
    waits = proven(amal).post("/people/duty?kind=accounting.change", form).headers["Location"]
    proven(bela).post(waits.replace("/record/proposal", "/record/approve"), {"step": "approve"})
    rows = {row["kind"]: row for row in blocks(amal, "/people/duties")["duties"]["rows"]}
    assert (rows["accounting.change"]["persons"], rows["accounting.change"]["approve"]) == (2, "authority")
    offered = amal.get("/people/duty?kind=accounting.closing").content.decode()
    assert "one person</option>" not in offered
    assert amal.get("/people/duty?kind=record.founding").status_code == 404


def test_the_register_is_changed_from_a_day_on_and_what_is_wrong_stands_at_its_field(amal: Client) -> None:
    registered(amal)
    form = amal.get("/api/accounting/register-entry?thing=mba&code=XNR1").json()["blocks"]["form"]
    assert (form["name"], form["categories"], form["follow_up"]) == ("Reactor and store", "E, N", "yes")
    changed = {**form, "name": "Reactor", "day": "2025-06-01", "step": "state"}
    assert amal.post("/accounting/register-entry?thing=mba&code=XNR1", changed).status_code == 302
    for day, name in (("2025-05-31", "Reactor and store"), ("2025-06-01", "Reactor")):
        rows = blocks(amal, f"/accounting/register?thing=mba&as_of={day}")["mba"]["rows"]
        assert [row["name"] for row in rows] == [name]
    wrong = {"thing": "mba", "code": "XN", "name": "X", "facility": "NONE", "day": "2025-06-01", "step": "check"}
    told = amal.post("/api/accounting/register-entry?thing=mba", wrong).json()
    errors = {each["name"]: each["error"] for each in told["forms"][0]["fields"] if each["error"]}
    assert "facility" in errors
    assert amal.get("/accounting/register-entry?thing=mba&code=NONE").status_code == 404
    assert len(blocks(amal, "/accounting/register-entry")["things"]["rows"]) == 6
    for kind in ("opening", "mba", "change"):
        answer = amal.get(f"/accounting/template?kind={kind}")
        assert answer.content.startswith(b"PK"), kind
