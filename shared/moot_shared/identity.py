"""A member: an Ed25519 key, its recovery words, its signatures.

The seed (32 bytes) is all there is to keep: the public key, by which others know the member,
and the 24 words, which bring the member back without this machine, are made from it.
Libraries are imported where they are used: most commands only read, and need none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from moot_shared.errors import InputError
from moot_shared.ids import KEY_BYTES, encode_bytes

if TYPE_CHECKING:
    from mnemonic import Mnemonic

WORDS = 24
_PRIME = (1 << 255) - 19
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_WEAK = frozenset({0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH})
SIGNATURE_BYTES = 64


class Identity:
    """A member's private key: everything that they do as themself goes through it."""

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if len(seed) != KEY_BYTES:
            raise InputError("A private key is 32 bytes long; this is something else.")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()
        """The 32 bytes by which others know this member."""

    @classmethod
    def generate(cls, random_bytes: Callable[[int], bytes]) -> Identity:
        """A new member, from a source of randomness such as `os.urandom`."""
        return cls(random_bytes(KEY_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Identity:
        """The member whose 32-byte seed was stored."""
        return cls(seed)

    @classmethod
    def from_words(cls, words: str | Sequence[str]) -> Identity:
        """The member whose 24 words were written down; InputError names the word that is wrong."""
        typed = words.split() if isinstance(words, str) else words
        given = [word.strip().lower() for word in typed]
        book = _book()
        for place, word in enumerate(given, 1):
            if word not in book.wordlist:
                raise InputError(
                    f"Word {place}, '{word}', is not one of the words in use.{_nearest(word, book)}"
                )
        if len(given) != WORDS:
            raise InputError(f"Recovery words are {WORDS}; these are {len(given)}.")
        try:
            return cls(bytes(book.to_entropy(given)))
        except ValueError:
            raise InputError(
                "Each word is right by itself, but together they are not: "
                "one of them is another word, or two have changed places."
            ) from None

    @property
    def seed(self) -> bytes:
        """The 32 bytes to keep secret and to store."""
        return self._seed

    @property
    def key_text(self) -> str:
        """The public key as text (43 characters)."""
        return encode_bytes(self.public_key)

    def words(self) -> tuple[str, ...]:
        """24 English words (BIP-39) that bring this member back on another machine."""
        return tuple(_book().to_mnemonic(self._seed).split())

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"Identity({self.key_text})"


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `public_key` over `message`; False for anything malformed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(signature) != SIGNATURE_BYTES or not is_sound(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_sound(public_key: bytes) -> bool:
    """Whether 32 bytes can be a member's key: written in its one form, and not of small order.

    For the few keys of small order (y is in `_WEAK`), anyone can make signatures that verify.
    """
    y = int.from_bytes(public_key, "little") & ~(1 << 255)
    return len(public_key) == KEY_BYTES and y < _PRIME and y not in _WEAK


def _book() -> Mnemonic:
    from mnemonic import Mnemonic

    return Mnemonic("english")


def _nearest(word: str, book: Mnemonic) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, book.wordlist, n=1)
    return f" Is it '{near[0]}'?" if near else ""
