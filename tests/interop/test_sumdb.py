"""Our logs held against golang.org/x/mod/sumdb, which nobody here wrote, and its logs against our code."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openmpca.tlog.checkpoint import Checkpoint, opened
from openmpca.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from openmpca.tlog.note import Note, NoteError, Signature, signed, verified
from openmpca.tlog.policy import Policy
from openmpca.tlog.proof import TlogProof
from openmpca.tlog.remote import RemoteTree
from openmpca.tlog.tiles import TileName, name_of, path_of, read_bundle, tiles_of
from openmpca.tlog.tree import Tree, full_tiles
from openmpca.tlog.vkey import ED25519, Signer, Verifier
from tests.interop import sumdb
from tests.interop.sumdb import read, read_all, written
from tests.tlog import published

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]

LOG = published.own_log("party-a.example/programme")
ENTRIES = [b"entry %d" % number for number in range(66_000)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SIZES = [1, 2, 3, 255, 256, 257, 600, 65_536, 66_000]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Ask sumdb."""
    program = sumdb.built(tmp_path_factory.mktemp("sumdb"))
    return lambda command, request: sumdb.asked(program, command, request)


def tree_of(size: int) -> Tree:
    stored = {(made.level, made.n): made.hashes for made in full_tiles(0, [], LEAVES[:size], lambda level, n: b"")}
    return Tree(lambda level, n: stored[level, n], lambda start, end: LEAVES[start:end])


def folder_of(folder: Path, tree: Tree, size: int, signer: Signer = LOG) -> Path:
    """A log of ours as files."""
    for name in tiles_of(size):
        path = folder / path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tree.tile(name.level or 0, name.n, name.width, size))
    note = signed(Checkpoint(LOG.name, size, tree.root(size)).text(), signer)
    (folder / "checkpoint").write_bytes(note.encode())
    return folder


def some(size: int) -> list[int]:
    return sorted({0, size // 3, size // 2, size - 1} | {at for at in (255, 256, 65_535) if at < size})


def request(folder: Path, tree: Tree, size: int) -> dict[str, Any]:
    """What sumdb is to verify: entries and earlier trees with the proofs that we make."""
    return {
        "Folder": str(folder),
        "Key": str(LOG.verifier),
        "Origin": LOG.name,
        "Records": [
            {"Index": at, "Entry": written(ENTRIES[at]), "Proof": list(map(written, tree.inclusion_proof(at, size)))}
            for at in some(size)
        ],
        "Trees": [
            {
                "Size": at + 1,
                "Root": written(tree.root(at + 1)),
                "Proof": list(map(written, tree.consistency_proof(at + 1, size))),
            }
            for at in some(size)
        ],
    }


@pytest.mark.parametrize("size", SIZES)
def test_sumdb_verifies_our_checkpoint_proofs_and_tiles_and_finds_the_same_proofs(
    ask: Ask, tmp_path: Path, size: int
) -> None:
    tree = tree_of(size)
    asked = request(folder_of(tmp_path, tree, size), tree, size)
    answer = ask("verify", asked)
    assert answer["Refused"] == ""
    assert (answer["Size"], read(answer["Root"])) == (size, tree.root(size))
    assert [each["Proof"] for each in answer["Records"]] == [each["Proof"] for each in asked["Records"]]
    assert [each["Proof"] for each in answer["Trees"]] == [each["Proof"] for each in asked["Trees"]]


def spoilt(data: bytes) -> bytes:
    return data[:5] + bytes([data[5] ^ 1]) + data[6:]


def test_sumdb_refuses_what_we_would_refuse(ask: Ask, tmp_path: Path) -> None:
    """So that the agreement above is not that of a program which takes everything."""
    size = 600
    tree = tree_of(size)
    folder = folder_of(tmp_path, tree, size)
    good = request(folder, tree, size)
    record, earlier = good["Records"][1], good["Trees"][1]
    other = published.own_log(LOG.name, 2).verifier
    for wrong, why in (
        ({**good, "Records": [{**record, "Entry": written(b"another")}]}, "record 200"),
        ({**good, "Records": [{**record, "Index": 201}]}, "record 201"),
        ({**good, "Records": [{**record, "Proof": record["Proof"][1:]}]}, "record 200"),
        ({**good, "Trees": [{**earlier, "Root": written(spoilt(read(earlier["Root"])))}]}, "tree of 201"),
        ({**good, "Trees": [{**earlier, "Size": 202}]}, "tree of 202"),
        ({**good, "Key": str(other)}, "no verifiable signatures"),
        ({**good, "Origin": "party-b.example/programme"}, "another origin"),
    ):
        assert why in ask("verify", wrong)["Refused"]
    tile = folder / path_of(TileName(0, 1))
    tile.write_bytes(spoilt(tile.read_bytes()))
    assert "from tiles" in ask("verify", good)["Refused"]


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest, ask: Ask) -> dict[str, Any]:
    """A log that sumdb made and signed with a key of its own."""
    size = request.param
    return ask(
        "make",
        {
            "Secret": "sumdb.example/log",
            "Origin": "sumdb.example/log",
            "Entries": list(map(written, ENTRIES[:size])),
            "Indexes": some(size),
            "Sizes": [at + 1 for at in some(size)],
        },
    )


def test_we_verify_the_checkpoint_and_the_proofs_that_sumdb_makes(made: dict[str, Any]) -> None:
    assert made["Refused"] == ""
    log = Verifier.parse(made["Key"])
    assert Signer.parse(made["Secret"]).verifier == log
    checkpoint, _ = opened(made["Note"].encode(), log, "sumdb.example/log")
    assert (checkpoint.size, checkpoint.root) == (made["Size"], tree_of(made["Size"]).root(made["Size"]))
    policy = Policy.parse(f"log {made['Key']}\nquorum none\n")
    for record in made["Records"]:
        steps = read_all(record["Proof"])
        verify_inclusion(record["Index"], checkpoint.size, leaf_hash(read(record["Entry"])), steps, checkpoint.root)
        proof = TlogProof(record["Index"], tuple(steps), made["Note"].encode())
        assert TlogProof.parse(proof.encode()).verified(read(record["Entry"]), policy, log.name).met
    for tree in made["Trees"]:
        verify_consistency(tree["Size"], checkpoint.size, read_all(tree["Proof"]), read(tree["Root"]), checkpoint.root)


def test_the_tiles_that_sumdb_makes_are_ours_by_name_and_byte_and_our_reader_takes_them(made: dict[str, Any]) -> None:
    size, tree = made["Size"], tree_of(made["Size"])
    tiles = {path: read(text) for path, text in made["Tiles"].items()}
    # sumdb names every width that a partial tile has had; we name the one that the tree has.
    assert {path_of(name) for name in tiles_of(size)} <= tiles.keys()
    for path, data in tiles.items():
        name = name_of(path)
        assert tree.tile(name.level or 0, name.n, name.width, size) == data

    def fetch(path: str) -> bytes:
        return tiles[path]

    remote = RemoteTree(fetch, size, read(made["Root"]))
    remote.check()
    for record in made["Records"]:
        assert remote.inclusion_proof(record["Index"], size) == read_all(record["Proof"])
    for earlier in made["Trees"]:
        assert remote.root(earlier["Size"]) == read(earlier["Root"])


def test_a_signer_key_of_ours_signs_the_same_bytes_in_sumdb(ask: Ask) -> None:
    answer = ask("make", {"Secret": LOG.text(), "Origin": LOG.name, "Entries": [written(b"entry 0")]})
    assert answer["Note"].encode() == signed(Checkpoint(LOG.name, 1, LEAVES[0]).text(), LOG).encode()


def notes() -> list[bytes]:
    """Good notes, with signatures known, unknown and of look-alikes, and what becomes of them by chance."""
    chance = random.Random("notes")
    unknown = Signer.made("Party-A.example/programme", ED25519, LOG.seed)
    one = signed(Checkpoint(LOG.name, 7, LEAVES[0]).text(), LOG)
    several = signed("Ogni parola\n\n— è una firma?\n", unknown, LOG, published.own_log("b", 5))
    repeated = Note(one.text, one.signatures * 3)
    false = one.with_signatures([Signature(LOG.name, b"\0\0\0\0", b"x")])
    seeds = [note.encode() for note in (one, several, repeated, false)]
    seeds += [published.EXAMPLE_NOTE, published.SUMDB_CHECKPOINT]
    marks = ["\n", "\n\n", "— ", " ", "+", "=", "\t", "\r", "\x7f", "\x00", "\u2028", "\u00a0", "A", "é", "\ufeff"]
    signs = [b"", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", *(each.encode() for each in marks)]
    for _ in range(3000):
        data = bytearray(chance.choice(seeds[:6]))
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.choice([0, 0, 1, 1, 2, 9])] = chance.choice(signs)
        seeds.append(bytes(data))
    return seeds


def ours(data: bytes, known: list[Verifier]) -> tuple[str, list[str]] | None:
    try:
        note = Note.parse(data)
        return note.text, [f"{each.name}+{each.key_id.hex()}" for each in verified(note, known)]
    except NoteError:
        return None


def in_one_spelling(data: bytes) -> bool:
    try:
        return Note.parse(data).encode() == data
    except NoteError:
        return False


def test_we_take_a_note_exactly_when_sumdb_does_and_base64_stands_in_its_one_spelling(ask: Ask) -> None:
    known = [LOG.verifier, Verifier.parse(published.EXAMPLE_KEY), Verifier.parse(published.SUMDB_KEY)]
    every = notes()
    answer = ask("open", {"Keys": list(map(str, known)), "Notes": list(map(written, every))})
    taken = 0
    for data, theirs in zip(every, answer["Opened"], strict=True):
        found = ours(data, known)
        if theirs["Refused"]:
            assert found is None, (data, theirs)
        elif found is None:
            assert not in_one_spelling(data), (data, theirs)
        else:
            assert found == (theirs["Text"], theirs["Signers"])
            taken += 1
    assert 50 < taken < len(every) - 500


@pytest.mark.parametrize("more", [0, 292])
def test_sumdb_verifies_the_log_that_a_state_exports(ask: Ask, state_home: Any, tmp_path: Path, more: int) -> None:
    from openmpca.proof.publishing.log_files import LogFiles, export
    from openmpca.record import commands, record
    from openmpca.record.statements import Grant
    from tests.state import BEGINNING, PARTY, at, founded

    act = founded()
    given = [
        Grant(day=BEGINNING, person="anna", for_party=PARTY, role="officer", scope=f"mba:M{n:03}") for n in range(more)
    ]
    if given:
        commands.state(given, act, when=at("2000-01-02"))
    size, root = record.head()
    tree = record.tree()
    note = signed(Checkpoint(LOG.name, size, root).text(), LOG)
    export(tmp_path / "log", LogFiles.of(note.encode()))
    entries = [
        entry
        for name in tiles_of(size)
        if name.level == 0
        for entry in read_bundle((tmp_path / "log" / path_of(name._replace(level=None))).read_bytes(), name.width)
    ]
    answer = ask(
        "verify",
        {
            "Folder": str(tmp_path / "log"),
            "Key": str(LOG.verifier),
            "Origin": LOG.name,
            "Records": [
                {
                    "Index": at,
                    "Entry": written(entries[at]),
                    "Proof": list(map(written, tree.inclusion_proof(at, size))),
                }
                for at in some(size)
            ],
            "Trees": [],
        },
    )
    assert (answer["Refused"], answer["Size"], len(entries)) == ("", size, size)
