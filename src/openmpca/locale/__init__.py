"""The languages: a folder for each with its catalogue and the forms of its dates, and one of nobody for tests.

Dates and numbers are written in one way in all languages, so that nobody takes one for another: a day as YYYY-MM-DD, a
time of day by 24 hours, a decimal point. Django reads ``formats`` of the folder of a language before its own.

Source: ISO 8601-1:2019; decision 16.
"""

from typing import Final

PSEUDO: Final = "ar-xb"
"""The language of nobody: its catalogue is made from the texts by ``make languages``."""


def pseudo() -> tuple[str, str]:
    """Make the language of nobody known, written from right to left; gives its entry in the settings."""
    from django.conf.locale import LANG_INFO

    LANG_INFO[PSEUDO] = {"bidi": True, "code": PSEUDO, "name": "Pseudo", "name_local": "pseudo"}
    return PSEUDO, "Pseudo"
