"""Numbers of variable length (LEB128), as the format writes them: seven bits a byte, low bits first.

Only the shortest writing of a number is read, and none beyond 64 bits: otherwise one change
could be written, and hashed, in many ways.
"""

from __future__ import annotations

from moot_shared.errors import FormatError

_LONGEST = 10  # bytes that hold 64 bits


class Malformed(FormatError):
    """Bytes that are not in their one canonical form. `what` is the part of the sentence that says why."""

    def __init__(self, what: str, subject: str = "change") -> None:
        super().__init__(f"This {subject} cannot be read: {what}.")
        self.what = what


class Beyond(Malformed):
    """Bytes that ask for more than a limit allows; which one it was stands in the sentence."""

    code = "limit"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"it is over a limit, {what} (at most {most:,}). It has to be said in smaller pieces"
        )


def beyond(what: str, most: int) -> Beyond:
    """The error for a change that is larger than a change may be."""
    return Beyond(what, most)


def malformed(what: str) -> Malformed:
    """The error for bytes that are not a change in its one canonical form."""
    return Malformed(what)


def uleb(data: bytes, position: int) -> tuple[int, int]:
    """The unsigned number that starts at `position`, and the position after it."""
    try:
        byte = data[position]
        position += 1
        if byte < 0x80:
            return byte, position
        number, shift = byte & 0x7F, 7
        while True:
            byte = data[position]
            position += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= 7 * _LONGEST:
                raise malformed("a number in it has no end")
    except IndexError:
        raise malformed("it ends in the middle of a number") from None
    if byte == 0 or number >> 64:
        raise malformed("a number in it is written in an unusual way")
    return number, position


def sleb(data: bytes, position: int) -> tuple[int, int]:
    """The signed number that starts at `position`, and the position after it."""
    number = shift = before = 0
    try:
        while True:
            byte = data[position]
            position += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= 7 * _LONGEST:
                raise malformed("a number in it has no end")
            before = byte
    except IndexError:
        raise malformed("it ends in the middle of a number") from None
    if byte & 0x40:
        number -= 1 << shift
    if shift > 7 and byte == (0x7F if before & 0x40 else 0):
        raise malformed("a number in it is written in an unusual way")
    if not -(1 << 63) <= number < 1 << 63:
        raise malformed("a number in it is too large")
    return number, position


def write_uleb(number: int) -> bytes:
    """An unsigned number in its shortest writing."""
    if number < 0x80:
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
