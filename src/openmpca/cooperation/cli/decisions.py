"""The commands about boards and decisions: who co-chairs, what is to be decided, who has signed and who is awaited."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.proof.cli.bundles import in_file, person_key
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.boards.deciding import Content, Matter, Signed
    from openmpca.cooperation.boards.statements import Decision
    from openmpca.cooperation.claims import Claims
    from openmpca.tlog.vkey import Signer

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the decision.")]
Out = Annotated[Path | None, typer.Option("--out", help="The file to write, which is new. Default: standard output.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    groups = {
        "board": ("Boards and their co-chairs.", BOARDS),
        "decision": ("Decisions, valid when co-chairs of all parties have signed.", DECISIONS),
    }
    for name, (told, commands) in groups.items():
        group = typer.Typer(help=told, no_args_is_help=True, rich_markup_mode=None)
        for each, command in commands.items():
            group.command(each)(command)
        app.add_typer(group, name=name, rich_help_panel=PANEL)


def list_boards(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the boards with their parties and co-chairs."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.boards.members import boards

        found = boards(claims_of(as_of, known_at, reader))
        rows = [
            {
                "board": each.code,
                "title": each.title,
                "party": seat.party,
                "person": seat.person,
                "until": seat.until and str(seat.until),
                "vkey": seat.vkey,
                "standing": seat.standing,
            }
            for each in found
            for seat in each.seats
        ]
        heads = {"board": "Board", "party": "Party", "person": "Co-chair", "until": "Until", "standing": "Standing"}
        out.table(rows, heads, empty="There are no boards: `openmpca state cooperation.board`.")


def list_decisions(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the decisions, in force or awaited.

    List the decisions: in force since when, or whose signature is awaited.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.boards.deciding import matters

        claims = claims_of(as_of, known_at, reader)
        rows = [
            {
                "decision": each.code,
                "board": content.said.board,
                "title": content.said.title,
                "standing": _standing(claims, each, content),
                "awaited": ", ".join(content.awaited),
                "sha256": content.digest,
            }
            for each in matters(claims)
            for content in each.contents
        ]
        heads = {
            "decision": "Decision",
            "board": "Board",
            "title": "Title",
            "standing": "Standing",
            "awaited": "Awaits",
        }
        out.table(rows, heads, empty="There are no decisions: `openmpca state cooperation.decision`.")


def _standing(claims: "Claims", matter: "Matter", content: "Content") -> str:
    from openmpca.cooperation.boards.deciding import in_force

    held = in_force(claims, matter.code)
    if held is not None and held.content.digest == content.digest:
        return f"in force since {held.day}"
    return "not in force" if content.since is not None else "awaits signatures"


def show(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show a decision, and who has signed it.

    Show a decision: its content, who has signed it, who is awaited, which signatures do not count and why.
    """
    with console.opened(as_json) as out:
        claims = claims_of(as_of, known_at, reader)
        found = _matter(claims, code)
        shown = [_content(claims, found, each) for each in found.contents]
        stray = [{"statement": claim.number, "party": claim.party, "why": why} for claim, why in found.stray]
        out.value({"decision": code, "contents": shown, "stray": stray})
        for content, each in zip(found.contents, shown, strict=True):
            _say(out, content.said)
            out.say(f"sha256: {content.digest}\n{each['standing']}")
            for signed in content.signed:
                out.say(f"  {signed.text.party}  signed {signed.text.day}  {signed.why or 'counts'}")
            out.say("\n".join(f"  {party}  is awaited" for party in content.awaited))
        for each in stray:
            out.say(f"  {each['party']}  {each['why']}")


def _matter(claims: "Claims", code: str) -> "Matter":
    from openmpca.cooperation.boards.deciding import matter

    found = matter(claims, code)
    if not found.contents:
        console.not_found(f"There is no decision {code}.", "See `openmpca decision list`.")
    return found


def _content(claims: "Claims", found: "Matter", each: "Content") -> dict[str, object]:
    return {
        "title": each.said.title,
        "board": each.said.board,
        "text": each.said.text,
        "parties": each.said.parties,
        "stated_by": [claim.party for claim in each.claims],
        "sha256": each.digest,
        "standing": _standing(claims, found, each),
        "signed": [_signed(signed) for signed in each.signed],
        "awaited": list(each.awaited),
    }


def _signed(each: "Signed") -> dict[str, object]:
    return {"party": each.text.party, "day": str(each.text.day), "counts": each.counts, "why": each.why}


def _say(out: console.Output, said: "Decision") -> None:
    out.say(f"{said.code} of board {said.board}: {said.title}\n{said.text}\nparties: {', '.join(said.parties)}")
    for name, sha in said.attachments.items():
        out.say(f"with {name}, sha256 {sha}")
    if said.revokes:
        out.say(f"revokes {said.revokes}")


def text(
    code: Code,
    to: Annotated[Path, typer.Option("--out", help="The file to write, which is new.")],
    sha256: Annotated[str, typer.Option("--sha256", help="Which content, where parties state several.")] = "",
    as_json: console.Json = False,
) -> None:
    """Write a decision as the file that co-chairs sign.

    Write the content of a decision as the file that co-chairs read and sign.

    All parties get the same bytes: compare the SHA-256 over another way before you sign.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.boards.content import written

        chosen = _chosen(_matter(claims_of("", "", ""), code), sha256)
        with to.open("xb") as opened:
            opened.write(written(chosen.said))
        out.value({"file": str(to), "sha256": chosen.digest})
        out.say(f"{to}\nsha256 {chosen.digest}")


def _chosen(found: "Matter", sha256: str) -> "Content":
    fitting = [each for each in found.contents if each.digest.startswith(sha256)]
    if len(fitting) != 1:
        told = ", ".join(f"{each.digest[:16]} ({', '.join(c.party for c in each.claims)})" for each in found.contents)
        console.usage(f"Which content of {found.code}? {told}", "Name it with --sha256.")
    return fitting[0]


def sign(
    what: Annotated[str, typer.Argument(metavar="CODE|FILE", help="The decision, or its file from `decision text`.")],
    of: Annotated[str, typer.Option("--of", metavar="PARTY", help="For which party you sign, as its co-chair.")],
    key: Annotated[str, typer.Option("--key", metavar="party|person-HANDLE", help="The key, of this home.")] = "",
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="Or its file, on a machine without a home.")
    ] = None,
    to: Out = None,
    sha256: Annotated[str, typer.Option("--sha256", help="Which content, where parties state several.")] = "",
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day that you write. Default: today, UTC.")] = "",
    as_json: console.Json = False,
) -> None:
    """Sign a decision as a co-chair.

    Sign a decision as a co-chair: shows what is signed, and writes the signed note.

    On your own machine, with your own key: from the file of `decision text` no home need be there. The note goes into
    the record by `openmpca decision record`.
    """
    if bool(key) == bool(key_file):
        with console.reporting(as_json):
            console.usage("Whose key?", "Give --key party or --key person-HANDLE, or --key-file FILE.")
    file = Path(what)
    with console.reporting(as_json) if key_file and file.is_file() else console.opened(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.cooperation.boards.content import ContentError, read, text_of
        from openmpca.tlog.note import signed

        try:
            said = (
                read(file.read_bytes())
                if file.is_file()
                else _chosen(_matter(claims_of("", "", ""), what), sha256).said
            )
        except ContentError as error:
            raise console.Stop(console.Exit.REFUSED, f"{file}: {error}.", "Take the file anew.") from None
        if of not in said.parties:
            console.usage(f"{of} is no party of {said.code}.", f"Name one of {', '.join(said.parties)}.")
        _say(out, said)
        signer = _signer(key, key_file)
        made = text_of(said, of, times.day_of(day))
        note = signed(str(made), signer).encode().decode()
        _write(out, note, to, {"decision": said.code, "party": of, "sha256": made.content, "key": str(signer.verifier)})


def _signer(key: str, key_file: Path | None) -> "Signer":
    from openmpca.proof.keyring import keys

    if key_file is not None:
        return in_file(key_file)
    return keys.load("party") if key == "party" else person_key(key)


def _write(out: console.Output, note: str, to: Path | None, told: dict[str, object]) -> None:
    out.value({**told, "note": note, "file": str(to or "")})
    if to is None:
        out.say(note)
        return
    with to.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(note)
    out.say(f"Signed: {to}")


def record(
    file: Annotated[Path, typer.Argument(help="The signed note.")],
    to: Annotated[list[str] | None, typer.Option("--release", metavar="PARTY", help="Who may read it.")] = None,
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Put a signed note into the record.

    Put a signed note into the record, and the content that it signs, where your party has not stated that.

    So the content stands in the record of each party that signs it, and nobody takes it back from another. Released to
    the parties of the decision, where nothing else is said.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.boards.content import ContentError, text_in
        from openmpca.cooperation.boards.recording import recorded
        from openmpca.record import commands

        act = console.acting(by, for_party)
        note = file.read_text(encoding="utf-8")
        try:
            code = text_in(note).decision
        except ContentError as error:
            raise console.Stop(console.Exit.REFUSED, f"{file}: {error}.", "Name the file that was signed.") from None
        claims = claims_of("", "", "")
        _matter(claims, code)
        said = recorded(claims, note, act.party, times.day_of(""), to)
        out.stated(commands.state(said, act, dry_run=dry_run), dry_run=dry_run)


def new_key(
    name: Annotated[str, typer.Argument(help="The name of the key for ever, such as ministry.example/co-chair.")],
    to: Annotated[Path, typer.Option("--out", help="The file of the private key, which is new.")],
    as_json: console.Json = False,
) -> None:
    """Make a co-chair's key on a machine without a home.

    The file is for its owner alone and never leaves the machine; the public key that is shown is handed over to each
    party, in person or by a way that they trust. With a home, use `openmpca key new person`.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.cooperation.boards.recording import new_key_file

        vkey = new_key_file(name, to)
        out.value({"file": str(to), "vkey": vkey})
        out.say(f"{to}\n{vkey}")


BOARDS: dict[str, Callable[..., None]] = {"list": list_boards}
DECISIONS: dict[str, Callable[..., None]] = {
    "list": list_decisions,
    "show": show,
    "text": text,
    "sign": sign,
    "record": record,
    "key": new_key,
}
