"""Where a passphrase comes from: a file that OPENMPCA_PASSPHRASE_FILE names, or a person at a terminal, without echo.

Never from the command line, where other users of the machine would see it.
"""

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from openmpca.problems import rule
from openmpca.proof.keyring import keyfolder
from openmpca.record.record import Refused

VARIABLE: Final = "OPENMPCA_PASSPHRASE_FILE"

PASSPHRASE = rule(
    59,
    "The passphrase opens the key",
    source="issue: private keys optionally encrypted with a passphrase",
    mend=f"Type it at a terminal, or name a file that holds it, and that nobody else may read, in {VARIABLE}.",
)


def at_hand() -> bool:
    """Whether a passphrase is there without asking anybody."""
    return bool(os.environ.get(VARIABLE))


def asked(title: str) -> str:
    """The passphrase of a key; `Refused` where there is nobody to ask."""
    if at_hand():
        return _from_file(Path(os.environ[VARIABLE]))
    if not sys.stdin.isatty():
        raise Refused([PASSPHRASE.problem("It is sealed, and nobody can be asked here.", record=title)])
    return getpass(f"Passphrase of {title}: ")


def chosen(title: str) -> str:
    """A new passphrase, asked for twice; `Refused` where the two differ or it is empty."""
    first = asked(title)
    if not at_hand() and getpass("Once more: ") != first:
        raise Refused([PASSPHRASE.problem("The two are not the same.", record=title, mend="Try again.")])
    if not first:
        raise Refused([PASSPHRASE.problem("It is empty.", record=title, mend="Choose one of several words.")])
    return first


def _from_file(path: Path) -> str:
    return keyfolder.read(path).rstrip("\r\n")
