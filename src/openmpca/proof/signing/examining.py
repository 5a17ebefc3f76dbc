"""What the doctor says of keys and checkpoints: each with its mend."""

from collections.abc import Iterator
from typing import Final

from openmpca.proof.keyring import keyfolder, keys
from openmpca.proof.models import Checkpoint as Kept
from openmpca.proof.signing import checkpoints
from openmpca.record import clock
from openmpca.record.doctor import Finding
from openmpca.record.home import configuration
from openmpca.record.layout import counted
from openmpca.record.record import Refused, head

SECONDS_WITHOUT_CHECKPOINT: Final = 7 * 86_400
"""Where no schedule is configured: so long may statements wait for a checkpoint."""
NEWEST: Final = 100
"""So many checkpoints are looked at; `openmpca verify` looks at all."""


def examine() -> Iterator[Finding]:
    """The findings on the folder of keys, the key of the log, its origin and its checkpoints."""
    yield from _folder()
    yield from _log()
    yield from _origin()
    yield from _checkpoints()


def _folder() -> Iterator[Finding]:
    folder = keyfolder.folder()
    if folder.is_dir() and keyfolder.others_read(folder):
        yield Finding("folder of keys", "wrong", f"Others may look into {folder}.", f"Run `chmod 700 {folder}`.")
    for path in keys.every_file():
        try:
            keys.read(path)
        except Refused as refused:
            yield from _wrong("key files", refused)


def _log() -> Iterator[Finding]:
    known = [each for each in keys.introduced("log") if each.in_force]
    here = any(path.name.startswith("log.") for path in keys.every_file())
    if not known and not here:
        yield Finding("key of the log", "fine", "There is none: nothing is signed for partners.")
        return
    try:
        file = keys.signing("log")
    except Refused as refused:
        yield from _wrong("key of the log", refused)
    else:
        sealed = ", sealed" if file.sealed else ""
        yield Finding("key of the log", "fine", f"{file.path.name} is the key that the record introduced{sealed}.")


def _origin() -> Iterator[Finding]:
    said, given = keys.origin(), configuration().origin
    if given and said != given:
        message = f"The record says {said}, the configuration {given}."
        yield Finding("origin", "warning", message, "Take `origin` out of openmpca.toml: what the record says counts.")
    elif said:
        yield Finding("origin", "fine", f"The log is {said}.")


def _checkpoints() -> Iterator[Finding]:
    wrong = checkpoints.problems(NEWEST)
    for each in wrong:
        yield Finding("checkpoint", "wrong", f"{each.record}: {each.message}", each.mend)
    if not wrong and any(each.in_force for each in keys.introduced("log")):
        yield _age()


def _age() -> Finding:
    last, size = checkpoints.latest(), head()[0]
    if last is None:
        return Finding("checkpoint", "warning", "Nothing was signed yet.", "Run `openmpca checkpoint`.")
    waiting = size - last.checkpoint.size
    message = f"The last one is of {counted(last.checkpoint.size, 'statement')}; {waiting} came since."
    every = configuration().checkpoint_every
    patience = 2 * every if every else SECONDS_WITHOUT_CHECKPOINT
    if waiting and _seconds_since(last.checkpoint.origin, last.checkpoint.size) > patience:
        return Finding("checkpoint", "warning", message, "Run `openmpca checkpoint`, or see why the schedule stopped.")
    return Finding("checkpoint", "fine", message)


def _seconds_since(origin: str, size: int) -> int:
    made_us = Kept.objects.filter(origin=origin, size=size).values_list("made_us", flat=True).first()
    return (clock.now_us() - made_us) // 1_000_000 if made_us is not None else 0


def _wrong(name: str, refused: Refused) -> Iterator[Finding]:
    return (Finding(name, "wrong", f"{each.record}: {each.message}", each.mend) for each in refused.problems)
