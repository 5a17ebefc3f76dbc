"""The commands about bundles: what is sent to whom, what came in from whom."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.proof.bundles.bundle_form import Attachment, SignedBundle
    from openmpca.proof.bundles.receiving import Came, Checked
    from openmpca.tlog.vkey import Signer

PANEL = "Proof"
CHOICE = re.compile(r"(\d{1,18})(?:-(\d{1,18})|:([^:]+))?", re.ASCII)
MOST_AT_ONCE = 20_000
LEAST_DIGITS = 8

Which = Annotated[str, typer.Argument(metavar="NUMBER|SHA256", help="See `openmpca bundle list`; 8 digits will do.")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="The policy file. Default: that of the configuration.")
]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Bundles: what is sent to partners, and what came in.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="bundle", rich_help_panel=PANEL)


def new(
    chosen: Annotated[
        list[str], typer.Argument(metavar="NUMBER[:FIELD,...]", help="A statement and its fields; or NUMBER-NUMBER.")
    ],
    to: Annotated[str, typer.Option("--to", help="The partner: see `openmpca partner list`.")],
    purpose: Annotated[str, typer.Option(help="What it is sent for.")],
    authority: Annotated[str, typer.Option(help="What allows it: a treaty, an order, a letter.")],
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", metavar="FILE", help="A file that goes with it; may be repeated.")
    ] = None,
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Propose a bundle of statements to a partner.

    A number alone shows all fields of the statement but those that name persons inside (prepared_by, approved_by,
    overrides). With fields, those alone are shown, with kind and version; everything else goes as digests that tell
    nothing. Another person approves it: `openmpca proposals NUMBER` shows what, and `openmpca bundle extract NUMBER
    --proposal` the attached files.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.bundles import bundling

        files = {path.name: bundling.read(path) for path in attach or []}
        if len(files) != len(attach or []):
            console.usage("Two files have one name.", "Give each a name of its own.")
        terms = bundling.Terms(to, purpose, authority)
        made = bundling.prepare(_chosen(chosen), terms, files, console.acting(by, for_party), dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def _chosen(texts: Sequence[str]) -> dict[int, list[str] | None]:
    found: dict[int, list[str] | None] = {}
    for text in texts:
        parts = CHOICE.fullmatch(text)
        if parts is None:
            console.usage(
                f"{text} does not read NUMBER, NUMBER-NUMBER or NUMBER:FIELD,...", "For example 28:day,weights."
            )
        first, last = int(parts[1]), int(parts[2] or parts[1])
        if not 0 <= last - first < MOST_AT_ONCE:
            console.usage(f"{text} names no statements, or too many.", "For example 28-40.")
        names = [each.strip() for each in parts[3].split(",") if each.strip()] if parts[3] else None
        for number in range(first, last + 1):
            before = found.get(number)
            found[number] = names if before is None else [*before, *(names or [])]
    return found


def write(
    release: Annotated[int, typer.Argument(help="The statement that released it: see `openmpca bundle list`.")],
    file: Annotated[Path, typer.Option("--file", help="The file to write; none is ever overwritten.")],
    sign_as: Annotated[
        list[str] | None, typer.Option("--sign-as", metavar="person-HANDLE", help="A person's key that signs it too.")
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Write a released bundle as one signed file.

    It is proven under a checkpoint that was signed after the release: run `openmpca checkpoint` before, and collect the
    cosignatures that the partner's policy asks for. The party's key signs it.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.bundles import bundling
        from openmpca.proof.keyring import keys

        signers = [keys.load("party"), *(person_key(name) for name in sign_as or [])]
        made = bundling.written(release, signers)
        _put(file, made.encode())
        _said(out, made, file)


def sign(
    file: Annotated[Path, typer.Argument(help="The bundle.")],
    key: Annotated[str, typer.Option("--key", metavar="person-HANDLE", help="The person's key, of this home.")] = "",
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="Or its file, on a machine without a home.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--file", help="The file to write. Default: in the place of the old.")
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Add a person's signature to a bundle.

    On the person's own machine, with their own key. What is signed is shown; the content does not change.
    """
    if bool(key) == bool(key_file):
        with console.reporting(as_json):
            console.usage("Whose key?", "Give --key person-HANDLE, or --key-file FILE.")
    with console.opened(as_json) if key else console.reporting(as_json) as out:
        if key_file is not None:
            from openmpca.record.opening import open_home

            open_home()
        from openmpca.proof.bundles import bundling
        from openmpca.proof.publishing import placing

        signer = in_file(key_file) if key_file is not None else person_key(key)
        made = bundling.countersigned(bundling.read(file), signer)
        _put(to, made.encode()) if to is not None else placing.place(file, made.encode())
        _said(out, made, to or file)


def person_key(name: str) -> "Signer":
    """The key of a person of this home, named person-HANDLE."""
    from openmpca.proof.keyring import keys

    if not name.startswith("person-"):
        console.usage(f"{name} is no person's key.", "Write person-HANDLE; see `openmpca key show person`.")
    return keys.load("person", person=name.removeprefix("person-"))


def in_file(path: Path) -> "Signer":
    """The key in a file, sealed or not, for which no home need be there."""
    from openmpca.proof.keyring import keyfolder, passphrase, sealing
    from openmpca.tlog.vkey import KeyTextError, Signer

    text = keyfolder.read(path)
    try:
        if sealing.is_sealed(text):
            text = sealing.opened(text, passphrase.asked(path.name))
        return Signer.parse(text.removesuffix("\n"))
    except (KeyTextError, sealing.SealError) as error:
        raise console.Stop(console.Exit.REFUSED, f"{path} gives no key: {error}.", "Name a key file.") from None


def _put(path: Path, data: bytes) -> None:
    with path.open("xb") as opened:
        opened.write(data)


def _said(out: console.Output, made: "SignedBundle", file: Path) -> None:
    from hashlib import sha256

    bundle, digest = made.bundle, sha256(made.encode()).hexdigest()
    signers = [each.name for each in made.note.signatures]
    out.value({"file": str(file), "sha256": digest, "signed_by": signers, **_outline(bundle)})
    out.say(f"{file}\nsha256 {digest}\nsigned by {', '.join(signers)}")
    for name, value in _outline(bundle).items():
        out.say(f"{name.replace('_', ' ')}: {_plain(value)}")


def _outline(bundle: Any) -> dict[str, object]:
    from openmpca.tlog.note import Note

    return {
        "sender": bundle.sender,
        "recipient": bundle.recipient,
        "purpose": bundle.purpose,
        "authority": bundle.authority,
        "release": bundle.release,
        "checkpoint_signed_by": [each.name for each in Note.parse(bundle.checkpoint.encode()).signatures],
        "statements": [each.number for each in bundle.statements if each.number != bundle.release],
        "attachments": [each.name for each in bundle.attachments],
    }


def receive(
    file: Annotated[Path, typer.Argument(help="The bundle, as it came.")],
    policy: PolicyFile = None,
    by: console.By = "",
    for_party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Check a partner's bundle, and keep it as it came.

    Its signature, its log's checkpoint and cosignatures, each statement's proof and its release are checked against the
    keys that you stated and the policy that you name. Nothing of it enters your book: `openmpca bundle show` shows what
    the partner states, `openmpca joint` holds it against your own record.
    """
    with console.opened(as_json) as out:
        from openmpca.proof.bundles import bundling, receiving
        from openmpca.proof.witnesses import policies

        agreed = policies.policy(policy)
        act = console.acting(by, for_party, override)
        done = receiving.receive(bundling.read(file), agreed, act, dry_run=dry_run)
        if done.before is not None:
            out.value({"received_before": done.before.number, "sha256": done.before.sha256})
            out.say(f"It was received before, as statement {done.before.number}; nothing is recorded twice.")
            return
        if done.checked is not None and done.stated is not None:
            _received(out, done.checked, done.stated, dry_run)


def _received(out: console.Output, found: "Checked", stated: Any, dry_run: bool) -> None:
    proven = _proven(found)
    if out.as_json:
        numbers = [*stated.numbers]
        problems = [console.problem_fields(each) for each in stated.problems]
        out.value({**proven, "numbers": numbers, "proposal": stated.proposal, "dry_run": dry_run, "problems": problems})
        return
    for name, value in proven.items():
        out.say(f"{name.replace('_', ' ')}: {_plain(value)}")
    out.say("not proven: that what they state is true, or that it still stands in their record")
    out.stated(stated, dry_run=dry_run)


def _proven(found: "Checked") -> dict[str, object]:
    return {
        "sender": found.sender.of,
        "signed_by": list(found.signers),
        "log": found.checkpoint.origin,
        "size": found.checkpoint.size,
        "root": found.checkpoint.root.hex(),
        "cosigned_by": sorted(found.judgement.cosigned),
        "no_later_than": _time(found.judgement.no_later_than),
        "purpose": found.bundle.purpose,
        "authority": found.bundle.authority,
        "release": found.release.number,
        "statements": [each.number for each in found.statements],
        "attachments": [each.name for each in found.bundle.attachments],
        "sha256": found.sha256,
    }


def _time(seconds: int | None) -> str | None:
    from openmpca.proof.moments import iso

    return None if seconds is None else iso(seconds)


def _plain(value: object) -> str:
    """A value on one line, with every character of it visible."""
    import json

    from openmpca.proof.legible import visible

    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def list_(as_json: console.Json = False) -> None:
    """List what was released to partners, and what came in."""
    with console.opened(as_json) as out:
        from openmpca.proof.bundles import receiving
        from openmpca.proof.models import Release

        rows: list[dict[str, object]] = [
            {"number": each.number, "day": str(each.day), "way": "out", "partner": each.recipient, "sha256": ""}
            | {"log": "", "size": None, "purpose": each.purpose}
            for each in Release.objects.filter(sort="bundle").order_by("number")
        ]
        for one in receiving.came():
            came = {"number": one.number, "day": str(one.day), "way": "in", "partner": one.sender, "sha256": one.sha256}
            rows.append({**came, "log": one.origin, "size": one.size, "purpose": ""})
        rows.sort(key=lambda row: int(str(row["number"])))
        heads = {"number": "Number", "day": "Day", "way": "Way", "partner": "Partner", "log": "Log", "size": "Size"}
        shown = [{**row, "sha256": str(row["sha256"])[:12]} for row in rows]
        out.table(rows if as_json else shown, {**heads, "sha256": "SHA-256", "purpose": "Purpose"})


def show(which: Which, as_json: console.Json = False) -> None:
    """Show what a bundle states, as the sender's."""
    with console.opened(as_json) as out:
        from openmpca.proof.bundles import receiving
        from openmpca.tlog.disclosure import Body

        came = _came(which)
        bundle = receiving.opened(came)
        told = []
        for each in bundle.statements:
            body = Body.parse(each.body)
            told.append({"number": each.number, "fields": body.fields, "withheld_lines": len(body.withheld)})
        head = {"received_as": came.number, "stated_by": came.sender, "log": came.origin, "size": came.size}
        files = [{"name": each.name, "bytes": len(each.content), "sha256": each.sha256} for each in bundle.attachments]
        terms = {"purpose": bundle.purpose, "authority": bundle.authority, "release": bundle.release}
        out.value({**head, "root": came.root, "sha256": came.sha256, **terms, "statements": told, "attachments": files})
        if not as_json:
            out.say(f"Stated by {came.sender} in its log {_plain(came.origin)}, size {came.size}. It is not ours.")
            for name, value in terms.items():
                out.say(f"{name}: {_plain(value)}")
            for row in told:
                _statement(out, came, row)
            for file in files:
                out.say(f"\nattached: {_plain(file['name'])}, {file['bytes']} bytes, sha256 {file['sha256']}")


def _statement(out: console.Output, came: "Came", row: dict[str, Any]) -> None:
    out.say(
        f"\n{came.sender}, statement {row['number']}; {row['withheld_lines']} lines stay hidden (withheld, or filling)"
    )
    for name, value in row["fields"].items():
        out.say(f"  {_plain(name)}: {_plain(value)}")


def extract(
    which: Which,
    to: Annotated[Path, typer.Option("--to", help="The folder to write to; no file there is overwritten.")],
    proposal: Annotated[bool, typer.Option("--proposal", help="NUMBER is that of a proposal of ours.")] = False,
    as_json: console.Json = False,
) -> None:
    """Write the files attached to a bundle into a folder.

    Of one that came in, or of one that you released. Mind what you open: the files are as the sender made them.
    """
    with console.opened(as_json) as out:
        files = _attached(which, proposal)
        to.mkdir(parents=True, exist_ok=True)
        taken = [name for name, _ in files if (to / name).exists() or (to / name).is_symlink()]
        if taken:
            raise console.Stop(console.Exit.REFUSED, f"{to / taken[0]} is there already.", "Name an empty folder.")
        for name, content in files:
            _put(to / name, content)
        out.value([{"file": str(to / name), "bytes": len(content)} for name, content in files])
        out.say("\n".join(str(to / name) for name, _ in files) or "Nothing is attached.")


def _attached(which: str, proposal: bool) -> list[tuple[str, bytes]]:
    from openmpca.proof.bundles import bundling, receiving
    from openmpca.proof.bundles.bundle_checks import digests_by_name
    from openmpca.record import proposals

    if proposal:
        waiting = {str(number): fields for number, fields in proposals.waiting("proof.bundle")}
        if which not in waiting:
            console.not_found(f"No proposal {which} of a bundle waits.", "See `openmpca proposals`.")
        return bundling.files(digests_by_name(list(waiting[which]["attachments"])))  # type: ignore[call-overload]
    from openmpca.proof.models import Release

    if which.isdecimal() and Release.objects.filter(number=int(which), sort="bundle").exists():
        return bundling.files(digests_by_name(bundling.released(int(which))[0].attachments))
    attached: list[Attachment] = receiving.opened(_came(which)).attachments
    return [(each.name, each.content) for each in attached]


def _came(which: str) -> "Came":
    from openmpca.proof.bundles import receiving

    try:
        return receiving.found(which)
    except KeyError as error:
        console.not_found(str(error.args[0]), "See `openmpca bundle list`.")


_COMMANDS: dict[str, Callable[..., None]] = {
    "new": new,
    "write": write,
    "sign": sign,
    "receive": receive,
    "list": list_,
    "show": show,
    "extract": extract,
}
