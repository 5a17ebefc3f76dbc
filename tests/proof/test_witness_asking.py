"""Asking witnesses: from what each one holds, with patience, and with an alarm where one has seen another tree."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from openmpca.proof import moments
from openmpca.proof.keyring import keyfolder, keys
from openmpca.proof.keyring.keys import Asked
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.publishing import reaching, urls
from openmpca.proof.publishing.reaching import Answer, Unreachable
from openmpca.proof.signing import checkpoints
from openmpca.proof.witnesses import cosigning, seen, witnessing
from openmpca.proof.witnesses.cosigning import Collected
from openmpca.proof.witnesses.witnessing import Witness
from openmpca.record.record import Refused
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.note import Note
from openmpca.tlog.policy import Policy
from openmpca.tlog.remote import NotThere
from openmpca.tlog.vkey import Verifier
from openmpca.tlog.witness import AddCheckpoint, answered
from tests.proof.commanding import Run
from tests.proof.signing import ORIGIN, grow, introduced, keyed
from tests.proof.simulator import LOG, NOW, WITNESSES, Log
from tests.proof.simulator import policy as simulated
from tests.proof.test_witnessing import served
from tests.state import State

ADDRESSES = {"one": "http://one.example/", "two": "http://two.example"}


class Partners:
    """Two witnesses as they should be, and whatever else a test puts before one of them."""

    def __init__(self, folder: Path) -> None:
        self.policy = policy()
        self.witnesses: dict[str, Witness] = {}
        for name, signer in WITNESSES.items():
            (folder / name).mkdir(parents=True)
            self.witnesses[name] = Witness(signer, self.policy, folder / name, lambda: NOW)
        self.instead: dict[str, list[Answer | Unreachable]] = {}
        self.asked: list[str] = []
        self.slept: list[float] = []

    def send(self, url: str, body: bytes) -> Answer:
        name = url.removeprefix("http://").partition(".")[0]
        assert url == f"{ADDRESSES[name].rstrip('/')}/add-checkpoint"
        self.asked.append(f"{name} {body.decode().splitlines()[0]}")
        if waiting := self.instead.get(name):
            answer = waiting.pop(0)
            if isinstance(answer, Unreachable):
                raise answer
            return answer
        outcome = self.witnesses[name].add_checkpoint(body)
        return Answer(outcome.status, outcome.body)

    def cosign(self, *names: str) -> Collected:
        self.asked.clear()
        return cosigning.cosign(self.policy, names, self.send, self.slept.append)


def policy(quorum: str = "both") -> Policy:
    """The policy in which this State's log is cosigned by both witnesses."""
    return Policy.parse(policy_text(quorum))


def policy_text(quorum: str = "both", addresses: dict[str, str] = ADDRESSES) -> str:
    verifier = Verifier.parse(log_key())
    lines = [f"log {verifier}"]
    lines += [f"witness {name} {WITNESSES[name].verifier} {addresses.get(name, '')}".strip() for name in WITNESSES]
    return "\n".join([*lines, "group both all one two", f"quorum {quorum}", ""])


def log_key() -> str:
    return keys.introduced("log")[0].vkey


@pytest.fixture
def act(state_home: State) -> Any:
    made = keyed()
    checkpoints.make()
    return made


@pytest.fixture
def partners(act: Any, tmp_path: Path) -> Partners:
    return Partners(tmp_path / "partners")


def rules(made: Collected) -> dict[str, int]:
    return {each.name: each.problem.rule for each in made.askings if each.problem is not None}


def test_both_witnesses_cosign_and_the_checkpoint_keeps_it(partners: Partners) -> None:
    made = partners.cosign()
    assert (made.problems, made.alarm) == ([], False)
    judged = partners.policy.judged(made.note, ORIGIN)
    assert (judged.met, judged.no_later_than, judged.cosigned) == (True, NOW, {"one": NOW, "two": NOW})
    latest = checkpoints.latest()
    assert latest is not None
    assert partners.policy.judged(latest.note, ORIGIN).met


def test_each_is_asked_from_what_it_holds(partners: Partners, act: Any) -> None:
    assert partners.cosign().problems == []
    first = checkpoints.latest()
    assert first is not None
    for count in (1, 300):
        grow(act, [f"OP{count}N{number}" for number in range(count)])
        checkpoints.make()
        before = partners.witnesses["one"].held(ORIGIN)
        assert before is not None
        assert partners.cosign().problems == []
        assert sorted(partners.asked) == [f"one old {before.size}", f"two old {before.size}"]


def test_a_witness_that_holds_something_else_is_believed_and_asked_again(partners: Partners, act: Any) -> None:
    partners.cosign("one")
    (seen_file(partners)).unlink()  # this machine forgot what the witnesses hold
    grow(act, ["OP1"])
    checkpoints.make()
    made = partners.cosign()
    assert made.problems == []
    assert sorted(partners.asked) == sorted(["one old 0", f"one old {first_size()}", "two old 0"])


def seen_file(partners: Partners) -> Path:
    return keyfolder.folder() / seen.FILE


def first_size() -> int:
    from openmpca.proof.models import Checkpoint

    return int(Checkpoint.objects.order_by("size")[0].size)


def test_asking_again_for_the_same_checkpoint_is_fine(partners: Partners) -> None:
    size = first_size()
    partners.cosign()
    assert partners.cosign().problems == []
    assert sorted(partners.asked) == [f"one old {size}", f"two old {size}"]


@pytest.mark.parametrize("busy", [Answer(429, b""), Answer(503, b""), Unreachable("timed out")])
def test_a_busy_witness_is_asked_again_after_a_while(partners: Partners, busy: Answer | Unreachable) -> None:
    partners.instead["one"] = [busy, busy]
    assert partners.cosign().problems == []
    assert partners.slept == [1.0, 2.0]
    assert [each[:3] for each in partners.asked].count("two") == 1


def test_it_waits_as_long_as_it_is_told_within_reason(partners: Partners) -> None:
    partners.instead["one"] = [Answer(429, b"", 7.0), Answer(429, b"", 10_000.0)]
    assert partners.cosign().problems == []
    assert partners.slept == [7.0, 30.0]


def test_a_witness_that_stays_away_does_not_hold_up_the_other(partners: Partners) -> None:
    partners.instead["one"] = [Unreachable("no route to host")] * 9
    made = partners.cosign()
    assert rules(made) == {"one": 65}
    assert "no route" in made.problems[0].message
    assert not partners.policy.judged(made.note, ORIGIN).met
    assert partners.policy.judged(made.note, ORIGIN).cosigned == {"two": NOW}


@pytest.mark.parametrize("status", [403, 404, 400, 418, 302])
def test_a_witness_that_does_not_know_the_log_is_told(partners: Partners, status: int) -> None:
    partners.instead["one"] = [Answer(status, b"unknown log\x1b[2J\n")]
    made = partners.cosign()
    assert (rules(made), made.alarm) == ({"one": 68}, False)
    assert "\x1b" not in made.problems[0].message


def test_another_tree_of_our_size_is_an_alarm(partners: Partners, act: Any) -> None:
    partners.cosign()
    size = first_size()
    for answer in (Answer(409, b"%d\n" % size), Answer(422, b"roots differ\n")):
        partners.instead["one"] = [answer]
        made = partners.cosign()
        assert (rules(made), made.alarm) == ({"one": 67}, True)


def test_a_409_with_our_own_size_is_asked_once_from_there_before_the_alarm(partners: Partners) -> None:
    size = first_size()
    told = Answer(409, b"%d\n" % size)
    partners.instead["one"] = [told, told]
    made = partners.cosign("one")
    assert partners.asked == ["one old 0", f"one old {size}"]
    assert made.alarm


def test_a_witness_that_holds_more_than_was_signed_is_an_alarm(partners: Partners) -> None:
    partners.instead["one"] = [Answer(409, b"1000\n")]
    made = partners.cosign()
    assert (rules(made), made.alarm) == ({"one": 67}, True)
    assert "1000" in made.problems[0].message


def test_a_restored_record_that_forked_is_an_alarm(partners: Partners, act: Any) -> None:
    """The witness cosigned another tree of the same log, as when a record was restored and went on elsewhere."""
    fork = Log(keys.load("log"), [b"x", b"y"])
    partners.witnesses["one"].add_checkpoint(asking(fork))
    made = partners.cosign()
    assert (rules(made), made.alarm) == ({"one": 67}, True)
    assert "beginning of ours" in made.problems[0].message


def asking(log: Log) -> bytes:
    from openmpca.tlog.witness import AddCheckpoint

    return AddCheckpoint(0, (), log.note()).encode()


def test_a_checkpoint_signed_meanwhile_is_no_fork(partners: Partners, act: Any) -> None:
    ask = partners.send
    raced: list[bool] = []

    def send(url: str, body: bytes) -> Answer:
        if raced:
            return ask(url, body)
        raced.append(True)
        return Answer(409, b"1000\n")

    collect = cosigning.collect

    def while_another_signs(*given: Any) -> None:
        if not raced:
            grow(act, ["OP1"])
            checkpoints.make()
        collect(*given)

    cosigning.collect = while_another_signs
    try:
        made = cosigning.cosign(partners.policy, ["one"], send, partners.slept.append)
    finally:
        cosigning.collect = collect
    assert (made.problems, made.alarm) == ([], False)


def test_a_proof_that_is_refused_from_nothing_is_no_alarm(partners: Partners) -> None:
    partners.instead["one"] = [Answer(422, b"no\n")]
    made = partners.cosign()
    assert (rules(made), made.alarm) == ({"one": 68}, False)


@pytest.mark.parametrize("bodies", [[b"1\n", b"2\n", b"1\n", b"2\n"], [b"0\n"], [b"x\n"], [b""], [b"\xff"], [b"-1\n"]])
def test_a_witness_that_talks_nonsense_is_not_asked_for_ever(partners: Partners, bodies: list[bytes]) -> None:
    partners.instead["one"] = [Answer(409, body) for body in bodies]
    assert rules(partners.cosign("one")) == {"one": 68}


@pytest.mark.parametrize(
    "body",
    [
        lambda note: b"",
        lambda note: b"<html>",
        lambda note: answered([note.signatures[0]]),
        lambda note: answered([cosignature(note, "two")]),
        lambda note: answered([cosignature(note, "one")._replace(signature=bytes(72))]),
        lambda note: answered([cosignature(Log().grow(3).note(), "one")]),
    ],
)
def test_only_its_own_cosignature_of_this_checkpoint_counts(partners: Partners, body: Callable[[Note], bytes]) -> None:
    note = cosigning.last_signed()[0]
    partners.instead["one"] = [Answer(200, body(note))]
    made = partners.cosign()
    assert rules(made) == {"one": 68}
    assert partners.policy.judged(made.note, ORIGIN).cosigned == {"two": NOW}


def cosignature(note: Note, name: str) -> Any:
    return cosigned(note, WITNESSES[name], NOW)


@pytest.mark.parametrize("seconds", [4_102_444_800, 1 << 62])
def test_a_cosignature_of_a_time_to_come_is_not_taken_in(partners: Partners, seconds: int) -> None:
    note = cosigning.last_signed()[0]
    ahead = answered([cosigned(note, WITNESSES["one"], seconds)])
    partners.instead["one"] = [Answer(200, ahead)]
    assert rules(partners.cosign("one")) == {"one": 68}
    with pytest.raises(Refused):
        cosigning.adopt(ahead, partners.policy)
    latest = checkpoints.latest()
    assert latest is not None
    assert partners.policy.judged(latest.note, ORIGIN).cosigned == {}


def test_a_time_for_which_there_is_no_date_is_told_as_a_number() -> None:
    assert moments.moment(NOW) == "2023-11-14 22:13:20 UTC"
    assert (moments.moment(1 << 62), moments.iso(1 << 62)) == (f"second {1 << 62} since 1970",) * 2


def test_other_signatures_beside_its_own_are_ignored(partners: Partners) -> None:
    note = cosigning.last_signed()[0]
    partners.instead["one"] = [Answer(200, answered([cosignature(note, "two"), cosignature(note, "one")]))]
    made = partners.cosign("one")
    assert partners.policy.judged(made.note, ORIGIN).cosigned == {"one": NOW}


def test_the_witness_of_this_home_signs_without_a_server(partners: Partners) -> None:
    without = Policy.parse(policy_text("both", {"two": ADDRESSES["two"]}))
    made = cosigning.cosign(without, [], partners.send, partners.slept.append, partners.witnesses["one"])
    assert partners.asked == ["two old 0"]
    assert (made.problems, without.judged(made.note, ORIGIN).met) == ([], True)


def test_a_witness_without_an_address_is_reached_by_files(partners: Partners) -> None:
    without = Policy.parse(policy_text("both", {"two": ADDRESSES["two"]}))
    made = cosigning.cosign(without, [], partners.send)
    assert rules(made) == {"one": 65}
    assert "log request" in made.problems[0].mend
    request = cosigning.request("one")
    cosigning.adopt(partners.witnesses["one"].add_checkpoint(request.encode()).body, without)
    made = cosigning.cosign(without, [], partners.send)
    assert (made.problems, without.judged(made.note, ORIGIN).met) == ([], True)


def test_a_checkpoint_that_the_database_lost_is_cosigned_and_stored_again(partners: Partners) -> None:
    """A backup that was made before the last checkpoint was restored; log.signed beside the key is newer."""
    Kept.objects.all().delete()
    one = partners.witnesses["one"].add_checkpoint(cosigning.request("one").encode())
    assert cosigning.adopt(one.body, partners.policy)[1] == {"one": NOW}
    Kept.objects.all().delete()
    assert partners.cosign().problems == []
    assert partners.policy.judged(Note.parse(Kept.objects.get().note.encode()), ORIGIN).met


def test_a_record_that_is_not_what_was_signed_asks_nobody(partners: Partners, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.record import record

    monkeypatch.setattr(record, "head", lambda: (1, bytes(32)))
    with pytest.raises(Refused):
        partners.cosign()
    assert partners.asked == []


def test_over_a_real_network_a_witness_cosigns(act: Any, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    with served(urls.of_witness(Witness(WITNESSES["one"], policy(), tmp_path / "w"))) as where:
        known = Policy.parse(policy_text("one", {"one": where}))
        made = cosigning.cosign(known)
        assert known.judged(made.note, ORIGIN).met


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_by_files_alone_a_request_is_made_signed_and_taken_in(run: Run, tmp_path: Path) -> None:
    """One State plays both parts here: its witness key cosigns its own log."""
    act = keyed()
    witness = introduced(Asked("witness", act), "sra.example/witness").vkey
    file = tmp_path / "policy"
    file.write_text(f"log {log_key()}\nwitness W {witness}\nquorum W\n")
    known = ("--policy", file)
    assert run("cosign", *known)[0] == 1  # nothing was signed yet
    assert run("log", "request", tmp_path / "r", "--witness", "W")[0] == 1
    for step in range(3):
        grow(act, [f"OP{step}"])
        assert run("checkpoint")[0] == 0
        code, made = run.json("log", "request", tmp_path / "request", "--witness", "W")
        assert (code, made["old"] > 0) == (0, step > 0)
        code, signed = run.json("witness", "sign", tmp_path / "request", *known)
        assert (code, signed["size"]) == (0, made["size"])
        code, cosigned = run.json("cosign", "--file", tmp_path / "request.cosigned", *known)
        assert (code, cosigned["quorum_met"], list(cosigned["cosigned"])) == (0, True, ["W"])
    code, refused = run.json("witness", "sign", tmp_path / "request", *known)
    assert (code, refused["problems"][0]["rule"]) == (1, 69)
    assert f"--old {made['size']}" in refused["problems"][0]["mend"]
    assert run("log", "request", tmp_path / "request", "--witness", "W", "--old", made["size"])[0] == 0
    assert run("witness", "sign", tmp_path / "request", *known, "--answer", tmp_path / "answer")[0] == 0
    assert (tmp_path / "answer").exists()
    assert run("cosign", *known)[0] == 0  # and without files, as the witness is of this home
    assert run("log", "request", tmp_path / "request", "--witness", "W", "--old", 1000)[0] == 1


def test_a_witness_that_lost_its_memory_signs_no_more_with_that_key(run: Run, tmp_path: Path) -> None:
    act = keyed()
    asked = Asked("witness", act)
    witness = introduced(asked, "sra.example/witness").vkey
    file = tmp_path / "policy"
    file.write_text(f"log {log_key()}\nwitness W {witness}\nquorum W\n")
    assert run("checkpoint")[0] == 0
    assert run("log", "export", tmp_path / "log")[0] == 0
    assert run("witness", "sign", tmp_path / "log", "--policy", file)[0] == 0
    memory = keyfolder.folder() / seen.FILE
    kept = memory.read_bytes()
    memory.unlink()
    code, found = run.json("witness", "sign", tmp_path / "log", "--policy", file)
    assert (code, [each["rule"] for each in found["problems"]]) == (1, [69])
    assert run("cosign", "--policy", file)[0] == 1
    memory.write_bytes(kept)
    assert run("witness", "sign", tmp_path / "log", "--policy", file)[0] == 0
    memory.unlink()
    keys.rotate(asked)
    file.write_text(f"log {log_key()}\nwitness W {keys.introduced('witness')[-1].vkey}\nquorum W\n")
    assert run("witness", "sign", tmp_path / "log", "--policy", file)[0] == 0


def test_a_witness_that_loses_its_memory_while_it_runs_signs_no_fork(run: Run, tmp_path: Path) -> None:
    introduced(Asked("witness", keyed()), "sra.example/witness")
    log = Log().grow(3)
    witness = witnessing.of_this_home(simulated((LOG, "")))
    assert witness.add_checkpoint(AddCheckpoint(0, (), log.note()).encode()).status == 200
    (keyfolder.folder() / seen.FILE).unlink()
    outcome = witness.add_checkpoint(AddCheckpoint(0, (), log.rewritten(1).note()).encode())
    assert (outcome.status, outcome.checkpoint) == (503, None)
    assert b"lost" in outcome.body


def test_a_request_and_its_answer_follow_no_link(run: Run, tmp_path: Path) -> None:
    witness = introduced(Asked("witness", keyed()), "sra.example/witness").vkey
    (tmp_path / "policy").write_text(f"log {log_key()}\nwitness W {witness}\nquorum W\n")
    assert run("checkpoint")[0] == 0
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("request", "request.cosigned"):
        (tmp_path / name).symlink_to(victim)
    assert run("log", "request", tmp_path / "request", "--witness", "W")[0] == 0
    assert run("witness", "sign", tmp_path / "request", "--policy", tmp_path / "policy")[0] == 0
    assert victim.read_text() == "mine"
    assert not (tmp_path / "request.cosigned").is_symlink()


def test_by_files_alone_the_whole_folder_is_signed(run: Run, tmp_path: Path) -> None:
    act = keyed()
    witness = introduced(Asked("witness", act), "sra.example/witness").vkey
    file = tmp_path / "policy"
    file.write_text(f"log {log_key()}\nwitness W {witness}\nquorum W\n")
    known = ("--policy", file)
    for step in range(2):
        grow(act, [f"OP{step}"])
        assert run("checkpoint")[0] == 0
        assert run("log", "export", tmp_path / "log")[0] == 0
        assert run("witness", "sign", tmp_path / "log", *known)[0] == 0
    grow(act, ["LATER"])
    assert run("checkpoint")[0] == 0
    code, out, _ = run("cosign", "--file", tmp_path / "log.cosigned", *known)  # for the checkpoint before the last
    assert code == 0
    assert "it existed no later than" in out
    (tmp_path / "answer").write_text("— x AAAAAAAA\n")
    assert run("cosign", "--file", tmp_path / "answer", *known)[0] == 1
    (tmp_path / "answer").write_text("hello")
    assert run("cosign", "--file", tmp_path / "answer", *known)[0] == 1
    assert run("witness", "sign", tmp_path / "answer", *known)[0] == 1
    assert run("witness", "sign", tmp_path / "nothing", *known)[0] == 4


def test_on_the_command_line_what_came_of_asking_is_told(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    keyed()
    assert run("checkpoint")[0] == 0
    file = tmp_path / "policy"
    file.write_text(policy_text("one"))
    answers = {"one": Answer(404, b"who?"), "two": Answer(409, b"1000\n")}
    monkeypatch.setattr(reaching, "send", lambda url, body, limit: answers[url.split("/")[2].partition(".")[0]])
    code, out, told = run("cosign", "--policy", file, "--witness", "one")
    assert (code, out.strip()) == (1, "")
    assert "error 68" in told
    assert "warning 66" in told
    code, made = run.json("cosign", "--policy", file)
    assert (code, made["alarm"], [each["rule"] for each in made["problems"]]) == (3, True, [68, 67, 66])
    assert "ALARM" in run("cosign", "--policy", file)[1]
    assert run("cosign", "--policy", file, "--witness", "nobody")[0] == 4
    file.write_text("log " + str(Log().signer.verifier) + "\nquorum none\n")
    assert run("cosign", "--policy", file)[0] == 2


class Odd(BaseHTTPRequestHandler):
    """A server that does what none should."""

    def do_GET(self) -> None:
        if self.path == "/redirect/checkpoint":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        self.send_response({"/gone/checkpoint": 410, "/odd/checkpoint": 500}.get(self.path, 200))
        self.send_header("Retry-After", "soon" if "odd" in self.path else "3")
        self.end_headers()
        self.wfile.write(b"x" * (2_000_000 if "long" in self.path else 3))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@contextmanager
def odd() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_cosignature_is_kept_although_the_asking_of_another_breaks_off(
    partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = threading.Event()

    def send(url: str, body: bytes) -> Answer:
        if "two." in url:
            came.wait(10)
            raise KeyboardInterrupt
        return partners.send(url, body)

    keep = checkpoints.keep_cosignatures

    def kept(note: Note) -> None:
        keep(note)
        came.set()

    monkeypatch.setattr(checkpoints, "keep_cosignatures", kept)
    with pytest.raises(KeyboardInterrupt):
        cosigning.cosign(partners.policy, (), send, partners.slept.append)
    latest = checkpoints.latest()
    assert latest is not None
    assert partners.policy.judged(latest.note, ORIGIN).cosigned == {"one": NOW}


@pytest.mark.parametrize(
    "drip",
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n", b"a"),
    ],
    ids=["header", "continue", "chunk"],
)
def test_whoever_drips_holds_nobody_up(drip: tuple[bytes, bytes]) -> None:
    ended = threading.Event()

    def dripping(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(drip[0])
            while not ended.wait(0.05):
                connection.sendall(drip[1])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=dripping, args=[listening])
        thread.start()
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="takes longer"):
            reaching.send(f"http://127.0.0.1:{listening.getsockname()[1]}/", patience=0.5)
        assert time.monotonic() - begun < 5
        ended.set()
        thread.join()


def test_what_others_serve_is_read_within_limits() -> None:
    slept: list[float] = []
    with odd() as where:
        assert reaching.send(f"{where}/x") == Answer(200, b"xxx", 3.0)
        assert reaching.send(f"{where}/redirect/checkpoint").status == 302
        with pytest.raises(Unreachable, match="302"):
            reaching.from_address(f"{where}/redirect")("checkpoint")
        with pytest.raises(Unreachable, match="more than"):
            reaching.from_address(f"{where}/long")("checkpoint")
        with pytest.raises(NotThere):
            reaching.from_address(f"{where}/gone")("checkpoint")
        with pytest.raises(Unreachable, match="500"):
            reaching.from_address(f"{where}/odd", slept.append)("checkpoint")
        with pytest.raises(Unreachable, match="longer than"):
            reaching.send(f"{where}/x", patience=1e-6)
    assert slept == [1.0, 2.0, 4.0]
    with pytest.raises(Unreachable):
        reaching.send(where)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/y", "http://", "http://x y/", "http://127.0.0.1:99999/"]
)
def test_only_the_network_is_asked_over_the_network(url: str) -> None:
    with pytest.raises(Unreachable):
        reaching.send(url)


def test_a_folder_is_read_within_limits(tmp_path: Path) -> None:
    fetch = reaching.log_at(str(tmp_path))
    with pytest.raises(NotThere):
        fetch("checkpoint")
    (tmp_path / "checkpoint").write_bytes(b"x" * 2_000_000)
    with pytest.raises(Unreachable):
        fetch("checkpoint")
    (tmp_path / "tile/entries").mkdir(parents=True)
    (tmp_path / "tile/entries/000").write_bytes(b"x" * 2_000_000)
    assert len(fetch("tile/entries/000")) == 2_000_000
    assert reaching.is_address("https://x")
