"""What people come for, in a real browser, with a mouse and by keyboard alone: a receipt with a difference and its
second person, a question about the past, what somebody of one facility cannot find, the doors.
"""

from tests.browser.room import Room, sign_in


def test_a_receipt_with_a_difference_is_approved_by_a_second_person(each_room: Room) -> None:
    lena = each_room.person("lena")
    lena.follow("P-25-1", row=["XTF2", "P-25-1"])
    lena.write("Day", "2025-11-20")
    lena.write("LEU", "479.2", group="Measured by the receiver, g")
    lena.write("LEU/U235", "21.3", group="Measured by the receiver, g")
    lena.push("Check")
    lena.sees("DI", "0.8")
    lena.push("State")
    lena.sees("waits for a second person", "You prepared it")
    assert lena.page.get_by_role("button", name="Approve").count() == 0
    number = each_room.approve("omar", "lena")
    lena.find("P-25-1")
    receipt = each_room.record("show", str(number))
    assert receipt["fields"]["code"] == "RD"


def test_march_is_asked_as_it_was_known_in_april(each_room: Room) -> None:
    jonas = each_room.person("jonas")
    jonas.follow("Accounting", within="Rooms")
    jonas.write("as of", "2025-03-31")
    jonas.write("as known at", "2025-04-30")
    jonas.push("Show", within="Times")
    assert "as_of=2025-03-31&known_at=2025-04-30" in jonas.page.url
    assert jonas.page.query_selector("header.past") is not None
    told = each_room.site.command("book", "XTF1", "--as-of", "2025-03-31", "--known-at", "2025-04-30")
    figures = {each.replace("\u2009", "") for each in told.split("\n")[-2].split("  ") if "." in each}
    row = jonas.row("XTF1").first.inner_text().replace("\u2009", "")
    assert figures
    assert all(each.strip() in row for each in figures)
    jonas.follow("back to now")
    assert jonas.page.query_selector("header.past") is None


def test_one_signs_in_skips_to_the_content_and_searches(each_room: Room) -> None:
    mira = each_room.kind(each_room.opened().new_page())
    mira.page.goto(each_room.site.address)
    sign_in(mira, "mira")
    mira.find("P-25-1")
    mira.sees("P-25-1")
    mira.follow("P-25-1", row=["P-25-1"])
    mira.push("Sign out")
    assert mira.page.url.endswith("/account/login/")
