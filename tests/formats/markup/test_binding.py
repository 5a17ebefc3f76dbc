"""Structs and elements say the same: nothing is lost, nothing moves, nothing raises."""

import datetime
from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given

from openmpca.formats.markup import reader, writer
from openmpca.formats.markup.rules import SHOWN
from openmpca.formats.markup.shape import LANGUAGE, Attribute, Child, Kept, Node, Text, shape_of
from tests.formats.markup.elements import nodes


class Word(Node, frozen=True, kw_only=True):
    text: Annotated[str, Text()]
    language: Annotated[str | None, Attribute(LANGUAGE)] = None


class Cost(Node, frozen=True, kw_only=True):
    currency: Annotated[str | None, Attribute("currency")] = None
    amount: Annotated[Decimal, Text()]


class Plan(Node, frozen=True, kw_only=True):
    number: Annotated[int, Attribute("number")]
    done: Annotated[bool | None, Attribute("done")] = None
    title: Annotated[tuple[Word, ...], Child("word", within="title")]
    begin: Annotated[datetime.date | None, Child("begin", "iso-date")] = None
    at: Annotated[datetime.datetime | None, Child("at")] = None
    opens: Annotated[datetime.time | None, Child("opens")] = None
    lasts: Annotated[datetime.timedelta | None, Child("lasts")] = None
    names: Annotated[tuple[str, ...], Child("name")] = ()
    cost: Annotated[Cost | None, Child("cost")] = None
    note: str = "no part of the file"


class Plans(Node, frozen=True, kw_only=True):
    plans: Annotated[tuple[Plan, ...], Child("plan", within="all")] = ()


def read(xml: str, *namespaces: str) -> reader.Reading[Plans]:
    return reader.read(xml.encode(), Plans, "plans", namespaces or ("",))


def read_plan(inside: str, attributes: str = 'number="1"') -> reader.Reading[Plans]:
    return read(f"<plans><all><plan {attributes}><title><word>T</word></title>{inside}</plan></all></plans>")


PLAN = Plan(number=1, title=(Word(text="T"),))
FULL = Plan(
    number=7,
    done=False,
    title=(Word(text="Store", language="en"), Word(text="Склад", language="ru")),
    begin=datetime.date(2026, 1, 5),
    names=("a", "b"),
    cost=Cost(currency="EUR", amount=Decimal("12.50")),
)
WRITTEN = """<?xml version="1.0" encoding="UTF-8"?>
<plans>
  <all>
    <plan number="7" done="0">
      <title>
        <word xml:lang="en">Store</word>
        <word xml:lang="ru">Склад</word>
      </title>
      <begin iso-date="2026-01-05"/>
      <name>a</name>
      <name>b</name>
      <cost currency="EUR">12.50</cost>
    </plan>
  </all>
</plans>
"""


def test_a_struct_is_written_in_the_order_of_its_fields():
    assert writer.write(Plans(plans=(FULL,)), "plans").decode() == WRITTEN


@pytest.mark.parametrize("namespace", ["", "urn:plans"])
@given(nodes(Plans))
def test_what_is_written_is_read_back(namespace, plans):
    data = writer.write(plans, "plans", namespace)
    reading = reader.read(data, Plans, "plans", (namespace,))
    assert reading == reader.Reading(plans, [], namespace)
    assert writer.write(reading.value, "plans", namespace) == data


UNKNOWN = """<?xml version='1.0' encoding='UTF-8'?>
<p:plans xmlns:p="urn:plans" xmlns:x="urn:x" x:by="y">
  <p:first>1</p:first>
  <p:all>
    <x:between>mixed <b>text</b> stays</x:between>
    <p:plan number="1" colour="red"><p:title><p:word>T</p:word></p:title>
      <p:budget kind="x:q"><p:line/></p:budget>
      <p:name>n</p:name><x:name>another's</x:name>
      <name>nobody's</name>
    </p:plan>
    <p:last/>
  </p:all>
  <p:after/>
</p:plans>
"""


def test_unknown_elements_are_kept_where_they_stood():
    first = read(UNKNOWN, "urn:plans")
    assert first.problems == []
    data = writer.write(first.value, "plans", "urn:plans")
    assert read(data.decode(), "urn:plans") == first
    words = (
        "<first>",
        "<all>",
        "<x:between ",
        "<plan ",
        "<budget ",
        "<name>n",
        "<x:name ",
        ">nobody's",
        "<last/>",
        "</all>",
    )
    order = [data.decode().index(word) for word in (*words, "<after/>")]
    assert order == sorted(order)
    assert b'mixed <b xmlns="">text</b> stays' in data
    assert b'colour="red"' in data
    assert b' xmlns:n0="urn:x" n0:by="y"' in data


def test_a_prefix_within_a_value_keeps_its_meaning():
    xml = '<plans xmlns:s="urn:schema" xmlns:x="urn:x"><v s:type="x:day" xml:lang="en"> x<s:w/> </v></plans>'
    [kept] = read(xml).value.kept
    assert kept.xml == ('<v xmlns:s="urn:schema" xmlns:x="urn:x" xml:lang="en" s:type="x:day"> x<s:w/> </v>')
    assert read(f"<plans>{kept.xml}</plans>").value.kept == (kept,)


@pytest.mark.parametrize("attribute", ['xml:lang="en"', 'xml:space="preserve"', 'xml:lng="en"'])
def test_an_attribute_of_xml_itself_is_kept_where_it_is_not_known(attribute):
    reading = read_plan("", f'number="1" {attribute}')
    data = writer.write(reading.value, "plans")
    assert f" {attribute}".encode() in data
    assert read(data.decode()) == reading


def test_a_kept_element_stays_behind_its_neighbour_when_that_is_changed():
    kept = (Kept(xml="<x/>", after="name"), Kept(xml="<y/>", after="elsewhere"), Kept(xml="<z/>", within="none"))
    text = writer.write(Plans(plans=(Plan(number=1, title=PLAN.title, cost=FULL.cost, kept=kept),)), "plans").decode()
    assert text.index("</title>") < text.index("<x/>") < text.index("<cost") < text.index("<y/>") < text.index("<z/>")


def test_an_empty_wrapper_is_written_where_something_was_kept_in_it():
    text = writer.write(Plans(kept=(Kept(xml="<x/>", within="all"),)), "plans").decode()
    assert "<all>\n    <x/>\n  </all>" in text
    assert "all" not in writer.write(Plans(), "plans").decode()


@pytest.mark.parametrize("xml", ["<a>", "text", "<a/><b/>", "</kept><kept>", "<!DOCTYPE a><a/>"])
def test_what_is_no_element_is_not_written_as_kept(xml):
    with pytest.raises(ValueError, match=r"."):
        writer.write(Plans(kept=(Kept(xml=xml),)), "plans")


def test_a_control_character_is_not_written():
    with pytest.raises(ValueError, match=r"U\+0001"):
        writer.write(Plans(plans=(Plan(number=1, title=(Word(text="\x01"),)),)), "plans")


@pytest.mark.parametrize(
    ("inside", "rule", "field", "said"),
    [
        ("<at>soon</at>", 1005, "at", "soon is not a day and time, written YYYY-MM-DDThh:mm:ss: at."),
        ("<begin/>", 1005, "begin", " is not a day, written YYYY-MM-DD: begin/iso-date."),
        (
            '<begin iso-date="2026-01-05" kind="x"/>',
            1005,
            "begin",
            "begin says more than can be kept beside its value.",
        ),
        ('<begin iso-date="2026-01-05">x</begin>', 1005, "begin", "begin says more than can be kept beside its value."),
        ("<at>2026-01-05T08:00:00<b/></at>", 1005, "at", "at says more than can be kept beside its value."),
        ("<cost>1</cost><cost>2</cost>", 1007, "cost", "cost stands more than once."),
        ("<title><word>again</word></title>", 1007, "title", "title stands more than once."),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(inside, rule, field, said):
    reading = read_plan(inside)
    [problem] = reading.problems
    assert (problem.rule, problem.record, problem.field, problem.message) == (rule, "line 1", field, said)
    assert len(reading.value.plans[0].kept) == 1
    assert read(writer.write(reading.value, "plans").decode()).value == reading.value


def test_an_attribute_that_cannot_be_read_is_told_and_kept():
    reading = read_plan("", 'number="1" done="perhaps"')
    assert [(each.rule, each.message) for each in reading.problems] == [
        (1005, "perhaps is not yes or no, written 1 or 0: done.")
    ]
    assert reading.value.plans[0].kept_attributes == (("done", "perhaps"),)


def test_an_element_without_what_it_must_have_is_kept_whole():
    reading = read("<plans><all><plan><title><word>T</word></title></plan></all></plans>")
    assert [(each.rule, each.field, each.message) for each in reading.problems] == [
        (1006, "plan", "plan has no number.")
    ]
    assert reading.value == Plans(kept=(Kept(xml="<plan><title><word>T</word></title></plan>", within="all"),))


def test_a_sum_that_is_no_number_is_kept_whole():
    reading = read_plan("<cost>much</cost>")
    assert [each.message for each in reading.problems] == ["much is not a decimal number.", "cost has no text."]
    assert reading.value.plans[0].kept == (Kept(xml="<cost>much</cost>", after="cost"),)


def test_what_stands_twice_in_another_order_is_read_the_same_again():
    first = read_plan("<cost>1</cost><name>n</name><cost>2</cost><title><word>U</word></title><begin>x</begin>")
    again = read(writer.write(first.value, "plans").decode())
    assert first.value.plans[0].cost.amount == 1
    assert again.value == first.value


def test_an_empty_wrapper_says_nothing():
    reading = read(
        '<plans><all/><all><plan number="1"><title/><title><word>T</word></title></plan></all><all/></plans>'
    )
    assert (reading.value, reading.problems) == (Plans(plans=(PLAN,)), [])


def test_a_wrapper_that_says_more_than_its_children_is_kept_whole():
    reading = read('<plans><all by="me"><plan number="1"/></all></plans>')
    assert [each.message for each in reading.problems] == ["all says more than its children do."]
    assert reading.value.plans == ()
    second = read('<plans><all by="me"/><all><plan number="1"><title><word>T</word></title></plan></all></plans>')
    assert second.value.plans == (PLAN,)
    assert read("<plans><all>text<plan/></all></plans>").problems[0].rule == 1005


def test_text_between_elements_is_told():
    reading = read_plan("stray<name>n<x/>tail</name>")
    assert [each.rule for each in reading.problems] == [1008, 1005]
    word = read("<plans><all><plan number='1'><title><word>T<x/>tail</word></title></plan></all></plans>")
    assert [each.message for each in word.problems] == ["tail stands between elements and is lost."]


def test_a_child_of_no_namespace_is_not_one_of_the_format():
    reading = read('<p:plans xmlns:p="urn:plans"><all/></p:plans>', "urn:plans")
    assert [each.xml for each in reading.value.kept] == ['<all xmlns=""/>']


@pytest.mark.parametrize("xml", ["<plan/>", '<plans xmlns="urn:other"/>', f"<{'x' * 100}/>"])
def test_another_format_is_refused(xml):
    reading = read(xml)
    assert reading.value is None
    assert [each.rule for each in reading.problems] == [1004]


def test_a_file_that_cannot_be_opened_is_told():
    assert [each.rule for each in read("<plans>").problems] == [1000]


def test_a_root_without_what_it_must_have_says_nothing():
    assert reader.read(b"<plan/>", Plan, "plan").value is None


def test_only_the_first_problems_are_listed():
    reading = read_plan("<at>x</at>" * (SHOWN + 9))
    assert len(reading.problems) == SHOWN + 1
    assert reading.problems[-1].message == "9 more problems are not listed."


def test_a_field_without_a_place_is_no_part_of_the_file():
    assert "note" not in {slot.field for slot in shape_of(Plan).slots}
    assert [slot.called for slot in shape_of(Plan).slots][:4] == ["number", "done", "title/word", "begin/iso-date"]
    assert shape_of(Word).text.called == "text"
