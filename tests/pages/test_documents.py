"""Papers: what was written is shown word for word, never run; the same record gives the same bytes; fonts are ours."""

import re
from importlib.resources import files
from itertools import pairwise

import pytest

from openmpca.pages.documents import rendering
from openmpca.pages.documents.frame import Frame
from openmpca.pages.documents.labels import label
from openmpca.pages.documents.matrix import drawn, matrix
from openmpca.pages.documents.paper import Paper, Part, Signature, cell, facts, fitted, listed
from openmpca.pages.documents.printing import printed, printed_labels
from tests.pages.pdf_text import pages, text

HOSTILE = [
    '#import "/etc/passwd"',
    '#eval("1 + 1")',
    '#read("frame.typ") #include "frame.typ" #sys.inputs',
    '"] #panic("out") [',
    "*bold* _slanted_ `raw` $x^2$ <label> @reference // comment /* more */",
    "= heading - list + list / term: #",
    "\\ \\u{41} ~ --- -- ... '\"",
    "</text><script>alert(1)</script>",
    '{"a": 1}',
]


def around(language: str = "en", *, rtl: bool = False, banner: str = "Not real.") -> Frame:
    words = {"name": "Name", "signature": "Signature", "date": "Date"}
    return Frame(
        "A State", banner, "Of 42 statements", "ab" * 32, "Page {page} of {pages}", words, language, rtl, 10**15
    )


def paper(*parts: Part, title: str = "A paper") -> Paper:
    return Paper(title, parts=list(parts))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_was_written_is_shown_word_for_word(hostile: str) -> None:
    rows = listed({"note": hostile}, [{"note": hostile}], caption=hostile)
    made = Paper(hostile, hostile, [Part(facts=facts({hostile: hostile})), rows], [Signature(hostile, hostile)])
    shown = text(printed(made, around()))
    assert shown.count(hostile) == 10
    assert "root:" not in shown


def test_nothing_hides_and_nothing_turns_what_stands_around_it() -> None:
    shown = text(printed(paper(Part(facts=facts({"a": "P-1\u202eTRID\0\x07\ud800\ufeff"}))), around()))
    assert "P-1[U+202E]TRID[U+0000][U+0007][U+D800][U+FEFF]" in shown


def test_a_very_long_word_goes_on_in_the_next_lines() -> None:
    tokens = [f"{at:04d}x" for at in range(2_000)]
    made = pages(printed(paper(listed({"a": "A", "b": "B"}, [{"a": "".join(tokens), "b": "end"}])), around()))
    assert sum(each not in "".join(made) for each in tokens) < len(made)


def test_each_script_that_is_shipped_is_drawn() -> None:
    told = {"ru": "Отчёт об изменениях", "el": "Έκθεση", "ar": "سجل", "minus": "−15"}
    shown = text(printed(paper(Part(facts=facts(told))), around()))
    assert "Отчёт об изменениях" in shown
    assert "Έκθεση" in shown
    assert set("سجل") <= set(shown)
    assert "−15" in shown


def test_the_same_data_give_the_same_bytes() -> None:
    made = paper(listed({"a": "A"}, [{"a": str(at)} for at in range(50)]))
    assert printed(made, around()) == printed(made, around())


def test_every_page_has_the_banner_the_heads_the_root_and_its_number() -> None:
    made = pages(printed(paper(listed({"a": "Head of a"}, [{"a": f"row {at}."} for at in range(150)])), around()))
    assert len(made) > 2
    for at, each in enumerate(made, 1):
        assert "Not real." in each
        assert "Head of a" in each
        assert "ab" * 32 in each
        assert f"Page {at} of {len(made)}" in each
    assert all(f"row {at}." in "".join(made) for at in range(150))


def test_a_paper_for_a_reader_from_right_to_left_is_drawn() -> None:
    made = printed(paper(listed({"a": "דגם", "g": "g"}, [{"a": "P-1", "g": "-10.5"}])), around("he", rtl=True))
    assert "−10.5" in text(made)


def test_what_is_wide_turns_the_paper_then_makes_the_type_smaller() -> None:
    def of(columns: int) -> Paper:
        return fitted(
            paper(listed({str(at): "Head" for at in range(columns)}, [{str(at): "x" * 12 for at in range(columns)}]))
        )

    assert [of(columns).wide for columns in (3, 9)] == [False, True]
    sizes = [of(columns).size for columns in (3, 9, 16, 60)]
    assert all(first >= second for first, second in pairwise(sizes))
    assert sizes[-1] == 6


def test_totals_stand_in_the_columns_of_figures() -> None:
    part = listed(
        {"b": "Batch", "g": "g"}, [{"b": "1", "g": "1.25"}, {"b": "2", "g": "0"}], totals=[{"b": "", "g": "1.25"}]
    )
    assert [(row[1].text, row[1].pad) for row in [*part.rows, *part.totals]] == [
        ("1.25", ""),
        ("0", ".00"),
        ("1.25", ""),
    ]


def test_the_templates_evaluate_read_and_fetch_nothing() -> None:
    folder = files("openmpca.pages").joinpath("documents/templates")
    for template in folder.iterdir():
        source = re.sub(r"//.*", "", template.read_text(encoding="utf-8"))
        assert not re.search(r"\b(eval|read|plugin|include|csv|yaml|toml|xml|cbor)\(|@preview|@local", source)
        assert re.findall(r'#import "([^"]+)"', source) in ([], ["frame.typ"])


def test_only_the_shipped_fonts_are_used() -> None:
    import typst

    folder = str(files("openmpca.pages").joinpath("fonts"))
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).families()
    assert sorted(found) == sorted(rendering.FONTS)
    embedded = re.findall(rb"/BaseFont/[A-Z]{6}\+(\w+)", printed(paper(), around()))
    assert embedded
    assert all(each.startswith(b"NotoSans") for each in embedded)


def test_a_code_is_one_path_whose_runs_are_its_modules() -> None:
    modules = matrix("ZZA1/P-1")
    dark = [tuple(map(int, each)) for each in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn("ZZA1/P-1"))]
    filled = {(x + step - 4, y - 4) for x, y, run in dark for step in range(run)}
    assert filled == {(x, y) for y, row in enumerate(modules) for x, each in enumerate(row) if each}


def test_labels_show_what_they_are_stuck_on() -> None:
    made = printed_labels("Labels", [label(each, each, {"MBA": "ZZA1"}) for each in [*HOSTILE, "P-1"]], around())
    assert len(pages(made)) == 2
    shown = "".join(text(made).split())
    assert all("".join(each.split()) in shown for each in [*HOSTILE, "P-1"])


def test_pictures_of_a_paper_are_one_a_page() -> None:
    made = rendering.pictures("paper", {"frame": around(), "paper": fitted(paper())}, 0, ppi=20)
    assert [each[:4] for each in made] == [b"\x89PNG"]


def test_a_value_that_is_not_known_is_a_dash() -> None:
    assert cell(None).text == "–"
