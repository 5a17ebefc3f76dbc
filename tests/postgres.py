"""A private PostgreSQL server for the tests: made in a temporary folder, thrown away at the end.

``cluster()`` starts one and yields its address; ``python -m tests.postgres COMMAND ...`` runs a command with such a
server and hands it the address in ``OPENMPCA_TEST_POSTGRESQL``, so that all workers of one test run share it. The
server listens on the loopback address only, asks for a password that was drawn for it, and gives up durability for
speed: nothing outlives the tests. PostgreSQL refuses to run as root, so root lends it another user's name. The
temporary files of the command lie where the server's do (`tests.memory`).
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.memory import in_memory, temporary

VARIABLE = "OPENMPCA_TEST_POSTGRESQL"
LENT_USERS = ("postgres", "nobody")
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}
START_SECONDS = 60


class NoServerError(Exception):
    """No PostgreSQL server can be started on this machine; the text says why."""


def binaries() -> Path:
    """The folder of the newest PostgreSQL server: Debian's, else where ``initdb`` is on the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if debian:
        return debian[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise NoServerError("no PostgreSQL server here (Debian's package: postgresql)")


def user_to_run_as() -> str | None:
    """Whose name the server runs under: our own, unless we are root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for user in LENT_USERS:
        if user in known:
            return user
    raise NoServerError("PostgreSQL does not run as root, and there is no other user to lend it a name")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")


@contextmanager
def started(where: Path | None = None) -> Iterator[str]:
    """A new cluster's address; the server ends and its folder, made in ``where``, goes when the block ends."""
    programs, user = binaries(), user_to_run_as()
    folder = Path(tempfile.mkdtemp(prefix="openmpca-pg-", dir=where))
    try:
        password, port, log = secrets.token_hex(16), free_port(), folder / "log"
        (folder / "password").write_text(password)
        log.touch()
        if user:
            for path in (folder, folder / "password", log):
                shutil.chown(path, user)
        data = folder / "data"
        make = [
            programs / "initdb",
            "--no-sync",
            "--auth=scram-sha-256",
            "--username=openmpca",
            f"--pwfile={folder / 'password'}",
            "--encoding=UTF8",
            "--locale=C",
            data,
        ]
        subprocess.run(make, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        options = {**SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        run = [programs / "postgres", "-D", data]
        for name, value in options.items():
            run += ["-c", f"{name}={value}"]
        with log.open("wb") as written:
            server = subprocess.Popen(
                run, user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=written, stderr=written
            )
        url = f"postgresql://openmpca:{password}@127.0.0.1:{port}/postgres"
        try:
            wait_until_it_answers(url, server, log)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server for tests: the one that is already there, else a new one, else a skip."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    try:
        with started(in_memory()) as url:
            yield url
    except NoServerError as missing:
        pytest.skip(str(missing))


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of a new, empty database on ``server``; it is dropped when the block ends."""
    name = f"openmpca_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def run_with_a_server(command: list[str]) -> int:
    """Run ``command`` with the address of a server in its environment; without a server, say so and run it anyway."""
    with temporary() as where:
        environment = {**os.environ, **where}
        try:
            if os.environ.get(VARIABLE):
                return subprocess.call(command, env=environment)
            with started(in_memory()) as url:
                return subprocess.call(command, env={**environment, VARIABLE: url})
        except NoServerError as missing:
            print(f"Tests on PostgreSQL are skipped: {missing}", file=sys.stderr)  # noqa: T201
            return subprocess.call(command, env=environment)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(run_with_a_server(sys.argv[1:]))
