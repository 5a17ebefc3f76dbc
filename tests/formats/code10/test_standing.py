"""The entries of a file as they stand in it, under the names by which problems call them."""

import io

from openmpca.formats.code10.standing import entries_of
from tests.formats.code10 import reports


def test_each_entry_is_named_and_told_in_one_line() -> None:
    found = list(entries_of(io.BytesIO(reports.RECEIPT_6)))
    names = [name for name, _ in found]
    assert names
    assert len(set(names)) == len(names)
    assert all(" # " in text and "\n" not in text for _, text in found)
    assert "001:" in found[0][1]


def test_a_file_without_an_entry_has_none() -> None:
    assert list(entries_of(io.BytesIO(b""))) == []


def test_notes_before_an_entry_and_bytes_that_are_no_text_are_shown_too() -> None:
    found = list(entries_of(io.BytesIO(b"\xff\xfe and more#\n" + reports.RECEIPT_6)))
    assert any("and more" in text for _, text in found)
