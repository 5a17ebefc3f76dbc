"""Files of IATI activities, written and read back."""

import msgspec
from hypothesis import HealthCheck, given, settings

from openmpca.formats.iati.activity import Activities, Activity
from openmpca.formats.iati.file import read, write
from openmpca.formats.markup.reader import Reading
from openmpca.formats.markup.shape import Node, shape_of
from tests.formats.iati.example import ACTIVITY, FILE
from tests.formats.markup.elements import nodes


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(nodes(Activities))
def test_what_is_written_is_read_back(activities):
    assert read(write(activities)) == Reading(activities, [])


def test_the_same_file_comes_each_time():
    data = write(FILE)
    assert data == write(read(data).value)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03" ')


def test_a_sum_keeps_every_digit():
    text = write(FILE).decode()
    assert '<value value-date="2024-06-30">125000.50</value>' in text.replace(' currency="EUR"', "")
    assert read(text.encode()).value.activities[0].budgets[0].value.amount.as_tuple().exponent == -2


def used(node: Node) -> set[tuple[str, str]]:
    """The fields that are filled in a struct and in those within it, by their class."""
    filled = set()
    for slot in shape_of(type(node)).slots:
        value = getattr(node, slot.field)
        if value not in (None, ()):
            filled.add((type(node).__name__, slot.field))
        for each in value if isinstance(value, tuple) else (value,):
            filled |= used(each) if isinstance(each, Node) else set()
    return filled


def test_the_example_uses_nearly_every_field_of_an_activity():
    fields = {("Activity", slot.field) for slot in shape_of(Activity).slots}
    assert fields - used(ACTIVITY) == {("Activity", "regions"), ("Activity", "budget_not_provided")}


def test_what_we_do_not_write_is_kept():
    text = write(FILE).decode()
    marker = '<policy-marker vocabulary="1" code="1" significance="0"/>'
    more = text.replace("<collaboration-type", f"{marker}\n    <collaboration-type").replace(
        "<iati-activity ", '<iati-activity linked-data-uri="urn:1" '
    )
    [activity] = read(more.encode()).value.activities
    assert [(each.after, each.xml) for each in activity.kept] == [
        ("sector", '<policy-marker code="1" significance="0" vocabulary="1"/>')
    ]
    assert activity.kept_attributes == (("linked-data-uri", "urn:1"),)
    bare = msgspec.structs.replace(activity, kept=(), kept_attributes=())
    assert bare == ACTIVITY


def test_another_file_is_refused():
    reading = read(b"<iati-organisations/>")
    assert (reading.value, reading.problems[0].rule) == (None, 1004)
