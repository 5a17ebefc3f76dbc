"""The policy of the partners as this home has it: the file named in the configuration, or another one."""

from pathlib import Path

from openmpca.proof.witnesses.shown_rules import KNOWN_LOG
from openmpca.record.home import configuration, home
from openmpca.record.record import Refused
from openmpca.tlog.policy import MAX_POLICY_BYTES, Policy, PolicyError


def policy(file: Path | None = None) -> Policy:
    """The policy in a file, else in that of the configuration. Raises `Refused` where there is none to be read."""
    named = configuration().policy
    if file is None and not named:
        mend = "Name its file with --policy, or as `policy` in openmpca.toml."
        raise Refused([KNOWN_LOG.problem("No policy says whose keys are known.", record="policy", mend=mend)])
    path = file or home() / named
    with path.open("rb") as opened:
        data = opened.read(MAX_POLICY_BYTES + 1)
    try:
        return Policy.parse(data)
    except PolicyError as error:
        mend = "Mend the file; the partners hold the same text."
        raise Refused([KNOWN_LOG.problem(f"It is no policy: {error}.", record=str(path), mend=mend)]) from None
