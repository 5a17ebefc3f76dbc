"""The readers of what other parties send, each with good texts of its kind, and how each may behave with bad ones.

A reader raises nothing: it lets the typed errors of its parser pass, and anything else is a fault. Where a text is
taken, the reader asks more of it: that it is written back as it was, and that verifying it ends in an answer or in a
typed error too.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import msgspec

from openmpca.formats.iati import file as activities
from openmpca.formats.mspdi import check as soundness
from openmpca.formats.mspdi import file as plans
from openmpca.proof.bundles import bundle_form
from openmpca.proof.bundles.bundle_form import Attachment, Bundle, FormError, SignedBundle, encoded, note_text
from openmpca.proof.disclosures import checking
from openmpca.proof.disclosures.checking import DisclosureFile, NotProven
from openmpca.proof.disclosures.showing import ShownStatement
from openmpca.tlog import escrow
from openmpca.tlog.checkpoint import Checkpoint, CheckpointError, opened
from openmpca.tlog.cosignature import cosigned, cosigned_at
from openmpca.tlog.disclosure import Body, commit
from openmpca.tlog.lines import base64_of
from openmpca.tlog.merkle import ProofError, leaf_hash, node_hash, root
from openmpca.tlog.note import Note, NoteError, Signature, signed, verified
from openmpca.tlog.policy import Policy, PolicyError
from openmpca.tlog.proof import TlogProof, TlogProofError
from openmpca.tlog.vkey import COSIGNATURE, ED25519, KeyTextError, Signer, Verifier
from openmpca.tlog.witness import AddCheckpoint, Held, RequestError, cosignatures, decide

LOG = Signer.made("example.org/log", ED25519, b"l" * 32)
ONE, TWO = (Signer.made(f"{name}.example/witness", COSIGNATURE, name.encode()[:1] * 32) for name in ("one", "two"))
POLICY_TEXT = f"""\
# Both witnesses, or the first alone
log {LOG.verifier} https://example.org/log/
witness one {ONE.verifier}
witness two {TWO.verifier} https://two.example/
group second any two
group both 1 one second
quorum both
"""
POLICY = Policy.parse(POLICY_TEXT)
ENTRIES = (b"one", b"two", b"three")
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@dataclass(frozen=True)
class Parser:
    """A reader, good texts for it, the most bytes it takes in, pieces it knows, and large texts of its own kind."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    limit: int
    pieces: tuple[bytes, ...] = ()
    grown: Callable[[int], list[bytes]] = lambda length: []


def checkpoint(size: int = 3, name: str = LOG.name) -> Note:
    """A checkpoint of the log of three entries with both cosignatures."""
    note = signed(Checkpoint(name, size, root(LEAVES[:size])).text(), LOG)
    return note.with_signatures([cosigned(note, each, 1_000_000_000) for each in (ONE, TWO)])


def read_note(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except NoteError:
        return
    if note.encode() != data:
        raise AssertionError("a note is not written back as it was")
    for verifiers in ([LOG.verifier], [ONE.verifier], []):
        try:
            verified(note, verifiers)
        except NoteError:
            continue


def read_checkpoint(data: bytes) -> None:
    try:
        text = data.decode()
        if Checkpoint.parse(text).text() != text:
            raise AssertionError("a checkpoint is not written back as it was")
    except (UnicodeDecodeError, CheckpointError):
        pass
    try:
        _, note = opened(data, LOG.verifier, LOG.name)
        for signature in note.signatures:
            cosigned_at(note, signature, ONE.verifier)
    except NoteError:
        return


def read_key(data: bytes) -> None:
    text = data.decode(errors="surrogateescape")
    for parse in (Verifier.parse, Signer.parse, Signature.parse):
        try:
            key = parse(text)
        except (KeyTextError, NoteError):
            continue
        if (key.text() if isinstance(key, Signer) else str(key)) != text:
            raise AssertionError("a key is not written back as it was")


def read_proof(data: bytes) -> None:
    try:
        proof = TlogProof.parse(data)
    except TlogProofError:
        return
    if proof.encode() != data:
        raise AssertionError("a proof is not written back as it was")
    try:
        proof.verified(b"two", POLICY, LOG.name)
    except ProofError:
        return


def read_policy(data: bytes) -> None:
    try:
        policy = Policy.parse(data)
        for log in policy.logs:
            policy.judged(NOTE, log)
    except (PolicyError, NoteError):
        return


def read_request(data: bytes) -> None:
    with suppress(RequestError):
        cosignatures(data)
    try:
        asked = AddCheckpoint.parse(data)
    except RequestError:
        return
    if asked.encode() != data:
        raise AssertionError("a request is not written back as it was")
    for held in (None, Held(2, root(LEAVES[:2])), Held(3, root(LEAVES))):
        decide(held, asked, [LOG.verifier], LOG.name)


def read_disclosure(data: bytes) -> None:
    try:
        checking.check(data, POLICY)
    except NotProven as error:
        if not error.problems:
            raise AssertionError("refused without saying why") from error


def read_bundle(data: bytes) -> None:
    # As a file; and as a content for which the digest in the note is right, or nothing would get past that.
    for file in (data, SignedBundle(Note(note_text(data), NOTE.signatures), data).encode()):
        try:
            bundle = SignedBundle.parse(file)
        except FormError:
            continue
        if bundle.encode() != file:
            raise AssertionError("a bundle is not written back as it was")


def read_opening(data: bytes) -> None:
    openings = escrow.Openings(ESCROW.size, ESCROW.root)
    try:
        value = escrow.read(data)
        if escrow.canonical(value) != data:
            raise AssertionError("an opening is not written back as it was")
        openings.take(msgspec.convert(value, escrow.Opened))
    except (escrow.EscrowError, msgspec.ValidationError):
        return


def read_activities(data: bytes) -> None:
    found = activities.read(data).value
    if found is not None and activities.read(activities.write(found)).value != found:
        raise AssertionError("activities are not read back as they were written")


def read_plan(data: bytes) -> None:
    plan = plans.read(data).value
    if plan is None:
        return
    soundness.check(plan)
    if plans.read(plans.write(plan)).value != plan:
        raise AssertionError("a plan is not read back as it was written")


def _random() -> Callable[[int], bytes]:
    """Bytes that are the same every time."""
    number = count()
    return lambda length: b"".join(sha256(b"%d" % next(number)).digest() for _ in range(-(-length // 32)))[:length]


def disclosed(*bodies: str, numbers: range | None = None) -> DisclosureFile:
    """A file that shows the bodies as statements 0 and 1 of a log of two, both proven."""
    leaves = [leaf_hash(Body.parse(body).entry()) for body in bodies[:2]]
    note = signed(Checkpoint(LOG.name, 2, node_hash(*leaves)).text(), LOG)
    proofs = [[base64_of(leaves[1])], [base64_of(leaves[0])]]
    statements = [
        ShownStatement(number, body, proofs[number % 2])
        for number, body in zip(numbers or range(len(bodies)), bodies, strict=True)
    ]
    text = note.with_signatures([cosigned(note, ONE, 1_000_000_000)]).encode().decode()
    form = checking.FORMAT
    return DisclosureFile(form, "both", "Perion", "shipment 7", "article 4", 1, text, statements)


def bodies(fields: int = 3) -> tuple[str, str]:
    """Two statements as they are shown to others, one of them a release."""
    said = [(f"field{number:06}", f"value {number}") for number in range(fields)]
    release = [
        ("kind", "proof.disclosure"),
        ("recipient", "Perion"),
        ("purpose", "shipment 7"),
        ("authority", "article 4"),
        ("fields", [f"0:{name}" for name, _ in said[1:]]),
    ]
    random = _random()
    first, second = (Body.parse(commit(each, random).body) for each in (said, release))
    return first.withhold(["field000000"]).text, second.withhold([]).text


def grown_notes(length: int) -> list[bytes]:
    """Long texts under few signatures, and as many signatures as there may be, each long."""
    text = signed("x" * (length - 400) + "\n", LOG).encode()
    line = f"— {'n' * (length // 200)} {base64_of(bytes(length // 300))}\n"
    return [text, f"text\n\n{line * 100}".encode(), f"text\n\n{line * 101}".encode()]


def grown_policies(length: int) -> list[bytes]:
    """Groups in groups, many witnesses, many names in one line."""
    deep = "".join(f"group g{at} any {f'g{at - 1}' if at else 'one'}\n" for at in range(length // 20))
    keys = [Verifier(f"w{at}", COSIGNATURE, sha256(b"%d" % at).digest()) for at in range(length // 90)]
    wide = "".join(f"witness w{at} {key}\n" for at, key in enumerate(keys))
    head = POLICY_TEXT.partition("group")[0]
    return [
        f"{head}{deep}quorum one\n".encode(),
        f"{head}{wide}quorum one\n".encode(),
        f"{head}{wide}group all all {' '.join(f'w{at}' for at in range(len(keys)))}\nquorum all\n".encode(),
    ]


def grown_disclosures(length: int) -> list[bytes]:
    """Many statements, and a statement of many fields, shown and hidden."""
    first, second = bodies()
    many = length // (len(first) + 100)
    open_, hidden = bodies(length // 70)[0], Body.parse(bodies(length // 50)[0])
    closed = hidden.withhold(hidden.fields).text
    return [
        disclosed(first, second, *[first] * many, numbers=range(many + 2)).encode(),
        disclosed(open_, second).encode(),
        disclosed(closed, second).encode(),
    ]


def bundled(more: int = 0) -> bytes:
    """A bundle with two statements and an attachment, and more statements."""
    first, second = bodies()
    numbers = range(2 + more)
    file = disclosed(first, second, *[first] * more, numbers=numbers)
    attachment = Attachment("list (1).csv", sha256(b"batch,grams\n").hexdigest(), b"batch,grams\n")
    sender, recipient, form = str(LOG.verifier), str(ONE.verifier), bundle_form.FORMAT
    content = encoded(Bundle(form, sender, recipient, "p", "a", 1, file.checkpoint, file.statements, [attachment]))
    return SignedBundle(signed(note_text(content), LOG), content).encode()


def grown_bundles(length: int) -> list[bytes]:
    """Many statements."""
    return [bundled(length // (len(bodies()[0]) + 100))]


def opening(name: str = "cylinder", things: int = 3) -> bytes:
    """An opening as it is handed over, of an escrow in which it does not stand unless it is the first."""
    record = {"id": "LT-1", name: list(range(things)), "more": {"b": None, "a": True, "é": "ü"}}
    made = escrow.Opened(0, [bytes(32).hex()] * 4, record, bytes(32).hex())
    return escrow.canonical(msgspec.to_builtins(made))


def grown_openings(length: int) -> list[bytes]:
    """A long name over many values, and many names."""
    record = {"id": "LT-1", **{f"name{number}": number for number in range(length // 16)}}
    made = escrow.Opened(0, [], record, bytes(32).hex())
    return [opening("x" * (length // 2), length // 12), escrow.canonical(msgspec.to_builtins(made))]


ACTIVITIES = """<?xml version="1.0"?>
<iati-activities version="2.03" xmlns:x="urn:x"><iati-activity xml:lang="en"><iati-identifier>A-1</iati-identifier>
<reporting-org ref="A" type="10"><narrative>A</narrative></reporting-org><title><narrative>T</narrative></title>
<description><narrative xml:lang="ru">\u0414</narrative></description><participating-org role="1" ref="A"/>
<activity-status code="2"/><activity-date type="1" iso-date="2024-01-15"/><x:own at="1">text<x:b/>tail</x:own>
<tag code="1" vocabulary="1"/><budget><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value currency="EUR" value-date="2024-01-01">12.50</value></budget></iati-activity></iati-activities>
"""
PLAN = """<Project xmlns="http://schemas.microsoft.com/project"><Name>p</Name><BuildNumber>1</BuildNumber>
<Tasks><Task><UID>1</UID><Name>A</Name><Stop>2024-03-04T12:00:00</Stop><Start>2024-03-01T08:00:00</Start>
<Duration>PT24H0M0S</Duration><Cost>1.5</Cost><PredecessorLink><PredecessorUID>2</PredecessorUID></PredecessorLink>
</Task></Tasks><Assignments><Assignment><UID>1</UID><TaskUID>1</TaskUID></Assignment></Assignments></Project>
"""


def grown_activities(length: int) -> list[bytes]:
    """Many elements that nobody knows, many of one kind, a long text, and namespaces within each other."""
    head, tail = ACTIVITIES.split("<tag ")[0], ACTIVITIES.split('vocabulary="1"/>')[1]
    deep = "".join(f"<x{at % 7}:a xmlns:x{at % 7}='u'>" for at in range(200))
    return [
        f"{head}{middle}{tail}".encode()
        for middle in (
            "<tag/>" * (length // 6),
            "<sector code='1'/>" * (length // 18),
            f"<tag>{'&#13;' * (length // 5)}</tag>",
            f"{deep}{''.join(f'</x{at % 7}:a>' for at in reversed(range(200)))}" * (length // 6000),
        )
    ]


def grown_plans(length: int) -> list[bytes]:
    """Many tasks, each waiting for the one before."""
    head, tail = PLAN.split("<Task>")[0], PLAN.split("</Task>")[1]
    link = "<Task><UID>{}</UID><PredecessorLink><PredecessorUID>{}</PredecessorUID></PredecessorLink></Task>"
    return [f"{head}{''.join(link.format(at + 1, at) for at in range(length // 110))}{tail}".encode()]


ESCROW = escrow.Escrow.made([{"id": f"LT-{number}", "kind": "tube"} for number in range(3)], 4, _random())
NOTE = checkpoint()
_PROOF = TlogProof(1, (LEAVES[0], LEAVES[2]), NOTE.encode())
_REQUESTS = (
    AddCheckpoint(0, (), NOTE),
    AddCheckpoint(2, (LEAVES[2],), NOTE),
    AddCheckpoint(3, (), NOTE),
)
PARSERS = (
    Parser(
        "note",
        read_note,
        (NOTE.encode(), signed("Ogni parola\n\nsotto\n", LOG).encode()),
        1_000_000,
        ("\n\n— ".encode(), "— ".encode(), str(NOTE.signatures[0]).encode() + b"\n"),
        grown_notes,
    ),
    Parser(
        "checkpoint",
        read_checkpoint,
        (NOTE.encode(), NOTE.text.encode(), Checkpoint(LOG.name, 0, root([]), ("more",)).text().encode()),
        1_000_000,
        (b"\n3\n", base64_of(root(LEAVES)).encode() + b"\n", LOG.name.encode()),
        grown_notes,
    ),
    Parser(
        "keys",
        read_key,
        (str(LOG.verifier).encode(), LOG.text().encode(), str(ONE.verifier).encode(), str(NOTE.signatures[1]).encode()),
        1_000_000,
        (b"PRIVATE+KEY+", b"+", b"AQ=="),
    ),
    Parser(
        "proof",
        read_proof,
        (_PROOF.encode(), TlogProof(0, (), NOTE.encode(), b"extra").encode()),
        2_000_000,
        (b"index ", b"extra ", b"c2sp.org/tlog-proof@v1\n", base64_of(bytes(32)).encode() + b"\n"),
    ),
    Parser(
        "policy",
        read_policy,
        (POLICY_TEXT.encode(), b"quorum none\n"),
        256 * 1024,
        (b"log ", b"witness ", b"group ", b"quorum ", b" any ", b" all ", b" none\n", b"#", str(TWO.verifier).encode()),
        grown_policies,
    ),
    Parser(
        "request to a witness",
        read_request,
        (*[each.encode() for each in _REQUESTS], f"{NOTE.signatures[1]}\n".encode()),
        128 * 1024,
        (b"old ", b"\n\n", base64_of(LEAVES[2]).encode() + b"\n"),
    ),
    Parser(
        "disclosure file",
        read_disclosure,
        (disclosed(*bodies()).encode(),),
        4_000_000,
        (b'"statements":[', b'"proof":[]', b"\\n", b"\\u0000", b'{"number":0,"body":"', b"1e309", b"-0", b"\\ud800"),
        grown_disclosures,
    ),
    Parser(
        "bundle file",
        read_bundle,
        (bundled(), SignedBundle.parse(bundled()).content),
        4_000_000,
        (b'{"signed":"', b',"bundle":{', b"\\n", b"\\ud800", b'"attachments":[]', b'"content":"AAAA"'),
        grown_bundles,
    ),
    Parser(
        "opening of an escrow",
        read_opening,
        (opening(), escrow.canonical(msgspec.to_builtins(ESCROW.opened(0)))),
        1_000_000,
        (b'"record":null', b'"proof":[]', b"\\u0000", b"1e309", b"-0", b'"id":"LT-1"', b"00"),
        grown_openings,
    ),
    Parser(
        "activities",
        read_activities,
        (ACTIVITIES.encode(),),
        24_000,
        (
            b"<narrative>",
            b"</narrative>",
            b"<x:a/>",
            b" xmlns='u'",
            b"&#13;",
            b"<!-- -->",
            b"<![CDATA[a]]>",
            b"2024-01-15",
        ),
        grown_activities,
    ),
    Parser(
        "plan",
        read_plan,
        (PLAN.encode(),),
        24_000,
        (b"<Task>", b"</Task>", b"<UID>1</UID>", b"<Name/>", b" xmlns=''", b"PT1H", b"-1", b"<Tasks/>"),
        grown_plans,
    ),
)
