"""The spreadsheet that an authority has, as people keep them: titles, kilograms, commas, a total, a remark."""

import io
from datetime import date

import xlsxwriter

FOUNDING = {
    "code": "NSA",
    "name": "Nuclear Safety Authority of Norland",
    "handle": "amal",
    "handle_name": "Amal Haddad",
    "passphrase": "four quiet words walk",
    "again": "four quiet words walk",
    "second": "bela",
    "second_name": "Bela Novak",
    "role-authority": "yes",
    "role-officer": "yes",
    "step": "found",
}
REGISTER = (
    {"thing": "country", "code": "XN", "name": "Norland", "own": "yes", "agreement_in_force": "2024-12-02"},
    {"thing": "facility", "code": "XNR-", "name": "Research reactor"},
    {"thing": "mba", "code": "XNR1", "name": "Reactor and store", "facility": "XNR-", "categories": "E, N"},
    {"thing": "kmp", "mba": "XNR1", "code": "1", "name": "Receipts", "inventory": "no"},
    {"thing": "kmp", "mba": "XNR1", "code": "A", "name": "Fresh store", "inventory": "yes"},
)
OPENED = date(2024, 12, 31)
TOTAL = "1,730"


def messy(total: str = TOTAL) -> bytes:
    """The workbook: a sheet that tells about it, and the list; masses in kg, texts and numbers, decimal commas."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    about = book.add_worksheet("About")
    about.write(0, 0, "Kept by the store since 2019")
    sheet = book.add_worksheet("Stock 2024")
    sheet.merge_range(0, 0, 0, 6, "Nuclear material in the store, 31.12.2024")
    sheet.write_row(1, 0, ["Store keeper: P. Lind"])
    sheet.write_row(3, 0, ["No.", "Batch", "Material", "Pcs", "U (kg)", "U-235 (g)", "Where"])
    sheet.write_row(4, 0, [1, "FE-01", "LEU", 1, "1,205", "237,5", "A"])
    sheet.write_row(5, 0, [2, "FE-02", "LEU", 1, 0.5, 98.5, "A"])
    sheet.write_row(7, 0, [3, "DU-SHIELD", "natural", 4, "0,025", "", "A"])
    sheet.write_row(8, 0, ["", "Total", "", 6, total, "", ""])
    sheet.write_row(9, 0, ["Checked by P. Lind and A. Haddad"])
    book.close()
    return target.getvalue()
