"""Keys in the text form of Go's sumdb: verifier keys, which anybody may have, and signer keys, which nobody else may.

    >>> signer = Signer.parse("PRIVATE+KEY+Wit1+55ee4561+AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE")
    >>> signer
    Signer(name='Wit1', type=1)
    >>> str(signer.verifier)
    'Wit1+55ee4561+AVhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk'
    >>> str(signer.verifier.as_cosigner())
    'Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk'

Rules:

1.  A verifier key is `<name>+<key id in 8 lower-case hexadecimal digits>+<base64 of type || public key>`, a signer key
    `PRIVATE+KEY+<name>+<key id>+<base64 of type || seed>`. Each has one spelling.
2.  The key id is the first 4 bytes of SHA-256(name || 0x0A || type || public key); a key whose text tells another id
    is refused. The id names a key and does not secure it: nothing is believed because of an id.
3.  Types: 0x01 Ed25519, 0x04 Ed25519 cosignature, 0x06 ML-DSA-44 cosignature. Others are refused. With 0x06 this
    package verifies and does not sign.
4.  The same key under another type or name is another verifier, with another id.
5.  An Ed25519 key of small order is refused, under which signatures that nobody made would verify, and one whose point
    is not written in its one way (RFC 8032, 5.1.3).
6.  The seed of a signer stands in `text` alone: neither `repr` nor `str` nor a message of an error tells it.

Source: C2SP signed-note v1.0.0, tlog-cosignature v1.1.0-rc.1; golang.org/x/mod/sumdb/note for the form of signer keys;
RFC 8032; Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs" (2020), for the points of small order.
"""

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from openmpca.tlog.lines import LineError, base64_of, bytes_of, check_name, shown

ED25519 = 1
COSIGNATURE = 4
ML_DSA_44 = 6
SEED_BYTES = 32
KEY_ID_BYTES = 4
SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE: 64, ML_DSA_44: 2420}

_PUBLIC_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
_SIGNS = (ED25519, COSIGNATURE)
_PRIVATE = "PRIVATE+KEY+"
_PRIME = 2**255 - 19
_OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_OF_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8})
"""The second coordinates of the eight points whose order divides 8; the first one differs in its sign alone."""
_ID = re.compile("[0-9a-f]{8}", re.ASCII)


class KeyTextError(ValueError):
    """A text is no verifier or signer key, or there can be no such key."""


def key_id(name: str, type: int, public: bytes) -> bytes:  # noqa: A002  the word of the specification
    """The four bytes by which signatures name a key."""
    return sha256(b"%b\n%c%b" % (name.encode(), type, public)).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True)
class Verifier:
    """A public key with its name and type. Raises KeyTextError where there can be no such key."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        _check(self.name, self.type, _PUBLIC_BYTES)
        if len(self.public) != _PUBLIC_BYTES[self.type]:
            raise KeyTextError(f"a key of type {self.type} has {_PUBLIC_BYTES[self.type]} bytes")
        if self.type != ML_DSA_44:
            _check_point(self.name, self.public)
        try:
            self._key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyTextError(f"the key of {shown(self.name)} cannot be used here: {error}") from error

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        name, told, type_, public = _taken_apart(vkey)
        verifier = cls(name, type_, public)
        _check_id(told, verifier)
        return verifier

    def __str__(self) -> str:
        return _text(self.name, self.key_id, self.type, self.public)

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.type, self.public)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the key has signed just these bytes; what they are for a cosignature, `cosignature` says."""
        try:
            self._key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def as_cosigner(self) -> "Verifier":
        """The same key as that of a cosigner."""
        return replace(self, type=COSIGNATURE) if self.type == ED25519 else self

    def _key(self) -> Ed25519PublicKey | MLDSA44PublicKey:
        return (MLDSA44PublicKey if self.type == ML_DSA_44 else Ed25519PublicKey).from_public_bytes(self.public)


@dataclass(frozen=True)
class Signer:
    """A private key with its name and type. Raises KeyTextError where there can be no such key."""

    name: str
    type: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.name, self.type, _SIGNS)
        if len(self.seed) != SEED_BYTES:
            raise KeyTextError(f"a seed has {SEED_BYTES} bytes")

    @classmethod
    def made(cls, name: str, type: int, seed: bytes) -> "Signer":  # noqa: A002  the word of the specification
        """The key of 32 random bytes."""
        return cls(name, type, seed)

    @classmethod
    def parse(cls, skey: str) -> "Signer":
        if not skey.startswith(_PRIVATE):
            raise KeyTextError(f"a signer key begins with {_PRIVATE}")
        name, told, type_, seed = _taken_apart(skey.removeprefix(_PRIVATE), secret=True)
        signer = cls(name, type_, seed)
        _check_id(told, signer.verifier)
        return signer

    def text(self) -> str:
        """The key itself, to be kept where its owner alone can read it."""
        return _PRIVATE + _text(self.name, self.verifier.key_id, self.type, self.seed)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.type, self._key().public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature; the same bytes for the same message."""
        return self._key().sign(message)

    def as_cosigner(self) -> "Signer":
        """The same key as that of a cosigner."""
        return replace(self, type=COSIGNATURE)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def _taken_apart(text: str, secret: bool = False) -> tuple[str, str, int, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not _ID.fullmatch(parts[1]):
        raise KeyTextError("the key is not a name, eight hexadecimal digits and base64, joined by plus signs")
    try:
        plain = bytes_of(parts[2])
    except LineError as error:
        raise KeyTextError("the last part of the key is not base64" if secret else str(error)) from None
    if not plain:
        raise KeyTextError("the last part of the key is empty")
    return parts[0], parts[1], plain[0], plain[1:]


def _text(name: str, id_: bytes, type_: int, rest: bytes) -> str:
    return f"{name}+{id_.hex()}+{base64_of(bytes([type_]) + rest)}"


def _check(name: str, type_: int, known: dict[int, int] | tuple[int, ...]) -> None:
    try:
        check_name(name)
    except LineError as error:
        raise KeyTextError(str(error)) from error
    if type_ not in known:
        raise KeyTextError(f"the key of {shown(name)} is of type {type_}, which is not known here")


def _check_point(name: str, public: bytes) -> None:
    second = int.from_bytes(public, "little") % 2**255
    if second in _OF_SMALL_ORDER:
        raise KeyTextError(f"the key of {shown(name)} is a point of small order, which anybody can sign for")
    if second >= _PRIME:
        raise KeyTextError(f"the key of {shown(name)} is not written in the one way of its point")


def _check_id(told: str, verifier: Verifier) -> None:
    if verifier.key_id.hex() != told:
        raise KeyTextError(f"the key of {shown(verifier.name)} has the id {verifier.key_id.hex()}, not {told}")
