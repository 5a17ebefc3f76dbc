"""The commands of witnesses: to be one, to ask others, and to follow the log of a partner."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.proof.cli.log import Host
from openmpca.proof.moments import moment
from openmpca.record import console
from openmpca.record.cli import LOG

if TYPE_CHECKING:
    from openmpca.problems import Problem
    from openmpca.proof.witnesses.following import Followed
    from openmpca.proof.witnesses.witnessing import Witness
    from openmpca.tlog.note import Note
    from openmpca.tlog.policy import Policy
    from openmpca.tlog.witness import Outcome

PANEL = "Proof"
WITNESS_PORT = 8371
HELP = "Be a witness of partners' logs: cosign what only grows."

PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="The policy of the partners. Default: `policy` of the configuration.")
]


def add(app: typer.Typer) -> None:
    """Give these commands to the root and to `openmpca log`."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    group.command("serve")(serve)
    group.command("sign")(sign)
    app.add_typer(group, name="witness", rich_help_panel=PANEL)
    app.command("cosign", rich_help_panel=PANEL)(cosign)
    app.command("follow", rich_help_panel=PANEL)(follow)
    LOG.command("request")(request)


def serve(
    policy: PolicyFile = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on which it listens.")] = WITNESS_PORT,
    as_json: console.Json = False,
) -> None:
    """Cosign over HTTP what partners' logs ask for.

    It knows the logs of the policy and signs with the witness key of this home (`openmpca key new witness`), and only
    trees that continue what it cosigned before. It goes on until it is interrupted. Others reach it by the address
    that stands at the witness in their policy, http://HOST:PORT; put a web server with TLS in front for the open
    network.
    """
    with console.opened(as_json, figures=False):
        from openmpca.proof.publishing import serving, urls

        witness = _witness(policy)
        known = ", ".join(witness.policy.logs) or "no log at all"
        console.tell(f"Witness {witness.signer.name} at http://{host}:{port} knows {known} (end with Ctrl+C).")
        serving.serve(urls.of_witness(witness), host, port)


def sign(
    source: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="A request, or the folder that `log export` wrote.")
    ],
    answer: Annotated[Path | None, typer.Option(help="The file to write. Default: FILE.cosigned.")] = None,
    policy: PolicyFile = None,
    as_json: console.Json = False,
) -> None:
    """Cosign a request that came as a file.

    For machines without a network. The log's keeper makes the request with `openmpca log request`, or hands over the
    folder of `openmpca log export`, from which the proof is made here. Carry the file that this writes back to them:
    they take it in with `openmpca cosign --file`. What the witness holds and signs is the same as over HTTP.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.proof.publishing import placing

        witness = _witness(policy)
        outcome = _decided(witness, source)
        checkpoint = outcome.checkpoint
        if checkpoint is None:
            raise _refusal(outcome, str(source))
        target = answer or source.with_name(f"{source.name}.cosigned")
        placing.place(target, outcome.body)
        out.value({"file": str(target), "origin": checkpoint.origin, "size": checkpoint.size})
        out.say(f"Cosigned: {checkpoint.origin} with {checkpoint.size} statements.\nCarry back: {target}")


def _witness(policy: Path | None) -> "Witness":
    from openmpca.proof.witnesses import policies, witnessing

    return witnessing.of_this_home(policies.policy(policy))


def _own(policy: "Policy") -> "Witness | None":
    """The witness of this home, where the policy names it."""
    from openmpca.proof.keyring import keys
    from openmpca.proof.witnesses import witnessing

    mine = {each.vkey for each in keys.introduced("witness") if each.in_force}
    here = mine & {each.vkey for each in keys.files("witness")}
    named = {str(verifier) for verifier, _ in policy.witnesses.values()}
    return witnessing.of_this_home(policy) if here & named else None


def _decided(witness: "Witness", source: Path) -> "Outcome":
    from openmpca.proof.publishing import reaching
    from openmpca.proof.witnesses import witnessing
    from openmpca.tlog.witness import MAX_REQUEST_BYTES

    if not source.is_dir():
        with source.open("rb") as opened:
            return witness.add_checkpoint(opened.read(MAX_REQUEST_BYTES + 1))
    asked = witnessing.request_from_folder(reaching.from_folder(source), witness)
    return witness.add_checkpoint(asked.encode())


def _refusal(outcome: "Outcome", source: str) -> Exception:
    from openmpca.proof.witnesses.shown_rules import REQUESTED
    from openmpca.record.record import Refused
    from openmpca.tlog.witness import SIZE

    text = outcome.body.decode().strip()
    if outcome.content_type == SIZE:
        message = f"The witness holds {text} statements of this log, and the request begins elsewhere."
        mend = f"Let the log's keeper make it anew: `openmpca log request --old {text}`, or hand over the whole folder."
        return Refused([REQUESTED.problem(message, record=source, mend=mend)])
    return Refused([REQUESTED.problem(f"{text[:1].upper()}{text[1:]} ({outcome.status}).", record=source)])


def request(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    witness: Annotated[str, typer.Option(help="The witness, as the policy names it.")],
    old: Annotated[
        int | None, typer.Option(min=0, help="From which size. Default: what it is known to have cosigned, else 0.")
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Write a request to a witness as a file.

    It holds the last checkpoint and the proof that it continues what the witness cosigned last. The witness answers it
    with `openmpca witness sign`; take that answer in with `openmpca cosign --file`.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.proof.publishing import placing
        from openmpca.proof.witnesses import cosigning
        from openmpca.tlog.checkpoint import Checkpoint

        asked = cosigning.request(witness, old)
        placing.place(file, asked.encode())
        size = Checkpoint.parse(asked.note.text).size
        out.value({"file": str(file), "witness": witness, "old": asked.old, "size": size})
        out.say(f"{file}: asks {witness} to cosign {size} statements, of which it holds {asked.old}.")


def cosign(
    file: Annotated[Path | None, typer.Option(help="Take in an answer that was carried here; ask nobody.")] = None,
    witness: Annotated[list[str] | None, typer.Option(help="Ask only this one; may be repeated.")] = None,
    policy: PolicyFile = None,
    as_json: console.Json = False,
) -> None:
    """Collect partners' cosignatures of the last checkpoint.

    Every witness of the policy with an address is asked, from the tree that it holds; busy ones again after a while.
    The witness of this home signs here, without a server. It ends with 1 when the policy's quorum is not met, and
    with 3, an alarm, when a witness has seen another tree of this log. Without a network: `openmpca log request`,
    carry, `openmpca witness sign`, carry, and --file here.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.proof.witnesses import cosigning, policies

        known = policies.policy(policy)
        if file is not None:
            from openmpca.tlog.witness import MAX_REQUEST_BYTES

            with file.open("rb") as opened:
                note, _ = cosigning.adopt(opened.read(MAX_REQUEST_BYTES + 1), known)
            _tell(out, known, note, [], False)
            return
        if unknown := sorted(set(witness or []) - set(known.witnesses)):
            console.not_found(f"The policy has no witness {unknown[0]}.")
        made = cosigning.cosign(known, witness or [], witness=_own(known))
        _tell(out, known, made.note, made.problems, made.alarm)


def _tell(out: console.Output, policy: "Policy", note: "Note", problems: "list[Problem]", alarm: bool) -> None:
    from openmpca.proof.witnesses.shown_rules import COSIGNED
    from openmpca.tlog.checkpoint import Checkpoint
    from openmpca.tlog.policy import PolicyError

    checkpoint = Checkpoint.parse(note.text)
    try:
        judged = policy.judged(note, checkpoint.origin)
    except PolicyError as error:
        console.usage(f"The policy does not name this log: {error}.", "Add its `log` line, see `openmpca key show`.")
    when = moment(judged.no_later_than) if judged.no_later_than is not None else ""
    found = [*problems]
    if not judged.met:
        found.append(COSIGNED.problem("The quorum of the policy is not met.", record=checkpoint.origin))
    out.value(
        {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "cosigned": {name: moment(seconds) for name, seconds in judged.cosigned.items()},
            "quorum_met": judged.met,
            "no_later_than": when,
            "alarm": alarm,
            "problems": [console.problem_fields(each) for each in found],
            "note": note.encode().decode(),
        }
    )
    said = [f"{name} cosigned {checkpoint.size} statements at {moment(at)}." for name, at in judged.cosigned.items()]
    met = [f"The policy is met{f': it existed no later than {when}' if when else ''}."] if judged.met else []
    out.say("\n".join([*(["ALARM: another tree of this log is about."] if alarm else []), *said, *met]))
    if not out.as_json:
        for each in found:
            console.tell(console.problem_text(each))
    if alarm:
        raise SystemExit(console.Exit.NOT_VERIFIED)
    if not judged.met:
        raise SystemExit(console.Exit.REFUSED)


def follow(
    what: Annotated[
        str, typer.Argument(metavar="[NAME|URL|FOLDER]", help="Which log. Default: all of the policy with an address.")
    ] = "",
    policy: PolicyFile = None,
    within: Annotated[
        float, typer.Option(metavar="HOURS", min=0, help="Refuse one that no witness has cosigned for so long.")
    ] = 0,
    ask_witnesses: Annotated[
        bool, typer.Option("--ask-witnesses", help="Ask the witnesses, too, what they have cosigned of it.")
    ] = False,
    as_json: console.Json = False,
) -> None:
    """See whether a partner's log only grows.

    It takes the checkpoint from the address in the policy, another address or a folder that was carried here, checks
    its signature, and proves from the log's tiles that all that was seen of it before is still there. A log that was
    rewritten or cut off, shows an old checkpoint or another tree than before ends it with 3; both checkpoints are kept
    in `evidence` of the home. It ends with 6 when a log cannot be read.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.proof.keyring import keys
        from openmpca.proof.witnesses import policies
        from openmpca.proof.witnesses.following import Follower

        follower = Follower(policies.policy(policy), within=within, ask_witnesses=ask_witnesses)
        names = [what] if what else [each for each in follower.places() if each != keys.origin()]
        if not names:
            console.not_found("The policy tells the address of no log.", "Name an address or a folder.")
        found = [follower.follow(each) for each in names]
        out.value([_followed(each) for each in found])
        for each in found:
            _tell_followed(out, each)
        if any(not each.holds for each in found):
            faulty = any(each.faulty for each in found)
            raise SystemExit(console.Exit.NOT_VERIFIED if faulty else console.Exit.UNUSABLE)


def _followed(found: "Followed") -> dict[str, object]:
    size = found.checkpoint.size if found.checkpoint else None
    return {
        "origin": found.origin,
        "place": found.place,
        "holds": found.holds,
        "size": size,
        "seen_before": found.before.size if found.before else None,
        "root": found.checkpoint.root.hex() if found.checkpoint else None,
        "cosigned": {name: moment(at) for name, at in found.judged.cosigned.items()} if found.judged else {},
        "quorum_met": bool(found.judged and found.judged.met),
        "evidence": str(found.evidence) if found.evidence else "",
        "problems": [console.problem_fields(each) for each in found.problems],
    }


def _tell_followed(out: console.Output, found: "Followed") -> None:
    from openmpca.record import layout

    if found.holds and found.checkpoint:
        count = layout.counted(found.checkpoint.size, "statement")
        before = f"; the {found.before.size} seen before are unchanged" if found.before else ", seen for the first time"
        out.say(f"{found.origin}: {count}{before}.")
        for name, at in found.judged.cosigned.items() if found.judged else []:
            out.say(f"  cosigned by {name} at {moment(at)}")
    elif found.faulty:
        out.say(f"ALARM: do not rely on what {found.origin or found.place} shows.")
    if not out.as_json:
        for each in found.problems:
            console.tell(console.problem_text(each))
        if found.evidence:
            out.say(f"Both checkpoints are kept in {found.evidence}")
