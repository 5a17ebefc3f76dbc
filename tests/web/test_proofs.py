"""Proofs in the browser: fields released by two persons, their file, what it proves to a partner, signing."""

from datetime import date
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmpca.proof.disclosures import checking
from openmpca.proof.keyring import keys
from openmpca.proof.signing import checkpoints
from openmpca.record import commands
from openmpca.record.home import home
from openmpca.record.people import introduce
from openmpca.record.record import head
from openmpca.record.statements import Grant, Party
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.policy import Policy
from tests.proof.disclosed import LATER, ONE, TIMES, TWO, Told
from tests.proof.signing import ORIGIN, keyed
from tests.state import BEGINNING, State, at
from tests.web.conftest import signed_in

CHOSEN = {
    "day": "2001-01-01",
    "recipient": "Perion",
    "purpose": "receipt of shipment 7",
    "authority": "agreement, article 4",
}


def page(client: Client, path: str, **parameters: Any) -> Any:
    """A page's twin, read."""
    answer = client.get(f"/api/{path}", parameters)
    return msgspec.json.decode(answer.content)


@pytest.fixture
def told(site: State) -> Told:
    """A State with a key of its log, and a party stated with a note that may be withheld."""
    act = keyed()
    made = commands.state([Party(day=BEGINNING, code="OP", name="Operator", note="call Eva")], act, when=LATER)
    return Told(act, made.numbers[0])


def chosen(told: Told, **changed: str) -> dict[str, str]:
    """What a form sends that releases the name of the party."""
    return {"chosen": f"{told.number}:kind,party,recorded,day,name", **CHOSEN, **changed}


def released(told: Told) -> int:
    """What anna releases on the page, and boris approves."""
    answer = signed_in("anna").post("/api/proof/disclose", {**chosen(told), "step": "state"})
    return commands.approve(msgspec.json.decode(answer.content)["proposal"], "boris").numbers[0]


def cosigned_checkpoint() -> str:
    """A checkpoint signed by the log and both witnesses; gives the policy that asks for it."""
    note = checkpoints.make().note
    checkpoints.keep_cosignatures(note.with_signatures([cosigned(note, each, TIMES[each.name]) for each in (ONE, TWO)]))
    log = next(each.vkey for each in keys.introduced("log"))
    return f"log {log}\nwitness one {ONE.verifier}\nwitness two {TWO.verifier}\ngroup both all one two\nquorum both\n"


def test_fields_are_released_by_two_persons_and_prove_themselves_to_the_recipient(told: Told) -> None:
    anna = signed_in("anna")
    assert page(anna, "proof/releases")["blocks"]["releases"]["rows"] == []
    size = head()[0]
    looked = anna.post("/api/proof/disclose", {**chosen(told), "step": "check"})
    assert (looked.status_code, head()[0]) == (200, size)
    made = released(told)
    waits = page(anna, "proof/release", number=made)
    assert [each["rule"] for each in waits["blocks"]["problems"]] == [73]
    assert anna.get("/proof/release-file", {"number": made}).status_code == 422
    policy = Policy.parse(cosigned_checkpoint())
    shown = page(anna, "proof/release", number=made)
    assert shown["blocks"]["opened"]["rows"] == [{"number": told.number, "fields": "day, kind, name, party, recorded"}]
    file = anna.get("/proof/release-file", {"number": made})
    assert checking.check(file.content, policy).facts[0].fields["name"] == "Operator"
    assert b"call Eva" not in file.content
    (row,) = page(anna, "proof/releases")["blocks"]["releases"]["rows"]
    assert (row["number"], row["recipient"]) == (made, "Perion")


def test_a_statement_opens_the_form_with_all_its_fields_but_its_persons(told: Told) -> None:
    shown = page(signed_in("anna"), "proof/disclose", number=told.number)
    assert shown["blocks"]["release"]["chosen"] == f"{told.number}:kind,party,recorded,day,code,name,note,version"


@pytest.mark.parametrize(
    ("field", "text", "rule"), [("recipient", " ", 71), ("chosen", "0:colour", 70), ("chosen", "seven", 0)]
)
def test_what_cannot_be_released_is_told(told: Told, field: str, text: str, rule: int) -> None:
    answer = signed_in("anna").post("/api/proof/disclose", {**chosen(told), field: text, "step": "state"})
    assert answer.status_code == 422
    assert rule in [each["rule"] for each in msgspec.json.decode(answer.content)["problems"]]
    assert head()[0] == told.number + 1


def test_who_holds_no_grant_for_everything_releases_nothing_and_finds_no_release(told: Told) -> None:
    person, _ = introduce("nora", "Nora", "SRA", BEGINNING, told.act, when=at("2001-01-01"))
    grant = Grant(day=date(2000, 1, 1), person=person, for_party="SRA", role="officer", scope="mba:ZZA1")
    commands.state([grant], told.act)
    nora = signed_in("nora")
    made = released(told)
    cosigned_checkpoint()
    for path, number in (("release", made), ("release-file", made), ("release", 99), ("disclose", told.number)):
        assert nora.get(f"/proof/{path}", {"number": number}).status_code == 403
    assert nora.get("/proof/releases").status_code == 403
    assert b"proof/disclose" not in nora.get("/record/log").content


def sent(file: bytes, policy: str) -> dict[str, SimpleUploadedFile]:
    given = {"file": SimpleUploadedFile("disclosure.json", file)}
    return given | ({"policy": SimpleUploadedFile("policy", policy.encode())} if policy else {})


def test_a_partner_reads_what_a_file_proves_and_what_not(told: Told) -> None:
    anna = signed_in("anna")
    made, policy = released(told), cosigned_checkpoint()
    file = anna.get("/proof/release-file", {"number": made}).content
    blocks = msgspec.json.decode(anna.post("/api/proof/check", sent(file, policy)).content)["blocks"]
    assert blocks[f"statement_{told.number}"]["name"] == '"Operator"'
    assert (blocks["proven"]["quorum"], blocks["release"]["release_proven"]) == (True, True)
    assert blocks["proven"]["no_later_than"] == "2001-09-09T01:47:40Z"
    assert "That what a statement says is true." in blocks["not_proven"]
    (home() / "policy").write_text(policy)
    with (home() / "openmpca.toml").open("a") as file_of_home:
        file_of_home.write('\npolicy = "policy"\n')
    assert anna.post("/proof/check", sent(file, policy="")).status_code == 200


@pytest.mark.parametrize(
    ("altered", "wrong", "rule"),
    [
        (lambda file: file.replace(b"Operator", b"Operatix"), "", 75),
        (lambda file: b"{}", "", 74),
        (lambda file: b"", "", 74),
        (lambda file: file, "nothing", 0),
    ],
)
def test_a_file_or_policy_that_does_not_hold_proves_nothing(told: Told, altered: Any, wrong: str, rule: int) -> None:
    anna = signed_in("anna")
    made, policy = released(told), cosigned_checkpoint()
    file = anna.get("/proof/release-file", {"number": made}).content
    answer = anna.post("/api/proof/check", sent(altered(file), wrong or policy))
    assert answer.status_code == 422
    assert [each["rule"] for each in msgspec.json.decode(answer.content)["problems"]] == [rule]


def test_an_administrator_signs_how_the_record_stands(site: State) -> None:
    keyed()
    anna = signed_in("anna")
    assert page(anna, "proof/checkpoint")["blocks"] == {"text": "Nothing was signed yet."}
    assert anna.get("/proof/checkpoint-file").status_code == 404
    size = head()[0]
    assert anna.post("/proof/sign", {"step": "sign"}).status_code == 302
    shown = page(anna, "proof/checkpoint")["blocks"]["facts"]
    assert (shown["origin"], shown["size"], shown["waiting"]) == (ORIGIN, size, 0)
    assert anna.get("/proof/checkpoint-file").content.startswith(f"{ORIGIN}\n{size}\n".encode())


def test_a_sealed_key_is_opened_by_no_page(site: State) -> None:
    keyed(secret="a long passphrase")  # noqa: S106  made for this test
    answer = signed_in("anna").post("/proof/sign", {"step": "sign"})
    assert answer.status_code == 403
    assert b"sealed" in answer.content


def test_without_a_key_signing_says_how_to_make_one(founded_site: State) -> None:
    answer = signed_in("anna").post("/api/proof/sign", {"step": "sign"})
    assert answer.status_code == 422
    assert "openmpca key new log" in msgspec.json.decode(answer.content)["problems"][0]["mend"]
