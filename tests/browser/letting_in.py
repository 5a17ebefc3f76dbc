"""Gives everybody of a State an account with the passphrase of the tests, in one go: `python -m` with OPENMPCA_HOME.

The demonstration has no custodian; one of the process area is introduced here, by its two administrators.
"""

import os

from tests.browser.serving import PASSPHRASE


def main() -> None:
    """Introduce the custodian, then make an account for each person."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "openmpca.web.serving_settings"
    from openmpca.record import console

    with console.opened(False) as out:
        from openmpca.record.models import PersonName
        from openmpca.web.databases import open_pages
        from openmpca.web.models import Account

        introduce("kaia", "Kaia Berg", "FUEL", "custodian", "mba:XTF2")
        open_pages()
        for each in PersonName.objects.all():
            Account.objects.create_user(each.handle, each.person, PASSPHRASE)
            out.say(each.handle)


def introduce(handle: str, name: str, party: str, role: str, scope: str) -> None:
    """Introduce a person and give them a grant, prepared by one administrator and approved by the other."""
    from openmpca.record import clock, commands, people
    from openmpca.record.act import Act
    from openmpca.record.statements import Grant

    act = Act(party="TNRA", prepared_by=commands.person_of("jonas"))
    today = clock.day(clock.now_us())
    person, _made = people.introduce(handle, name, party, today, act)
    waits = commands.state([Grant(day=today, person=person, for_party=party, role=role, scope=scope)], act)
    if waits.proposal is not None:
        commands.approve(waits.proposal, commands.person_of("mira"))


if __name__ == "__main__":
    main()
