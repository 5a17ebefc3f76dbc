"""The neighbours of the demonstration State: two more States with records and keys of their own, and their policy.

Rules kept here:

1. Each State is a home of its own; what passes between them passes as it would between machines: public keys, the
   policy, checkpoints, files.
2. Private keys are made here, at random: the neighbours are like real ones, and no two builds have the same keys.
3. A neighbour that stands is left as it is, unless it is built anew; then its keys are new, and Tessara is told so.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from openmpca.demonstration import building
from openmpca.demonstration.scenario import of_texts
from openmpca.record import home
from openmpca.record.act import Act
from openmpca.record.opening import open_home

POLICY: Final = "partnership.policy"
USES: Final = ("log", "witness", "party")


@dataclass(frozen=True)
class State:
    """One of the three: its name, its party with the party's name, the two persons who act, and where it is found."""

    name: str
    party: str
    party_name: str
    prepares: str
    approves: str
    log_port: int
    witness_port: int

    def key_name(self, use: str) -> str:
        """How a key of it is called; that of the log is the log's origin."""
        return f"{self.name}.example/{'openmpca' if use == 'log' else use}"


TESSARA: Final = State("tessara", "TNRA", "Tessara Nuclear Regulatory Authority", "jonas", "mira", 8761, 8771)
PERION: Final = State("perion", "PNSA", "Perion Nuclear Safeguards Authority", "rosa", "ivan", 8762, 8772)
OSTREL: Final = State("ostrel", "OSTREL", "Ostrel Institute of Verification", "nadia", "tomas", 8763, 8773)
STATES: Final = (TESSARA, PERION, OSTREL)


@dataclass(frozen=True)
class Neighbourhood:
    """The homes of the three by name, and the file of their policy."""

    homes: dict[str, Path]
    policy: Path


def build(tessara: Path, folder: Path, *, again: bool = False) -> Neighbourhood:
    """Build the neighbours in a folder beside the State, give all three their keys, and let them agree on a policy."""
    homes = {TESSARA.name: tessara, PERION.name: folder / PERION.name, OSTREL.name: folder / OSTREL.name}
    for state in (PERION, OSTREL):
        if again or not building.stands(homes[state.name]):
            text = files(__package__).joinpath("neighbours", f"{state.name}.toml").read_bytes()
            building.build(homes[state.name], of_texts({f"{state.name}.toml": text}), by=state.prepares)
    keys = {state.name: _keys(state, homes[state.name]) for state in STATES}
    policy = folder / POLICY
    policy.write_text(_policy(keys), encoding="utf-8")
    for state in STATES:
        _agree(state, homes[state.name], policy, keys)
    open_home(tessara)
    return Neighbourhood(homes, policy)


def _keys(state: State, folder: Path) -> dict[str, str]:
    """The public keys of a State by use; those that it lacks are made and introduced by two persons."""
    with _acting(state, folder) as act:
        from openmpca.proof.keyring import keys

        found = {each.use: each.vkey for each in keys.introduced() if each.of == state.party and each.in_force}
        for use in USES:
            if use not in found:
                found[use] = keys.new(keys.Asked(use, act), state.key_name(use)).vkey
    return found


def _policy(keys: dict[str, dict[str, str]]) -> str:
    """The text of the policy: whose logs, whose witnesses; all sign, so that no State alone can show two records."""
    names = " ".join(state.name for state in STATES)
    lines = ["# What Tessara, Perion and Ostrel agreed: these logs, these witnesses, and that all must have signed."]
    lines += [f"log {keys[each.name]['log']} http://127.0.0.1:{each.log_port}/" for each in STATES]
    lines += [
        f"witness {each.name} {keys[each.name]['witness']} http://127.0.0.1:{each.witness_port}/" for each in STATES
    ]
    lines += [f"group partners all {names}", "quorum partners", ""]
    return "\n".join(lines)


def _agree(state: State, folder: Path, policy: Path, keys: dict[str, dict[str, str]]) -> None:
    """Let a State know the policy, and state the keys of the others."""
    told = msgspec.structs.replace(home.configuration(folder), policy=os.path.relpath(policy, folder))
    (folder / home.CONFIGURATION).write_text(home.written(told), encoding="utf-8")
    with _acting(state, folder) as act:
        from openmpca.proof.bundles.partners import partners
        from openmpca.proof.statements import Partner
        from openmpca.record import clock, commands
        from openmpca.record.known import Known
        from openmpca.record.record import head
        from openmpca.record.statements import Party, Statement

        today = clock.day(clock.now_us())
        standing = partners(today)
        parties = Known("default", head()[0]).frame("SELECT code FROM record_party", [], {"code": str})["code"]
        said: list[Statement] = []
        for other in STATES:
            theirs, before = keys[other.name], standing.get(other.party)
            if other == state or (before and (before.party_key, before.log_key) == (theirs["party"], theirs["log"])):
                continue
            if other.party not in parties:
                said.append(Party(day=today, code=other.party, name=other.party_name))
            said.append(Partner(day=today, of=other.party, party_key=theirs["party"], log_key=theirs["log"]))
        if said:
            commands.state(said, act)


@contextmanager
def _acting(state: State, folder: Path) -> Iterator[Act]:
    """A State's home, open, and its two persons who act."""
    open_home(folder)
    from openmpca.record.commands import person_of

    approved = [person_of(state.approves)]
    yield Act(party=state.party, prepared_by=person_of(state.prepares), approved_by=approved)
