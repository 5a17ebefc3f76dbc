"""The words for the fields of this room's statements: heads, what each means, an example of what is typed.

One text holds for a field in every kind that has it; ``KIND.FIELD`` where it means something else there. A subject adds
its own words when its pages are loaded.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from openmpca.cooperation.pages import words_of_agreements

HEADS: Final[dict[str, Any]] = {
    **words_of_agreements.HEADS,
    "day": _("Day"),
    "release": _("May be read by"),
    "replaces": _("Replaces statement"),
    "reason": _("Reason"),
    "code": _("Code"),
    "title": _("Title"),
    "party": _("Party"),
}
MEANINGS: Final[dict[str, Any]] = {
    **words_of_agreements.MEANINGS,
    "day": _("The day from which it holds, or on which it was done or happened."),
    "release": _("The parties that may read it, a line each; * is all of them. Blank: your own party alone."),
    "replaces": _("The number of an earlier statement of your party whose place this one takes."),
    "code": _("The code by which all parties call it."),
}
EXAMPLES: Final[dict[str, str]] = {**words_of_agreements.EXAMPLES, "release": "*", "code": "P-07"}
