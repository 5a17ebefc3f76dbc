"""A tree of elements from bytes that nobody vouches for.

Rules kept:

* UTF-8 only, whatever the file declares, so that what is looked for in the bytes is what the parser sees.
* No document type: without one there are no entities to expand, no defaults, nothing external to fetch.
* Bytes and elements are counted before anything is parsed; depth (256) and the length of one text (10 MB) are
  bounded by the parser itself.
* Comments and processing instructions carry no meaning in these formats and are passed over.

Source: XML 1.0; libxml2's own limits.
"""

from typing import Final

import msgspec
from lxml import etree

from openmpca.formats.markup.rules import DECLARES, NOT_UTF8, NOT_XML, TOO_LARGE
from openmpca.formats.tables.limits import MIB
from openmpca.formats.tables.rules import Refused

_DECLARATION: Final = b"<!DOCTYPE"
_BEGINS: Final = b"<"
_NO_TEXT: Final = b"\0"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a file may ask of this machine: its bytes, and how many tags may begin in it."""

    bytes: int = 64 * MIB
    tags: int = 4_000_000


LIMITS: Final = Limits()


def parse(data: bytes, limits: Limits = LIMITS) -> etree._Element:
    """The root element; raises ``Refused`` (rules 1000 to 1003).

    >>> parse(b"<a><b/></a>")[0].tag
    'b'
    """
    _look_through(data, limits)
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise Refused(NOT_XML.problem(f"The file cannot be read as XML: {error.msg}.")) from None


def local(data: bytes, limits: Limits = LIMITS) -> etree._Element:
    """As `parse`, for what is about to be written: raises ``ValueError`` for what cannot be parsed."""
    try:
        return parse(data, limits)
    except Refused as refused:
        raise ValueError(refused.problem.message) from None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _look_through(data: bytes, limits: Limits) -> None:
    if len(data) > limits.bytes:
        raise Refused(TOO_LARGE.problem(f"The file has {len(data)} bytes; allowed are {limits.bytes}."))
    tags = data.count(_BEGINS)
    if tags > limits.tags:
        raise Refused(TOO_LARGE.problem(f"The file has {tags} tags; allowed are {limits.tags}."))
    if _NO_TEXT in data or not _is_utf8(data):
        raise Refused(NOT_UTF8.problem("The bytes of the file are not UTF-8."))
    if _DECLARATION in data:
        raise Refused(DECLARES.problem("The file has a document type declaration; such files are not opened."))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
