"""The numbered checks of reading a table and of fitting it to our fields (900 to 949).

A table is somebody's file: it may be damaged, hostile, or only untidy. Every check says the row and the column as the
person sees them in the spreadsheet. At most ``SHOWN`` problems of one kind are listed for one column; one more says how
many there are besides, so that a million wrong rows stay readable.

Source: RFC 4180 (delimited text), ECMA-376 (.xlsx), OASIS OpenDocument 1.3 (.ods); the rules themselves are ours.
"""

from collections.abc import Iterable
from typing import Final

from openmpca.problems import NOTE, WARNING, Problem, Rule, rule

SHOWN: Final = 500

_FILE: Final = "tables: reading a file"
_COLUMN: Final = "tables: fitting columns to fields"

NO_FILE = rule(900, "The file can be opened", source=_FILE, mend="Check the name of the file and who may read it.")
TOO_LARGE = rule(
    901, "The file is not larger than the limit", source=_FILE, mend="Split the file, or raise the limit knowingly."
)
OTHER_CONTENT = rule(
    902,
    "The content is what the ending of the name says",
    severity=WARNING,
    source=_FILE,
    mend="Rename the file if it was read rightly; otherwise save it again.",
)
NO_TABLE = rule(
    903,
    "The file is delimited text, .xlsx or .ods",
    source=_FILE,
    mend="Save it as .xlsx, .ods or CSV (UTF-8), without a password.",
)
DAMAGED = rule(
    904, "The spreadsheet file is whole", source=_FILE, mend="Fetch the file again, or open it and save it anew."
)
BOMB = rule(
    905,
    "The spreadsheet unpacks to a reasonable size",
    source=_FILE,
    mend="Do not open this file; ask the sender what it is. A true table can be saved as CSV.",
)
TOO_MANY_CELLS = rule(
    906,
    "The table has no more cells and columns than the limit",
    source=_FILE,
    mend="Delete empty rows and columns around the table, or split it.",
)
LONG_LINE = rule(
    907, "No row of the text is longer than the limit", source=_FILE, mend="Check line ends and closing quotes."
)
ENCODING_GUESSED = rule(
    908,
    "The text says its encoding",
    severity=WARNING,
    source=_FILE,
    mend="Check names with accents, or save the file as CSV UTF-8.",
)
QUOTES = rule(
    909,
    "Quotes open at the start of a cell and close at its end",
    source="RFC 4180, section 2",
    mend="Double every quote inside a cell and put the cell in quotes.",
)
NO_HEADER = rule(
    910, "The table has a row of column names", source=_FILE, mend="Put the names of the columns in the first row."
)
EMPTY_HEADER = rule(
    911, "Every column with values has a name", source=_FILE, mend="Name the column, or delete its values."
)
DUPLICATE_HEADER = rule(912, "Column names differ", source=_FILE, mend="Rename or delete one of the columns.")
RAGGED = rule(
    913,
    "Every row has as many cells as the header",
    source="RFC 4180, section 2",
    mend="Look for a separator too many or too few; put a cell that holds one in quotes.",
)
FORMULA_ERROR = rule(914, "No cell holds a formula's error", source=_FILE, mend="Mend the formula, or type the value.")
MERGED = rule(915, "No cells are merged", source=_FILE, mend="Unmerge the cells and fill each one.")
NO_SHEET = rule(916, "The sheet is in the spreadsheet", source=_FILE, mend="Name one of the sheets of the file.")
OTHER_SHEETS = rule(
    917,
    "All sheets were read",
    severity=NOTE,
    source=_FILE,
    mend="Name the sheet if another one was meant.",
)
COLUMN_CALLED_ROW = rule(
    918, "No column is called row", severity=NOTE, source=_FILE, mend="Nothing: use the new name in the mapping."
)
READ_TWICE = rule(
    919, "Two ways of reading the file agree", source=_FILE, mend="Save the table anew, as .xlsx or CSV (UTF-8)."
)

UNKNOWN_COLUMN = rule(
    920, "The mapping names columns of the table", source=_COLUMN, mend="Correct the mapping or the column's name."
)
UNKNOWN_FIELD = rule(921, "The mapping names known fields", source=_COLUMN, mend="Use a field of the template.")
FILLED_TWICE = rule(922, "A field is filled once", source=_COLUMN, mend="Leave one column or constant for the field.")
NOT_FILLED = rule(
    923, "Every required field is filled", source=_COLUMN, mend="Map a column to the field or give a constant."
)
UNCLEAR_COLUMN = rule(
    924,
    "The mapping says how a column is to be read",
    source=_COLUMN,
    mend="Complete the mapping of the column; a unit may stand in its head: E (g).",
)
NOT_USED = rule(
    925, "Every column is used", severity=NOTE, source=_COLUMN, mend="Map the column if its values are wanted."
)
BLANK = rule(926, "A required value is not blank", source=_COLUMN, mend="Fill the cell; blank is not zero.")
NOT_A_MASS = rule(
    927,
    "A mass is plain decimal digits",
    source=_COLUMN,
    mend="Write digits with a decimal point, such as 1500.25; no exponent, no thousands separator.",
)
TOO_FINE = rule(
    928, "A mass is not finer than a microgram", source=_COLUMN, mend="Round the mass to what was measured."
)
TOO_HEAVY = rule(929, "A mass is below a million tonnes", source=_COLUMN, mend="Check the unit of the column.")
NOT_A_DATE = rule(930, "A date is a day of the calendar in the format said", source=_COLUMN, mend="Write YYYY-MM-DD.")
NOT_AN_INTEGER = rule(931, "A number is whole", source=_COLUMN, mend="Write digits only, such as 12.")
NOT_ALLOWED = rule(
    932, "A code is one of those allowed", source=_COLUMN, mend="Use an allowed code or translate the value."
)
ROUNDED = rule(
    933,
    "A mass from a percentage is exact to the microgram",
    severity=NOTE,
    source=_COLUMN,
    mend="State the mass itself where the last microgram matters.",
)
CONTROL_CHARACTERS = rule(
    934, "Text has no control characters", source=_COLUMN, mend="Type the text anew without them."
)
NOT_THE_TOTAL = rule(
    936,
    "A total that is left out is the sum of its rows",
    severity=WARNING,
    source=_COLUMN,
    mend="Find the row that is missing, or counted twice; else correct the total in the table.",
)
UNREADABLE_MAPPING = rule(
    935, "A stored mapping can be read", source=_COLUMN, mend="Make the mapping anew, or restore the file."
)


def found(rule: Rule, rows: Iterable[tuple[int, str]], field: str, total: int, *, mend: str = "") -> list[Problem]:
    """One problem for each (row, message) shown, row 0 being no row, and one that counts the rest up to ``total``.

    ``mend`` takes the place of that of the rule, where the mapping of the column asks for another.
    """
    problems = [
        rule.problem(message, record=f"row {row}" if row else "", field=field, mend=mend) for row, message in rows
    ]
    if total > len(problems):
        problems.append(rule.problem(f"{total - len(problems)} more rows have this problem.", field=field, mend=mend))
    return problems


class Refused(Exception):  # noqa: N818 - a verdict on a file, not an error of ours
    """Reading cannot go on; carries the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
