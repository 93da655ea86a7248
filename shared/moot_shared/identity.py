"""A member: an Ed25519 key, its recovery words, its signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Identity:
    """A member's private key: everything that they do as themself goes through it."""

    def __init__(self, seed: bytes) -> None:
        raise NotImplementedError

    @classmethod
    def generate(cls, random_bytes: Callable[[int], bytes]) -> Identity:
        """A new member, from a source of randomness such as `os.urandom`."""
        raise NotImplementedError

    @classmethod
    def from_seed(cls, seed: bytes) -> Identity:
        """The member whose 32-byte seed was stored."""
        raise NotImplementedError

    @classmethod
    def from_words(cls, words: str | Sequence[str]) -> Identity:
        """The member whose 24 words were written down; InputError names the word that is wrong."""
        raise NotImplementedError

    @property
    def seed(self) -> bytes:
        """The 32 bytes to keep secret and to store."""
        raise NotImplementedError

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which others know this member."""
        raise NotImplementedError

    @property
    def key_text(self) -> str:
        """The public key as text (43 characters)."""
        raise NotImplementedError

    def words(self) -> tuple[str, ...]:
        """24 English words (BIP-39) that bring this member back on another machine."""
        raise NotImplementedError

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`."""
        raise NotImplementedError


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `public_key` over `message`; False for anything malformed."""
    raise NotImplementedError
