"""Languages: catalogues hold every text, nothing visible cannot be translated, a reader's choice is kept."""

import gettext
import re
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from importlib import import_module

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils import formats, translation
from django.utils.translation import trans_real

from openmpca.locale import LANGUAGES, PSEUDO, offered
from openmpca.nuclear.changes import CHANGES, MBR_ENTRIES
from openmpca.pages.routes import ROUTES, Place, address
from openmpca.record.models import Party
from openmpca.record.statements import ROLES
from tests.state import State
from tests.web.conftest import signed_in
from tools import languages, visible

CODES = {*CHANGES, *MBR_ENTRIES, "MAIN", "ICR", "PIL", "MBR", "MUF", "CSV", "JSON"} - {"A", "I"}
CODE = re.compile(r"(?<![\w%(])[A-Z]{2,4}(?![\w)])")


@pytest.fixture(scope="module")
def template() -> languages.Catalog:
    """Every text of the source."""
    return languages.template()


def test_the_catalogues_hold_every_text_and_are_compiled(template: languages.Catalog) -> None:
    assert languages.check(template) == []


def test_the_same_texts_make_the_same_files(template: languages.Catalog) -> None:
    assert languages.files(template) == languages.files(template)
    assert b"Date" not in languages.as_po(languages.written("ru")).split(b"\n\n")[0]


def test_official_codes_are_the_same_in_every_language() -> None:
    for language in languages.LANGUAGES:
        for each in languages.written(language):
            asked = {code for code in CODE.findall(str(each.id)) if code in CODES}
            assert {code for code in asked if code not in str(each.string)} == set(), each.id


def test_numbers_choose_the_right_form_in_russian() -> None:
    catalog = gettext.GNUTranslations(languages.po_file("ru").with_suffix(".mo").open("rb"))
    several = [each for each in languages.written("ru") if isinstance(each.id, tuple)]
    assert several
    for each in several:
        forms = [catalog.ngettext(*each.id, number) for number in (1, 21, 2, 104, 5, 11, 112, 0)]
        one, few, many = each.string
        assert forms == [one, one, few, few, many, many, many, many]


TEMPLATE = """{% load i18n %}{% translate "plain" %}{% translate 'quoted "so"' %}{% translate "100 % sure" %}
{% translate "May" context "verb" %}{% translate "kept" as kept %}{{ kept }}{{ _("in a variable") }}
{{ nothing|default:_("as an argument") }}{% firstof nothing _("in a tag") %}
{% blocktranslate with name=one %}of {{ name }}, 5 %{% endblocktranslate %}
{% blocktranslate trimmed %}
   over several
   lines
{% endblocktranslate %}
{% blocktranslate count number=two %}{{ number }} key{% plural %}{{ number }} keys{% endblocktranslate %}
{% blocktranslate context "drawn" count number=two %}line{% plural %}lines{% endblocktranslate %}
{% comment %}{% translate "never" %}{% endcomment %}"""


class Recorder(gettext.NullTranslations):
    """A translation that keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str]] = set()

    def gettext(self, message: str) -> str:
        self.asked.add((message, ""))
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add((msgid1, msgid2))
        return msgid1


def test_texts_of_templates_are_found_as_they_are_looked_up(monkeypatch: pytest.MonkeyPatch, site: State) -> None:
    recorder = Recorder()
    with translation.override("en"):
        monkeypatch.setattr(trans_real._active, "value", recorder)
        Template(TEMPLATE).render(Context({"one": 1, "two": 2}))
        monkeypatch.undo()
    between = trans_real.CONTEXT_SEPARATOR

    def as_asked(text: str, context: str) -> str:
        return f"{context}{between}{text}" if context and text else text

    found = {
        (as_asked(each.identifier, each.context), as_asked(each.plural, each.context))
        for each in languages.in_template(TEMPLATE, "a.html")
    }
    assert found == recorder.asked - {("line", "lines")}  # asked again without the context, where none answers


def test_texts_of_python_are_found_under_every_name() -> None:
    source = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as of
_("one" " text"); ngettext("%(n)s key", "%(n)s keys", n); of("country", "State"); _(change.title); other("no")
"""
    found = [(each.identifier, each.plural, each.context) for each in languages.in_python(source, "a.py")]
    assert found == [("one text", "", ""), ("%(n)s key", "%(n)s keys", ""), ("State", "", "country")]
    with pytest.raises(SystemExit, match="only a literal"):
        list(languages.in_python('from django.utils.translation import gettext as _\n_(f"of {name}")', "a.py"))


def test_nothing_visible_cannot_be_translated() -> None:
    assert visible.in_templates() == []
    assert visible.in_python() == []


def test_what_cannot_be_translated_is_found() -> None:
    assert visible.of_template('<p title="Told">{{ x }} g ZZA1<b>{% translate "so" %} bare</b></p>') == ["Told", "bare"]
    source = """
from django.utils.translation import gettext as _
heads = {"mba": _("MBA"), "day": "The day"}
Page(f"Book of {mba}", [Text(_("so")), Facts({"Name": row["name"], _("Day"): day})], lead="a lead" if x else "")
Link(_("Ledger of %(mba)s") % {"mba": "XX"}, "/to/it"); Button("g"); Choice("value", "shown here")
"""
    found = [each.partition(": ")[2].strip() for each in visible.of_python(source)]
    assert sorted(found) == ["Book of", "Name", "The day", "a lead", "shown here"]


@pytest.fixture
def every_language() -> Iterator[None]:
    with override_settings(LANGUAGES=offered(with_pseudo=True)):
        yield


def test_the_language_of_nobody_is_offered_to_tests_alone() -> None:
    assert offered(with_pseudo=False) == list(LANGUAGES) == list(settings.LANGUAGES)
    assert PSEUDO in offered(with_pseudo=True)


class Texts(HTMLParser):
    """What a page says of its own: text and read-out attributes, without values, names, codes and choices."""

    VALUES = ("td", "dd", "code", "option", "output", "pre", "script", "style", "h1", "title", "svg")

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.within: list[str] = []
        self.said: list[str] = []
        self.root: dict[str, str | None] = {}
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.root = given if tag == "html" else self.root
        if tag in self.VALUES:
            self.within.append(tag)
        self.said += [str(given[each]) for each in visible.SHOWN_ATTRIBUTES if given.get(each) and not self.within]

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.within:
            self.said.append(data.strip())


INNERMOST = re.compile("⟦[^⟦⟧]*⟧")


def unmarked(text: str) -> str:
    """What of a text stands outside the marks of the language of nobody."""
    while (less := INNERMOST.sub("", text)) != text:
        text = less
    return text


def main_pages() -> list[str]:
    """The addresses of pages that can be asked for without saying of what."""
    import_module("openmpca.web.urls")
    found = [
        address(route.path)
        for route in ROUTES.values()
        if all(each.default is not each.empty for each in route.parameters.values())
        and not (isinstance(route.needs, Place) and route.parameters[route.needs.parameter].default is None)
    ]
    assert len(found) > 20
    return found


def test_every_page_can_be_read_from_right_to_left_in_the_language_of_nobody(
    founded_site: State, every_language: None
) -> None:
    anna = signed_in("anna")
    anna.cookies[settings.LANGUAGE_COOKIE_NAME] = PSEUDO[0]
    names = {"anna", "boris", *ROLES, *" ".join(Party.objects.values_list("name", flat=True)).split()}
    bare = {}
    for page in main_pages():
        answer = anna.get(page)
        if answer.status_code == 302 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        shown = Texts(answer.content)
        assert shown.root == {"lang": "ar-xb", "dir": "rtl"}, page
        rest = unmarked("\n".join(shown.said)).split()
        if found := {word for word in rest if word not in names and not visible.needs_none(word)}:
            bare[page] = found
    assert bare == {}


def test_what_is_beyond_the_reach_is_told_in_the_words_of_what_there_is_not_in_every_language() -> None:
    for language, _name in LANGUAGES:
        with translation.override(language):
            unknown = translation.gettext("There is no MBA %(mba)s that you may read.") % {"mba": "XX"}
            beyond = translation.gettext("There is no %(kind)s %(code)s that you may read.")
            assert unknown == beyond % {"kind": "MBA", "code": "XX"}


def test_a_language_is_chosen_before_signing_in_and_kept(founded_site: State) -> None:
    visitor = Client()
    assert b'lang="en"' in visitor.get("/account/login/").content
    chosen = visitor.post("/language", {"language": "ru", "next": "/account/login/"})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/account/login/")
    cookie = chosen.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("ru", True, "Strict")
    asked = visitor.get("/account/login/")
    assert asked.headers["Content-Language"] == "ru"
    assert '<html lang="ru" dir="ltr">' in asked.content.decode()
    assert "Войти" in asked.content.decode()
    anna = signed_in("anna")
    anna.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie.value
    assert "<h1>Книга учёта</h1>" in anna.get("/accounting/book").content.decode()


def test_a_browser_that_prefers_russian_gets_it_until_another_is_chosen(founded_site: State) -> None:
    visitor = Client(headers={"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"})
    assert b'<html lang="ru"' in visitor.get("/account/login/").content
    visitor.post("/language", {"language": "en"})
    assert b'<html lang="en"' in visitor.get("/account/login/").content


@pytest.mark.parametrize("unknown", ["ar-xb", "de", "", "../../etc", "ru\r\nX: y"])
def test_a_language_that_is_not_offered_is_not_chosen(founded_site: State, unknown: str) -> None:
    answer = Client().post("/language", {"language": unknown, "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "/\\example.com"]
)
def test_choosing_a_language_leads_nowhere_else(founded_site: State, elsewhere: str) -> None:
    assert Client().post("/language", {"language": "ru", "next": elsewhere}).headers["Location"] == "/"


def test_each_language_is_called_by_its_own_name(founded_site: State) -> None:
    for language in ("en", "ru"):
        page = Client(headers={"Accept-Language": language}).get("/account/login/").content.decode()
        assert re.findall(r'<option value="\w+" lang="\w+"[^>]*>([^<]+)<', page) == ["English", "Русский"]


def test_days_and_figures_are_written_alike_in_every_language(every_language: None) -> None:
    shown = Template('{{ day }}|{{ moment }}|{{ mass }}|{{ count }}|{{ day|date:"SHORT_DATE_FORMAT" }}')
    values = {"day": date(2026, 3, 31), "moment": datetime(2026, 3, 31, 14, 5), "mass": 12345.5, "count": 12345}  # noqa: DTZ001
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = shown.render(Context(values))
            assert said == "2026-03-31|2026-03-31 14:05|12345.5|12345|2026-03-31", language
            assert formats.get_format("DATE_INPUT_FORMATS") == ["%Y-%m-%d"]


def test_a_program_reads_the_same_in_every_language(founded_site: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openmpca.record.once.token_urlsafe", lambda size: "the same mark")
    anna = signed_in("anna")
    for page in main_pages():
        told = []
        for language in ("en", "ru"):
            anna.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            told.append(anna.get(f"/api{page}"))
        assert told[0].headers["Content-Language"] == told[1].headers["Content-Language"] == "en", page
        said = [re.sub(rb"\d+", b"", each.content) if page == "/record/doctor" else each.content for each in told]
        assert said[0] == said[1], page  # the doctor tells the time of the clock and the room on the disk
