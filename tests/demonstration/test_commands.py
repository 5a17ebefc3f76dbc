"""`openmpca demonstration` and `openmpca play` as they are typed."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demonstration_built import Built

COMMAND = [sys.executable, "-m", "openmpca.cli"]


def typed(*words: str, folder: Path, home: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENMPCA_")}
    environment |= {"OPENMPCA_HOME": home} if home else {}
    return subprocess.run([*COMMAND, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_it_is_built_once_kept_and_marked_and_never_takes_the_place_of_another(
    demonstration: Built, tmp_path: Path
) -> None:
    home = demonstration.copied(tmp_path / "folder")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for shown in ("DEMONSTRATION", "The State's book", "Due, and late", "ICR", "PIL", "MBR", "no problems", "root"):
        assert shown in demonstration.said
    assert sorted(path.suffix for path in (home / "reports").iterdir()) == [".c10"] * 8
    again = json.loads(typed("demonstration", "--json", folder=home.parent).stdout)
    assert f"size {again['size']}, root {again['root']}" in demonstration.said
    book = typed("book", folder=tmp_path, home=str(home))
    assert "DEMONSTRATION" in book.stderr
    assert "DEMONSTRATION" not in book.stdout


def test_the_home_of_a_real_state_is_left_alone(tmp_path: Path) -> None:
    people = ("--person", "anna=Anna", "--person", "boris=Boris", "--by", "anna")
    made = typed("--home", "real", "init", "--party", "SRA", "--name", "Authority", *people, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    for words in (("demonstration", "--home", "real"), ("demonstration", "--home", "real", "--again")):
        refused = typed(*words, folder=tmp_path)
        assert refused.returncode == 1
        assert "error 989" in refused.stderr
    assert typed("--home", "real", "verify", folder=tmp_path).returncode == 0


def test_a_scenario_is_checked_and_played_from_the_command_line(tmp_path: Path) -> None:
    wrote = typed("demonstration", "--size", "20", "--mbas", "2", "--write-scenario", "small", folder=tmp_path)
    assert wrote.returncode == 0, wrote.stderr
    assert "5 blocks" in typed("play", "small/register.toml", "--check", folder=tmp_path, home="home").stdout
    played = typed("play", "small/register.toml", folder=tmp_path, home="home")
    assert played.returncode == 0, played.stderr
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    (tmp_path / "wrong.toml").write_text("[[block]]\n")
    assert typed("play", "wrong.toml", folder=tmp_path, home="home").returncode == 1


def test_what_to_try_next_names_the_file_where_the_demonstration_was_built() -> None:
    from openmpca.demonstration.cli import next_commands

    commands = [command for _, command in next_commands(Path("else where/perion.csv"))]
    assert "openmpca transit --other-side 'else where/perion.csv'" in commands
