"""The server is killed once in each act, at a bad moment; `trials/kills_served.py` does it twenty times."""

import random
from collections.abc import Iterator

import pytest

from trials import _dying, kills_served


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kills_served.World]:
    from tests.state import close_home

    with kills_served.worlds(tmp_path_factory.mktemp("kills") / "home", areas=8) as made:
        yield made
    close_home()


WORST = {
    "statement": (_dying.RECORDED, True),
    "upload": (_dying.UNNAMED, False),
    "bringing in": (_dying.WRITTEN, False),
    "approval": (_dying.ANSWERED, True),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", kills_served.KINDS)
def test_a_server_that_is_killed_leaves_nothing_by_halves_and_says_what_is_there(
    world: kills_served.World, kind: str
) -> None:
    moment, recorded = WORST[kind]
    found = kills_served.kill(world, kind, moment, random.Random("worst"), 1.0)
    assert found.wrong == ""
    assert found.recorded is recorded
