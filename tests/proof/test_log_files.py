"""The log as files: what partners read, written so that it can be read at any moment, and telling nothing else."""

from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from openmpca.proof.keyring import keys
from openmpca.proof.publishing import reaching, serving, urls
from openmpca.proof.publishing.log_files import LogFiles, export
from openmpca.proof.publishing.reaching import from_address, from_folder
from openmpca.proof.signing import checkpoints
from openmpca.proof.statements import Filler
from openmpca.record import commands
from openmpca.record.models import Row
from openmpca.record.record import Refused, tree
from openmpca.record.statements import Party
from openmpca.tlog.checkpoint import opened
from openmpca.tlog.disclosure import Body, commit, line_digests
from openmpca.tlog.remote import Fetch, NotThere, RemoteTree
from openmpca.tlog.tiles import path_of, read_bundle
from openmpca.tlog.vkey import Verifier
from tests.proof.commanding import Run
from tests.proof.signing import ORIGIN, grow, keyed
from tests.proof.simulator import Log
from tests.proof.test_witnessing import served
from tests.state import BEGINNING, State, alone, at


@pytest.fixture
def act(state_home: State) -> Any:
    """A State whose log has a key; the act of two persons in it."""
    return keyed()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shown"
    made.mkdir()
    return made


def codes(first: int, count: int) -> list[str]:
    return [f"OP{number}" for number in range(first, first + count)]


def signed() -> LogFiles:
    return LogFiles.of(checkpoints.make().note.encode())


def read(fetch: Fetch) -> list[bytes]:
    """All entries, proven by the checkpoint that stands there, as a partner proves them."""
    key = Verifier.parse(keys.introduced("log")[0].vkey)
    checkpoint, _ = opened(fetch("checkpoint"), key, ORIGIN)
    return list(RemoteTree(fetch, checkpoint.size, checkpoint.root).entries(0, checkpoint.size))


def stored(size: int) -> list[bytes]:
    return [bytes(each) for each in Row.objects.order_by("number").values_list("entry", flat=True)[:size]]


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_partner_proves_the_whole_log_from_the_folder(each_state_home: State, folder: Path) -> None:
    act = keyed()
    for more in (0, 5, 300, 250):
        grow(act, codes(stored_count(), more))
        files = signed()
        export(folder, files)
        assert read(from_folder(folder)) == stored(files.checkpoint.size)


def stored_count() -> int:
    return int(Row.objects.count())


def test_only_what_is_new_is_written(act: Any, folder: Path) -> None:
    grow(act, codes(0, 600))
    first = export(folder, signed())
    assert (first.written, first.kept) == (len(files_in(folder)), 0)
    again = export(folder, signed())
    assert (again.written, again.kept) == (0, first.written)
    written = {name: (folder / name).stat().st_mtime_ns for name in files_in(folder)}
    grow(act, ["ONE"])
    assert export(folder, signed()).written == 3  # the last tile, the last bundle, the checkpoint
    same = {name for name, when in written.items() if (folder / name).stat().st_mtime_ns == when}
    assert written.keys() - same == {"checkpoint"}


def test_partial_tiles_go_when_the_full_one_is_there(act: Any, folder: Path) -> None:
    grow(act, codes(0, 100))
    export(folder, signed())
    grow(act, codes(100, 50))
    export(folder, signed())
    assert len(list((folder / "tile/0/000.p").iterdir())) == 2
    grow(act, codes(150, 200))
    files = signed()
    export(folder, files)
    assert sorted(each for each in files_in(folder) if each.startswith("tile/0/")) == [
        "tile/0/000",
        f"tile/0/001.p/{files.checkpoint.size - 256}",
    ]


def test_every_file_is_compared_when_asked(act: Any, folder: Path) -> None:
    grow(act, codes(0, 300))
    export(folder, signed())
    (folder / "tile/0/000").write_bytes(b"spoilt")
    assert export(folder, signed()).written == 0
    assert export(folder, signed(), anew=True).written == 1
    assert read(from_folder(folder)) == stored(stored_count())


def test_who_reads_while_it_is_written_finds_the_old_log_whole(
    act: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(act, codes(0, 200))
    export(folder, signed())
    before = stored(stored_count())
    grow(act, codes(200, 400))
    files = signed()
    written: list[str] = []

    def fails_soon(self: LogFiles, name: Any) -> bytes:
        written.append(path_of(name))
        if len(written) > 2:
            raise OSError("no space left on device")
        return whole(self, name)

    whole = LogFiles.tile
    monkeypatch.setattr(LogFiles, "tile", fails_soon)
    with pytest.raises(OSError, match="no space"):
        export(folder, files)
    assert read(from_folder(folder)) == before
    monkeypatch.undo()
    export(folder, files)
    assert read(from_folder(folder)) == stored(stored_count())


def test_nothing_beyond_the_signed_checkpoint_is_shown(act: Any, folder: Path) -> None:
    files = signed()
    size = files.checkpoint.size
    grow(act, ["SECRET"])
    export(folder, LogFiles.of(files.note))
    assert read(from_folder(folder)) == stored(size)
    for path in (f"tile/0/000.p/{size + 1}", f"tile/entries/000.p/{size + 1}", "tile/0/000", "tile/entries/000"):
        with pytest.raises(NotThere):
            LogFiles.of(files.note).content(path)
    assert stored(size + 1)[-1] not in b"".join(files_in(folder).values())


def test_what_an_older_checkpoint_needs_is_still_given(act: Any) -> None:
    grow(act, codes(0, 10))
    old = signed()
    grow(act, codes(10, 300))
    fetch = signed().content
    remote = RemoteTree(fetch, old.checkpoint.size, old.checkpoint.root)
    assert list(remote.entries(0, old.checkpoint.size)) == stored(old.checkpoint.size)


def test_entries_are_commitments_of_32_bytes_and_nothing_else(act: Any, folder: Path) -> None:
    export(folder, signed())
    size = stored_count()
    entries = read_bundle((folder / f"tile/entries/000.p/{size}").read_bytes(), size)
    assert entries == stored(size)
    assert {len(entry) for entry in entries} == {32}


def test_nothing_of_a_content_stands_in_the_files(act: Any, folder: Path) -> None:
    words = ["Perion", "plutonium nitrate", "building 12"]
    for number, word in enumerate(words):
        party: Party = Party(day=BEGINNING, code=f"CODE{number}", name=word, note=f"note on {word}")
        commands.state([party], alone(act))
    export(folder, signed())
    shown = b"".join(files_in(folder).values())
    for body in Row.objects.values_list("body", flat=True):
        lines = body.split("\n")
        salts = [line.split('"')[1] for line in lines]
        digests = line_digests([line.encode() for line in lines])
        for value in [*words, *lines, *salts, *map(str, Body.parse(body).fields.values()), "SRA", "anna", "record."]:
            assert len(value) < 4 or value.encode() not in shown
        for digest in digests:
            assert digest not in shown


def test_that_two_statements_say_the_same_cannot_be_told(act: Any, folder: Path) -> None:
    when = at("2026-01-01")
    for _ in range(64):
        filler: Filler = Filler(day=BEGINNING)
        commands.state([filler], alone(act), when=when)
    rows = list(Row.objects.order_by("-number")[:64])
    assert len({str(sorted(Body.parse(row.body).fields.items())) for row in rows}) == 1  # the same in every field
    export(folder, signed())
    entries = read(from_folder(folder))[-64:]
    assert len(set(entries)) == 64
    # Nor are they near each other: no byte stands at its place more often than chance lets it.
    for place in range(32):
        assert max(Counter(entry[place] for entry in entries).values()) <= 8


def test_a_guess_at_a_content_cannot_be_tried(act: Any) -> None:
    """Who knows every field but not the salts finds no entry: 16 bytes of each line are left to guess."""
    grow(act, ["OP1"])
    row = Row.objects.order_by("-number")[0]
    fields = list(Body.parse(row.body).fields.items())
    guesses = [commit(fields, lambda count: bytes(count)), commit(fields, lambda count: b"\x01" * count)]
    assert bytes(row.entry) not in [guess.entry for guess in guesses]


@pytest.mark.parametrize(
    ("checkpoint", "told"),
    [
        (b"no checkpoint", "no checkpoint"),
        (Log().grow(2).note().encode(), "not of"),
        (None, "more than"),
        (b"", "no checkpoint"),
    ],
)
def test_a_folder_that_shows_something_else_is_left_alone(
    act: Any, folder: Path, checkpoint: bytes | None, told: str
) -> None:
    old = signed()
    grow(act, codes(0, 5))
    (folder / "checkpoint").write_bytes(signed().note if checkpoint is None else checkpoint)
    before = files_in(folder)
    with pytest.raises(Refused) as refused:
        export(folder, old)
    assert refused.value.problems[0].rule == 60
    assert told in refused.value.problems[0].message
    assert files_in(folder) == before


def test_a_link_that_lies_in_the_folder_leads_nothing_elsewhere(act: Any, folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    export(folder, signed())
    for name in (".checkpoint.partial", "checkpoint"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(victim if name.startswith(".") else tmp_path / "nothing yet")
    grow(act, codes(0, 5))
    export(folder, signed())
    assert (victim.read_text(), (tmp_path / "nothing yet").exists()) == ("mine", False)
    assert read(from_folder(folder)) == stored(stored_count())
    (folder / "tile" / "0").rename(tmp_path / "elsewhere")
    (folder / "tile" / "0").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = files_in(tmp_path / "elsewhere")
    grow(act, codes(5, 9))
    with pytest.raises(Refused):
        export(folder, signed())
    assert files_in(tmp_path / "elsewhere") == before


def test_a_folder_of_another_tree_of_the_same_log_is_left_alone(act: Any, folder: Path) -> None:
    files = signed()
    grow(act, codes(0, 5))
    other = Log(keys.load("log"), [b"x"] * files.checkpoint.size)
    (folder / "checkpoint").write_bytes(other.note().encode())
    with pytest.raises(Refused) as refused:
        export(folder, signed())
    assert "another tree" in refused.value.problems[0].message


def test_a_record_that_is_not_what_was_signed_is_not_shown(act: Any) -> None:
    grow(act, codes(0, 5))
    note = signed().note
    fake = Log(keys.load("log"), [b"x"] * 3).note().encode()
    with pytest.raises(Refused) as refused:
        LogFiles.of(fake)
    assert refused.value.problems[0].rule == 60
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_head SET size = size - 1")
    with pytest.raises(Refused) as refused:
        LogFiles.of(note)
    assert "are signed" in refused.value.problems[0].message


@pytest.fixture
def address(act: Any) -> Iterator[str]:
    """The log served; SQLite gives each thread of the server a connection of its own."""
    grow(act, codes(0, 300))
    checkpoints.make()

    def latest() -> bytes | None:
        found = checkpoints.latest()
        return found.note.encode() if found else None

    with served(urls.of_log(serving.last_signed(latest))) as where:
        yield where


def test_a_partner_proves_the_whole_log_over_http(address: str, act: Any) -> None:
    assert read(from_address(address)) == stored(stored_count())
    grow(act, codes(300, 7))
    assert len(read(from_address(address + "/"))) == stored_count() - 7
    checkpoints.make()
    assert read(from_address(address)) == stored(stored_count())


def test_tiles_are_kept_for_ever_and_the_checkpoint_is_fresh(address: str) -> None:
    connection_ = HTTPConnection(address.removeprefix("http://"), timeout=10)
    headers = {}
    for path in ("/checkpoint", "/tile/0/000", "/tile/0/001.p/3", "/tile/entries/000", "/tile/7/000"):
        connection_.request("GET", path)
        answer = connection_.getresponse()
        answer.read()
        headers[path] = (answer.status, answer.getheader("Cache-Control"), answer.getheader("Content-Type"))
    immutable = (200, "public, max-age=31536000, immutable", "application/octet-stream")
    assert headers == {
        "/checkpoint": (200, "no-cache", "text/plain; charset=utf-8"),
        "/tile/0/000": immutable,
        "/tile/0/001.p/3": immutable,
        "/tile/entries/000": immutable,
        "/tile/7/000": (404, "no-store", "text/plain; charset=utf-8"),
    }
    connection_.request("HEAD", "/tile/0/000")
    answer = connection_.getresponse()
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "8192", b"")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/../keys/log.key",
        "/tile/../../keys/log.key",
        "/tile/%2e%2e/%2e%2e/keys/log.key",
        "/keys/log.key",
        "/openmpca.toml",
        "/tile/0/0",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/0/000%00",
        "/tile/0/000/",
        "/tile/entries/" + "x001/" * 50 + "000",
        "/checkpoint/",
    ],
)
def test_nothing_else_is_there(address: str, path: str) -> None:
    connection_ = HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection_.request("GET", path)
    answer = connection_.getresponse()
    assert (answer.status, answer.read()) == (404, b"there is nothing here\n")


def test_nothing_is_taken(address: str) -> None:
    assert reaching.send(f"{address}/checkpoint", b"x").status == 405


def test_before_the_first_checkpoint_nothing_is_there_and_a_wrong_record_is_not_served(act: Any) -> None:
    notes: list[bytes | None] = [None, Log(keys.load("log"), [b"x"]).note().encode()]
    with served(urls.of_log(serving.last_signed(lambda: notes[0]))) as where:
        assert reaching.send(f"{where}/checkpoint").status == 404
        notes.pop(0)
        assert reaching.send(f"{where}/checkpoint").status == 503


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_on_the_command_line_the_log_is_listed_and_written(run: Run, tmp_path: Path) -> None:
    keyed()
    assert run.json("log", "export", tmp_path / "out")[0] == 4
    assert run("log", "serve")[0] == 4
    assert run("checkpoint")[0] == 0
    code, made = run.json("log", "export", tmp_path / "out")
    assert (code, made["size"], made["written"], made["kept"]) == (0, stored_count(), 3, 0)
    assert "0 files written" in run("log", "export", tmp_path / "out")[1]
    code, rows = run.json("log", "--last", "1", "--kind", "proof.key")
    assert (code, [row["kind"] for row in rows]) == (0, ["proof.key"])
    assert tree().root(made["size"]) == checkpoints.latest().checkpoint.root  # type: ignore[union-attr]
