"""What the installer refuses; what it does, the tour shows (`test_shell_lines`)."""

import zipfile
from pathlib import Path

from tests.house.bundled import refused
from tests.house.tree import ROOT
from tools import bundle


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    bundle.pack(tmp_path / "wheels", file := tmp_path / bundle.name())
    (folder := tmp_path / "mine").mkdir()
    (folder / "letter.txt").write_text("kept", encoding="utf-8")
    assert "is not empty" in refused(file, folder)
    assert [each.name for each in folder.iterdir()] == ["letter.txt"]


def test_the_file_is_for_the_python_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    bundle.pack(tmp_path / "wheels", made := tmp_path / bundle.name())
    other = made.rename(made.with_name("openmpca-0-any-python2.7.pyz"))
    assert "is for Python 2.7" in refused(other, tmp_path / "program")


def test_the_documentation_goes_along(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    bundle.pack(tmp_path / "wheels", file := tmp_path / bundle.name())
    with zipfile.ZipFile(file) as archive:
        assert {"documents/README.md", "documents/LICENSE", "__main__.py"} <= set(archive.namelist())
        assert archive.read("documents/README.md") == (ROOT / "README.md").read_bytes()
