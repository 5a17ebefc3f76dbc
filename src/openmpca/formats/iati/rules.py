"""The rules 1010 to 1019: what a file of IATI activities is held against.

The standard's own rules keep their identifiers (``6.11.1``), which stand before the message; ours only say which part
of the standard it was. Source: IATI activity standard 2.03: schema, code lists and ruleset.
"""

from typing import Final

from openmpca.problems import NOTE, WARNING, rule

_IATI: Final = "IATI activity standard 2.03"

NO_STANDARD = rule(
    1010,
    "The files of the standard can be read",
    source=_IATI,
    mend="Name a folder with the schema, the code lists and the ruleset of version 2.03 as IATI publishes them.",
)
SCHEMA = rule(
    1011, "A file holds to the schema", source=_IATI, mend="Correct the element named; elements have a fixed order."
)
CODE = rule(1012, "A code is on its list", source=_IATI, mend="Use a code of the list named.")
OPEN_CODE = rule(
    1013,
    "A code is on its list, which others may lengthen",
    severity=WARNING,
    source=_IATI,
    mend="Use a code of the list named, or make sure that whoever reads the file knows this one.",
)
BROKEN = rule(1014, "The standard's rules hold", source=_IATI, mend="Change the activity so that the rule holds.")
DOUBTFUL = rule(
    1015,
    "The standard's recommendations hold",
    severity=WARNING,
    source=_IATI,
    mend="Change the activity so that the recommendation holds, where it can be followed.",
)
NOT_CHECKED = rule(
    1016,
    "Everything that the standard asks was checked",
    severity=NOTE,
    source=_IATI,
    mend="Put the list named into the folder of the standard and check again.",
)
SAME_IDENTIFIER = rule(
    1017,
    "An identifier stands for one activity",
    source=_IATI,
    mend="Give each activity an identifier of its own; an activity stands once in a file.",
)
OTHER_VERSION = rule(
    1018,
    "A file says the version that it is checked for",
    severity=WARNING,
    source=_IATI,
    mend="Write version 2.03, or check the file by the standard of its own version.",
)
