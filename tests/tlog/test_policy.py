import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.tlog.checkpoint import Checkpoint, CheckpointError
from openmpca.tlog.cosignature import CosignatureError, cosigned
from openmpca.tlog.note import Note, NoteError, signed
from openmpca.tlog.policy import MAX_POLICY_BYTES, Group, Judgement, Policy, PolicyError
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer, Verifier
from tests.tlog import published
from tests.tlog.test_cosignature import post_quantum_cosignature, post_quantum_key

LOG = published.own_log("party-a.example/programme")
ROOT = bytes(range(32))
WITNESSES = {
    name: published.own_witness(f"{name}.example", 10 + at) for at, name in enumerate(["A1", "B1", "OBS1", "OBS2"])
}
KEYS = {name: str(signer.verifier) for name, signer in WITNESSES.items()}
HEAD = f"log {LOG.verifier} https://party-a.example/log/\n" + "".join(
    f"witness {name} {key}\n" for name, key in KEYS.items()
)
JOINT = f"{HEAD}group observers any OBS1 OBS2\ngroup joint all A1 B1 observers\nquorum joint\n"
NOTE = signed(Checkpoint(LOG.name, 7, ROOT).text(), LOG)


def seen(note: Note = NOTE, **times: int) -> Note:
    """The note with cosignatures of these witnesses at these times."""
    return note.with_signatures([cosigned(note, WITNESSES[name], seconds) for name, seconds in times.items()])


def test_the_policy_of_a_partnership_is_read() -> None:
    policy = Policy.parse(JOINT)
    assert policy.logs == {LOG.name: (LOG.verifier, "https://party-a.example/log/")}
    assert policy.witnesses == {name: (signer.verifier, None) for name, signer in WITNESSES.items()}
    assert policy.groups == {
        "observers": Group(1, ("OBS1", "OBS2")),
        "joint": Group(3, ("A1", "B1", "observers")),
    }
    assert policy.quorum == "joint"
    assert Policy.parse(JOINT.encode()) == policy


def test_the_example_of_the_specification_is_read() -> None:
    keys = iter([str(published.own_witness(f"w{at}", at).verifier) for at in range(1, 7)])
    text = f"""\
log {published.LOG_KEY}

witness X1 {next(keys)}
witness X2 {next(keys)}
witness X3 {next(keys)}
group X-witnesses 2 X1 X2 X3

witness Y1 {next(keys)}
witness Y2 {next(keys)}
witness Y3 {next(keys)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
    policy = Policy.parse(text)
    assert policy.groups["X-witnesses"] == Group(2, ("X1", "X2", "X3"))
    assert policy.quorum == "X-and-Y"


def test_a_plain_witness_key_is_taken_for_that_of_a_cosigner() -> None:
    policy = Policy.parse(f"witness w {published.WITNESS_KEY} https://w.example/\nquorum w\n")
    assert policy.witnesses["w"] == (Verifier.parse(published.WITNESS_COSIGNER_KEY), "https://w.example/")
    assert policy == Policy.parse(f"witness w {published.WITNESS_COSIGNER_KEY} https://w.example/\nquorum w\n")


def test_the_words_of_the_format_may_be_names_but_for_none() -> None:
    """As transparency-dev/formats, policy/tlog_policy_test.go, has it."""
    text = f"witness all {KEYS['A1']}\nwitness any {KEYS['B1']}\ngroup group 2 all any\nquorum group\n"
    assert Policy.parse(text).groups == {"group": Group(2, ("all", "any"))}


def test_comments_blank_lines_and_white_space_say_nothing() -> None:
    spaced = JOINT.replace("\n", "  # Bemerkung: größer\n").replace(" ", "\t ")
    assert Policy.parse(f"\n \t\n# a comment\n\t# another\n{spaced}#\n") == Policy.parse(JOINT)


@pytest.mark.parametrize(
    ("times", "no_later_than"),
    [
        ({"A1": 100, "B1": 200, "OBS1": 300}, 300),
        ({"A1": 100, "B1": 200, "OBS1": 300, "OBS2": 150}, 200),
        ({"A1": 100, "B1": 200, "OBS2": 50}, 200),
    ],
)
def test_a_checkpoint_that_all_of_a_group_cosigned_existed_by_the_latest_of_their_times(
    times: dict[str, int], no_later_than: int
) -> None:
    judgement = Policy.parse(JOINT).judged(seen(**times), LOG.name)
    assert judgement == Judgement(log_verified=True, cosigned=times, met=True, no_later_than=no_later_than)


@pytest.mark.parametrize("times", [{}, {"A1": 1, "B1": 2}, {"A1": 1, "OBS1": 2, "OBS2": 3}, {"OBS1": 2}])
def test_a_checkpoint_with_too_few_cosignatures_does_not_meet_the_policy(times: dict[str, int]) -> None:
    judgement = Policy.parse(JOINT).judged(seen(**times), LOG.name)
    assert judgement == Judgement(log_verified=True, cosigned=times, met=False, no_later_than=None)


@pytest.mark.parametrize(
    ("needed", "no_later_than"), [("any", 10), ("1", 10), ("2", 20), ("3", 30), ("4", 40), ("all", 40)]
)
def test_of_a_group_that_needs_some_the_time_of_the_last_one_needed_counts(needed: str, no_later_than: int) -> None:
    policy = Policy.parse(f"{HEAD}group g {needed} A1 B1 OBS1 OBS2\nquorum g\n")
    assert policy.judged(seen(OBS2=10, A1=40, B1=20, OBS1=30), LOG.name).no_later_than == no_later_than


def test_a_single_witness_can_be_the_quorum_and_no_other_moves_its_time() -> None:
    policy = Policy.parse(f"{HEAD}quorum B1\n")
    assert policy.judged(seen(A1=1, B1=20), LOG.name) == Judgement(True, {"A1": 1, "B1": 20}, True, 20)
    assert not policy.judged(seen(A1=1), LOG.name).met


def test_no_quorum_means_no_time() -> None:
    policy = Policy.parse(f"{HEAD}quorum none\n")
    assert policy.judged(seen(A1=1), LOG.name) == Judgement(True, {"A1": 1}, True, None)
    unsigned = Note(NOTE.text, signed(NOTE.text, published.own_log("other", 9)).signatures)
    assert policy.judged(unsigned, LOG.name) == Judgement(False, {}, False, None)


def test_cosignatures_without_the_log_meet_nothing() -> None:
    full = seen(A1=100, B1=200, OBS1=300)
    judgement = Policy.parse(JOINT).judged(Note(full.text, full.signatures[1:]), LOG.name)
    assert (judgement.log_verified, judgement.met, judgement.no_later_than) == (False, False, None)
    assert judgement.cosigned == {"A1": 100, "B1": 200, "OBS1": 300}


def test_a_cosignature_that_was_taken_away_is_missed() -> None:
    full = seen(A1=100, B1=200, OBS1=300)
    for at in range(1, 4):
        fewer = Note(full.text, full.signatures[:at] + full.signatures[at + 1 :])
        assert not Policy.parse(JOINT).judged(fewer, LOG.name).met


def test_one_false_signature_by_a_key_of_the_policy_rejects_the_note() -> None:
    full = seen(A1=100, B1=200, OBS1=300)
    swapped = full.signatures[2]._replace(signature=full.signatures[1].signature[:8] + full.signatures[2].signature[8:])
    with pytest.raises(CosignatureError, match=r"'B1\.example' is false"):
        Policy.parse(JOINT).judged(Note(full.text, (*full.signatures[:2], swapped, full.signatures[3])), LOG.name)
    false = full.signatures[0]._replace(signature=bytes(64))
    with pytest.raises(NoteError, match="programme' is false"):
        Policy.parse(JOINT).judged(Note(full.text, (false, *full.signatures[1:])), LOG.name)


def test_a_false_signature_by_another_log_of_the_policy_rejects_the_note_too() -> None:
    other = published.own_log("party-b.example/programme", 2)
    policy = Policy.parse(f"log {other.verifier}\n{JOINT}")
    false = signed("Something else.\n", other).signatures
    with pytest.raises(NoteError, match=r"'party-b\.example/programme' is false"):
        policy.judged(seen(A1=1, B1=2, OBS1=3).with_signatures(false), LOG.name)


def test_a_witness_that_only_looks_alike_counts_for_nothing() -> None:
    note = seen(A1=100, B1=200)
    alike = [
        Signer.made("OBS1.example", COSIGNATURE, b"\x63" * 32),
        Signer.made("ОBS1.example", COSIGNATURE, WITNESSES["OBS1"].seed),
        Signer.made("obs1.example", COSIGNATURE, WITNESSES["OBS1"].seed),
    ]
    judgement = Policy.parse(JOINT).judged(note.with_signatures([cosigned(note, each, 1) for each in alike]), LOG.name)
    assert judgement == Judgement(True, {"A1": 100, "B1": 200}, False, None)


def test_a_checkpoint_of_a_public_log_meets_a_policy_of_public_witnesses() -> None:
    """Its signatures of other kinds (RFC 6962, and witnesses that the policy does not know) are ignored."""
    note = Note.parse(published.PUBLIC_CHECKPOINT)
    judgement = Policy.parse(published.PUBLIC_POLICY).judged(note, published.PUBLIC_LOG)
    seconds = published.PUBLIC_TIME
    assert judgement == Judgement(True, {"remora": seconds, "smartit": seconds}, True, seconds)
    changed = Note.parse(published.PUBLIC_CHECKPOINT.replace(b"1432088532", b"1432088533"))
    with pytest.raises(NoteError, match="is false"):
        Policy.parse(published.PUBLIC_POLICY).judged(changed, published.PUBLIC_LOG)


def test_the_names_of_witnesses_in_the_policy_are_bytes_and_look_alikes_differ() -> None:
    kelvin = f"witness K {KEYS['A1']}\nwitness \u212a {KEYS['B1']}\nquorum \u212a\n"
    policy = Policy.parse(kelvin.encode())
    assert policy.quorum == "\u212a"
    assert set(policy.witnesses) == {"K", "\u212a"}
    opaque = f"witness A1 {KEYS['A1']} https://x/".encode() + b"\xff\xfe # \x80\nquorum A1\n"
    assert Policy.parse(opaque).witnesses["A1"].url == "https://x/\udcff\udcfe"


def test_a_checkpoint_of_another_origin_is_not_judged_though_the_log_signed_it() -> None:
    text = Checkpoint("party-a.example/other", 7, ROOT).text()
    with pytest.raises(CheckpointError, match=r"not of 'party-a\.example/programme'"):
        Policy.parse(JOINT).judged(seen(signed(text, LOG), A1=1, B1=2, OBS1=3), LOG.name)
    with pytest.raises(PolicyError, match=r"knows no log 'party-a\.example/other'"):
        Policy.parse(JOINT).judged(seen(A1=1, B1=2, OBS1=3), "party-a.example/other")


def test_a_checkpoint_of_one_log_does_not_pass_for_one_of_another() -> None:
    other = published.own_log("party-b.example/programme", 2)
    policy = Policy.parse(f"log {other.verifier}\nlog {LOG.verifier}\nquorum none\n")
    assert policy.judged(NOTE, LOG.name).met
    with pytest.raises(CheckpointError):
        policy.judged(NOTE, other.name)
    by_other = signed(NOTE.text, other)
    assert not policy.judged(by_other, LOG.name).log_verified


def test_a_log_that_changed_its_key_is_known_by_both() -> None:
    new = published.own_log(LOG.name, 2)
    policy = Policy.parse(f"log {new.verifier} https://new/\nlog {LOG.verifier}\nquorum none\n")
    assert policy.logs == {LOG.name: (new.verifier, "https://new/")}
    assert policy.keys_of(LOG.name) == (new.verifier, LOG.verifier)
    assert policy.judged(NOTE, LOG.name).met
    assert policy.judged(signed(NOTE.text, new), LOG.name).met
    with pytest.raises(NoteError, match="is false"):
        policy.judged(signed(NOTE.text, new).with_signatures([NOTE.signatures[0]._replace(signature=b"x")]), LOG.name)


def test_post_quantum_keys_of_logs_and_witnesses_are_judged() -> None:
    log_signature, log_key = post_quantum_cosignature(NOTE, 0, LOG.name)
    witnessed, witness_key = post_quantum_cosignature(NOTE, 500, "pq.example")
    policy = Policy.parse(f"log {log_key}\nwitness pq {post_quantum_key(bytes([9] * 32), 'other')[1]}\nquorum none\n")
    note = Note(NOTE.text, (log_signature, witnessed))
    assert policy.judged(note, LOG.name) == Judgement(True, {}, True, None)
    policy = Policy.parse(f"log {LOG.verifier}\nwitness pq {witness_key}\nquorum pq\n")
    assert policy.judged(NOTE.with_signatures([witnessed]), LOG.name) == Judgement(True, {"pq": 500}, True, 500)
    timeless, _ = post_quantum_cosignature(NOTE, 0, "pq.example")
    with pytest.raises(CosignatureError, match="tells no time"):
        policy.judged(NOTE.with_signatures([timeless]), LOG.name)


def test_of_two_signatures_by_one_witness_the_first_counts() -> None:
    early, late = (cosigned(NOTE, WITNESSES["A1"], seconds) for seconds in (100, 200))
    policy = Policy.parse(f"{HEAD}quorum A1\n")
    assert policy.judged(Note(NOTE.text, (*NOTE.signatures, late, early)), LOG.name).no_later_than == 200


QUORUM = "quorum none\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no quorum line"),
        (HEAD, "no quorum line"),
        (JOINT[:-1], "needs a line feed"),
        (JOINT + "quorum none\n", "line 9: there is a second quorum line"),
        (JOINT.replace("\n", "\r\n"), "line 1: there is a control character"),
        (JOINT + "\x00\n", "control character"),
        (JOINT + "# \x7f\n", "control character"),
        ("quorum\n", "a line of this kind is: quorum"),
        ("quorum none none\n", "a line of this kind is: quorum"),
        ("quorum A1\n", "no witness or group of an earlier line is named 'A1'"),
        (f"{QUORUM}log\n", "a line of this kind is: log"),
        (f"{QUORUM}log {LOG.verifier} https://x y\n", "a line of this kind is: log"),
        (f"{QUORUM}log nonsense\n", "line 2: the key is not"),
        (f"{QUORUM}log {KEYS['A1']}\n", "that of a cosigner, not of a log"),
        (f"{QUORUM}log {LOG.verifier}\nlog {LOG.verifier}\n", "line 3: the key of .* is that of another log"),
        (f"{QUORUM}log {LOG.verifier}\nlog {published.own_log('other').verifier}\n", "that of another log"),
        (f"{QUORUM}witness A1\n", "a line of this kind is: witness"),
        (f"{QUORUM}witness A1 {KEYS['A1']} url more\n", "a line of this kind is: witness"),
        (f"{QUORUM}witness A1 {KEYS['A1'][:-4]}AAA=\n", "line 2: "),
        (f"{QUORUM}witness none {KEYS['A1']}\n", "the name is taken: 'none'"),
        (f"{QUORUM}witness A1 {KEYS['A1']}\nwitness A1 {KEYS['B1']}\n", "line 3: the name is taken: 'A1'"),
        (f"{QUORUM}witness A1 {KEYS['A1']}\nwitness A2 {KEYS['A1']}\n", "is that of another witness"),
        (f"{QUORUM}witness #1 {KEYS['A1']}\n", "a line of this kind is: witness"),
        (f"{QUORUM}witness 1 {published.WITNESS_KEY}\nwitness 2 {published.WITNESS_COSIGNER_KEY}\n", "another witness"),
        (f"{HEAD}group\n", "a line of this kind is: group"),
        (f"{HEAD}group g all\n", "a line of this kind is: group"),
        (f"{HEAD}group A1 all B1\n", "the name is taken"),
        (f"{HEAD}group g all A1\ngroup g all B1\n", "the name is taken"),
        (f"{HEAD}group none all A1\n", "the name is taken"),
        (f"{HEAD}group g all none\n", "no witness or group of an earlier line is named 'none'"),
        (f"{HEAD}group g all g\n", "no witness or group of an earlier line is named 'g'"),
        (f"{HEAD}group g all A1 h\ngroup h all B1\n", "no witness or group of an earlier line is named 'h'"),
        (f"{HEAD}group g any A1 A1\n", "'A1' is a member already"),
        (f"{HEAD}group g any A1\ngroup h any A1 B1\n", "'A1' is a member already"),
        (f"{HEAD}group g 0 A1\n", "0 of 1 members"),
        (f"{HEAD}group g 3 A1 B1\n", "3 of 2 members"),
        (f"{HEAD}group g 01 A1\n", "neither all, any nor a number"),
        (f"{HEAD}group g ALL A1\n", "neither all, any nor a number"),
        (f"{HEAD}group g 1 # A1\n", "a line of this kind is: group"),
        (f"Log {LOG.verifier}\n", "neither log, witness, group nor quorum: 'Log'"),
        (f"{QUORUM}\xa0# no comment\n", "neither log, witness"),
        (f"log\u3000{LOG.verifier}\n{QUORUM}", "neither log, witness"),
    ],
)
def test_what_is_no_policy_is_refused_with_line_and_reason(text: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        Policy.parse(text)


def test_keys_that_signatures_could_not_tell_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openmpca.tlog.vkey.key_id", lambda name, type_, public: b"same")
    one, two = (Verifier("same", ED25519, bytes([each]) * 32) for each in (1, 2))
    with pytest.raises(PolicyError, match="two known keys are both same"):
        Policy.parse(f"log {one}\nlog {two}\nquorum none\n")


def test_the_key_of_a_log_is_that_of_no_witness_too() -> None:
    _, key = post_quantum_key(name=LOG.name)
    other = Signer.made("other.example", COSIGNATURE, LOG.seed).verifier
    for log, witness in ((key, key), (LOG.verifier, LOG.verifier), (LOG.verifier, other)):
        with pytest.raises(PolicyError, match="have the same public key"):
            Policy.parse(f"witness w {witness}\nlog {log}\nquorum w\n")


def test_a_long_policy_and_a_deep_one_are_read_in_time() -> None:
    begun = time.process_time()
    deep = "".join(f"group g{at} any {f'g{at - 1}' if at else 'A1'}\n" for at in range(8_000))
    policy = Policy.parse(f"{HEAD}{deep}quorum g7999\n")
    assert policy.judged(seen(A1=5), LOG.name).no_later_than == 5
    for line in ("# \n", "\t \n", "group " + "a " * 120_000 + "\n", "#" * 240_000 + "\n"):
        with pytest.raises(PolicyError):
            Policy.parse(line * (250_000 // len(line)))
    assert time.process_time() - begun < 5
    with pytest.raises(PolicyError, match="at most 262144 bytes"):
        Policy.parse("#" * (MAX_POLICY_BYTES + 1))


words = st.sampled_from(
    ["log", "witness", "group", "quorum", "none", "all", "any", "1", "2", "A1", "B1", "g", "#", "\n", "\n"]
)
vkeys = st.sampled_from([str(LOG.verifier), *KEYS.values(), published.WITNESS_KEY])


@settings(max_examples=300)
@given(st.lists(words | vkeys | st.text(max_size=3), max_size=30).map(" ".join), st.binary(max_size=60))
def test_any_text_is_a_policy_or_is_refused(text: str, data: bytes) -> None:
    for each in (text, f"{HEAD}{text}", data, HEAD.encode() + data):
        try:
            policy = Policy.parse(each)
        except PolicyError:
            continue
        if LOG.name in policy.logs:
            assert policy.judged(NOTE, LOG.name).log_verified


@given(st.permutations(list(WITNESSES)), st.data())
def test_the_time_is_the_least_by_which_the_quorum_was_there(order: list[str], data: st.DataObject) -> None:
    """Against its meaning: of all times told, the first at which those who had cosigned by then are enough."""
    cut = data.draw(st.integers(1, 3))
    needed, nested = data.draw(st.integers(1, cut)), data.draw(st.integers(1, 5 - cut))
    inner, outer = order[:cut], order[cut:]
    policy = Policy.parse(f"{HEAD}group g {needed} {' '.join(inner)}\ngroup h {nested} g {' '.join(outer)}\nquorum h\n")
    times = data.draw(st.dictionaries(st.sampled_from(order), st.integers(1, 9)))
    judgement = policy.judged(seen(**times), LOG.name)

    def enough(by: int) -> bool:
        there = {name for name, seconds in times.items() if seconds <= by}
        return (len(there & set(inner)) >= needed) + len(there & set(outer)) >= nested

    assert judgement.no_later_than == next((by for by in range(1, 10) if enough(by)), None)
    assert judgement.met == enough(9)
