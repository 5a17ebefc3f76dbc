"""Search: what may be read is found by name, number and text, and leads to its page; nothing else is."""

import pytest

from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_a_batch_is_found_by_how_its_name_begins_in_small_letters_too(read: Told) -> None:
    found = asked("anna", "/search?text=part")["batches"]["rows"]
    assert found == [{"batch": "PART-1", "mba": ["ZZA1"]}]
    assert "/accounting/batch?batch=PART-1" in links_of("anna", "/search?text=part")


def test_serial_numbers_documents_and_notes_are_found_in_statements(read: Told) -> None:
    for text, field in (("sn-77", "Items"), ("DOC-6", "Document"), ("mistyped", "Reason")):
        found = asked("clara", f"/search?text={text}")["texts"]["rows"]
        assert found[0]["statement"] == read.corrected
        assert found[0]["field"] == field


def test_statements_shipments_areas_and_places_are_found(read: Told) -> None:
    by_number = asked("anna", f"/search?text={read.shipped}")["statement"]["rows"]
    assert [row["statement"] for row in by_number] == [read.shipped]
    assert [row["mba"] for row in asked("anna", "/search?text=store")["areas"]["rows"]] == ["ZZA1", "ZZB1"]
    receipts = asked("anna", "/search?text=YANK")["shipments"]["rows"]
    assert [row["statement"] for row in receipts] == [read.received, read.abroad, read.corrected]
    places = asked("anna", "/search?text=shelf")["register"]["rows"]
    assert [(row["sort"], row["code"]) for row in places] == [("place", "SHELF-1")]
    assert "/accounting/batches?mba=ZZA1&place=SHELF-1" in links_of("anna", "/search?text=shelf")


def test_nothing_beyond_the_reach_is_found_or_counted(read: Told) -> None:
    clara = signed_in("clara")
    for text in ("SECRET", "SN-SECRET", "ZZG-", "secret-9", str(read.abroad), "nothing at all"):
        found = asked("clara", f"/search?text={text}")
        assert found["nothing"] == "Nothing that you may read is called so."
        assert set(found) == {"form", "nothing"}
        assert b"SECRET-" not in clara.get(f"/search?text={text}&as=csv").content.replace(b"SN-SECRET", b"")
    found = asked("clara", "/search?text=YANK")
    assert [row["mba"] for row in found["shipments"]["rows"]] == ["ZZA1", "ZZA1"]
    assert [row["statement"] for row in found["texts"]["rows"]] == [read.corrected, read.received]


def test_search_knows_no_more_than_was_known_then(read: Told) -> None:
    found = asked("anna", f"/search?text=FUEL&known_at={read.shipped}")
    assert [row["statement"] for row in found["texts"]["rows"]][-1] == read.received
    assert max(row["statement"] for row in found["texts"]["rows"]) <= read.shipped
    assert "nothing" in asked("anna", f"/search?text=SECRET-9&known_at={read.shipped}")


def test_texts_are_searched_back_as_far_as_the_time_allows_and_on_from_there(
    read: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openmpca.record.texts.STEP", 3)
    monkeypatch.setattr("openmpca.record.texts.find.__kwdefaults__", {"seconds": 0.0, "using": "default"})
    first = asked("anna", "/search?text=DOC-")
    assert [row["statement"] for row in first["texts"]["rows"]] == [read.corrected]
    back = read.corrected - 2
    assert first["searched"] == f"Texts were searched back to statement {back}."
    assert f"/search?text=DOC-&before={back}" in links_of("anna", "/search?text=DOC-")
    assert "batches" not in asked("anna", f"/search?text=FUEL&before={back}")


def test_signs_that_a_database_knows_are_only_signs(read: Told) -> None:
    for text in ("%25%25", "__", "!!", "%22%22", "%5C%5C"):
        assert "texts" not in asked("anna", f"/search?text={text}")


def test_a_single_letter_is_no_search(read: Told) -> None:
    assert set(asked("anna", "/search?text=F")) == {"form"}
    assert set(asked("anna", "/search")) == {"form"}
