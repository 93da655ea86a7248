"""Changes to bytes, numbers and columns that know nothing of what these mean. Each tells what it did."""

from __future__ import annotations

import random
import zlib

from tests.fuzz.anatomy import Anatomy, Number
from tests.helpers import encoding

BOUNDARIES = (
    0, 1, 2, 63, 64, 127, 128, 255, 1_999, 2_000, 2_001, 4_001, 65_536, (1 << 20) + 1, (1 << 24) - 1,
    (1 << 31) - 2, (1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1, 1 << 32, (1 << 53) - 1, 1 << 53,
    (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, 1 << 70,
)  # fmt: skip
"""Numbers at which something changes, somewhere."""

KNOWN_COLUMNS = (0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xA5)


def bytes_changed(data: bytes, dice: random.Random) -> tuple[bytes, str]:
    """A few bytes other, fewer or more."""
    out, told = bytearray(data), list[str]()
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randrange(len(out) + 1)
        size = min(dice.choice((1, 1, 2, 8, 40)), len(out) - at)
        what = dice.randrange(5)
        if what == 0 and at < len(out):
            out[at] ^= 1 << dice.randrange(8)
        elif what == 1 and at < len(out):
            out[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        elif what == 2:
            del out[at : at + size]
        elif what == 3:
            out[at:at] = dice.randbytes(max(size, 1))
        else:
            out[at:at] = out[at : at + size]
        told.append(f"{('bit', 'byte', 'cut', 'put', 'repeat')[what]} at {at}")
    return bytes(out), "bytes: " + ", ".join(told)


def unusual(number: int, dice: random.Random) -> bytes:
    """A number in a writing that is not its shortest, or has no end."""
    plain = encoding.uleb(abs(number))
    if dice.random() < 0.2:
        return b"\xff" * dice.choice((10, 11, 40))
    return plain[:-1] + bytes((plain[-1] | 0x80,)) + b"\x80" * dice.choice((0, 0, 1, 4, 9)) + b"\0"


def number_changed(number: Number, dice: random.Random) -> Number:
    """Another number, or the same in an unusual writing."""
    if isinstance(number, bytes) or dice.random() < 0.6:
        return dice.choice(BOUNDARIES)
    if dice.random() < 0.3:
        return unusual(number, dice)
    return max(0, number + dice.choice((-1, 1, 2, 100)))


def numbers_changed(parts: Anatomy, dice: random.Random) -> str:
    """One number of the head, or what is said of a length."""
    name = dice.choice(("seq", "start_op", "time", "length", "length", "length"))
    if name == "length":
        columns = [f"column {number}" for number in range(len(parts.columns))]
        name = dice.choice(["deps", "actor", "message", "others", "columns", *columns])
        parts.counts[name] = number_changed(dice.randrange(3), dice)
        return f"numbers: the length of {name} is said to be {parts.counts[name]!r}"
    changed = number_changed(getattr(parts, name), dice)
    if name == "time" and isinstance(changed, int) and dice.random() < 0.5:
        changed = -changed
    setattr(parts, name, changed)
    return f"numbers: {name} is {changed!r}"


def columns_changed(parts: Anatomy, dice: random.Random) -> str:
    """Columns dropped, swapped, doubled, cut, in another order, with longer runs, under other names."""
    if not parts.columns:
        parts.columns.append((dice.choice(KNOWN_COLUMNS), dice.randbytes(3)))
        return "columns: one added"
    columns, at = parts.columns, dice.randrange(len(parts.columns))
    name, data = columns[at]
    what = dice.randrange(11)
    if what == 0:
        del columns[at]
    elif what == 1:
        other = dice.randrange(len(columns))
        columns[at], columns[other] = (name, columns[other][1]), (columns[other][0], data)
    elif what == 2:
        columns.insert(at, (name, data))
    elif what == 3:
        columns[at] = name, data[: dice.randrange(len(data) + 1)]
    elif what == 4:
        dice.shuffle(columns)
    elif what == 5:
        columns[at] = name, run_lengthened(data, dice)
    elif what == 6:
        columns[at] = dice.choice((*KNOWN_COLUMNS, 0x08, 0x4A, 0x23, 0xF0, *BOUNDARIES)), data
        if dice.random() < 0.7:
            columns.sort(key=lambda column: column[0] if isinstance(column[0], int) else 0)
    elif what == 7:
        columns[at] = name, data + data
    elif what == 8:
        columns[at] = name, bytes_changed(data, dice)[0]
    elif what == 9:
        columns[at] = name, number_inside_changed(data, dice)
    else:
        columns.append((dice.choice(KNOWN_COLUMNS), encoding.sleb(dice.choice(BOUNDARIES[:-3])) + b"\1"))
        columns.sort(key=lambda column: column[0] if isinstance(column[0], int) else 0)
    told = ("dropped", "swapped", "doubled", "cut", "shuffled", "a longer run", "renamed", "repeated",
            "bytes", "a number", "a run added")[what]  # fmt: skip
    return f"columns: {told} at {name!r}"


def run_lengthened(data: bytes, dice: random.Random) -> bytes:
    """The first run of a column says that it is longer, or a long one is put before it."""
    run = encoding.sleb(dice.choice((2, 3, 2_000, 2_001, 65_536, 1 << 20, 1 << 31, (1 << 63) - 1)))
    if dice.random() < 0.5:
        return run + data[1:]
    nulls = b"\0" + encoding.uleb(dice.choice((1, 2_000, 1 << 20, (1 << 64) - 1)))
    return (nulls if dice.random() < 0.4 else run + b"\1") + data


def number_inside_changed(data: bytes, dice: random.Random) -> bytes:
    """One of the numbers that stand in a column, by where numbers seem to begin."""
    starts = [0, *(at + 1 for at, byte in enumerate(data[:-1]) if byte < 0x80)]
    at = dice.choice(starts)
    end = next((e for e in range(at, len(data)) if data[e] < 0x80), len(data) - 1) + 1
    number = dice.choice(BOUNDARIES[:-2])
    new = dice.choice((encoding.uleb(number), encoding.sleb(number % (1 << 63)), encoding.sleb(-number)))
    return data[:at] + (unusual(number, dice) if dice.random() < 0.2 else new) + data[end:]


def deflated_changed(chunk: bytes, dice: random.Random) -> tuple[bytes, str]:
    """The chunk as it may travel, deflated; honestly, or not."""
    what = dice.randrange(6)
    if what == 0:
        return encoding.deflated(chunk), "deflated: honestly"
    if what == 1:
        return encoding.deflated(chunk, tail=dice.randbytes(3)), "deflated: with bytes after the end"
    honest = encoding.deflated(chunk)
    body, checksum = honest[9 + len(encoding.uleb(len(honest))) :], chunk[4:8]
    if what == 2:
        body, told = bytes_changed(body, dice)
        return encoding.chunk(body, 2, checksum), f"deflated: {told}"
    if what == 3:
        size = dice.choice((1 << 16, 1 << 20, 1 << 24))
        packer = zlib.compressobj(9, wbits=-15)
        bomb = packer.compress(bytes(size)) + packer.flush()
        return encoding.chunk(bomb, 2, dice.choice((checksum, None))), f"deflated: {size} zeros"
    if what == 4:
        return encoding.chunk(body[: len(body) // 2], 2, checksum), "deflated: cut"
    return encoding.chunk(zlib.compress(chunk), 2, checksum), "deflated: with a head and twice"
