"""The text of a PDF that typst made, read back by the tables of its fonts; for tests, and no more than they need."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\r?\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.S)
_FLAT = rb"(?:\\.|[^\\()])"
_NESTED = rb"(?:" + _FLAT + rb"|\((?:" + _FLAT + rb"|\(" + _FLAT + rb"*\))*\))"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\(" + _NESTED + rb"*\)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as it stands one after the other; breaks within long words are taken out."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_page(body, objects).replace("\u200b", "") for body in found]


def text(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(pages(pdf))


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = _referred(rb"Resources", page, objects)
    fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", resources))
    tables = {name: _table(objects[int(number)], objects) for name, number in fonts.items()}
    return "".join(_texts(_content(_referred(rb"Contents", page, objects)), tables))


def _referred(name: bytes, body: bytes, objects: dict[int, bytes]) -> bytes:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    return objects[int(found[1])] if found else body


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


def _table(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    lines = _content(_referred(rb"ToUnicode", font, objects))
    return {
        int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be")
        for code, to in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", lines)
        if code != b"0000"
    }


def _texts(content: bytes, tables: dict[bytes, dict[int, str]]) -> Iterator[str]:
    table: dict[int, str] = {}
    for found in _SHOWN.finditer(content):
        if found[1]:
            table = tables[found[1]]
            continue
        codes = _ESCAPE.sub(_unescaped, found[0][1:-1])
        yield "".join(table.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1][:1].isdigit():
        return bytes([int(found[1], 8)])
    return _PLAIN.get(found[1], found[1])
