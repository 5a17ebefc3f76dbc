"""Two States on one machine, each with its own processes: one serves its log, the other witnesses and follows it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openmpca.proof.publishing import reaching
from openmpca.proof.publishing.reaching import Unreachable

PATIENCE = 60.0


class Instance:
    """A State in a home of its own, run by commands in processes of their own."""

    def __init__(self, home: Path, party: str, *people: str) -> None:
        self.home, self.people = home, people
        named = [part for person in people for part in ("--person", person)]
        self("init", "--party", party, "--name", party, *named, "--by", people[0], "--demonstration")

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "openmpca.cli", "--home", str(self.home), *map(str, arguments)]

    def ran(self, *arguments: object) -> tuple[int, Any]:
        done = subprocess.run(self.command(*arguments, "--json"), capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, json.loads(done.stdout)

    def __call__(self, *arguments: object) -> Any:
        code, found = self.ran(*arguments)
        assert code == 0, found
        return found

    def key(self, use: str, name: str) -> str:
        vkey: str = self("key", "new", use, "--name", name)["vkey"]
        self("approve", 1, "--by", self.people[1])
        return vkey


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts what serves until the test ends, and waits until it answers."""
    running: list[subprocess.Popen[str]] = []

    def started(instance: Instance, port: int, *arguments: object) -> subprocess.Popen[str]:
        command = instance.command(*arguments, "--port", port)
        made = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        running.append(made)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and made.poll() is None:
            try:
                reaching.send(f"http://127.0.0.1:{port}/")
            except Unreachable:
                time.sleep(0.1)
            else:
                break
        return made

    yield started
    for each in running:
        with each:
            each.kill()


@pytest.mark.slow
def test_one_serves_its_log_and_the_other_is_its_witness_and_follows_it(tmp_path: Path, start: Start) -> None:
    one = Instance(tmp_path / "one", "SRA", "anna", "boris")
    two = Instance(tmp_path / "two", "SRB", "carla", "dimitri")
    log, witness = one.key("log", "sra.example/log"), two.key("witness", "srb.example/witness")
    log_port, witness_port = free_port(), free_port()
    policy = tmp_path / "policy"
    policy.write_text(
        f"log {log} http://127.0.0.1:{log_port}\nwitness SRB {witness} http://127.0.0.1:{witness_port}\nquorum SRB\n"
    )
    one("checkpoint")
    start(two, witness_port, "witness", "serve", "--policy", policy)
    assert one("cosign", "--policy", policy)["quorum_met"]
    serving = start(one, log_port, "log", "serve")
    found = two("follow", "--policy", policy, "--ask-witnesses")
    assert (found[0]["origin"], found[0]["holds"], found[0]["quorum_met"]) == ("sra.example/log", True, True)

    one("party", "OP", "Operator")
    one("checkpoint")
    found = two("follow", "sra.example/log", "--policy", policy)
    assert (found[0]["size"], found[0]["seen_before"], found[0]["quorum_met"]) == (3, 2, False)
    assert one("cosign", "--policy", policy)["quorum_met"]

    serving.send_signal(signal.SIGINT)
    assert "Serving the log at" in serving.communicate(timeout=PATIENCE)[1]
    assert serving.returncode == 0
    code, found = two.ran("follow", "--policy", policy)
    assert (code, found[0]["problems"][0]["rule"]) == (6, 65)
