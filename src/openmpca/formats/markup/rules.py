"""The rules 1000 to 1009: any file of elements (XML), before it is asked what it says.

Source: Extensible Markup Language (XML) 1.0, fifth edition; Namespaces in XML 1.0; the limits are ours.
"""

from typing import Final

from openmpca.problems import WARNING, rule

SHOWN: Final = 500
"""How many problems of one file are listed; one more says how many there are besides."""

_XML: Final = "XML 1.0"
_FILE: Final = "elements: reading a file"

NOT_XML = rule(1000, "The file is well-formed XML", source=_XML, mend="Fetch the file again, or save it anew as XML.")
DECLARES = rule(
    1001,
    "The file declares no document type and no entities",
    source=_FILE,
    mend="Ask the sender for the file without its DOCTYPE; a file of this format never needs one.",
)
TOO_LARGE = rule(
    1002,
    "The file is not larger than the limit",
    source=_FILE,
    mend="Ask for the file in parts: fewer activities, or one project a file.",
)
NOT_UTF8 = rule(1003, "The file is text in UTF-8", source=_FILE, mend="Save the file as XML in UTF-8.")
OTHER_ROOT = rule(
    1004,
    "The file is of the format asked for",
    source=_FILE,
    mend="Choose another file, or save it from its program in the format asked for.",
)
UNREADABLE = rule(
    1005,
    "What an element says can be read",
    severity=WARNING,
    source=_FILE,
    mend="Write the value in the form named; until then the element is kept as it came and means nothing here.",
)
MISSING = rule(
    1006,
    "An element has what it cannot be without",
    source=_FILE,
    mend="Complete the element; until then it is kept as it came and means nothing here.",
)
TWICE = rule(
    1007,
    "What can be said once is said once",
    severity=WARNING,
    source=_FILE,
    mend="Leave one of the two elements; the first counts, the other is kept as it came.",
)
TEXT_BETWEEN = rule(
    1008,
    "There is no text between elements",
    severity=WARNING,
    source=_FILE,
    mend="Put the text into an element; as it stands it is lost.",
)
MORE = rule(1009, "All problems are listed", severity=WARNING, source=_FILE, mend="Mend what is listed and read again.")
