"""A partner's log that does not only grow is noticed, told with its rule, and both checkpoints are kept."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from openmpca.proof.publishing.reaching import Unreachable
from openmpca.proof.witnesses import seen
from openmpca.proof.witnesses.following import Followed, Follower
from openmpca.proof.witnesses.seen import FOLLOWED, WITNESSED, Seen
from openmpca.proof.witnesses.witnessing import Witness
from openmpca.tlog.note import Note, signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.remote import Fetch
from openmpca.tlog.vkey import ED25519, Signer
from openmpca.tlog.witness import AddCheckpoint, cosignatures
from tests.proof.commanding import Run
from tests.proof.simulator import LOG, NAME, NOW, WITNESSES, Log, policy
from tests.state import State, founded

PLACE = "http://partner.example"
KNOWN = policy((LOG, PLACE))


@pytest.fixture(autouse=True)
def home_of_the_follower(state_home: State) -> State:
    return state_home


def at(*logs: tuple[str, Log]) -> Callable[[str], Fetch]:
    served = dict(logs)
    return lambda place: served[place].fetch


def follow(log: Log, what: str = NAME, known: Policy = KNOWN, **given: Any) -> Followed:
    return Follower(known, at((PLACE, log), (what, log)), clock=lambda: NOW, **given).follow(what)


def rules(found: Followed) -> list[int]:
    return [each.rule for each in found.problems]


def evidence(found: Followed) -> list[bytes]:
    assert found.evidence is not None
    return [(found.evidence / name).read_bytes() for name in ("seen.checkpoint", "shown.checkpoint")]


def test_a_log_that_only_grows_holds() -> None:
    log = Log().grow(3)
    assert follow(log).holds
    for more in (0, 1, 252, 1, 43, 300):
        before = log.size
        found = follow(log.grow(more))
        assert (found.holds, found.problems, found.evidence) == (True, [], None)
        assert found.before is not None
        assert (found.before.size, found.origin) == (before, NAME)


def test_an_empty_log_is_followed_too() -> None:
    log = Log()
    assert follow(log).holds
    assert follow(log.grow(1)).holds


def test_only_the_tiles_that_a_proof_takes_are_read() -> None:
    log = Log().grow(600)
    follow(log)
    log.grow(100).asked.clear()
    follow(log)
    assert len(log.asked) <= 6


@pytest.mark.parametrize(("place", "more"), [(0, 0), (0, 1), (299, 0), (299, 5), (100, 400)])
def test_a_rewritten_entry_is_noticed(place: int, more: int) -> None:
    log = Log().grow(300)
    first = follow(log)
    other = log.rewritten(place, more)
    found = follow(other)
    assert (rules(found), found.holds) == ([62], False)
    assert first.note is not None
    assert evidence(found) == [first.note.encode(), other.note().encode()]
    assert follow(log.grow(1)).holds  # what was seen before stays what was seen


def test_a_log_that_shrinks_is_noticed_whether_it_was_restored_or_cut_off() -> None:
    log = Log().grow(300)
    follow(log)
    for size in (299, 3, 0):
        found = follow(log.cut(size))
        assert rules(found) == [63]
        assert len(evidence(found)) == 2


def test_a_stale_checkpoint_that_is_replayed_is_noticed() -> None:
    log = Log().grow(10)
    old = log.fetch("checkpoint")
    follow(log.grow(10))
    log.lies["checkpoint"] = old
    found = follow(log)
    assert rules(found) == [63]
    assert "old checkpoint" in found.problems[0].message
    assert evidence(found)[1] == old


def test_a_frozen_view_is_noticed_by_the_age_of_its_cosignatures() -> None:
    log = Log(witnesses=(WITNESSES["one"],)).grow(3)
    known = policy((LOG, PLACE), witnesses=[("one", "")], quorum="one")
    log.lies["checkpoint"] = log.note(seconds=NOW - 3 * 3600).encode()
    assert follow(log, known=known, within=4).holds
    found = follow(log, known=known, within=2)
    assert rules(found) == [63]
    assert "last 2 hours" in found.problems[0].message
    assert rules(follow(Log().grow(3), known=known, within=2)) == [63, 66]


def test_two_partners_who_get_two_views_see_it_with_one_exchange() -> None:
    honest = Log().grow(300)
    split = honest.rewritten(299)
    assert follow(split).holds  # the first partner cannot know
    found = follow(honest)  # but meets the view of the second, handed over on a stick
    assert rules(found) == [62]
    assert evidence(found) == [split.note().encode(), honest.note().encode()]


def test_of_two_views_only_one_finds_the_quorum(tmp_path: Path) -> None:
    """A witness stands between two partners: the view that it did not cosign meets no policy."""
    witness = Witness(WITNESSES["one"], policy((LOG, "")), tmp_path, lambda: NOW)
    honest = Log().grow(30)
    split = honest.rewritten(29)
    known = policy((LOG, PLACE), witnesses=[("one", "")], quorum="one")
    for log, met in ((honest, True), (split, False)):
        outcome = witness.add_checkpoint(AddCheckpoint(0, (), log.note()).encode())
        if outcome.status == 200:
            log.lies["checkpoint"] = log.note().with_signatures(cosignatures(outcome.body)).encode()
        judged = known.judged(Note.parse(log.fetch("checkpoint")), NAME)
        assert (judged.log_verified, judged.met) == (True, met)


def test_the_witness_of_this_home_and_its_follower_know_of_each_other() -> None:
    log = Log().grow(20)
    made = log.checkpoint()
    with seen.turn() as kept:
        kept.put(WITNESSED, Seen(NAME, made.size, made.root, log.note().encode(), NOW))
    assert rules(follow(log.rewritten(3, more=5))) == [62]
    assert rules(follow(log.cut(5))) == [63]
    assert follow(log.grow(1)).holds


def test_a_view_that_no_witness_got_is_seen_by_asking_them() -> None:
    honest = Log(witnesses=(WITNESSES["one"],)).grow(30)
    split = honest.rewritten(5, more=3)
    split.witnesses = ()
    name = f"{sha256(NAME.encode()).hexdigest()}/checkpoint"
    known = policy((LOG, PLACE), witnesses=[("one", "http://one"), ("two", "http://two")])
    silent = Log(missing={name})
    witness = Log(lies={name: honest.note().encode()})
    reach = at((PLACE, split), ("http://one", witness), ("http://two", silent))
    assert Follower(known, reach).follow(NAME).holds
    found = Follower(known, reach, ask_witnesses=True).follow(NAME)
    assert rules(found) == [62, 66]
    assert evidence(found)[0] == honest.note().encode()


def test_a_witness_that_shows_what_is_not_signed_changes_nothing() -> None:
    log = Log().grow(30)
    name = f"{sha256(NAME.encode()).hexdigest()}/checkpoint"
    stranger = Signer.made(NAME, ED25519, bytes(32))
    unsigned = signed(log.rewritten(1).checkpoint().text(), stranger).encode()
    known = policy((LOG, PLACE), witnesses=[("one", "http://one"), ("two", "")])
    other = log.rewritten(1, more=2).note().encode()  # which the log signed, and the witness did not
    for shown, told in ((unsigned, [66]), (b"nothing", [66]), (other, [66])):
        reach = at((PLACE, log), ("http://one", Log(lies={name: shown})))
        found = Follower(known, reach, ask_witnesses=True).follow(NAME)
        assert (found.holds, rules(found)) == (True, told)


def test_a_log_that_grew_while_its_witnesses_were_asked_is_read_again() -> None:
    log = Log(witnesses=(WITNESSES["one"],)).grow(30)
    name = f"{sha256(NAME.encode()).hexdigest()}/checkpoint"
    witness = Log()

    def grown(path: str) -> None:
        witness.lies = {name: log.grow(2).note().encode()}

    witness.before = grown
    known = policy((LOG, PLACE), witnesses=[("one", "http://one")])
    found = Follower(known, at((PLACE, log), ("http://one", witness)), ask_witnesses=True).follow(NAME)
    assert (found.holds, rules(found)) == (True, [])
    assert found.checkpoint is not None
    assert found.checkpoint.size == 32
    witness.before = lambda path: None
    log.lies = {"checkpoint": log.cut(31).note().encode()}
    witness.lies = {name: log.note().encode()}
    assert rules(Follower(known, at((PLACE, log), ("http://one", witness)), ask_witnesses=True).follow(NAME)) == [63]


def test_a_tile_of_another_tree_is_not_believed() -> None:
    log = Log().grow(700)
    follow(log)
    log.grow(100)
    for path, place in (("tile/0/003.p/32", 790), ("tile/1/000.p/3", 1)):
        log.lies = {path: log.rewritten(place).fetch(path)}
        found = follow(log)
        assert (rules(found), found.evidence) == ([64], None)
    log.lies = {}
    assert follow(log).holds


def test_a_log_that_does_not_give_its_tiles_is_at_fault() -> None:
    log = Log(missing={"tile/0/000.p/3", "tile/0/000"}).grow(3)
    found = follow(log)
    assert (rules(found), found.faulty) == ([64], True)
    assert "tile/0/000" in found.problems[0].message


def test_a_look_alike_name_is_another_log() -> None:
    alike = Signer.made("pаrtner.example/log", ED25519, bytes([7] * 32))  # with a Cyrillic letter
    log = Log(alike).grow(3)
    found = follow(log)
    assert rules(found) == [61]
    assert "\\u0430" in found.problems[0].message
    assert rules(follow(log, PLACE)) == [61]


def test_another_key_under_the_name_is_not_the_log() -> None:
    assert rules(follow(Log(Signer.made(NAME, ED25519, bytes(32))).grow(3))) == [61]


def test_a_signature_that_is_false_is_not_the_log() -> None:
    log = Log().grow(3)
    good = log.note()
    log.lies["checkpoint"] = Note(log.grow(1).checkpoint().text(), good.signatures).encode()
    found = follow(log)
    assert rules(found) == [61]
    assert follow(Log().grow(1)).before is None  # and nothing of it was kept


@pytest.mark.parametrize("data", [b"", b"\xff", b"hello\n\n", b"<html>", b"x" * 2_000_000])
def test_what_is_no_checkpoint_is_told(data: bytes) -> None:
    assert rules(follow(Log(lies={"checkpoint": data}))) == [61]


def test_a_log_that_cannot_be_reached_is_at_no_fault() -> None:
    def reach(place: str) -> Fetch:
        def fetch(path: str) -> bytes:
            raise Unreachable("timed out")

        return fetch

    found = Follower(KNOWN, reach).follow(NAME)
    assert (rules(found), found.holds, found.faulty) == ([65], False, False)
    assert rules(follow(Log(missing={"checkpoint"}))) == [65]
    assert rules(Follower(policy((LOG, "")), reach).follow(NAME)) == [65]


def test_a_network_that_fails_half_way_is_no_fault_of_the_log() -> None:
    log = Log().grow(5)

    def fails(path: str) -> None:
        if path != "checkpoint":
            raise Unreachable(path)

    log.before = fails
    found = follow(log)
    assert (rules(found), found.faulty) == ([65], False)


def test_what_another_process_saw_meanwhile_counts() -> None:
    log = Log().grow(5)
    follow(log)
    other = log.rewritten(2, more=4)
    log.grow(3)

    def another_process(path: str) -> None:
        log.before = lambda path: None
        made = other.checkpoint()
        with seen.turn() as kept:
            kept.put(FOLLOWED, Seen(NAME, made.size, made.root, other.note().encode(), NOW))

    log.before = another_process
    log.before, waiting = (lambda path: waiting(path) if path != "checkpoint" else None), another_process
    assert rules(follow(log)) == [63]


def test_the_quorum_is_told_and_is_no_fault() -> None:
    known = policy((LOG, PLACE), witnesses=[("one", "")], quorum="one")
    found = follow(Log().grow(3), known=known)
    assert (found.holds, rules(found)) == (True, [66])
    found = follow(Log(witnesses=(WITNESSES["one"],)).grow(3), known=known)
    assert (found.holds, rules(found)) == (True, [])
    assert found.judged is not None
    assert found.judged.cosigned == {"one": NOW}


def written(log: Log, folder: Path) -> Path:
    """The log as a folder that was carried here."""
    for path in ("checkpoint", f"tile/0/000.p/{log.size}"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(log.fetch(path))
    return folder


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    founded()
    return Run(monkeypatch, capsys)


def test_on_the_command_line_an_alarm_ends_with_3(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy"
    file.write_text(f"log {LOG.verifier}\nquorum none\n")
    log = Log().grow(7)
    code, found = run.json("follow", written(log, tmp_path / "first"), "--policy", file)
    assert (code, found[0]["holds"], found[0]["size"], found[0]["seen_before"]) == (0, True, 7, None)
    assert run("follow", tmp_path / "first", "--policy", file)[0] == 0
    code, out, told = run("follow", written(log.rewritten(1, 1), tmp_path / "second"), "--policy", file)
    assert code == 3
    assert "ALARM" in out
    assert "error 62" in told
    code, found = run.json("follow", tmp_path / "second", "--policy", file)
    assert sorted(each.name for each in Path(found[0]["evidence"]).iterdir()) == ["seen.checkpoint", "shown.checkpoint"]
    assert run.json("follow", tmp_path / "third", "--policy", file)[0] == 6
    assert run.json("follow", NAME, "--policy", file)[0] == 6
    assert run.json("follow", "--policy", file)[0] == 4
    assert run.json("follow")[0] == 1
    file.write_text("quorum\n")
    code, found = run.json("follow", "--policy", file)
    assert (code, found["problems"][0]["rule"]) == (1, 61)
