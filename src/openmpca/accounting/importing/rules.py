"""The rules of imports: 950 to 999.

An import checks everything before anything is recorded, and tells its problems by the row and column, or the report and
entry, in which the file has them.
"""

from typing import Final

from openmpca.problems import NOTE, WARNING, rule

_TABLE: Final = "design: import of tables"
_HISTORY: Final = "design: import of a former system's history"

NO_MASS = rule(
    950, "Every row has a mass", source=_TABLE, mend="Fill a column of masses; a mass that is nothing is written 0."
)
NO_CATEGORY = rule(
    951,
    "A mass without a category in its name stands beside a category",
    source=_TABLE,
    mend="Fill the category, or name the column by its weight key, such as E or E/U235.",
)
NO_SUCH_WEIGHT = rule(
    952,
    "The category has the isotope",
    source="Code 10, labels 600 to 800",
    mend="Use a weight key of `openmpca categories`.",
)
NO_ROWS = rule(954, "The table has rows", source=_TABLE, mend="Fill the table below its column names.")

GIVEN_TWICE = rule(
    955,
    "A weight stands once in a row",
    source=_TABLE,
    mend="Leave one of the two columns empty: the one under the weight key, or the one beside the category.",
)

TOO_LARGE = rule(
    960,
    "A history is not larger than the limit",
    source=_HISTORY,
    mend="Bring it in by parts: a year or some areas at a time, in their order.",
)
UNREADABLE = rule(
    961,
    "What a history says can be read",
    source=_HISTORY,
    mend="Ask who sent it for the entry, or mend the file and keep the original beside it.",
)
NO_HEADING = rule(
    962,
    "A report has number, area, type and date",
    source="Code 10, labels 001, 003, 010, 307",
    mend="Complete the heading of the report.",
)
AREA_MISSING = rule(
    963,
    "The areas of a history are registered",
    source=_HISTORY,
    mend="State the area in the register first, or let the import register what the files name (--register).",
)
REPORT_TWICE = rule(
    964,
    "A report stands once",
    source="Code 10, label 001",
    mend="Leave out one of the two: they have the same number and area and differ.",
)
REPORT_KNOWN = rule(
    965,
    "A report that is in the record already is passed over",
    severity=NOTE,
    source=_HISTORY,
    mend="Nothing: it is word for word the same.",
)
NO_TARGET = rule(
    966,
    "A correction, deletion or addition names an entry that still counts",
    source="Code 10, label 309",
    mend="Bring in the report that it names too, and correct the last entry of the chain.",
)
NO_CHANGE = rule(
    967,
    "An inventory change has a known code and a date",
    source="Code 10, labels 411, 412",
    mend="Complete the entry; what it did cannot be told without.",
)
NO_BATCH = rule(
    968,
    "An entry that was taken in names no batch",
    severity=WARNING,
    source="Code 10, label 446",
    mend="Ask who sent it; the entry was booked under a name made of its report and number.",
)
FIGURE_DIFFERS = rule(
    969,
    "A material balance report agrees with the book",
    severity=WARNING,
    source="Code 10, MBR; INFCIRC/153, paragraph 67",
    mend="Look for a missing or doubled entry in the period; this is an open problem, not a hindrance.",
)
NOT_CLOSED = rule(
    972,
    "A balance reported has a listing",
    severity=WARNING,
    source="INFCIRC/153, paragraph 67",
    mend="Look for the PIL of the day on which the balance ends.",
)
OTHER_STATE = rule(
    973,
    "The reports are of this State",
    source=_HISTORY,
    mend="Bring another State's reports into an instance of its own.",
)
