"""Text of XML: what stands for a text, and the one way in which a parsed element is written again.

A fragment is written for a place where the file's namespace is the default one. Of other namespaces it declares what it
uses, prefixes within values (``xsi:type="x:name"``) too, so that it means the same wherever it is put; attributes
are sorted, comments are gone. The fragment of a fragment is itself.

Source: XML 1.0, 2.2 and 2.4; Namespaces in XML 1.0, 5.
"""

import re
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from openmpca.formats.markup.shape import XML

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT: Final = {"\r": "&#13;"}
_IN_ATTRIBUTE: Final = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def text(value: str) -> str:
    """A text as it stands between tags; raises ``ValueError`` for characters that no XML can hold.

    >>> text("a < b")
    'a &lt; b'
    """
    return escape(_legal(value), _IN_TEXT)


def attribute(name: str, value: str) -> str:
    """An attribute as it stands in a tag, with a blank before it.

    >>> attribute("name", 'the "store"')
    ' name="the &quot;store&quot;"'
    """
    return f' {name}="{escape(_legal(value), _IN_ATTRIBUTE)}"'


def element(name: str, attributes: str, inner: str) -> str:
    """An element, in one tag where there is nothing in it."""
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def rendered(parsed: etree._Element, namespace: str) -> str:
    """The fragment of a parsed element, without what follows it."""
    return _rendered(parsed, {"": namespace, "xml": XML})


def _legal(value: str) -> str:
    wrong = _ILLEGAL.search(value)
    if wrong:
        raise ValueError(f"the character U+{ord(wrong[0]):04X} cannot stand in XML")
    return value


def _rendered(parsed: etree._Element, scope: dict[str, str]) -> str:
    known = dict(scope)
    name = _tag(parsed, known)
    attributes = "".join(
        attribute(_attribute(parsed, each, known), str(value)) for each, value in sorted(parsed.attrib.items())
    )
    _in_values(parsed, known)
    declared = "".join(
        attribute(f"xmlns:{prefix}" if prefix else "xmlns", uri)
        for prefix, uri in sorted(known.items())
        if scope.get(prefix) != uri
    )
    inner = text(parsed.text or "")
    inner += "".join(_rendered(child, known) + text(child.tail or "") for child in parsed)
    return element(name, declared + attributes, inner)


def _tag(parsed: etree._Element, known: dict[str, str]) -> str:
    """The name of an element; of a namespace that is neither the default one nor none it is prefixed as it came."""
    name = etree.QName(parsed)
    uri = name.namespace or ""
    prefix = parsed.prefix if uri and uri != known[""] else None
    known[prefix or ""] = uri
    return f"{prefix}:{name.localname}" if prefix else name.localname


def _attribute(parsed: etree._Element, name: str, known: dict[str, str]) -> str:
    found = etree.QName(name)
    if not found.namespace:
        return name
    if found.namespace == XML:
        return f"xml:{found.localname}"
    prefix = next(each for each, uri in sorted(_prefixes(parsed).items()) if uri == found.namespace)
    known[prefix] = found.namespace
    return f"{prefix}:{found.localname}"


def _in_values(parsed: etree._Element, known: dict[str, str]) -> None:
    """Make known the prefixes that stand within values."""
    said = " ".join([parsed.text or "", *(str(value) for value in parsed.attrib.values())])
    for prefix, uri in _prefixes(parsed).items():
        if f"{prefix}:" in said:
            known[prefix] = uri


def _prefixes(parsed: etree._Element) -> dict[str, str]:
    return {str(prefix): str(uri) for prefix, uri in parsed.nsmap.items() if prefix}
