"""The code lists of inventory changes, balance entries and Euratom codes."""

import msgspec
import pytest

from openmpca.nuclear import tables
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import (
    ACCOUNT_GROUPS,
    CHANGES,
    MBR_ENTRIES,
    InventoryChange,
    category_change,
    mbr_order,
    rounded_code,
)
from openmpca.nuclear.euratom import EURATOM_CATEGORIES, EURATOM_CHANGES, EURATOM_FORMS, from_agency

INCREASES = ["RF", "RD", "RS", "RN", "NP", "DU", "DQ", "GA", "FW"]
DECREASES = ["SF", "SD", "SN", "LN", "LD", "TW", "EU", "EQ", "TU", "LA"]


def test_all_changes_of_the_model_are_there_with_their_effect() -> None:
    assert [code for code, change in CHANGES.items() if change.effect == 1 and change.in_balance] == INCREASES
    assert {code for code, change in CHANGES.items() if change.effect == -1 and change.in_balance} == {*DECREASES, "DI"}
    assert {code for code, change in CHANGES.items() if change.effect == 0} == {"EN", "ED", "NE", "ND", "DE", "DN"}
    assert {code for code, change in CHANGES.items() if not change.in_balance} == {"RM", "RP"}
    assert [code for code, change in CHANGES.items() if change.signed] == ["DI"]


def test_pairs_are_mutual_opposite_and_share_a_group() -> None:
    paired = [change for change in CHANGES.values() if change.pair]
    pairs = {frozenset((change.code, change.pair)) for change in paired}
    assert {"".join(sorted(pair)) for pair in pairs} == {"FWTW", "DUEU", "DQEQ", "RDSD", "RFSF", "RNSN", "RMRP"}
    for change in paired:
        other = CHANGES[change.pair]
        assert (other.pair, other.effect, other.group) == (change.code, -change.effect, change.group)


def test_category_changes_go_between_the_categories_their_letters_name() -> None:
    changes = [change for change in CHANGES.values() if change.kind == "category"]
    for change in changes:
        assert change.code == change.from_category + change.to_category
        assert category_change(change.from_category, change.to_category) is change
        assert {change.from_category, change.to_category} <= CATEGORIES.keys()
    assert category_change("E", "E") is None
    assert category_change("E", "U") is None, "EU is an exemption, not a change to unified uranium"


def test_every_account_belongs_to_a_group() -> None:
    assert ACCOUNT_GROUPS["SD"] == ACCOUNT_GROUPS["RD"] == "transit"
    assert ACCOUNT_GROUPS["SF"] == ACCOUNT_GROUPS["RF"] == "foreign"
    assert (ACCOUNT_GROUPS["OP"], ACCOUNT_GROUPS["MF"], ACCOUNT_GROUPS["ISO"]) == (
        "opening",
        "muf",
        "isotope_not_accounted",
    )
    assert set(CHANGES) < set(ACCOUNT_GROUPS)


def test_balance_entries_stand_in_the_order_of_the_agreement() -> None:
    order = ["PB", "RF", "LN", "BE", "DI", "BA", "PE", "MF"]
    assert [mbr_order(code, "E") for code in order] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (mbr_order("EN", "N"), mbr_order("EN", "E")) == (2, 3)
    assert MBR_ENTRIES["BE"].optional
    assert not MBR_ENTRIES["BA"].optional


@pytest.mark.parametrize("code", ["RM", "RAXX", "QQ"])
def test_a_code_without_a_place_in_the_balance_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        mbr_order(code, "E")


def test_rounding_adjustments_name_what_they_adjust() -> None:
    assert rounded_code("RALN") == "LN"
    assert rounded_code("RABA") == "BA"
    assert rounded_code("RA") == rounded_code("RARM") == rounded_code("RARALN") == ""


def test_every_definition_and_source_is_filled() -> None:
    for row in (*CHANGES.values(), *MBR_ENTRIES.values()):
        assert row.title
        assert row.definition.endswith(".")
        assert row.source


def test_euratom_codes_map_to_agency_codes_that_exist() -> None:
    for change in EURATOM_CHANGES.values():
        assert set(change.agency) <= CHANGES.keys() | MBR_ENTRIES.keys()
        assert change.one_to_one == (len(change.agency) == 1)
        assert change.unverified, "the mapping is inferred"


def test_euratom_codes_without_a_counterpart_are_marked() -> None:
    none = {code for code, change in EURATOM_CHANGES.items() if change.relation == "none"}
    assert {"TC", "TG", "TZ", "GD", "NM", "R5", "BJ"} <= none
    assert {code for code, change in EURATOM_CHANGES.items() if change.negated} == {"DI", "MF"}
    assert EURATOM_CHANGES["BJ"].regulations == ("E05",)
    assert EURATOM_CHANGES["FG"].regulations == ("E25",)


def test_agency_codes_find_their_euratom_codes() -> None:
    assert [change.code for change in from_agency("LD")] == ["TE"]
    assert [change.code for change in from_agency("RM")] == ["RB"]
    assert from_agency("RS") == ()


def test_euratom_categories_are_categories_of_ours() -> None:
    assert {row.category for row in EURATOM_CATEGORIES.values()} <= CATEGORIES.keys()
    assert EURATOM_FORMS["U6"].name == "uranium hexafluoride"


@pytest.fixture
def doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    change = msgspec.to_builtins(CHANGES["RF"])
    monkeypatch.setattr(tables, "_table", lambda name: {"change": [change, change]})


@pytest.mark.usefixtures("doubled")
def test_a_code_given_twice_in_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="RF stands twice"):
        tables.by_code("changes", "change", InventoryChange)
