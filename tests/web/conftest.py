"""What tests of pages share: a State with its pages' database, a browser without a window, people who are signed in."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from openmpca.record.databases import leave_database
from openmpca.web.databases import FILE, WEB, open_pages
from tests.state import State, founded, sqlite_state


@pytest.fixture(scope="session")
def pages_file(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the pages' database without an account, to be copied."""
    folder = tmp_path_factory.mktemp("pages")
    with sqlite_state(sqlite_file, folder / "home"):
        open_pages()
        leave_database(WEB)
    return folder / "home" / FILE


@pytest.fixture
def site(state_home: State, pages_file: Path) -> Iterator[State]:
    """A State on SQLite with the tables of its pages, nothing recorded."""
    shutil.copyfile(pages_file, state_home.folder / FILE)
    open_pages()
    cache.clear()
    try:
        yield state_home
    finally:
        leave_database(WEB)


@pytest.fixture
def founded_site(site: State) -> State:
    """A founded State: anna and boris are administrators, authority, officer and custodian everywhere."""
    founded()
    return site


def signed_in(handle: str, fresh: bool = True) -> Client:
    """A browser in which somebody of the record is signed in, as if they had given passphrase and second factor."""
    from openmpca.record.commands import person_of
    from openmpca.web.doors import BACKEND
    from openmpca.web.models import Account

    person = person_of(handle)
    account = Account.objects.filter(person=person).first() or Account.objects.create_user(handle, person)
    client = Client()
    client.force_login(account, backend=BACKEND)
    if fresh:
        prove(client, account.pk)
    return client


def prove(client: Client, account: int) -> None:
    """Keep in the session that who is signed in gave their passphrase just now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(account)
    session.save()
