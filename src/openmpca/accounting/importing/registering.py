"""The register that a history needs: areas that are missing, or the least statements that let it come in.

What is registered here is what the files name and no more: country, facilities, areas, key measurement points. Names,
holders and places are to be stated by those who know them.
"""

from datetime import date

import polars as pl

from openmpca.accounting.importing.items import Item, Wave
from openmpca.accounting.importing.received import Received
from openmpca.accounting.importing.rules import AREA_MISSING, OTHER_STATE
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import ChangeEntry, InventoryEntry
from openmpca.problems import Problem
from openmpca.record.known import query

_SOURCE = "register"


def missing_areas(found: list[Received], profile: Profile) -> list[Problem]:
    """Areas that are not registered (field 307); a State that is not ours."""
    known = _codes("mba")
    problems = [
        AREA_MISSING.problem(f"There is no area {mba}.", record=f"area {mba}", field="307")
        for mba in sorted({each.mba for each in found} - known)
    ]
    country, own = next((each.report.header.country for each in found), ""), _own_country()
    if country and own and country != own:
        problems.append(OTHER_STATE.problem(f"The reports are of {country}, this is {own}.", field="001"))
    return problems


def registered(found: list[Received], profile: Profile) -> Wave:
    """The statements of the register that the files need and that are not there."""
    wave = Wave()
    first = _first_days(found)
    if found and not _own_country():
        country = found[0].report.header.country
        wave.add(_item("country", {"day": min(first.values()), "code": country, "name": country, "own": True}))
    facilities, areas = _codes("facility"), _codes("mba")
    for each in found:
        code = each.report.header.facility
        if code and code not in facilities:
            facilities.add(code)
            wave.add(_item("facility", {"day": min(first.values()), "code": code, "name": code}))
        if each.mba not in areas:
            areas.add(each.mba)
            wave.add(_item("mba", _area(each, found, first[each.mba], profile)))
    for mba, code, inventory in _points(found) - _known_points():
        wave.add(_item("kmp", {"day": first[mba], "mba": mba, "code": code, "name": code, "inventory": inventory}))
    wave.buckets.get("accounting.kmp", []).sort(key=lambda item: (str(item.fields["mba"]), str(item.fields["code"])))
    return wave


def _item(kind: str, fields: dict[str, object]) -> Item:
    return Item(f"accounting.{kind}", fields, f"{_SOURCE}: {kind} {fields['code']}")


def _area(each: Received, found: list[Received], day: date, profile: Profile) -> dict[str, object]:
    unified = any(
        key.split("/")[0] == "U"
        for one in found
        if one.mba == each.mba
        for line in one.report.entries
        for key in line.weights
    )
    return {
        "day": day,
        "code": each.mba,
        "facility": each.report.header.facility,
        "name": each.mba,
        "unified": unified,
        "profile": profile.name,
    }


def _first_days(found: list[Received]) -> dict[str, date]:
    first: dict[str, date] = {}
    for each in found:
        days = [each.begin, each.end, each.day]
        days += [line.day for line in each.report.changes if line.day]
        first[each.mba] = min([*days, first.get(each.mba, date.max)])
    return first


def _points(found: list[Received]) -> set[tuple[str, str, bool]]:
    """Area and code of every key measurement point, and whether it is one of inventory."""
    listed = {
        (each.mba, line.kmp) for each in found for line in each.report.entries if isinstance(line, InventoryEntry)
    }
    changed = {(each.mba, line.kmp) for each in found for line in each.report.entries if isinstance(line, ChangeEntry)}
    return {(mba, code, (mba, code) in listed) for mba, code in listed | changed if code}


def _known_points() -> set[tuple[str, str, bool]]:
    rows = query(
        "SELECT mba, code FROM accounting_register WHERE thing = 'kmp'", [], {"mba": pl.String, "code": pl.String}
    )
    return {(mba, code, inventory) for mba, code in rows.iter_rows() for inventory in (True, False)}


def _codes(thing: str) -> set[str]:
    sql = "SELECT DISTINCT code FROM accounting_register WHERE thing = %s"
    return set(query(sql, [thing], {"code": pl.String})["code"])


def _own_country() -> str:
    rows = query(
        "SELECT code, fields FROM accounting_register WHERE thing = 'country' ORDER BY number",
        [],
        {"code": pl.String, "fields": pl.String},
    )
    own = [code for code, fields in rows.iter_rows() if '"own":true' in fields.replace(" ", "")]
    return own[-1] if own else ""
