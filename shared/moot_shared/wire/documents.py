"""What other programs call a document: 16 bytes as text, with a checksum behind them (base58check)."""

from __future__ import annotations

import hashlib

from moot_shared.errors import FormatError

ID_BYTES = 16
_CHECK_BYTES = 4
_LONGEST = 32  # characters; 20 bytes have 28 at most
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


def document_text(document: bytes) -> str:
    """16 bytes as a document's name on the wire."""
    whole = document + _check(document)
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, value = divmod(number, 58)
        text = _LETTERS[value] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


def read_document(text: str) -> bytes:
    """The inverse; FormatError for anything else, a mistyped letter too."""
    if len(text) > _LONGEST:
        raise _unfit()
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise _unfit()
        number = number * 58 + value
    size = ID_BYTES + _CHECK_BYTES
    if number >> 8 * size:
        raise _unfit()
    whole = number.to_bytes(size, "big")
    document = whole[:ID_BYTES]
    if whole[ID_BYTES:] != _check(document) or document_text(document) != text:
        raise _unfit()
    return document


def _check(document: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(document).digest()).digest()[:_CHECK_BYTES]


def _unfit() -> FormatError:
    return FormatError("This is not the name of a document.")
