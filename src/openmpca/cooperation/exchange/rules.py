"""What is checked of statements about publishing: rules 771 and 772."""

import re
from typing import Final

from openmpca.cooperation.exchange import activities  # noqa: F401  gives rule 770
from openmpca.cooperation.exchange.statements import Organisation
from openmpca.cooperation.rules import Check, rows
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.statements import kind_by

IDENTIFIER = rule(
    771,
    "An organisation has an identifier of IATI, a type and a country by their codes",
    source="IATI activity standard 2.03",
    mend="Write agency code, hyphen and registered number; the type as two figures; the country as two letters.",
)
OWN_ORGANISATION = rule(
    772,
    "A party says itself how it is called",
    source="design idea 7: nobody states for another",
    mend="Let the party state its own organisation.",
)
_IATI: Final = re.compile(r"[A-Z]{2,3}-[A-Za-z0-9]+-[^\s/&|?]+")
_TYPE: Final = re.compile(r"[0-9]{2}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}|")


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements about organisations."""
    found = []
    for where, fields in rows(segment):
        for name, pattern in (("iati", _IATI), ("type", _TYPE), ("country", _COUNTRY)):
            text = str(fields.get(name, ""))
            if not pattern.fullmatch(text):
                found.append(IDENTIFIER.problem(f"{text!r} is none.", record=where, field=name))
        if fields["of"] != act.party:
            found.append(OWN_ORGANISATION.problem(f"It is of {fields['of']}.", record=where, field="of"))
    return found


CHECKS: Final[dict[str, Check]] = {kind_by(Organisation).name: check}
