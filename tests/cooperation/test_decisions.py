"""Decisions of boards: in force with the signatures of all parties over just their content, and by nothing less."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openmpca.cooperation.boards.content import ContentError, digest, read, text_in, text_of, written
from openmpca.cooperation.boards.deciding import in_force, matter, matters
from openmpca.cooperation.boards.members import board as board_of
from openmpca.cooperation.boards.statements import Decision, Seat, Signature
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.statements import Withdrawal
from openmpca.tlog.note import Note
from tests.cooperation.joint import DAY, HOSTED, received, refused, state
from tests.cooperation.signing import ELSEWHERE, PARTIES, STRANGER, board, decision, joint, note, seat
from tests.proof.partner import introduction, signer
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

LATER = date(2092, 1, 1)
"""The days of signing lie ahead: the record never goes back behind the day on which it runs."""


def now(day: date = LATER, **others: Any) -> Claims:
    return Claims(day, **others)


def fields_of(said: Decision) -> dict[str, Any]:
    """A decision as a partner's record holds it."""
    content = {name: value for name, value in json.loads(written(said)).items() if name != "format"}
    return {**content, "day": str(DAY), "release": ["*"]}


def whys(code: str = "D-7") -> list[str]:
    found = matter(now(), code)
    return [each.why for content in found.contents for each in content.signed if each.why] + [
        why for _claim, why in found.stray
    ]


def test_a_decision_is_in_force_when_the_last_party_has_signed_and_not_before(state_home: State) -> None:
    us = joint()
    said = decision()
    state(us.ours, said)
    assert in_force(now(), "D-7") is None
    us.sign(said, "SRA", "2091-03-02")
    first = us.sign(said, "PER", "2091-03-04")
    (content,) = matter(now(), "D-7").contents
    assert (content.awaited, content.since) == ((HOSTED,), None)
    last = us.sign(said, HOSTED, "2091-05-09")
    found = in_force(now(), "D-7")
    assert found is not None
    assert (found.day, found.number, found.content.said) == (date(2091, 5, 9), last, said)
    assert in_force(now(date(2091, 5, 8)), "D-7") is None
    assert in_force(now(date(2091, 5, 9)), "D-7") is not None
    assert in_force(now(known_at=last - 1), "D-7") is None
    assert first < last
    assert whys() == []
    assert in_force(now(), "D-8") is None


def test_nobody_signs_for_another_party(state_home: State) -> None:
    us = joint()
    said = decision()
    state(us.ours, said)

    def signature(given: str, code: str = "D-7") -> Signature:
        return Signature(day=DAY, decision=code, note=given)

    forged = note(said, HOSTED, us.own)
    renamed = note(said, HOSTED, STRANGER)
    torn = note(said, HOSTED, ELSEWHERE).replace("content ", "content 0")
    other_code = note(decision(code="D-8"), HOSTED, ELSEWHERE)
    no_note = str(text_of(said, HOSTED, DAY))
    for wrong in (forged, renamed, torn, other_code, no_note, "", f"{said.text}\n\n{forged}"):
        assert refused(us.ours, signature(wrong)) == [(872, "note")]
    assert refused(us.ours, Signature(day=DAY, decision="D-9", note=forged))[0] == (800, "decision")
    us.sign(said, "SRA")
    us.sign(said, "PER")
    by_bundle = [
        us.partner.state("cooperation.signature", day="2026-03-02", decision="D-7", note=given, release=["*"])
        for given in (forged, renamed, torn, other_code, note(decision(text="Hall 6."), HOSTED, ELSEWHERE))
    ]
    received(us.partner, us.ours, *by_bundle)
    assert matter(now(), "D-7").contents[0].awaited == (HOSTED,)
    assert whys() == [
        "No key that is known here for HOS has signed it.",
        "No key that is known here for HOS has signed it.",
        "It was signed under other words than those that stand.",
        "It was signed under other words than those that stand.",
        "It was signed under other words than those that stand.",
    ]
    brought = us.partner.state(
        "cooperation.signature", day="2026-03-02", decision="D-7", note=note(said, HOSTED, ELSEWHERE), release=["*"]
    )
    received(us.partner, us.ours, brought)
    assert in_force(now(), "D-7") is not None


def test_who_keeps_the_record_forges_no_decision_of_a_party_that_it_hosts(state_home: State) -> None:
    from openmpca.proof.keyring import keys
    from openmpca.proof.keyring.keys import Asked
    from openmpca.record.act import Act

    us = joint()
    said = decision()
    state(us.ours, said)
    assert refused(us.ours, seat(HOSTED, str(STRANGER.verifier))) == [(871, "of")]
    disguised = Act(party=HOSTED, prepared_by="hana", approved_by=["boris"])
    assert (871, "of") in refused(disguised, seat(HOSTED, str(STRANGER.verifier)))
    keys.new(Asked("person", us.ours, person="hana"), "sra.example/hana")
    made = keys.load("person", person="hana")
    given = Signature(day=DAY, decision="D-7", note=note(said, HOSTED, made))
    assert refused(us.ours, given) == [(872, "note")]
    foreign = us.partner.state(
        "cooperation.seat", day=str(DAY), board="JB", of=HOSTED, person="x", vkey=str(made.verifier), release=["*"]
    )
    received(us.partner, us.ours, foreign)
    assert refused(us.ours, given) == [(872, "note")]
    table = board_of(now(), "JB")
    assert table is not None
    assert [(each.party, each.standing) for each in table.seats if each.standing != "is held"] == [
        (HOSTED, "not its own word")
    ]
    assert table.unseated == []


def test_a_seat_takes_a_key_that_the_party_handed_over(state_home: State) -> None:
    us = joint()
    stranger = str(signer("x.example/y", 77).verifier)
    assert refused(us.ours, seat("SRA", stranger)) == [(871, "vkey")]
    assert refused(us.ours, seat("PER", stranger)) == [(871, "vkey")]
    assert refused(us.ours, seat("SRA", "no key")) == [(871, "vkey")]
    assert refused(us.ours, seat("SRA", str(us.own.as_cosigner().verifier))) == [(871, "vkey")]
    assert refused(us.ours, seat("SRA", str(us.own.verifier), until=date(2026, 1, 1))) == [(871, "until")]
    assert refused(us.theirs, seat("PER", str(us.partner.person.verifier), until=date(2026, 1, 1)))[0][0] == 871
    state(us.ours, *introduction(us.partner)[:0], decision())
    from openmpca.record.statements import Party

    state(us.ours, Party(day=DAY, code="FAR", name="A party hosted elsewhere"))
    state(us.ours, board(code="FB", parties=["SRA", "FAR"]))
    far = signer("far.example/co-chair", 51)
    state(us.ours, seat("FAR", str(far.verifier), board="FB"), seat("SRA", str(us.own.verifier), board="FB"))
    said = decision(code="D-9", board="FB", parties=["SRA", "FAR"])
    state(us.ours, said)
    for party, by in (("SRA", us.own), ("FAR", far)):
        state(us.ours, Signature(day=DAY, decision="D-9", note=note(said, party, by)))
    assert in_force(now(), "D-9") is not None


def test_a_keeper_without_a_key_seats_nobody(state_home: State) -> None:
    from tests.cooperation.joint import hosting

    ours, _theirs = hosting()
    state(ours, board(parties=["SRA", HOSTED]))
    assert refused(ours, seat("SRA", str(STRANGER.verifier))) == [(871, "vkey")]


def test_what_was_signed_is_not_changed_afterwards(state_home: State) -> None:
    us = joint()
    said = decision()
    (first,) = state(us.ours, said)
    for party in PARTIES:
        us.sign(said, party)
    assert refused(us.ours, decision(text="Hall 6 is built first.", replaces=first)) == [(873, "replaces")]
    assert refused(us.ours, Withdrawal(day=DAY, replaces=first)) == [(873, "replaces")]
    (second,) = state(us.ours, decision(release=["PER", HOSTED], replaces=first))
    assert in_force(now(), "D-7") is not None
    changed = us.partner.state(
        "cooperation.decision",
        **fields_of(decision(text="Hall 6.")),
    )
    received(us.partner, us.ours, changed)
    one, other = matter(now(), "D-7").contents
    assert (one.awaited, other.awaited) == ((), tuple(sorted(PARTIES)))
    held = in_force(now(), "D-7")
    assert held is not None
    assert held.content.said.text == "Hall 5 is built first."
    assert second > first


def test_content_that_a_partner_replaces_has_no_signatures_any_more(state_home: State) -> None:
    us = joint()
    said = decision()
    fields = fields_of(said)
    told = us.partner.state("cooperation.decision", **fields)
    received(us.partner, us.ours, told)
    for party in PARTIES:
        us.sign(said, party)
    assert in_force(now(), "D-7") is not None
    again = us.partner.state("cooperation.decision", **{**fields, "text": "Hall 6.", "replaces": told})
    received(us.partner, us.ours, again)
    assert in_force(now(), "D-7") is None
    assert whys() == ["It was signed under other words than those that stand."] * 3
    state(us.ours, said)
    assert in_force(now(), "D-7") is not None


def test_nobody_signs_back_into_a_time_when_they_held_a_seat(state_home: State) -> None:
    us = joint()
    said = decision()
    state(us.ours, said)
    (held,) = (each for each in now().of(Seat) if each.said.of == "SRA")
    state(us.ours, seat("SRA", str(us.own.verifier), until=date(2091, 5, 1), replaces=held.number), when="2091-05-02")
    us.sign(said, "PER", "2091-05-03")
    us.sign(said, HOSTED, "2091-05-03")
    back = Signature(day=date(2091, 5, 3), decision="D-7", note=note(said, "SRA", us.own, date(2091, 4, 20)))
    assert refused(us.ours, back) == [(872, "note")]
    typed = Signature(day=date(2091, 4, 20), decision="D-7", note=back.note)
    assert refused(us.ours, typed) == [(872, "note")]
    ahead = Signature(day=date(2091, 5, 3), decision="D-7", note=note(said, "SRA", us.own, date(2092, 1, 1)))
    assert refused(us.ours, ahead) == [(872, "note")]
    brought = us.partner.state("cooperation.signature", day="2091-04-20", decision="D-7", note=back.note, release=["*"])
    received(us.partner, us.ours, brought)
    assert in_force(now(), "D-7") is None
    assert [each.split(" ")[:6] for each in whys()] == [["Who", "signed", "it", "held", "no", "seat"]]


def test_what_was_valid_stays_so_when_people_and_keys_change(state_home: State) -> None:
    us = joint()
    said = decision()
    state(us.ours, said)
    for party in PARTIES:
        us.sign(said, party)
    found = in_force(now(), "D-7")
    (held,) = (each for each in now().of(Seat) if each.said.of == "SRA")
    state(us.ours, Withdrawal(day=date(2026, 1, 1), replaces=held.number), when="2091-05-02")
    new_key = str(signer("perion.example/p-two", 33).verifier)
    _party, stated = introduction(us.partner, person_keys=[new_key])
    state(us.ours, stated)
    (there,) = (each for each in now().about(type(board()), "board:JB"))
    state(us.ours, board(parties=[*PARTIES, "SRA"][:3], title="Renamed", replaces=there.number))
    again = in_force(now(), "D-7")
    assert found is not None
    assert again is not None
    assert (again.number, again.day) == (found.number, found.day)
    us.partner.person = signer("perion.example/p-one", 23)
    other = decision(code="D-8")
    state(us.ours, other)
    us.sign(other, "PER", "2091-06-01")
    assert matter(now(), "D-8").contents[0].awaited == tuple(sorted(PARTIES))


def test_a_board_decides_with_all_its_parties_and_a_later_one_changes_nothing_before(state_home: State) -> None:
    from openmpca.record.statements import Party

    us = joint()
    state(us.ours, board(code="KB", parties=["SRA", HOSTED]), seat("SRA", str(us.own.verifier), board="KB"))
    state(us.theirs, seat(HOSTED, str(ELSEWHERE.verifier), board="KB"))
    assert refused(us.ours, decision(parties=["SRA", HOSTED])) == [(870, "parties")]
    assert refused(us.ours, decision(board="KB", parties=["SRA", HOSTED, HOSTED])) == [(870, "parties")]
    said = decision(board="KB", parties=["SRA", HOSTED])
    waits = decision(code="D-8", board="KB", parties=["SRA", HOSTED])
    state(us.ours, said, waits)
    us.sign(said, "SRA")
    us.sign(said, HOSTED)
    us.sign(waits, "SRA")
    state(us.ours, Party(day=DAY, code="NEW", name="Newcomer"))
    (there,) = (each for each in now().of(type(board())) if each.code == "KB")
    state(us.ours, board(code="KB", parties=["SRA", HOSTED, "NEW"], replaces=there.number))
    assert in_force(now(), "D-7") is not None
    us.sign(waits, HOSTED)
    assert matter(now(), "D-8").contents[0].awaited == ("NEW",)


def test_one_decision_ends_another(state_home: State) -> None:
    us = joint()
    first, second, third = decision(), decision(code="D-8", revokes="D-7"), decision(code="D-9", revokes="D-8")
    state(us.ours, first)
    state(us.ours, second)
    for party in PARTIES:
        us.sign(first, party)
    assert in_force(now(), "D-7") is not None
    for party in PARTIES:
        us.sign(second, party)
    assert in_force(now(), "D-7") is None
    state(us.ours, third)
    for party in PARTIES:
        us.sign(third, party)
    assert in_force(now(), "D-7") is not None
    assert [each.code for each in matters(now())] == ["D-7", "D-8", "D-9"]


def test_the_file_of_a_decision_has_one_form() -> None:
    said = decision(attachments={"plan.pdf": "0" * 64}, about=["project:P-07"], initiated="PER", text="Зал 5\nпервым")
    data = written(said)
    again = read(data)
    assert (written(again), digest(again)) == (data, digest(said))
    for wrong in (b"", b"[]", b"\xff", data[:-1], data.replace(b"D-7", b'D-7","code":"D-8'), data + b"\n"):
        with pytest.raises(ContentError):
            read(wrong)
    text = str(text_of(said, "SRA", DAY))
    for wrong in (text.replace("v1", "v2"), text + "more\n", text.replace("2026-03-01", "March"), text + "x y\n"):
        with pytest.raises(ContentError):
            text_in(wrong + "\n" + "".join(f"{each}\n" for each in Note.parse(note_of(said)).signatures))
    spaced = text.replace("2026-03-01", "20260301")
    with pytest.raises(ContentError):
        text_in(spaced + "\n" + "".join(f"{each}\n" for each in Note.parse(note_of(said)).signatures))


def note_of(said: Decision) -> bytes:
    return note(said, "SRA", STRANGER).encode()


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_a_decision_is_signed_at_home_and_on_a_machine_without_one(
    run: Run, state_home: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    us = joint()
    state(us.ours, board(code="KB", parties=["SRA", HOSTED]), seat("SRA", str(us.own.verifier), board="KB"))
    assert "There are no decisions" in run.text("decision", "list")[1]
    assert run.text("decision", "show", "D-7")[0] == 4
    state(us.ours, decision(board="KB", parties=["SRA", HOSTED]))
    home = tmp_path / "content.json"
    code, made = run.json("decision", "text", "D-7", "--out", str(home))
    assert (code, home.read_bytes()) == (0, written(decision(board="KB", parties=["SRA", HOSTED])))
    assert run.text("decision", "text", "D-7", "--out", str(home))[0] != 0

    monkeypatch.setenv("OPENMPCA_HOME", str(tmp_path / "nowhere"))
    key, signed = tmp_path / "co-chair.key", tmp_path / "hos.note"
    vkey = run.json("decision", "key", "hos.example/far", "--out", str(key))[1]["vkey"]
    assert key.stat().st_mode & 0o077 == 0
    asked = ("decision", "sign", str(home), "--of", HOSTED, "--day", "2026-03-02")
    assert run.text(*asked)[0] == 2
    assert run.text("decision", "sign", str(home), "--of", "PER", "--key-file", str(key))[0] == 2
    said = run.text(*asked, "--key-file", str(key), "--out", str(signed))[1]
    assert "Hall 5 is built first." in said
    assert text_in(signed.read_text()).content == made["sha256"]
    home.write_bytes(home.read_bytes().replace(b"Hall 5", b"Hall 6 "))
    assert run.text(*asked, "--key-file", str(key))[0] == 0
    home.write_bytes(home.read_bytes()[:-2])
    assert run.text(*asked, "--key-file", str(key))[0] == 1
    assert run.text("decision", "key", "two words", "--out", str(tmp_path / "other.key"))[0] == 1

    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    run.text("board", "list")
    state(us.theirs, seat(HOSTED, vkey, board="KB"))
    said_by_hos = ("decision", "record", str(signed), "--by", "hana", "--party", HOSTED)
    assert run.text(*said_by_hos, "--dry-run")[0] == 0
    assert len(set(run.json(*said_by_hos)[1]["numbers"])) == 2
    note_here = tmp_path / "sra.note"
    code, _out, error = run.text(
        "decision", "sign", "D-7", "--of", "SRA", "--key", "person-anna", "--out", str(note_here)
    )
    assert (code, error.count("wrong")) == (0, 0)
    assert run.text("decision", "sign", "D-7", "--of", "SRA", "--key", "party")[1].count("— sra.example/party") == 1
    assert run.text("decision", "record", str(home), "--by", "anna")[0] == 1
    code, found = run.json("decision", "show", "D-7")
    assert [each["party"] for each in found["contents"][0]["signed"]] == [HOSTED]
    assert "is awaited" in run.text("decision", "show", "D-7")[1]
    assert run.json("decision", "record", str(note_here), "--by", "anna")[0] == 0
    rows = run.json("decision", "list")[1]
    assert (len(rows), rows[0]["standing"][:14]) == (1, "in force since")
    assert run.json("decision", "list", "--as-of", "2026-03-10")[1][0]["standing"] == "awaits signatures"
    assert "counts" in run.text("decision", "show", "D-7")[1]
    listed = run.json("board", "list")[1]
    assert {(each["party"], each["standing"]) for each in listed if each["board"] == "KB"} == {
        ("SRA", "is held"),
        (HOSTED, "is held"),
    }
    state(us.ours, decision(code="D-8"))
    state(us.theirs, decision(code="D-8", text="Another."))
    assert run.text("decision", "text", "D-8", "--out", str(tmp_path / "two.json"))[0] == 2


def test_the_pages_show_who_is_awaited_give_the_file_and_take_the_note(site: State) -> None:
    us = joint()
    said = decision(board="KB", parties=["SRA", HOSTED], about=["board"][:0])
    anna, hana = signed_in("anna"), signed_in("hana")
    state(us.ours, board(code="KB", parties=["SRA", HOSTED], release=[]), decision(code="Q-1", release=[]))
    assert "KB" not in hana.get("/cooperation/boards").content.decode()
    assert hana.get("/cooperation/board?code=KB").status_code == 404
    assert hana.get("/cooperation/decision?code=Q-1").status_code == 404
    assert "Q-1" not in hana.get("/cooperation/decisions").content.decode()
    state(us.ours, board(code="KB", parties=["SRA", HOSTED]), seat("SRA", str(us.own.verifier), board="KB"))
    state(us.theirs, seat(HOSTED, str(ELSEWHERE.verifier), board="KB"))
    state(us.ours, said)
    shown = anna.get("/api/cooperation/board?code=KB").json()["blocks"]
    assert [row["standing"] for row in shown["seats"]["rows"]] == ["is held", "is held"]
    sha = digest(said)
    file = hana.get(f"/cooperation/decision-text?code=D-7&sha256={sha}")
    assert file.content == written(said)
    assert hana.get("/cooperation/decision-text?code=D-7&sha256=0").status_code == 404
    given = note(said, HOSTED, ELSEWHERE)
    assert "signed note" in hana.get("/cooperation/signature").content.decode().lower()
    assert hana.post("/cooperation/signature", {"note": "nothing"}).status_code == 422
    forged = note(said, HOSTED, STRANGER)
    assert "No key that is known here" in hana.post("/cooperation/signature", {"note": forged}).content.decode()
    state(us.ours, decision(board="KB", parties=["SRA", HOSTED], text="Other words.", code="D-7"))
    done = hana.post("/cooperation/signature", {"note": given.replace("\n", "\r\n")}, follow=True).content.decode()
    assert "different contents" in done
    assert "is awaited" in done
    stray = note(decision(text="Nobody's."), HOSTED, ELSEWHERE)
    fields = {"day": "2026-01-01", "decision": "D-7", "note": stray, "release": ["*"]}
    received(us.partner, us.ours, us.partner.state("cooperation.signature", **fields))
    assert "fit no content" in anna.get("/cooperation/decision?code=D-7").content.decode()
    state(us.ours, Signature(day=DAY, decision="D-7", note=note(said, "SRA", us.own), release=["*"]))
    assert "in force since" in hana.get("/cooperation/decision?code=D-7").content.decode()
    assert "in force since" in hana.get("/cooperation/decisions").content.decode()
    by_sra = {
        row["decision"]: row["awaited"]
        for row in anna.get("/api/cooperation/decisions").json()["blocks"]["decisions"]["rows"]
    }
    assert by_sra["Q-1"] == ", ".join(sorted(PARTIES))
