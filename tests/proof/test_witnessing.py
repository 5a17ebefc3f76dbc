"""A witness over a real server and by files: each status, two clients at once, a crash before the answer."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from openmpca.proof.publishing import reaching, serving, urls
from openmpca.proof.publishing.reaching import Answer
from openmpca.proof.witnesses import seen, witnessing
from openmpca.proof.witnesses.seen import WITNESSED, Seen
from openmpca.proof.witnesses.witnessing import Witness
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint, opened
from openmpca.tlog.cosignature import cosigned_at
from openmpca.tlog.merkle import EMPTY_ROOT
from openmpca.tlog.note import Note, signed
from openmpca.tlog.vkey import ED25519, Signer
from openmpca.tlog.witness import MAX_REQUEST_BYTES, AddCheckpoint, Held, cosignatures
from tests.proof.simulator import LOG, NAME, NOW, WITNESSES, Log, policy
from tests.state import State

KEY = WITNESSES["one"]
NAMED = sha256(NAME.encode()).hexdigest()


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(KEY, policy((LOG, "")), tmp_path, lambda: NOW)


@contextmanager
def served(addresses: urls.Urls) -> Iterator[str]:
    """A real server over some addresses; gives where it listens."""
    with override_settings(MIDDLEWARE=[]):  # as it is where no pages are served
        server = serving.server(addresses, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    open_at: dict[int, Any] = {}

    def stop() -> None:
        """Run by the server itself, whose loop ends when it has nothing to look after; closed is what it left."""
        open_at.update(server._map)
        server._map.clear()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(stop)
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
        for each in open_at.values():
            each.close()


@pytest.fixture
def address(state_home: State, witness: Witness) -> Iterator[str]:
    with served(urls.of_witness(witness)) as at:
        yield at


def asking(log: Log, old: int = 0) -> bytes:
    proof = log.tree().consistency_proof(old, log.size) if old else []
    return AddCheckpoint(old, tuple(proof), log.note()).encode()


def asked(address: str, body: bytes) -> Answer:
    return reaching.send(f"{address}/add-checkpoint", body)


def cosigned_times(answer: Answer, log: Log) -> list[int]:
    assert answer.status == 200
    return [cosigned_at(log.note(), each, KEY.verifier) for each in cosignatures(answer.body)]


def test_every_answer_of_the_published_table_comes_over_http(address: str, witness: Witness) -> None:
    log = Log().grow(1)
    assert cosigned_times(asked(address, asking(log)), log) == [NOW]
    log.grow(2)
    unsigned = Note(log.checkpoint().text(), log.rewritten(0).note().signatures)
    stranger = Log(Signer.made("stranger.example/log", ED25519, bytes(32))).grow(3)
    table = [
        (AddCheckpoint(1, (), unsigned).encode(), 403, None),
        (asking(stranger), 404, None),
        (b"old 1\n", 400, None),
        (AddCheckpoint(5, (), log.note()).encode(), 400, None),
        (AddCheckpoint(1, (), log.note()).encode(), 422, None),
        (AddCheckpoint(0, (), log.note()).encode(), 409, b"1\n"),
        (asking(log, 1), 200, None),
        (asking(log, 1), 409, b"3\n"),
        (asking(log.rewritten(1), 3), 422, None),
        (asking(log, 3), 200, None),
    ]
    for body, status, told in table:
        answer = asked(address, body)
        assert (answer.status, told or answer.body) == (status, answer.body)
    assert witness.held(NAME) == Held(3, log.tree().root(3))


def test_the_size_that_is_held_comes_with_its_own_type(address: str) -> None:
    asked(address, asking(Log().grow(3)))
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection.request("POST", "/add-checkpoint", body=asking(Log().grow(5)))
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.getheader("Content-Type")) == (409, b"3\n", "text/x.tlog.size")


def test_the_script_of_sizes_1_3_5_runs_over_http(address: str) -> None:
    log, old = Log(), 0
    for size in (1, 3, 5):
        log.grow(size - log.size)
        assert cosigned_times(asked(address, asking(log, old)), log) == [NOW]
        old = size


def test_whoever_watches_gets_the_last_checkpoint_with_two_signatures_alone(address: str) -> None:
    log = Log(witnesses=(WITNESSES["two"],)).grow(5)
    assert reaching.send(f"{address}/{NAMED}/checkpoint").status == 404
    asked(address, asking(log))
    checkpoint, note = opened(reaching.send(f"{address}/{NAMED}/checkpoint").body, LOG.verifier, NAME)
    assert checkpoint == log.checkpoint()
    assert [each.name for each in note.signatures] == [NAME, KEY.name]
    assert reaching.send(f"{address}/{'0' * 64}/checkpoint").status == 404


def test_a_false_signature_beside_the_true_one_of_the_same_key_is_not_handed_on(witness: Witness) -> None:
    log = Log().grow(2)
    true = log.note()
    false = Note(true.text, (*true.signatures, true.signatures[0]._replace(signature=bytes(64))))
    assert witness.add_checkpoint(AddCheckpoint(0, (), false).encode()).status == 200
    served_note = Note.parse(witness.latest(NAMED) or b"")
    assert [(each.name, each.signature) for each in served_note.signatures[:-1]] == [
        (NAME, true.signatures[0].signature)
    ]


def test_of_two_clients_at_once_with_two_trees_exactly_one_wins(address: str, witness: Witness) -> None:
    log = Log().grow(3)
    asked(address, asking(log))
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            old = log.size
            forks = [log.rewritten(old + number, more=1 + number) for number in range(4)]
            for number, fork in enumerate(forks):
                fork.entries[-1] = b"fork %d" % number
            answers = list(pool.map(lambda fork: asked(address, asking(fork, old)), forks * 2))  # noqa: B023
            winners = {number % 4 for number, answer in enumerate(answers) if answer.status == 200}
            assert len(winners) == 1
            assert [answer.status for answer in answers].count(409) == 7
            log = forks[winners.pop()]
            assert witness.held(NAME) == Held(log.size, log.tree().root(log.size))


def test_processes_of_their_own_take_turns_too(witness: Witness, tmp_path: Path) -> None:
    other = Witness(KEY, witness.policy, tmp_path, lambda: NOW)
    log = Log().grow(3)
    with ThreadPoolExecutor(2) as pool:
        bodies = [asking(log), asking(log.rewritten(1))]
        outcomes = list(
            pool.map(lambda pair: pair[0].add_checkpoint(pair[1]), zip([witness, other], bodies, strict=True))
        )
    assert sorted(each.status for each in outcomes) == [200, 409]


def test_a_crash_before_the_cosignature_keeps_nothing(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(witnessing, "answered", fails)
        with pytest.raises(MemoryError):
            witness.add_checkpoint(asking(Log().grow(3)))
    assert witness.held(NAME) is None
    assert witness.add_checkpoint(asking(Log().grow(3).rewritten(1))).status == 200


class Crashing(Witness):
    """A witness whose machine fails after it has cosigned and before it answers."""

    def add_checkpoint(self, body: bytes) -> NoReturn:
        super().add_checkpoint(body)
        raise MemoryError


def test_a_crash_before_the_answer_never_lets_a_second_tree_in(state_home: State, witness: Witness) -> None:
    log = Log().grow(3)
    with served(urls.of_witness(Crashing(KEY, witness.policy, witness.folder, lambda: NOW))) as at:
        assert asked(at, asking(log)).status == 500
    with served(urls.of_witness(witness)) as at:
        assert asked(at, asking(log.rewritten(1))).status == 409
        assert asked(at, asking(log.rewritten(1), 3)).status == 422
        assert asked(at, asking(log, 3)).status == 200


def test_times_never_go_back(tmp_path: Path) -> None:
    clock = [NOW]
    witness = Witness(KEY, policy((LOG, "")), tmp_path, lambda: clock[0])
    log = Log().grow(3)
    for told, expected in ((NOW, NOW), (NOW - 50, NOW), (NOW + 7, NOW + 7)):
        clock[0] = told
        old = witness.held(NAME)
        outcome = witness.add_checkpoint(asking(log, old.size if old else 0))
        assert [cosigned_at(log.note(), each, KEY.verifier) for each in cosignatures(outcome.body)] == [expected]


def test_nothing_else_is_answered(address: str) -> None:
    log = Log().grow(3)
    assert asked(address, asking(log) + b"x" * MAX_REQUEST_BYTES).status == 413
    for path, status in (
        ("", 404),
        ("/", 404),
        ("/add-checkpoint", 405),
        ("/keys/witness.key", 404),
        ("/checkpoint", 404),
    ):
        assert reaching.send(f"{address}{path}").status == status
    assert reaching.send(f"{address}/{NAMED}/checkpoint", b"x").status == 405
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection.request("GET", "/", headers={"X": "y" * 20_000})
    assert connection.getresponse().status == 431


def test_slow_clients_are_let_go_and_others_are_served(
    state_home: State, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LIFE", 0.5)
    monkeypatch.setattr(serving, "CONNECTIONS", 6)
    log = Log().grow(1)
    with served(urls.of_witness(witness)) as address, ExitStack() as open_ones:
        port = urlsplit(address).port or 0
        slow = [open_ones.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(10)]
        end = time.monotonic() + 20
        while slow and time.monotonic() < end:
            for each in list(slow):
                try:
                    each.sendall(b"G")
                except OSError:
                    slow.remove(each)
            time.sleep(0.1)
        assert slow == []
        assert cosigned_times(asked(address, asking(log)), log) == [NOW]


def test_a_smaller_tree_never_takes_the_place_of_a_larger(tmp_path: Path) -> None:
    with seen.turn(tmp_path) as kept:
        kept.put(WITNESSED, Seen(NAME, 7, bytes(32), b"", 1))
        kept.put(WITNESSED, Seen(NAME, 3, bytes(32), b"", 2))
        assert [each.size for each in kept.every(WITNESSED)] == [7]
    assert (tmp_path / seen.FILE).stat().st_mode & 0o077 == 0


def test_what_a_failed_turn_put_is_not_kept(tmp_path: Path) -> None:
    with suppress(MemoryError), seen.turn(tmp_path) as kept:
        kept.put(WITNESSED, Seen(NAME, 7, bytes(32), b"", 1))
        raise MemoryError
    with seen.turn(tmp_path) as kept:
        assert kept.last(WITNESSED, NAME) is None


def test_a_folder_that_was_carried_here_is_as_good_as_a_request(witness: Witness) -> None:
    log = Log().grow(300)
    for more in (0, 0, 5, 700):
        log.grow(more)
        request = witnessing.request_from_folder(log.fetch, witness)
        assert witness.add_checkpoint(request.encode()).status == 200
    assert witness.held(NAME) == Held(1005, log.tree().root(1005))
    old = witnessing.request_from_folder(log.cut(20).fetch, witness)
    assert witness.add_checkpoint(old.encode()).status == 409


def test_a_folder_of_another_tree_gets_no_cosignature(witness: Witness) -> None:
    log = Log().grow(300)
    witness.add_checkpoint(asking(log))
    other = log.rewritten(7, more=3)
    assert witness.add_checkpoint(witnessing.request_from_folder(other.fetch, witness).encode()).status == 422
    log.grow(3)
    log.lies["tile/1/000.p/1"] = other.fetch("tile/1/000.p/1")
    for broken in (log, Log(missing={"checkpoint"}), Log(lies={"checkpoint": b"x"})):
        with pytest.raises(Refused) as refused:
            witnessing.request_from_folder(broken.fetch, witness)
        assert [each.rule for each in refused.value.problems] == [64]


def test_an_empty_log_is_cosigned_and_may_grow(witness: Witness) -> None:
    log = Log()
    assert witness.add_checkpoint(asking(log)).status == 200
    assert witness.held(NAME) == Held(0, EMPTY_ROOT)
    assert witness.add_checkpoint(asking(log.grow(5))).status == 200
    false = signed(Checkpoint(NAME, 0, bytes(32)).text(), LOG)
    assert witness.add_checkpoint(AddCheckpoint(0, (), false).encode()).status == 409
