"""Bundles: sent by two persons, signed, received and kept as they came; and what a hostile side may try."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.proof.bundles.bundle_form import LARGEST, Attachment, FormError, SignedBundle, check_names
from openmpca.proof.disclosures.showing import ShownStatement
from openmpca.tlog.disclosure import Body
from openmpca.tlog.note import Note, NoteError
from tests.proof.partner import Partner, introduction, met, signer
from tests.state import State, alone

FILES = {"note.txt": b"a note", "Карта 1.png": bytes(range(256))}


def shipping(partner: Partner) -> int:
    weights = {"E": "1000", "E/U235": "200"}
    others = {"counterpart": "ZZ/ZZA1", "items": 3, "mba": "XPE1"}
    return partner.state(
        "accounting.change", day="2024-02-01", code="SF", batch="B1", name="B1", weights=weights, **others
    )


def refused(call: Callable[[], Any]) -> list[tuple[int, str]]:
    """Rule and field of each problem with which a call is refused."""
    from openmpca.record.record import Refused

    with pytest.raises(Refused) as found:
        call()
    return [(each.rule, each.field) for each in found.value.problems]


def received(partner: Partner, act: Any, data: bytes, **others: Any) -> Any:
    from openmpca.proof.bundles import receiving

    return receiving.receive(data, partner.policy(), others.pop("by", alone(act)), **others)


def refusal(partner: Partner, act: Any, data: bytes) -> list[tuple[int, str]]:
    return refused(lambda: received(partner, act, data))


# What is sent


def sending(act: Any) -> Any:
    """Keys of log and party, a partner, and two statements of ours to send; gives the partner."""
    from openmpca.proof.keyring import keys
    from openmpca.proof.keyring.keys import Asked
    from openmpca.record import commands

    partner = Partner()
    keys.new(Asked("log", act), "sra.example/openmpca")
    keys.new(Asked("party", act), "sra.example/party")
    commands.state(introduction(partner), act)
    return partner


def released(act: Any, chosen: Any, files: Any = None, **terms: str) -> int:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.signing import checkpoints

    said = {"recipient": "PER", "purpose": "joint view", "authority": "treaty", **terms}
    made = bundling.prepare(chosen, bundling.Terms(**said), files or {}, act)
    checkpoints.make()
    return int(made.numbers[0])


def test_a_bundle_takes_two_persons_and_goes_out_as_one_signed_file(each_state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.disclosures import showing
    from openmpca.proof.keyring import keys
    from openmpca.proof.signing import checkpoints
    from openmpca.record import commands
    from openmpca.tlog.checkpoint import Checkpoint
    from openmpca.tlog.note import verified
    from tests.state import founded

    act = founded()
    partner = sending(act)
    terms = bundling.Terms("PER", "joint view", "treaty")
    proposed = bundling.prepare({0: None, 1: None}, terms, FILES, alone(act))
    assert proposed.proposal is not None
    release = commands.approve(proposed.proposal, "boris").numbers[0]
    with_none = refused(lambda: bundling.written(release, [keys.load("party")]))
    assert with_none == [(83, "")]
    checkpoints.make()
    made = bundling.written(release, [keys.load("party")])
    bundle = SignedBundle.parse(made.encode()).bundle
    assert [each.name for each in verified(made.note, [keys.load("party").verifier])] == ["sra.example/party"]
    assert (bundle.recipient, bundle.purpose, bundle.authority) == (str(partner.party.verifier), "joint view", "treaty")
    assert {each.name: each.content for each in bundle.attachments} == FILES
    checkpoint = Checkpoint.parse(Note.parse(bundle.checkpoint.encode()).text)
    shown = showing.proven(bundle.statements, checkpoint.size, checkpoint.root)
    assert [each.number for each in shown] == [0, 1, release]
    assert not any(name in each.fields for each in shown for name in showing.PERSONS)
    assert shown[0].fields["of_party"] == "SRA"


def test_with_fields_only_those_are_shown_with_kind_and_version(state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.keyring import keys
    from tests.state import founded

    act = founded()
    sending(act)
    release = released(act, {0: ["name"]})
    bundle = bundling.written(release, [keys.load("party")]).bundle
    assert Body.parse(bundle.statements[0].body).fields.keys() == {"kind", "name", "version"}
    assert Body.parse(bundle.statements[0].body).decoys == 0


def test_what_is_not_there_is_not_sent_and_leaves_no_file_behind(state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.models import BundleFile
    from tests.state import founded

    act = founded()
    sending(act)

    def prepared(chosen: Any, files: Any = None, to: str = "PER", purpose: str = "p") -> list[tuple[int, str]]:
        terms = bundling.Terms(to, purpose, "a")
        return refused(lambda: bundling.prepare(chosen, terms, files or {}, act))

    assert prepared({999: ["day"]}) == [(88, "statements")]
    assert prepared({999: None}) == [(88, "statements")]
    assert prepared({0: ["nothing"]}) == [(88, "fields")]
    assert prepared({}) == [(88, "statements")]
    assert prepared({0: None}, to="XXX") == [(81, "recipient")]
    assert prepared({0: None}, purpose=" ") == [(88, "purpose")]
    assert prepared({0: None}, {"../x": b"1"}) == [(88, "attachments")]
    assert prepared({0: None}, {"x": bytes(LARGEST // 2 + 1)}) == [(88, "attachments")]
    assert not BundleFile.objects.exists()
    assert bundling.prepare({0: None}, bundling.Terms("PER", "p", "a"), FILES, act, dry_run=True).proposal is None
    assert not BundleFile.objects.exists()


def test_only_what_releases_a_bundle_is_written_and_only_with_the_partys_key(state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.keyring import keys
    from openmpca.proof.models import BundleFile
    from tests.state import founded

    act = founded()
    sending(act)
    release = released(act, {0: None}, FILES)
    party = keys.load("party")
    assert refused(lambda: bundling.written(0, [party])) == [(88, "")]
    assert refused(lambda: bundling.written(10_000, [party])) == [(88, "")]
    assert refused(lambda: bundling.written(release, [signer("sra.example/party", 77)])) == [(82, "sender")]
    BundleFile.objects.all().update(content=b"another")
    assert refused(lambda: bundling.written(release, [party])) == [(88, "attachments")]


def test_of_the_checkpoints_after_the_release_the_newest_that_meets_the_policy_is_taken(state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.proof.keyring import keys
    from openmpca.proof.signing import checkpoints
    from openmpca.record import commands
    from openmpca.record.statements import Party
    from openmpca.tlog.checkpoint import Checkpoint
    from openmpca.tlog.cosignature import cosigned
    from tests.proof.partner import NOW, WITNESS
    from tests.state import BEGINNING, founded

    def size(note: str) -> int:
        return Checkpoint.parse(Note.parse(note.encode()).text).size

    act = founded()
    sending(act)
    release = released(act, {0: None})
    first = checkpoints.latest()
    for code in ("X1", "X2"):
        commands.state([Party(day=BEGINNING, code=code, name=code)], alone(act))
        made = checkpoints.make()
    party = [keys.load("party")]
    assert size(bundling.written(release, party).bundle.checkpoint) == made.checkpoint.size
    assert first is not None
    noted = first.note.with_signatures([cosigned(first.note, WITNESS, NOW)])
    checkpoints.keep_cosignatures(noted)
    assert size(bundling.written(release, party).bundle.checkpoint) == first.checkpoint.size
    log = keys.load("log").verifier
    with (state_home.folder / "openmpca.toml").open("a") as opened:
        opened.write('policy = "policy"\n')
    for quorum, wanted in (("watch", first.checkpoint.size), ("none", made.checkpoint.size)):
        text = f"log {log}\nwitness watch {WITNESS.verifier}\nquorum {quorum}\n"
        (state_home.folder / "policy").write_text(text)
        assert size(bundling.written(release, party).bundle.checkpoint) == wanted


def test_a_person_signs_too_on_a_machine_of_their_own(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    data = partner.bundle({shipping(partner): None})
    from openmpca.proof.bundles import bundling

    both = bundling.countersigned(data, partner.person)
    assert received(partner, act, both.encode()).checked.signers == (partner.party.name, partner.person.name)
    twice = bundling.countersigned(both.encode(), partner.person)
    assert twice == both
    text = both.note.signatures[1]
    spoiled = text._replace(signature=text.signature[:-1] + bytes([text.signature[-1] ^ 1]))
    false = SignedBundle(Note(both.note.text, (both.note.signatures[0], spoiled)), both.content)
    assert refusal(partner, act, false.encode()) == [(82, "signed")]
    assert refused(lambda: bundling.countersigned(data[:-5], partner.person)) == [(80, "")]


# What is received


def test_a_received_bundle_is_kept_byte_for_byte_and_stays_theirs(each_state_home: State, tmp_path: Path) -> None:
    from openmpca.proof.bundles import receiving
    from openmpca.record import rebuild, verify
    from openmpca.record.reading import stored

    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    data = partner.bundle({number: None}, FILES)
    done = received(partner, act, data)
    assert done.checked.sender.of == "PER"
    assert (done.checked.judgement.met, done.checked.judgement.no_later_than) == (True, 1_700_000_000)
    said = stored(done.stated.numbers[0])
    assert said.fields["sha256"] == sha256(data).hexdigest()
    assert (said.fields["sender"], said.fields["origin"]) == ("PER", "perion.example/log")
    (came,) = receiving.came()
    assert receiving.kept(came) == data
    (shown,) = receiving.stated_by("PER")
    assert (shown.number, shown.fields["batch"], shown.came) == (number, "B1", came)
    assert "prepared_by" not in shown.fields
    assert rebuild.rebuild().problems == []
    assert verify.verify().holds


def test_the_same_file_twice_is_told_and_nothing_is_doubled(each_state_home: State) -> None:
    from openmpca.proof.bundles import receiving
    from openmpca.record.record import head

    partner = Partner()
    act = met(partner)
    data = partner.bundle({shipping(partner): None})
    first = received(partner, act, data).stated.numbers[0]
    size = head()[0]
    again = received(partner, act, data)
    assert (again.stated, again.before.number) == (None, first)
    assert (head()[0], len(receiving.came())) == (size, 1)


def test_a_dry_run_keeps_nothing(state_home: State) -> None:
    from openmpca.proof.bundles import receiving
    from openmpca.proof.models import BundleFile

    partner = Partner()
    act = met(partner)
    done = received(partner, act, partner.bundle({shipping(partner): None}), dry_run=True)
    assert done.checked is not None
    assert (receiving.came(), BundleFile.objects.count()) == ([], 0)


def test_the_doctor_names_a_kept_file_that_is_missing_or_another(state_home: State) -> None:
    from openmpca.proof.bundles import receiving
    from openmpca.proof.models import BundleFile

    partner = Partner()
    act = met(partner)
    data = partner.bundle({shipping(partner): None})
    received(partner, act, data)
    assert [each.status for each in receiving.examine()] == ["fine"]
    BundleFile.objects.all().update(content=data + b" ")
    (found,) = receiving.examine()
    assert found.status == "wrong"
    assert sha256(data).hexdigest() in found.message
    assert refused(lambda: receiving.stated_by("PER")) == [(89, "")]
    BundleFile.objects.all().delete()
    assert "missing" in next(receiving.examine()).message
    received(partner, act, data)
    assert [each.status for each in receiving.examine()] == ["fine"]


def test_kept_bundles_are_in_a_backup(state_home: State, tmp_path: Path, sqlite_file: Path) -> None:
    from openmpca.proof.bundles import receiving
    from openmpca.record.backup import backup, restore
    from tests.state import sqlite_state

    partner = Partner()
    act = met(partner)
    data = partner.bundle({shipping(partner): None}, FILES)
    received(partner, act, data)
    backup(tmp_path / "state.backup")
    with sqlite_state(sqlite_file, tmp_path / "other"):
        restore(tmp_path / "state.backup")
        assert [receiving.kept(each) for each in receiving.came()] == [data]


# Attacks: each is a file of somebody who may do what they like


def lied(partner: Partner, number: int, **lies: Any) -> bytes:
    """A file of the partner whose content is honest but for the lies; signed."""
    return partner.file(partner.content({number: None}, FILES, **lies))


def test_a_swapped_attachment_is_refused(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    data = partner.bundle({number: None}, FILES)
    swapped = data.replace(base64.b64encode(b"a note"), base64.b64encode(b"a vote"))
    assert refusal(partner, act, swapped) == [(80, "")]
    other = [Attachment("note.txt", sha256(b"a vote").hexdigest(), b"a vote")]
    assert refusal(partner, act, lied(partner, number, attachments=other)) == [(85, "attachments")]
    wrong = [Attachment("note.txt", sha256(b"a note").hexdigest(), b"a vote")]
    assert refusal(partner, act, lied(partner, number, attachments=wrong)) == [(80, "")]


def test_a_stripped_signature_and_one_of_a_look_alike_name_are_refused(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    content = partner.content({shipping(partner): None})
    file = SignedBundle.parse(partner.file(content))
    stripped = b'{"signed":"%b","bundle":%b}\n' % (file.note.text.replace("\n", "\\n").encode(), file.content)
    assert refusal(partner, act, stripped) == [(80, "")]
    alike = signer("perіon.example/party", 31)  # with a Cyrillic letter
    assert refusal(partner, act, partner.file(content, [alike])) == [(82, "signed")]
    same_name = signer(partner.party.name, 32)
    assert refusal(partner, act, partner.file(content, [same_name])) == [(82, "signed")]
    own_up = msgspec.structs.replace(content, sender=str(alike.verifier))
    assert refusal(partner, act, partner.file(own_up, [alike])) == [(81, "sender")]
    assert refusal(partner, act, partner.file(content, [partner.person])) == [(82, "signed")]
    assert refusal(partner, act, partner.file(content, [partner.log])) == [(82, "signed")]


def test_a_statement_moved_from_another_bundle_is_refused(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    one, two = shipping(partner), shipping(partner)
    other = partner.content({one: None, two: None})
    content = partner.content({one: None})
    moved = [*content.statements[:1], other.statements[1], *content.statements[1:]]
    assert refusal(partner, act, partner.file(msgspec.structs.replace(content, statements=moved))) == [
        (84, "statements")
    ]
    fresh = [content.statements[0], partner.shown(two), content.statements[1]]
    found = refusal(partner, act, partner.file(msgspec.structs.replace(content, statements=fresh)))
    assert found == [(85, "statements"), (85, "fields")]
    renumbered = [ShownStatement(two, content.statements[0].body, content.statements[0].proof), content.statements[1]]
    assert refusal(partner, act, partner.file(msgspec.structs.replace(content, statements=renumbered))) == [
        (84, "statements")
    ]


def test_a_statement_of_another_partners_log_cannot_be_passed_off(state_home: State) -> None:
    from openmpca.record import commands

    partner, other = Partner(), Partner(*(signer(f"ostrel.example/{name}", 40 + at) for at, name in enumerate("plq")))
    act = met(partner)
    commands.state(introduction(other, "OST"), act)
    number = shipping(other)
    other.recipient = partner.recipient
    stolen = other.content({number: None}, sender=str(partner.party.verifier))
    assert refusal(partner, act, partner.file(stolen)) == [(83, "checkpoint")]
    from openmpca.tlog.policy import Policy

    both = Policy.parse(f"log {partner.log.verifier}\nlog {other.log.verifier}\nquorum none\n")
    from openmpca.proof.bundles import receiving

    assert refused(lambda: receiving.receive(partner.file(stolen), both, alone(act))) == [(83, "checkpoint")]


def test_a_bundle_for_another_recipient_is_refused(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    data = lied(partner, number, recipient=str(signer("other.example/party", 50).verifier))
    assert refusal(partner, act, data) == [(82, "recipient")]
    changed = data.replace(b"other.example", b"order.example")
    assert refusal(partner, act, changed) == [(80, "")]


def test_purpose_and_authority_are_those_of_the_release(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    assert refusal(partner, act, lied(partner, number, purpose="anything")) == [(85, "purpose")]
    assert refusal(partner, act, lied(partner, number, authority="anything")) == [(85, "authority")]


def test_a_field_opened_beyond_the_release_is_told(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    content = partner.content({number: ["batch"]})
    more = [partner.shown(number, ["batch", "weights"]), content.statements[1]]
    assert refusal(partner, act, partner.file(msgspec.structs.replace(content, statements=more))) == [(85, "fields")]


def test_a_checkpoint_is_signed_by_the_log_and_cosigned(state_home: State) -> None:
    from openmpca.proof.bundles import receiving

    partner = Partner()
    act = met(partner)
    number = shipping(partner)
    content = partner.content({number: None})
    forged = partner.checkpoint(by=signer(partner.log.name, 60)).encode().decode()
    assert refusal(partner, act, partner.file(msgspec.structs.replace(content, checkpoint=forged))) == [
        (83, "checkpoint")
    ]
    note = Note.parse(content.checkpoint.encode())
    bare = Note(note.text, note.signatures[:1]).encode().decode()
    without = partner.file(msgspec.structs.replace(content, checkpoint=bare))
    assert refusal(partner, act, without) == [(83, "checkpoint")]
    assert receiving.checked(without, partner.policy("none"), "SRA", after()).judgement.met
    assert refusal(partner, act, partner.file(msgspec.structs.replace(content, checkpoint="x"))) == [(83, "checkpoint")]


def after() -> Any:
    from openmpca.record.commands import NOW

    return NOW.today


def test_an_older_bundle_is_taken_with_a_reason_only(state_home: State) -> None:
    from openmpca.record.reading import stored

    partner = Partner()
    act = met(partner)
    old = partner.bundle({shipping(partner): None})
    new = partner.bundle({shipping(partner): None})
    received(partner, act, new)
    assert refusal(partner, act, old) == [(86, "size")]
    late = msgspec.structs.replace(alone(act), overrides={"86": "it came by a slower bag"})
    done = received(partner, act, old, by=late)
    assert stored(done.stated.numbers[0]).body["overrides"] == {"86": "it came by a slower bag"}


def test_a_log_that_shows_two_pasts_is_caught(state_home: State) -> None:
    partner = Partner()
    act = met(partner)
    first = shipping(partner)
    received(partner, act, partner.bundle({first: None}))
    rewritten = Partner(recipient=partner.recipient)
    assert shipping(rewritten) == first
    same_size = rewritten.bundle({first: None})
    assert (87, "statements") in refusal(partner, act, same_size)
    rewritten.state("accounting.change", day="2024-02-02", code="SF")
    assert refusal(partner, act, rewritten.bundle({first: None})) == [(87, "statements")]


def test_another_root_of_a_followed_log_is_caught(state_home: State) -> None:
    from openmpca.proof.witnesses import seen

    partner = Partner()
    act = met(partner)
    content = partner.content({shipping(partner): None})
    with seen.turn() as kept:
        kept.put(seen.FOLLOWED, seen.Seen(partner.log.name, len(partner.bodies), bytes(32), b"", 1))
    assert refusal(partner, act, partner.file(content)) == [(87, "checkpoint")]


def test_a_partners_former_key_signs_no_more(state_home: State) -> None:
    from openmpca.record import commands

    partner = Partner()
    act = met(partner)
    data = partner.bundle({shipping(partner): None})
    new = str(signer("perion.example/party", 70).verifier)
    commands.state(introduction(partner, party_key=new)[1:], act)
    assert refusal(partner, act, data) == [(81, "sender")]


def test_keys_of_a_partner_are_different_and_nobody_elses(state_home: State) -> None:
    from openmpca.record import commands

    partner = Partner()
    act = met(partner)
    key, log = str(signer("new.example/party", 71).verifier), str(signer("new.example/log", 72).verifier)

    def stated(code: str = "NEW", **keys: Any) -> list[tuple[int, str]]:
        given = {"party_key": key, "log_key": log, "person_keys": [], **keys}
        said = introduction(partner, code, **given)
        return refused(lambda: commands.state(said if code == "NEW" else said[1:], act, dry_run=True))

    assert stated(log_key=str(signer("new.example/log", 71).verifier)) == [(81, "party_key"), (81, "log_key")]
    assert stated(party_key=str(partner.party.verifier)) == [(81, "party_key")]
    assert stated(party_key=partner.recipient) == [(81, "party_key")]
    assert stated(party_key="x") == [(81, "party_key")]
    assert stated(person_keys=["Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"]) == [(81, "person_keys")]
    assert stated("SRA") == [(81, "of")]
    assert stated("XXX") == [(81, "of")]


# The form


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "/etc/passwd", "a/b", "a\\b", "C:x", "", ".", "..", ".x", "x.", "x ", " x", "-rf", "a  b"),
        *("con", "NUL.txt", "com1", "LPT9.tar.gz", "a\nb", "a\0b", "a\u202etxt.exe", "x" * 101, "e\u0301", "a\ud800"),
        *("*", "a?b", "a|b", 'a"b', "<a>", "~x", "$x", "a\u200bb", "COM¹"),
    ],
)
def test_a_hostile_name_of_an_attachment_is_refused(name: str) -> None:
    with pytest.raises(FormError):
        check_names([name])


def test_plain_names_in_any_script_are_taken_and_none_twice() -> None:
    check_names(["note.txt", "Карта 1.png", "تقرير.pdf", "a (2)_b-c.tar.gz", "комментарий"])
    for pair in (["a.txt", "A.TXT"], ["a", "a"], ["straße", "STRASSE"], ["ﬁle", "file"]):
        with pytest.raises(FormError):
            check_names(pair)


def honest() -> tuple[Partner, bytes]:
    partner = Partner(recipient="someone+00000000+AAAA")
    return partner, partner.bundle({shipping(partner): None}, FILES)


def test_a_file_is_written_and_read_in_one_spelling() -> None:
    _, data = honest()
    file = SignedBundle.parse(data)
    assert file.encode() == data
    assert data.startswith(b'{"signed":"openmpca/bundle/v1\\nsha256 ')
    assert json.loads(data)["bundle"]["purpose"] == "joint view"


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b'{"signed"', b' {"signed"'),
        (b'"bundle":{', b'"bundle": {'),
        (b'"purpose":"joint view"', b'"purpose":"joint view","purpose":"joint view"'),
        (b'"purpose":"joint view"', b'"purpose":"joint vi\\u0065w"'),
        (b'{"signed"', b'{"more":1,"signed"'),
        (b'"format"', b'"extra":1,"format"'),
        (b"}\n", b"}"),
        (b"}\n", b"}\n\n"),
    ],
)
def test_any_other_spelling_is_refused_even_when_it_is_signed(what: bytes, instead: bytes) -> None:
    partner, data = honest()
    changed = data.replace(what, instead, 1) if what != b"}\n" else data[:-2] + instead
    with pytest.raises(FormError):
        SignedBundle.parse(changed)
    content = SignedBundle.parse(data).content.replace(what, instead, 1)
    if content != SignedBundle.parse(data).content:
        from openmpca.proof.bundles.bundle_form import note_text
        from openmpca.tlog.note import signed

        resigned = SignedBundle(signed(note_text(content), partner.party), content).encode()
        with pytest.raises(FormError):
            SignedBundle.parse(resigned)


def test_statements_are_in_order_with_their_release_among_them() -> None:
    partner = Partner(recipient="someone")
    number = shipping(partner)
    content = partner.content({number: None})
    for statements in (content.statements[::-1], content.statements[:1], [content.statements[1]] * 2):
        with pytest.raises(FormError):
            SignedBundle.parse(partner.file(msgspec.structs.replace(content, statements=statements)))


def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    from openmpca.proof.bundles import bundling

    path = tmp_path / "huge.bundle"
    with path.open("wb") as opened:
        opened.truncate(1 << 40)
    assert refused(lambda: bundling.read(path)) == [(80, "")]
    with pytest.raises(FormError):
        SignedBundle.parse(b"A" * (LARGEST + 1))


def test_deep_nesting_and_wrong_types_are_errors_of_the_form() -> None:
    for data in (
        b"[" * 100_000,
        b'{"signed":' + b"[" * 100_000,
        b"{}",
        b"",
        b"null",
        b"\xff",
        b'{"signed":1,"bundle":{}}',
    ):
        with pytest.raises(FormError):
            SignedBundle.parse(data)


def test_what_a_terminal_would_obey_is_told_as_a_number() -> None:
    from openmpca.proof.bundles.bundle_form import sentence

    with pytest.raises(FormError) as found:
        SignedBundle.parse(b'{"\x1b[31m\xe2\x80\xae":1}')
    assert sentence(found.value).isprintable()


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_changed_in_a_file_it_is_an_error_of_the_form_or_of_the_signature(data: st.DataObject) -> None:
    partner, file = HONEST
    at = data.draw(st.integers(0, len(file) - 1))
    changed = file[:at] + data.draw(st.binary(max_size=4)) + file[at + data.draw(st.integers(0, 4)) :]
    if changed == file:
        return
    from openmpca.tlog.note import verified

    with pytest.raises((FormError, NoteError)):
        verified(SignedBundle.parse(changed).note, [partner.party.verifier])


HONEST = honest()


# Commands


def test_two_states_exchange_a_bundle_by_files_only(tmp_path: Path, sqlite_file: Path, run: Any) -> None:
    import shutil

    one, two = tmp_path / "one", tmp_path / "two"
    for home, first, second in ((one, "anna", "adam"), (two, "berta", "boris")):
        home.mkdir()
        shutil.copyfile(sqlite_file, home / "openmpca.sqlite3")
        persons = ("--person", first, "--person", second, "--role", "authority", "--by", first)
        run(home, "init", "--state", "SRA", "--name", "Authority", *persons)
    vkeys: dict[tuple[Path, str], str] = {}
    proposals = {one: 0, two: 0}

    def approved(home: Path, *arguments: object) -> Any:
        run(home, *arguments)
        proposals[home] += 1
        return run(home, "approve", proposals[home], "--by", "adam" if home == one else "boris")

    for home in (one, two):
        for use in ("log", "party"):
            approved(home, "key", "new", use, "--name", f"{home.name}.example/{use}")
            vkeys[home, use] = run(home, "key", "show", use)[0]["vkey"]
    for home, other, code in ((one, two, "TWO"), (two, one, "ONE")):
        approved(home, "partner", "add", code, "--vkey", vkeys[other, "party"], "--log", vkeys[other, "log"])
    assert run(one, "partner", "list")[0]["partner"] == "TWO"
    note = tmp_path / "note.txt"
    note.write_text("a note")
    terms = ("--to", "TWO", "--purpose", "to see", "--authority", "treaty")
    for wrong in (["x"], ["5-2"], ["1:"]):
        run(one, "bundle", "new", *wrong, *terms, code=2)
    proposal = run(one, "bundle", "new", "0:name", "1-2", *terms, "--attach", note)["proposal"]
    run(one, "bundle", "extract", proposal, "--proposal", "--to", tmp_path / "looked-at")
    assert (tmp_path / "looked-at" / "note.txt").read_text() == "a note"
    run(one, "bundle", "extract", 99, "--proposal", "--to", tmp_path / "looked-at", code=4)
    proposals[one] += 1
    release = run(one, "approve", proposal, "--by", "adam")["numbers"][0]
    run(one, "bundle", "extract", release, "--to", tmp_path / "released")
    run(one, "checkpoint")
    file, policy = tmp_path / "one.bundle", tmp_path / "policy"
    written = run(one, "bundle", "write", release, "--file", file)
    assert (written["statements"], written["attachments"]) == ([0, 1, 2], ["note.txt"])
    policy.write_text(f"log {vkeys[one, 'log']}\nquorum none\n")
    approved(one, "key", "new", "person", "--name", "one.example/anna")
    key = one / "keys" / "person-anna.key"
    by_file, by_home = tmp_path / "by-file.bundle", tmp_path / "by-home.bundle"
    run(tmp_path / "no-home", "bundle", "sign", file, "--key-file", key, "--file", by_file)
    run(one, "bundle", "sign", file, "--key", "person-anna", "--file", by_home)
    assert by_file.read_bytes() == by_home.read_bytes()
    signers = ["one.example/party", "one.example/anna"]
    assert run(one, "bundle", "sign", by_file, "--key", "person-anna")["signed_by"] == signers
    assert not (tmp_path / "no-home").exists()
    run(one, "bundle", "sign", file, code=2)
    run(one, "bundle", "sign", file, "--key", "anna", code=2)
    run(one, "bundle", "sign", file, "--key-file", policy, code=1)
    done = run(two, "bundle", "receive", file, "--policy", policy)
    assert (done["sender"], done["signed_by"], done["statements"]) == ("ONE", ["one.example/party"], [0, 1, 2])
    assert run(two, "bundle", "receive", file, "--policy", policy) == {
        "received_before": done["numbers"][0],
        "sha256": done["sha256"],
    }
    (listed,) = run(two, "bundle", "list")
    assert (listed["way"], listed["partner"], listed["sha256"]) == ("in", "ONE", done["sha256"])
    assert [each["way"] for each in run(one, "bundle", "list")] == ["out"]
    shown = run(two, "bundle", "show", done["sha256"][:8])
    assert (shown["stated_by"], shown["statements"][0]["fields"]["name"]) == ("ONE", "Authority")
    run(two, "bundle", "extract", done["numbers"][0], "--to", tmp_path / "got")
    assert (tmp_path / "got" / "note.txt").read_text() == "a note"
    run(two, "bundle", "extract", done["numbers"][0], "--to", tmp_path / "got", code=1)
    run(one, "bundle", "write", release, "--file", file, code=6)
    run(two, "bundle", "show", "ffffffff", code=4)
    run(one, "bundle", "receive", file, "--policy", policy, code=1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    import sys

    from openmpca.cli import main
    from tests.state import close_home

    monkeypatch.setenv("OPENMPCA_HOME", "")

    def command(home: Path, *arguments: object, code: int = 0) -> Any:
        monkeypatch.setattr(sys, "argv", ["openmpca", "--home", str(home), *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert int(ended.value.code or 0) == code, said
        return json.loads(said.out)

    yield command
    close_home()


def test_a_party_sends_what_it_stated_itself(state_home: State) -> None:
    from openmpca.proof.bundles import bundling
    from openmpca.record import commands
    from openmpca.record.act import Act
    from openmpca.record.statements import Grant, Party
    from tests.state import BEGINNING, founded

    act = founded()
    sending(act)
    told = commands.state([Party(day=BEGINNING, code="OP", name="Operator")], act).numbers[0]
    people = ("anna", "boris")
    commands.state([Grant(day=BEGINNING, person=who, for_party="OP", role="authority") for who in people], act)
    operator = Act(party="OP", prepared_by="anna", approved_by=["boris"])
    terms = bundling.Terms("PER", "joint view", "treaty")
    rules = [rule for rule, _ in refused(lambda: bundling.prepare({told: None}, terms, {}, operator))]
    assert rules == [49]
