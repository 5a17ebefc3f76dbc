import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.checkpoint import Checkpoint, CheckpointError, opened
from openmpca.tlog.lines import bytes_of
from openmpca.tlog.merkle import EMPTY_ROOT, leaf_hash, root, verify_consistency
from openmpca.tlog.note import Note, NoteError, signed, verified
from openmpca.tlog.vkey import ED25519, Signer, Verifier
from tests.tlog import published
from tests.tlog.test_note import texts

LOG = Verifier.parse(published.LOG_KEY)
ROOT = bytes(range(32))
lines = texts.map(lambda text: text.replace("\n", "")).filter(bool)
checkpoints = st.builds(
    Checkpoint,
    lines,
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(lines, max_size=4).map(tuple),
)


def test_all_checkpoints_of_a_published_log_verify_and_come_out_byte_for_byte(shared_folder: Path) -> None:
    folder = shared_folder / "vectors/tlog/tessera-log"
    leaves = [leaf_hash(word) for word in published.WORDS]
    for size in range(16):
        data = (folder / f"checkpoint.{size}").read_bytes()
        checkpoint, note = opened(data, LOG, published.LOG_NAME)
        assert checkpoint == Checkpoint(published.LOG_NAME, size, root(leaves[:size]))
        assert checkpoint.text() == note.text
        assert note.encode() == data
    assert opened((folder / "checkpoint").read_bytes(), LOG, published.LOG_NAME)[0].size == 15


def test_the_empty_tree_has_the_root_of_nothing(shared_folder: Path) -> None:
    data = (shared_folder / "vectors/tlog/tessera-log/checkpoint.0").read_bytes()
    assert opened(data, LOG, published.LOG_NAME)[0].root == EMPTY_ROOT


def test_a_log_may_have_another_origin_than_the_name_of_its_key() -> None:
    key = Verifier.parse(published.SUMDB_KEY)
    checkpoint, _ = opened(published.SUMDB_CHECKPOINT, key, "go.sum database tree")
    assert checkpoint.size == 6_476_701
    assert opened(published.SUMDB_LATER_CHECKPOINT, key, "go.sum database tree")[0].size == 59_045_944
    with pytest.raises(CheckpointError, match=r"of 'go\.sum database tree', not of 'sum\.golang\.org'"):
        opened(published.SUMDB_CHECKPOINT, key, "sum.golang.org")


def test_the_published_script_of_a_witness_verifies() -> None:
    key = Verifier(published.SCRIPT_ORIGIN, ED25519, published.SCRIPT_KEY)
    heads = {size: opened(published.script_checkpoint(size), key, published.SCRIPT_ORIGIN)[0] for size in (1, 3, 5)}
    for (old, new), proof in published.SCRIPT_PROOFS.items():
        verify_consistency(old, new, [bytes_of(step) for step in proof], heads[old].root, heads[new].root)
    changed = published.script_checkpoint(3).replace(b"6go=", b"6gw=")
    with pytest.raises(NoteError, match="is false"):
        opened(changed, key, published.SCRIPT_ORIGIN)


def test_a_checkpoint_of_another_origin_is_refused_though_the_same_key_signed_it() -> None:
    log = published.own_log()
    for origin in ("example.org/log2", "example.org/1og", "еxample.org/log", "example.org/log "):
        data = signed(Checkpoint(origin, 1, ROOT).text(), log).encode()
        with pytest.raises(CheckpointError, match=r"not of 'example\.org/log'"):
            opened(data, log.verifier, "example.org/log")


def test_a_checkpoint_signed_by_a_key_of_the_same_name_is_refused() -> None:
    log, impostor = published.own_log(), published.own_log(seed=2)
    data = signed(Checkpoint("example.org/log", 1, ROOT).text(), impostor).encode()
    with pytest.raises(NoteError, match="no signature of a known key"):
        opened(data, log.verifier, "example.org/log")


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    log = published.own_log()
    with pytest.raises(CheckpointError, match="at least three lines"):
        opened(signed("example.org/log\n1\n", log).encode(), log.verifier, "example.org/log")


def test_extension_lines_are_kept() -> None:
    log = published.own_log()
    checkpoint = Checkpoint("example.org/log", 2**63 - 1, ROOT, ("one", " two  "))
    found, note = opened(signed(checkpoint.text(), log).encode(), log.verifier, "example.org/log")
    assert found == checkpoint
    assert verified(note, [log.verifier]) == (log.verifier,)


@given(checkpoints)
def test_a_checkpoint_reads_back(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
    note = signed(checkpoint.text(), published.own_log())
    assert Checkpoint.parse(Note.parse(note.encode()).text) == checkpoint


GOOD = Checkpoint("o", 7, ROOT).text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "o\n7\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "\next\n",
        GOOD + "ext",
        "\n" + GOOD,
        GOOD.replace("o", "", 1),
        GOOD.replace("7", "07"),
        GOOD.replace("7", "+7"),
        GOOD.replace("7", "7 "),
        GOOD.replace("7", ""),
        GOOD.replace("7", "-0"),
        GOOD.replace("7", "٧"),
        GOOD.replace("7", "9223372036854775808"),
        GOOD.replace("7", "7" * 5000),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("=", ""),
        GOOD.replace("=", "=="),
        GOOD.replace("AAEC", "", 1),
        GOOD.replace("AAEC", "AAECAAEC", 1),
        "o\n7\nAAAA\n",
        "o\n7\n\n",
        "o\x00\n7\n" + GOOD[4:],
        "\ud800\n7\n" + GOOD[4:],
        GOOD + "ext\t\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text)


@given(st.text(max_size=100) | st.text("o7\nAE=", max_size=60))
def test_whatever_is_taken_as_a_checkpoint_would_be_written_so(text: str) -> None:
    try:
        checkpoint = Checkpoint.parse(text)
    except CheckpointError:
        return
    assert checkpoint.text() == text


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("", 1, ROOT), "is empty"),
        (("a\nb", 1, ROOT), "more than one"),
        (("a", -1, ROOT), "from 0 to"),
        (("a", 2**63, ROOT), "from 0 to"),
        (("a", 1, ROOT[1:]), "32 bytes, not 31"),
        (("a", 1, ROOT, ("",)), "is empty"),
        (("a", 1, ROOT, ("b\n2\n",)), "more than one"),
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_is_not_made(parts: tuple[str, int, bytes], why: str) -> None:
    with pytest.raises(CheckpointError, match=re.escape(why)):
        Checkpoint(*parts)


def test_a_signer_can_sign_for_an_origin_with_spaces_but_not_have_such_a_name() -> None:
    log = Signer.made("example.org/log", ED25519, bytes(32))
    data = signed(Checkpoint("a log + spaces", 1, ROOT).text(), log).encode()
    assert opened(data, log.verifier, "a log + spaces")[0].origin == "a log + spaces"
