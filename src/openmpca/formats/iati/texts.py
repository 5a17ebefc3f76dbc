"""What several elements of IATI are made of: texts in several languages, sums of money, documents, classifications.

Codes are kept as text, exactly as they stand in the code lists; which code of which list is meant says the field.

Source: IATI activity standard 2.03, iati-common.xsd and iati-activities-schema.xsd.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Final

from openmpca.formats.markup.shape import LANGUAGE, Attribute, Child, Node, Text

CODE: Final = "code"
DAY: Final = "iso-date"


class Narrative(Node, frozen=True, kw_only=True):
    """A text in one language; without one it is in the activity's."""

    text: Annotated[str, Text()]
    language: Annotated[str | None, Attribute(LANGUAGE)] = None


Narratives = tuple[Narrative, ...]


def narratives(**by_language: str) -> Narratives:
    """One text in each language, in the order given.

    >>> [(each.language, each.text) for each in narratives(en="Storage", ru="Хранилище")]
    [('en', 'Storage'), ('ru', 'Хранилище')]
    """
    return tuple(Narrative(language=language, text=text) for language, text in by_language.items())


class Texts(Node, frozen=True, kw_only=True):
    """An element that is nothing but a text in several languages."""

    narratives: Annotated[Narratives, Child("narrative")]


class Description(Node, frozen=True, kw_only=True):
    """A description; ``type`` of the list DescriptionType."""

    type: Annotated[str | None, Attribute("type")] = None
    narratives: Annotated[Narratives, Child("narrative")]


class Money(Node, frozen=True, kw_only=True):
    """An exact sum and the day whose rate counts; without a currency it is in the activity's."""

    amount: Annotated[Decimal, Text()]
    currency: Annotated[str | None, Attribute("currency")] = None
    on: Annotated[datetime.date, Attribute("value-date")]


class Document(Node, frozen=True, kw_only=True):
    """A document on the web; categories of the list DocumentCategory, languages of Language."""

    url: Annotated[str, Attribute("url")]
    format: Annotated[str, Attribute("format")]
    title: Annotated[Narratives, Child("narrative", within="title")]
    description: Annotated[Narratives, Child("narrative", within="description")] = ()
    categories: Annotated[tuple[str, ...], Child("category", CODE)]
    languages: Annotated[tuple[str, ...], Child("language", CODE)] = ()
    on: Annotated[datetime.date | None, Child("document-date", DAY)] = None


class Sector(Node, frozen=True, kw_only=True):
    """A sector; vocabulary 1 is that of the DAC (five digits), 99 the reporting organisation's own."""

    vocabulary: Annotated[str | None, Attribute("vocabulary")] = None
    vocabulary_uri: Annotated[str | None, Attribute("vocabulary-uri")] = None
    code: Annotated[str, Attribute(CODE)]
    percentage: Annotated[Decimal | None, Attribute("percentage")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Country(Node, frozen=True, kw_only=True):
    """A recipient country by its code of two letters."""

    code: Annotated[str, Attribute(CODE)]
    percentage: Annotated[Decimal | None, Attribute("percentage")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Region(Node, frozen=True, kw_only=True):
    """A recipient region; without a vocabulary it is of the list Region."""

    code: Annotated[str, Attribute(CODE)]
    vocabulary: Annotated[str | None, Attribute("vocabulary")] = None
    vocabulary_uri: Annotated[str | None, Attribute("vocabulary-uri")] = None
    percentage: Annotated[Decimal | None, Attribute("percentage")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class AidType(Node, frozen=True, kw_only=True):
    """A type of aid; without a vocabulary it is of the list AidType."""

    code: Annotated[str, Attribute(CODE)]
    vocabulary: Annotated[str | None, Attribute("vocabulary")] = None
