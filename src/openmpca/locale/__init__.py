"""The languages: a folder for each with its catalogue and the forms of its dates, and one of nobody for tests.

Dates and numbers are written in one way in all languages, so that nobody takes one for another: a day as YYYY-MM-DD, a
time of day by 24 hours, a decimal point. Django reads ``formats`` of the folder of a language before its own.

Source: ISO 8601-1:2019; decision 17.
"""

from typing import Final

LANGUAGES: Final = (("en", "English"), ("ru", "Русский"))
PSEUDO: Final = ("ar-xb", "Pseudo")
"""The language of nobody, written from right to left; its catalogue is made from the texts by ``make languages``."""


def offered(with_pseudo: bool) -> list[tuple[str, str]]:
    """The languages among which a reader chooses; for tests, that of nobody too."""
    if not with_pseudo:
        return list(LANGUAGES)
    from django.conf.locale import LANG_INFO

    code, name = PSEUDO
    LANG_INFO[code] = {"bidi": True, "code": code, "name": name, "name_local": name}
    return [*LANGUAGES, PSEUDO]
