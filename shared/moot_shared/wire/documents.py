"""What other programs call a document: its 16 bytes (or how many they are) with a checksum, as text.

The writing is base58check. Versions of a document are named alike, by the hashes of its newest changes.
"""

from __future__ import annotations

import hashlib

from moot_shared.errors import FormatError

ID_BYTES = 16  # of those that are made today
LONGEST = 64
_CHECK_BYTES = 4
_LONGEST_TEXT = 100  # characters; 68 bytes have 93 at most
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


class NoDocument(FormatError):
    """A text that cannot be the name of a document."""


def document_text(name: bytes) -> str:
    """A document's name, or a hash, as it stands on the wire."""
    whole = name + _check(name)
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, value = divmod(number, 58)
        text = _LETTERS[value] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


def read_document(text: str) -> bytes:
    """The inverse; FormatError for anything else, a mistyped letter too."""
    if len(text) > _LONGEST_TEXT:
        raise _unfit()
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise _unfit()
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    whole = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    name = whole[:-_CHECK_BYTES]
    if not 0 < len(name) <= LONGEST or whole[-_CHECK_BYTES:] != _check(name):
        raise _unfit()
    return name


def _check(name: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(name).digest()).digest()[:_CHECK_BYTES]


def _unfit() -> NoDocument:
    return NoDocument("This is not the name of a document.")
