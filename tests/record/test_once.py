"""A form that is stated once: what came of it is kept with what it made, however and whenever it is sent again."""

from datetime import date
from threading import Thread
from typing import Any

import pytest

from tests.state import State, alone, founded


def another() -> Any:
    from openmpca.record.statements import Party

    return Party(day=date(2026, 1, 1), code=f"P{number()}", name="Another")


def number() -> int:
    from openmpca.record.record import head

    return head()[0]


def once(mark: str = "") -> Any:
    from openmpca.record.once import Once, new_mark

    return Once("anna", mark or new_mark())


def stated(form: Any, act: Any, statement: Any = None) -> Any:
    from openmpca.record import commands
    from openmpca.record.once import stating

    with stating(form):
        return commands.state([statement or another()], act)


def test_a_form_that_is_sent_again_records_nothing_and_tells_what_it_made(each_state_home: State) -> None:
    from openmpca.record.once import StatedAlready

    act, form = founded(), once()
    form.must_be_new()
    made, size = stated(form, act).numbers[0], number()
    for again in (form.must_be_new, lambda: stated(form, act)):
        with pytest.raises(StatedAlready) as told:
            again()
        assert told.value.numbers == range(made, made + 1)
    assert number() == size
    once().must_be_new()


def test_a_form_that_is_sent_twice_at_the_same_time_is_recorded_once(each_state_home: State) -> None:
    from django.db import connections

    from openmpca.record.once import StatedAlready

    act, form, size = founded(), once(), number()
    came: list[str] = []

    def send() -> None:
        try:
            stated(form, act, statement)
            came.append("recorded")
        except StatedAlready:
            came.append("before")
        finally:
            connections.close_all()

    from openmpca.record.statements import Duty

    statement = Duty(day=date(2026, 1, 1), of="record.party", persons=1, prepare=["administrator"], approve=[])
    threads = [Thread(target=send) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(came) == ["before", "before", "recorded"]
    assert number() == size + 1


def test_a_proposal_is_made_once(each_state_home: State) -> None:
    from openmpca.record.models import Proposal
    from openmpca.record.once import StatedAlready
    from openmpca.record.statements import Grant

    act, form = founded(), once()
    grant = Grant(day=date(2026, 1, 1), person="anna", for_party=act.party, role="reader")
    made = stated(form, alone(act), grant).proposal
    with pytest.raises(StatedAlready) as told:
        stated(form, alone(act), grant)
    assert told.value.proposal == made
    assert Proposal.objects.count() == 1


def test_an_approval_and_a_rejection_of_a_form_are_told_when_it_is_sent_again(each_state_home: State) -> None:
    from openmpca.record import commands
    from openmpca.record.once import StatedAlready, stating
    from openmpca.record.statements import Grant

    act = founded()
    grant = Grant(day=date(2026, 1, 1), person="anna", for_party=act.party, role="reader")
    first, second = (commands.state([grant], alone(act)).proposal for _ in range(2))
    assert first is not None
    assert second is not None
    approval, rejection = once(), once()
    with stating(approval):
        made = commands.approve(first, "boris")
    with stating(rejection):
        commands.reject(second, "boris", "twice")
    size = number()
    for form, again in (
        (approval, lambda: commands.approve(first, "boris")),
        (rejection, lambda: commands.reject(second, "boris", "twice")),
    ):
        with stating(form), pytest.raises(StatedAlready) as told:
            again()
        numbers, proposal = (made.numbers, None) if form is approval else (range(0), second)
        assert (told.value.numbers, told.value.proposal) == (numbers, proposal)
    assert number() == size


def test_what_is_only_checked_is_of_no_form(each_state_home: State) -> None:
    from openmpca.record import commands
    from openmpca.record.once import stating

    act, form = founded(), once()
    with stating(form):
        commands.state([another()], act, dry_run=True)
    form.must_be_new()
    assert stated(form, act).numbers


def test_what_was_refused_may_be_sent_again(each_state_home: State) -> None:
    from openmpca.record.record import Refused
    from openmpca.record.statements import Party

    act, form = founded(), once()
    with pytest.raises(Refused):
        stated(form, act, Party(day=date(2026, 1, 1), code=act.party, name="The same"))
    form.must_be_new()
    assert stated(form, act).numbers


@pytest.mark.parametrize("mark", ["", "soon.x", "2020-01-01.x", "2999-01-01.x"])
def test_a_mark_that_is_old_or_none_is_told(state_home: State, mark: str) -> None:
    from openmpca.record.once import Once, TooOld

    with pytest.raises(TooOld):
        Once("anna", mark).must_be_new()
    assert Once("anna", mark).came_to() is None


def test_what_is_stated_of_an_old_form_is_refused_by_a_rule(state_home: State) -> None:
    from openmpca.record.record import Refused

    act, size = founded(), number()
    for mark in ("soon.x", "2020-01-01.x"):
        with pytest.raises(Refused) as told:
            stated(once(mark), act)
        assert [each.rule for each in told.value.problems] == [24]
    assert number() == size


def test_old_marks_go(state_home: State) -> None:
    from openmpca.record.models import Setting

    act = founded()
    Setting.objects.create(name="form 2020-01-01 abc", value={"number": 1, "proposal": None})
    Setting.objects.create(name="mapping change x", value="kept")
    stated(once(), act)
    kept = set(Setting.objects.values_list("name", flat=True))
    assert "form 2020-01-01 abc" not in kept
    assert "mapping change x" in kept
    assert len([each for each in kept if each.startswith("form ")]) == 1
