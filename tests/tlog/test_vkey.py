import hashlib

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog import vkey
from openmpca.tlog.lines import base64_of
from openmpca.tlog.vkey import COSIGNATURE, ED25519, ML_DSA_44, KeyTextError, Signer, Verifier, key_id
from tests.tlog import published

names = st.text(min_size=1, max_size=20).filter(lambda name: not any(c.isspace() or c == "+" or c < " " for c in name))
utf8_names = names.filter(lambda name: name.isprintable() or name.encode(errors="ignore").decode() == name)
seeds = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(
    ("text", "id_", "type_"),
    [
        (published.EXAMPLE_KEY, "530d903a", ED25519),
        (published.PETER_KEY, "c74f20a3", ED25519),
        (published.ENOCH_KEY, "af0cfe78", ED25519),
        (published.SUMDB_KEY, "033de0ae", ED25519),
        (published.LOG_KEY, "33d7b496", ED25519),
        (published.WITNESS_KEY, "55ee4561", ED25519),
        (published.OTHER_WITNESS_KEYS[0], "85ecc407", ED25519),
        (published.OTHER_WITNESS_KEYS[1], "d3ed3be7", ED25519),
        (published.PLUS_KEY, "7997405c", ED25519),
        (published.COSIGNER_KEY, "da77ade7", COSIGNATURE),
        (published.WITNESS_COSIGNER_KEY, "9b3fb2d5", COSIGNATURE),
    ],
)
def test_published_keys_are_read_and_written(text: str, id_: str, type_: int) -> None:
    verifier = Verifier.parse(text)
    assert (verifier.key_id.hex(), verifier.type, str(verifier)) == (id_, type_, text)
    assert verifier.name == text.split("+")[0]


def test_the_published_post_quantum_key_is_known_by_its_id() -> None:
    # transparency-dev/formats, note/note_cosigv1_test.go: `test+5893dc2c+Btg...`, whose whole text is not kept here;
    # the id of any such key is SHA-256(name || 0x0A || 0x06 || key).
    public = MLDSA44PrivateKey.from_seed_bytes(bytes(32)).public_key().public_bytes_raw()
    verifier = Verifier("test", ML_DSA_44, public)
    assert verifier.key_id == hashlib.sha256(b"test\n\x06" + public).digest()[:4]
    assert Verifier.parse(str(verifier)) == verifier
    assert len(str(verifier)) == len("test+12345678+") + 1752
    assert verifier.as_cosigner() is verifier


PRIME = 2**255 - 19
CURVE = -121665 * pow(121666, -1, PRIME)


@pytest.mark.parametrize("second", [*sorted(vkey._OF_SMALL_ORDER), PRIME, PRIME + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("type_", [ED25519, COSIGNATURE])
def test_a_key_that_anybody_can_sign_for_is_refused(second: int, sign: int, type_: int) -> None:
    with pytest.raises(KeyTextError, match="small order" if second < PRIME else "not written in the one way"):
        Verifier("evil.example", type_, (second + sign * 2**255).to_bytes(32, "little"))


def test_the_points_that_are_refused_are_the_eight_of_small_order() -> None:
    """Doubled twice, or three times, each of them is the neutral point: 1, -1, 0, and d y^4 + 2 y^2 = 1."""
    of_order_8 = vkey._OF_SMALL_ORDER - {0, 1, PRIME - 1}
    assert len(of_order_8) == 2
    assert all((CURVE * y**4 + 2 * y**2 - 1) % PRIME == 0 for y in of_order_8)


def test_the_script_of_the_witness_has_its_key_id() -> None:
    assert key_id(published.SCRIPT_ORIGIN, ED25519, published.SCRIPT_KEY).hex() == "5202289b"


def test_the_key_of_a_witness_becomes_that_of_a_cosigner() -> None:
    plain, cosigner = Verifier.parse(published.WITNESS_KEY), Verifier.parse(published.WITNESS_COSIGNER_KEY)
    assert plain.as_cosigner() == cosigner
    assert cosigner.as_cosigner() == cosigner
    signer = Signer.parse(published.WITNESS_SECRET)
    assert signer.verifier == plain
    assert signer.as_cosigner().verifier == cosigner


def test_a_signer_key_is_read_and_written_and_signs_as_published() -> None:
    signer = Signer.parse(published.PETER_SECRET)
    assert signer.text() == published.PETER_SECRET
    assert str(signer.verifier) == published.PETER_KEY
    signature = signer.sign(published.ADVICE.encode())
    assert f"— PeterNeumann {base64_of(signer.verifier.key_id + signature)}\n" == published.PETER_LINE
    assert signer.verifier.verifies(published.ADVICE.encode(), signature)
    assert not signer.verifier.verifies(published.ADVICE.encode() + b"\n", signature)
    assert not signer.verifier.verifies(published.ADVICE.encode(), signature[:-1])


@given(utf8_names, st.sampled_from([ED25519, COSIGNATURE]), seeds)
def test_keys_read_back(name: str, type_: int, seed: bytes) -> None:
    signer = Signer.made(name, type_, seed)
    assert Signer.parse(signer.text()) == signer
    assert Verifier.parse(str(signer.verifier)) == signer.verifier


@given(st.text(max_size=80) | st.text("+PRIVATEKY0123456789abcdef=AQ", max_size=80))
def test_any_text_is_a_key_or_is_refused(text: str) -> None:
    for parse in (Verifier.parse, Signer.parse):
        try:
            parse(text)
        except KeyTextError:
            continue
        raise AssertionError("a key by chance")


def test_no_part_of_a_key_is_a_key() -> None:
    for whole, parse in ((published.PETER_KEY, Verifier.parse), (published.PETER_SECRET, Signer.parse)):
        for begin in range(len(whole)):
            for end in range(begin, len(whole) + (begin > 0)):
                with pytest.raises(KeyTextError):
                    parse(whole[begin:end])
        for at, sign in enumerate(whole):
            with pytest.raises(KeyTextError):
                parse(whole[:at] + chr(ord(sign) + 1) + whole[at + 1 :])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        # golang/mod sumdb/note/note_test.go, then our own
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", "not base64"),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "type 101"),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "eight hexadecimal"),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "has the id c74f20a3"),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not the name"),
        ("PeterNeumann+c74f20a3+ARpc", "has 32 bytes"),
        ("PeterNeumann+c74f20a3+", "is empty"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", "not base64"),
        ("PeterNeumann", "eight hexadecimal"),
        ("\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no character"),
    ],
)
def test_a_verifier_key_that_is_none_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(KeyTextError, match=why):
        Verifier.parse(text)


def test_a_look_alike_name_is_another_key() -> None:
    verifier = Verifier.parse(published.PETER_KEY)
    alike = Verifier(verifier.name.replace("P", "Р"), ED25519, verifier.public)  # Cyrillic
    assert alike != verifier
    assert alike.key_id != verifier.key_id
    with pytest.raises(KeyTextError, match="has the id"):
        Verifier.parse(published.PETER_KEY.replace("P", "Р", 1))


def test_nothing_but_the_text_of_a_signer_tells_its_seed() -> None:
    signer = Signer.made("a", ED25519, b"\x5e" * 32)
    assert "5e" not in repr(signer)
    assert "^" not in repr(signer)
    secret = base64_of(b"\x01" + signer.seed)
    assert secret in signer.text()
    for broken in (signer.text()[:-1], signer.text().replace("+a+", "+b+"), signer.text().replace("KEY", "KEX")):
        with pytest.raises(KeyTextError) as caught:
            Signer.parse(broken)
        assert secret[:8] not in str(caught.value)


def test_a_signer_is_of_ed25519_and_has_32_bytes() -> None:
    with pytest.raises(KeyTextError, match="type 6"):
        Signer.made("a", ML_DSA_44, bytes(32))
    with pytest.raises(KeyTextError, match="32 bytes"):
        Signer.made("a", ED25519, bytes(31))


def test_a_key_that_the_machine_cannot_use_is_refused_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lacking:
        @classmethod
        def from_public_bytes(cls, public: bytes) -> None:
            raise UnsupportedAlgorithm("ML-DSA-44 is not supported")

    monkeypatch.setattr(vkey, "MLDSA44PublicKey", Lacking)
    with pytest.raises(KeyTextError, match="cannot be used here"):
        Verifier("a", ML_DSA_44, bytes(1312))
