"""Hostile files of elements: none is opened, none takes memory or reaches out."""

import pytest

from openmpca.formats.markup.safe import Limits, local, parse
from openmpca.formats.tables.rules import Refused

BOMB = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]><a>&m;</a>'
HOSTILE = {
    "entities that grow": (BOMB, 1001),
    "a file of this machine": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', 1001),
    "an address": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', 1001),
    "an entity that nobody declared": (b"<a>&x;</a>", 1000),
    "another encoding": ("<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"), 1003),
    "another encoding that hides a declaration": (
        BOMB.decode().encode("utf-7").replace(b"<!DOC", b"+ADwAIQ-DOC"),
        1000,
    ),
    "bytes that are no text": (b"<a>\xff</a>", 1003),
    "a zero byte": (b"<a>\0</a>", 1003),
    "an open element": (b"<a><b></a>", 1000),
    "nothing": (b"", 1000),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, 1000),
    "a control character": (b"<a>&#1;</a>", 1000),
}


@pytest.mark.parametrize(("data", "rule"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data, rule):
    with pytest.raises(Refused) as refused:
        parse(data)
    assert refused.value.problem.rule == rule


@pytest.mark.parametrize("limits", [Limits(bytes=10), Limits(tags=2)])
def test_a_file_beyond_the_limits_is_refused(limits):
    with pytest.raises(Refused) as refused:
        parse(b"<a><b/><b/></a>", limits)
    assert refused.value.problem.rule == 1002


def test_a_text_of_ten_megabytes_is_refused():
    with pytest.raises(Refused, match="Text node too long"):
        parse(b"<a>" + b"x" * 10_100_000 + b"</a>")


def test_comments_and_instructions_are_passed_over():
    root = parse(b'\xef\xbb\xbf<?xml version="1.0"?><a><?run it?>o<!-- c -->ne</a>')
    assert (root.text, len(root)) == ("one", 0)


def test_what_this_program_wrote_is_a_mistake_when_it_cannot_be_parsed():
    with pytest.raises(ValueError, match="cannot be read as XML"):
        local(b"<a>")
