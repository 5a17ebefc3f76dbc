"""Private keys under a passphrase: scrypt makes a key of it, ChaCha20-Poly1305 seals the text.

The sealed form is four lines: what it is, the public key, how scrypt was asked, and what is sealed:

    openmpca sealed key v1
    key sra.example/openmpca+1a2b3c4d+AbC...
    scrypt 131072 8 1 SALT
    chacha20-poly1305 NONCE-AND-SEALED-TEXT

Rules kept here:

1. The first three lines are authenticated: another public key or cheaper work over a sealed text does not open.
2. Salt and nonce are new each time. A passphrase is taken in one spelling (NFC), and an empty one is refused.
3. A file cannot ask for more memory than `MOST_WORK` allows, nor for so little that guessing is cheap.
4. No error tells the passphrase, or anything of what is sealed.

Source: RFC 7914 (scrypt), RFC 8439 (ChaCha20-Poly1305).
"""

import binascii
import os
import re
import unicodedata
from base64 import b64decode, b64encode
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FIRST_LINE: Final = "openmpca sealed key v1"
WORK: Final = 1 << 17
MOST_WORK: Final = 1 << 20
LEAST_WORK: Final = 1 << 14
_BLOCK: Final = 8
_NONCE_BYTES: Final = 12
_FORM: Final = re.compile(
    rf"(?P<head>{FIRST_LINE}\nkey (?P<public>\S+)\nscrypt (?P<work>[1-9][0-9]{{0,7}}) 8 1 (?P<salt>[A-Za-z0-9+/=]+)\n)"
    r"chacha20-poly1305 (?P<sealed>[A-Za-z0-9+/=]+)\n",
    re.ASCII,
)


class SealError(ValueError):
    """A text is not sealed so, or the passphrase does not open it."""


class Sealed(NamedTuple):
    """A sealed text, taken apart; ``public`` is proven only when it was opened."""

    public: str
    head: bytes
    work: int
    salt: bytes
    content: bytes


def is_sealed(text: str) -> bool:
    """Whether a text begins as a sealed one does."""
    return text.startswith(FIRST_LINE + "\n")


def sealed(text: str, public: str, passphrase: str, *, work: int | None = None) -> str:
    """The text under a passphrase, with the public key beside it in the clear."""
    salt, nonce, asked = os.urandom(16), os.urandom(_NONCE_BYTES), work or WORK
    head = f"{FIRST_LINE}\nkey {public}\nscrypt {asked} {_BLOCK} 1 {b64encode(salt).decode()}\n"
    content = ChaCha20Poly1305(_key(passphrase, salt, asked)).encrypt(nonce, text.encode(), head.encode())
    return f"{head}chacha20-poly1305 {b64encode(nonce + content).decode()}\n"


def parsed(text: str) -> Sealed:
    """A sealed text taken apart; SealError where it is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise SealError("it is no sealed key of a form that is known here")
    work = int(found["work"])
    if not LEAST_WORK <= work <= MOST_WORK or work & (work - 1):
        raise SealError(f"scrypt is asked for {work}, not for a power of two from {LEAST_WORK} to {MOST_WORK}")
    try:
        salt, content = b64decode(found["salt"], validate=True), b64decode(found["sealed"], validate=True)
    except binascii.Error:
        raise SealError("it is not whole: a line is no base64") from None
    return Sealed(found["public"], found["head"].encode(), work, salt, content)


def opened(text: str, passphrase: str) -> str:
    """What is sealed; SealError where the passphrase, or a line of the file, is not the one it was sealed with."""
    taken = parsed(text)
    nonce, content = taken.content[:_NONCE_BYTES], taken.content[_NONCE_BYTES:]
    try:
        plain = ChaCha20Poly1305(_key(passphrase, taken.salt, taken.work)).decrypt(nonce, content, taken.head)
    except (InvalidTag, ValueError):
        raise SealError("the passphrase does not open it, or the file was changed") from None
    return plain.decode()


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    plain = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    if not plain:
        raise SealError("the passphrase is empty")
    return Scrypt(salt=salt, length=32, n=work, r=_BLOCK, p=1).derive(plain)
