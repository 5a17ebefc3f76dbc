"""A disclosure file on the side of whoever checks it: what it proves, and the attacks that prove nothing."""

import dataclasses
import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmpca.proof.disclosures import checking, telling
from openmpca.proof.disclosures.checking import DisclosureFile, NotProven, check
from openmpca.proof.disclosures.showing import ShownStatement
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.disclosure import Body, commit, line_digests
from openmpca.tlog.merkle import leaf_hash, node_hash
from openmpca.tlog.note import Note, signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.vkey import ED25519, Signer
from tests.proof.disclosed import LOG, ONE, ORIGIN, OTHER_LOG, POLICY, POLICY_TEXT, TIMES, TWO, file_of
from tests.state import sqlite_state

CONTEXT = "kind,day,party,recorded"


@pytest.fixture(scope="module")
def file(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> DisclosureFile:
    """A file with parts of statements 7 and 8 and its release 9, made by a State that is gone when it is checked."""
    with sqlite_state(sqlite_file, tmp_path_factory.mktemp("discloser") / "home"):
        return file_of(f"7:{CONTEXT},code", f"8:{CONTEXT},code,note")


replaced = msgspec.structs.replace


def refused(data: bytes, policy: Policy = POLICY) -> list[int]:
    """The rules that a file breaks; it must break one."""
    with pytest.raises(NotProven) as caught:
        check(data, policy)
    assert caught.value.problems
    return sorted({each.rule for each in caught.value.problems})


def with_statement(file: DisclosureFile, place: int, **changed: Any) -> bytes:
    statements = list(file.statements)
    statements[place] = replaced(statements[place], **changed)
    return replaced(file, statements=statements).encode()


def with_body(file: DisclosureFile, change: Callable[[list[str]], list[str]], place: int = 0) -> bytes:
    lines = file.statements[place].body.split("\n")
    return with_statement(file, place, body="\n".join(change(lines)))


def with_checkpoint(file: DisclosureFile, note: Note) -> bytes:
    return replaced(file, checkpoint=note.encode().decode()).encode()


def text_of(file: DisclosureFile) -> str:
    return Note.parse(file.checkpoint.encode()).text


def test_a_file_proves_its_open_fields_and_hides_how_many_there_are_beside(file: DisclosureFile) -> None:
    proven = check(file.encode(), POLICY)
    assert [(each.number, each.hidden, each.least) for each in proven.facts] == [(7, 11, 0), (8, 10, 0)]
    assert proven.facts[1].fields["note"] == "call Eva"
    assert "note" not in proven.facts[0].fields
    assert proven.cosigned == {"one": 1_000_000_000, "two": 1_000_000_060}
    assert (proven.met, proven.no_later_than, proven.problems) == (True, 1_000_000_060, [])
    assert proven.release is not None


def test_equal_values_of_two_statements_cannot_be_compared_while_one_is_hidden(file: DisclosureFile) -> None:
    """Both notes say the same; the open one helps nobody to find the other, whose salt is another."""
    open_line = next(line for line in file.statements[1].body.split("\n") if '"note"' in line)
    salt = json.loads(open_line)[0]
    assert salt not in file.statements[0].body
    assert "Eva" not in file.statements[0].body


def test_white_space_between_members_is_free_and_nothing_else_is(file: DisclosureFile) -> None:
    compact = msgspec.json.encode(file)
    assert check(compact, POLICY) == check(file.encode().replace(b"\n", b"\r\n") + b"\n", POLICY)


def test_reordered_disclosures_prove_nothing(file: DisclosureFile) -> None:
    assert refused(with_body(file, lambda lines: [lines[1], lines[0], *lines[2:]])) == [75]
    assert refused(with_body(file, lambda lines: [*lines[:-2], lines[-1], lines[-2]])) == [75]
    assert refused(replaced(file, statements=file.statements[::-1]).encode()) == [74]


def test_a_disclosure_moved_to_another_statement_proves_nothing(file: DisclosureFile) -> None:
    other = file.statements[1].body.split("\n")
    moved = next(line for line in other if '"note"' in line)
    assert refused(with_body(file, lambda lines: [*lines[:3], moved, *lines[3:5], *lines[6:]])) == [75]


def test_a_wrong_salt_proves_nothing(file: DisclosureFile) -> None:
    assert refused(with_body(file, lambda lines: [lines[0].replace(lines[0][2:24], "A" * 22), *lines[1:]])) == [75]


def test_a_changed_value_proves_nothing(file: DisclosureFile) -> None:
    assert refused(with_body(file, lambda lines: [lines[0].replace('"OP"', '"OX"'), *lines[1:]])) == [75]


def test_an_extra_line_proves_nothing(file: DisclosureFile) -> None:
    extra = '["AAAAAAAAAAAAAAAAAAAAAA","aaa","more"]'
    assert refused(with_body(file, lambda lines: [extra, *lines])) == [75]
    assert refused(with_body(file, lambda lines: [extra, *lines[:-1]])) == [75]
    assert refused(with_body(file, lambda lines: [*lines, ""])) == [75]


def test_an_open_field_with_its_own_digest_beside_it_proves_nothing(file: DisclosureFile) -> None:
    def twin(lines: list[str]) -> list[str]:
        opened = [line for line in lines if line.startswith("[")]
        digests = [urlsafe_b64decode(each + "=") for each in lines[len(opened) + 1 :]]
        bare = sorted([*digests, *line_digests([opened[0].encode()])])
        return [*opened, *[urlsafe_b64encode(each).decode().rstrip("=") for each in bare]]

    assert refused(with_body(file, twin)) == [75]


def test_a_body_that_shows_its_filling_proves_nothing() -> None:
    made = commit([("kind", "x")], lambda count: bytes(range(count)))
    assert refused(of_one(made.body, made.entry)) == [75]


def test_a_wrong_number_proves_nothing(file: DisclosureFile) -> None:
    assert refused(with_statement(file, 0, number=6)) == [75]
    assert refused(with_statement(file, 2, number=10)) == [75]
    assert refused(with_statement(file, 2, number=2**63)) == [75]
    assert refused(with_statement(file, 0, number=-1)) == [75]


def test_the_proof_of_another_statement_proves_nothing(file: DisclosureFile) -> None:
    assert refused(with_statement(file, 0, proof=file.statements[1].proof)) == [75]
    assert refused(with_statement(file, 0, proof=[])) == [75]
    assert refused(with_statement(file, 0, proof=["AAAA"])) == [75]
    assert refused(with_statement(file, 0, proof=[each.rstrip("=") for each in file.statements[0].proof])) == [75]
    assert refused(with_statement(file, 0, proof=file.statements[0].proof * 1000)) == [75]


def test_the_checkpoint_of_another_log_proves_nothing(file: DisclosureFile) -> None:
    other = text_of(file).replace(ORIGIN, "other.example/record")
    assert refused(with_checkpoint(file, signed(other, LOG))) == [76]
    stranger = Signer.made("other.example/record", ED25519, b"s" * 32)
    assert refused(with_checkpoint(file, signed(other, stranger))) == [76]


def test_a_look_alike_name_is_another_log(file: DisclosureFile) -> None:
    alike = "sra.ex\u0430mple/record"
    stranger = Signer.made(alike, ED25519, b"s" * 32)
    data = with_checkpoint(file, signed(text_of(file).replace(ORIGIN, alike), stranger))
    assert refused(data) == [76]
    with pytest.raises(NotProven, match=r"\\u0430"):
        check(data, POLICY)


def test_a_key_of_the_same_name_is_not_the_key_of_the_policy(file: DisclosureFile) -> None:
    assert refused(with_checkpoint(file, signed(text_of(file), OTHER_LOG))) == [76]
    policy = Policy.parse(POLICY_TEXT.replace(str(LOG.verifier), str(OTHER_LOG.verifier)))
    assert refused(file.encode(), policy) == [76]


def test_a_false_signature_by_a_known_key_proves_nothing(file: DisclosureFile) -> None:
    made = Note.parse(file.checkpoint.encode())
    false = made.signatures[0]._replace(signature=bytes(64))
    assert refused(with_checkpoint(file, Note(made.text, (false, *made.signatures[1:])))) == [76]
    witness = made.signatures[1]._replace(signature=made.signatures[1].signature[:8] + bytes(64))
    assert refused(with_checkpoint(file, Note(made.text, (made.signatures[0], witness)))) == [76]


def test_a_smaller_checkpoint_of_the_same_log_does_not_hold_later_statements(file: DisclosureFile) -> None:
    lines = text_of(file).splitlines()
    smaller = "\n".join([lines[0], "8", *lines[2:]]) + "\n"
    assert refused(with_checkpoint(file, signed(smaller, LOG))) == [75]


@pytest.mark.parametrize("witnesses", [(), (ONE,), (TWO,)])
def test_stripped_cosignatures_leave_the_word_of_the_log_alone(
    file: DisclosureFile, witnesses: tuple[Signer, ...]
) -> None:
    made = signed(text_of(file), LOG)
    data = with_checkpoint(file, made.with_signatures([cosigned(made, each, TIMES[each.name]) for each in witnesses]))
    proven = check(data, POLICY)
    assert (proven.met, proven.no_later_than, len(proven.cosigned)) == (False, None, len(witnesses))
    assert [each.rule for each in proven.problems] == [77]
    text = "\n".join(telling.told(proven, "p"))
    assert text.startswith("PROVEN by the signature of the log ALONE")
    assert "Nothing is proven about time: the witnesses" in text
    assert telling.data(proven)["proven"] is False


def test_a_cosignature_of_a_stranger_counts_for_nothing(file: DisclosureFile) -> None:
    made = signed(text_of(file), LOG)
    stranger = Signer.made(ONE.name, 4, b"s" * 32)
    data = with_checkpoint(file, made.with_signatures([cosigned(made, stranger, 5), cosigned(made, TWO, 6)]))
    assert check(data, POLICY).cosigned == {"two": 6}


def test_a_policy_without_witnesses_proves_no_time(file: DisclosureFile) -> None:
    proven = check(file.encode(), Policy.parse(f"log {LOG.verifier}\nquorum none\n"))
    text = "\n".join(telling.told(proven, "p"))
    assert proven.met
    assert "Nothing is proven about time: the policy asks for no witness." in text
    assert telling.UNWITNESSED in text
    assert "Whoever holds that key cannot deny it." in text
    assert "unseen" not in text
    assert "unseen" in "\n".join(telling.told(check(file.encode(), POLICY), "p"))


@pytest.mark.parametrize("name", ["recipient", "purpose", "authority"])
def test_a_file_cannot_be_addressed_to_somebody_else(file: DisclosureFile, name: str) -> None:
    assert refused(replaced(file, **{name: "else"}).encode()) == [78]


def test_a_file_opens_no_less_than_its_release_names(file: DisclosureFile) -> None:
    assert refused(replaced(file, statements=file.statements[1:]).encode()) == [78]


def test_a_file_shows_no_statement_that_its_release_does_not_name() -> None:
    """One of which every line is hidden would be proven to be there, which nobody released."""
    hidden = of_tree({"kind": "a"}, {"kind": "secret"}, RELEASE, hidden={1: ["kind"]})
    assert refused(hidden) == [78]
    assert check(of_tree({"kind": "a"}, {"kind": "secret"}, RELEASE, left_out=[1]), POLICY).release is not None


def test_a_file_opens_nothing_of_its_release_that_names_persons() -> None:
    persons = {"prepared_by": "p-abc", "approved_by": ["p-def"]}
    data = of_tree({"kind": "a"}, {"kind": "b"}, RELEASE | persons, left_out=[1])
    with pytest.raises(NotProven) as caught:
        check(data, POLICY)
    assert [(each.rule, each.field) for each in caught.value.problems] == [(78, "approved_by"), (78, "prepared_by")]
    hidden = of_tree({"kind": "a"}, {"kind": "b"}, RELEASE | persons, left_out=[1], hidden={2: list(persons)})
    assert check(hidden, POLICY).release is not None


def test_another_statement_does_not_pass_for_the_release(file: DisclosureFile) -> None:
    assert refused(replaced(file, release=8).encode()) == [78]


def test_a_release_that_is_taken_out_is_not_proven(file: DisclosureFile) -> None:
    stripped = replaced(file, statements=file.statements[:2], recipient="Somebody else")
    proven = check(stripped.encode(), POLICY)
    text = "\n".join(telling.told(proven, "p"))
    assert 'released to "Somebody else"' in text
    assert "that is not proven" in text
    assert refused(replaced(file, statements=file.statements[2:]).encode()) in ([74], [78])


def test_a_truncated_file_proves_nothing(file: DisclosureFile) -> None:
    whole = file.encode()
    for end in [0, 1, 2, *range(3, len(whole) - 3, 97), len(whole) - 3]:
        assert refused(whole[:end]) == [74]


def test_a_huge_file_is_not_read(file: DisclosureFile) -> None:
    assert refused(file.encode() + b" " * checking.LARGEST) == [74]


@pytest.mark.parametrize("opening", [b"[", b'{"format":', b'{"statements":[', b'{"x":{'])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    assert refused(opening * 200_000) == [74]
    assert refused(opening + b"[" * 200_000) == [74]


def test_deep_nesting_in_a_value_is_refused(file: DisclosureFile) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert refused(with_body(file, lambda lines: [lines[0].replace('"OP"', deep), *lines[1:]])) == [75]


@pytest.mark.parametrize(("depth", "rules"), [(64, []), (65, [74]), (900, [74])])
def test_a_value_that_is_nested_too_deeply_to_be_told_is_refused(depth: int, rules: list[int]) -> None:
    deep: object = "x"
    for at in range(depth):
        deep = [deep] if at % 2 else {"a": deep}
    made = commit([("kind", "x"), ("deep", deep)], lambda count: bytes(range(count)))
    data = of_one(Body.parse(made.body).withhold([]).text, made.entry)
    if rules:
        assert refused(data) == rules
    else:
        assert json.dumps(telling.data(check(data, POLICY)), indent=2)


def test_a_long_name_of_a_field_is_refused_and_widens_no_other_line() -> None:
    for length, rules in ((200, []), (201, [75])):
        made = commit([("kind", "x"), ("n" * length, 1)], lambda count: bytes(range(count)))
        data = of_one(Body.parse(made.body).withhold([]).text, made.entry)
        assert (refused(data) if rules else []) == rules
        if not rules:
            lines = list(telling.told(check(data, POLICY), "p"))
            assert '  kind  "x"' in lines


def test_a_release_of_nothing_proves_nothing() -> None:
    fields: list[tuple[str, object]] = [
        ("kind", "proof.disclosure"),
        ("recipient", ""),
        ("purpose", ""),
        ("authority", ""),
    ]
    fields += [("statements", []), ("fields", [])]
    made = commit(fields, lambda count: bytes(count // 2) + bytes(range(count - count // 2)))
    data = of_one(Body.parse(made.body).withhold([]).text, made.entry)
    assert refused(data.replace(b'"release": 5', b'"release": 0')) == [74]


def test_a_time_that_no_calendar_holds_is_told_in_seconds(file: DisclosureFile) -> None:
    made = signed(text_of(file), LOG)
    late = made.with_signatures([cosigned(made, each, 2**62) for each in (ONE, TWO)])
    text = "\n".join(telling.told(check(with_checkpoint(file, late), POLICY), "p"))
    assert f"no later than second {2**62} since 1970" in text


RELEASE = {
    "kind": "proof.disclosure",
    "recipient": "R",
    "purpose": "P",
    "authority": "A",
    "statements": [0],
    "fields": ["0:kind"],
}


def of_tree(*said: dict[str, Any], hidden: dict[int, list[str]] | None = None, left_out: Sequence[int] = ()) -> bytes:
    """A file of a tree of three statements, the last its release; some fields hidden, some statements left out."""
    made = [commit(each.items(), lambda count: bytes(each % 251 for each in range(count))) for each in said]
    one, two, three = (leaf_hash(each.entry) for each in made)
    proofs = [[two, three], [one, three], [node_hash(one, two)]]
    bodies = [Body.parse(each.body).withhold((hidden or {}).get(number, [])).text for number, each in enumerate(made)]
    shown = [
        ShownStatement(number, body, [b64encode(step).decode() for step in proof])
        for number, (body, proof) in enumerate(zip(bodies, proofs, strict=True))
        if number not in left_out
    ]
    checkpoint = signed(Checkpoint(ORIGIN, 3, node_hash(node_hash(one, two), three)).text(), LOG).encode().decode()
    return DisclosureFile(checking.FORMAT, "", "R", "P", "A", 2, checkpoint, shown).encode()


def of_one(body: str, entry: bytes) -> bytes:
    """A file of one statement that a log, which may be hostile, has in a tree of its own."""
    checkpoint = signed(Checkpoint(ORIGIN, 1, leaf_hash(entry)).text(), LOG).encode().decode()
    return DisclosureFile(checking.FORMAT, "", "", "", "", 5, checkpoint, [ShownStatement(0, body, [])]).encode()


def test_of_very_many_problems_the_first_are_told(file: DisclosureFile) -> None:
    wrong = [ShownStatement(number, "", []) for number in range(1000)]
    with pytest.raises(NotProven) as caught:
        check(replaced(file, statements=wrong).encode(), POLICY)
    assert len(caught.value.problems) == checking.TOLD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"release": 9', b'"release": NaN'),
        (b'"release": 9', b'"release": Infinity'),
        (b'"release": 9', b'"release": 9.0'),
        (b'"release": 9', b'"release": 9e0'),
        (b'"release": 9', b'"release": -1'),
        (b'"release": 9', b'"release": true'),
        (b'"release": 9', b'"release": 9999999999999999999999999999'),
        (b'"release": 9', b'"release": 9, "release": 9'),
        (b'"release": 9', b'"release": 9, "more": 1'),
        (b'"release": 9,', b""),
        (b'"recipient": "Perion"', b'"recipient": "Somebody", "recipient": "Perion"'),
        (b'"recipient": "Perion"', b'"recipient": "P\\u0065rion"'),
        (b'"recipient": "Perion"', b'"recipient": "Peri\\ud800on"'),
        (b'"recipient": "Perion"', b'"recipient": "Peri\xffon"'),
        (b'"recipient": "Perion"', b'"recipient": null'),
        (b"openmpca/disclosure/v1", b"openmpca/disclosure/v2"),
        (b"{", b"\xef\xbb\xbf{"),
        (b'"checkpoint": "', b'"checkpoint": "\\n'),
    ],
)
def test_what_is_not_of_the_one_form_proves_nothing(file: DisclosureFile, old: bytes, new: bytes) -> None:
    whole = file.encode()
    assert old in whole
    assert refused(whole.replace(old, new, 1)) in ([74], [76])


def test_a_checkpoint_with_nothing_in_it_is_of_no_form(file: DisclosureFile) -> None:
    for text in ("", "x", "\n\n", file.checkpoint.partition("\n\n")[0], file.checkpoint + "\n"):
        assert refused(replaced(file, checkpoint=text).encode()) == [74]


def test_no_value_passes_for_a_sentence_or_an_order_to_the_terminal() -> None:
    fact = checking.Fact(3, {"note": "9\u202e581\nPROVEN:\x1b[2J", "wei\u0261hts": 1, "a\nb": []}, 1)
    lines = list(telling._fact(fact, ORIGIN))
    assert lines[1:4] == [
        "  'a\\nb'          []",
        '  note            "9\\u202e581\\nPROVEN:\\u001b[2J"',
        "  'wei\\u0261hts'  1",
    ]
    assert all(line.isprintable() for line in lines)


def test_what_is_hidden_is_told_only_as_far_as_the_form_lets_anybody_know() -> None:
    told = [telling._hidden(checking.Fact(1, {}, hidden)) for hidden in (0, 1, 15, 16, 25)]
    assert told[0] == "Nothing of it is hidden."
    assert [line.rpartition("alike: ")[2] for line in told[1:]] == [
        "0 to 1 value.",
        "0 to 15 values.",
        "1 to 16 values.",
        "10 to 25 values.",
    ]


def test_a_correction_inside_the_file_is_told_and_later_ones_are_disclaimed(file: DisclosureFile) -> None:
    proven = check(file.encode(), POLICY)
    facts = (checking.Fact(7, {}, 16), checking.Fact(8, {"corrects": 7}, 15), checking.Fact(9, {"corrects": 5}, 15))
    lines = list(telling.told(with_facts(proven, facts), "p"))
    assert "Statement 8 says that it corrects statement 7." in lines
    assert not [line for line in lines if "statement 5" in line]
    true = (checking.Fact(1, {}, 16), checking.Fact(2, {"corrects": True}, 15))
    assert not [line for line in telling.told(with_facts(proven, true), "p") if "says that it corrects" in line]
    assert any("A later correction or withdrawal" in line for line in lines)


def with_facts(proven: checking.Proven, facts: tuple[checking.Fact, ...]) -> checking.Proven:
    return dataclasses.replace(proven, facts=facts)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 100_000), cut=st.integers(0, 40), put=st.binary(max_size=40))
def test_no_change_of_bytes_gives_anything_but_the_same_proof_or_a_typed_error(
    file: DisclosureFile, at: int, cut: int, put: bytes
) -> None:
    whole = file.encode()
    at %= len(whole)
    try:
        proven = check(whole[:at] + put + whole[at + cut :], POLICY)
    except NotProven:
        return
    assert proven.facts == check(whole, POLICY).facts


@settings(max_examples=200)
@given(
    st.binary(max_size=300)
    | st.dictionaries(st.sampled_from(DisclosureFile.__struct_fields__), st.text()).map(json.dumps)
)
def test_any_bytes_give_a_typed_error(data: bytes | str) -> None:
    with pytest.raises(NotProven):
        check(data.encode() if isinstance(data, str) else data, POLICY)
