"""The pages of rules and of the words of statements."""

from tests.state import State
from tests.web.accounting.reading import asked, links_of
from tests.web.conftest import signed_in


def test_every_rule_has_a_page_with_its_source_and_its_mend(founded_site: State) -> None:
    found = asked("anna", "/rules?number=351")["rule"]
    assert found["source"] == "Code 10, labels 600 to 800"
    assert found["severity"] == "error: refuses"
    assert b"Rule 351: A weight has a known key" in signed_in("anna").get("/rules?number=351").content
    assert signed_in("anna").get("/api/rules?number=99999").status_code == 404


def test_the_list_of_rules_leads_to_each_and_is_filtered_by_a_text(founded_site: State) -> None:
    assert "/rules?number=351" in links_of("anna", "/rules")
    found = [row["rule"] for row in asked("anna", "/rules?text=KNOWN KEY")["rules"]["rows"]]
    assert found == [341, 351]


def test_a_rule_with_an_explanation_tells_it(founded_site: State) -> None:
    from openmpca.formats.code10.rules import EXPLANATIONS

    number, text = next(iter(EXPLANATIONS.items()))
    assert asked("anna", f"/rules?number={number}")["explanation"] == text


def test_the_words_of_statements_tell_kinds_and_fields(founded_site: State) -> None:
    assert "/glossary?kind=accounting.change" in links_of("anna", "/glossary")
    fields = {
        row["field"]: row["meaning"] for row in asked("anna", "/glossary?kind=accounting.change")["fields"]["rows"]
    }
    assert "identifier" in fields["batch"]
    assert signed_in("anna").get("/api/glossary?kind=nothing").status_code == 404
