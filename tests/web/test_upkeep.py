"""The doctor as a page: the findings of the command, for administrators alone."""

import msgspec

from openmpca.record.doctor import examine
from tests.state import State
from tests.web.conftest import signed_in


def test_the_doctor_says_the_same_on_the_page_as_on_the_command_line(founded_site: State) -> None:
    rows = msgspec.json.decode(signed_in("anna").get("/api/record/doctor").content)["blocks"]["findings"]["rows"]
    assert sorted(each["name"] for each in rows) == sorted(each.name for each in examine())
    assert [each["status"] for each in rows] == sorted(
        (each["status"] for each in rows), key=["wrong", "warning", "fine"].index
    )
