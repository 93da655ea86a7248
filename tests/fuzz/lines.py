"""Pasted lines: invites and the like, with checksums that fit, and words and keys that people type."""

from __future__ import annotations

import random
from collections.abc import Callable

from moot_shared.errors import InputError
from moot_shared.format.leb import write_uleb
from moot_shared.identity import Identity
from moot_shared.ids import decode_bytes, encode_bytes
from moot_shared.trust import lines
from moot_shared.trust.lines import CommunityLine, DeviceLine, Line, parse_line
from moot_shared.wire.signed import read_hosting_key
from tests.fuzz.attempt import Attempt
from tests.fuzz.bytework import BOUNDARIES, bytes_changed
from tests.fuzz.honest import Broken
from tests.fuzz.peers import Peers

NOISE = ("\n", " ", "\u200b", "> ", '"', "=", "🙂", "\x1b[2J", "moot-invite:", "moot-later:", "A", "-", "\0")
NUMBERS = (b"", b"0", b"-1", b"1e3", b"9" * 5_000, b" 7 ", b"1_000", "٣".encode(), b"\xff", b"None")


def line(peers: Peers, dice: random.Random) -> Attempt:
    """A line that somebody pastes."""
    what = dice.randrange(8)
    if what == 6:
        return _typed(dice, "recovery words", Identity.from_words, list(peers.replica.identity.words()))
    if what == 7:
        return _typed(dice, "a hosting key", read_hosting_key, ["abcdefgh"] * 4)
    honest = _honest(peers, dice)
    kind, _, rest = str(honest).partition(":")
    data = decode_bytes(rest)[:-4]
    story = [f"a line of {kind}"]
    if what <= 2:
        data, told = bytes_changed(data, dice)
        story.append(told)
    elif what <= 4:
        data = _fields_changed(data, dice)
        story.append("its fields are others")
    name = dice.choice(
        (kind, kind, kind, "moot-invite", "moot-device", "moot-community", "moot-x", "MOOT-INVITE")
    )
    text = f"{name}:{encode_bytes(data + lines._check(name.lower()[5:], data))}"
    if what == 5 or dice.random() < 0.2:
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(NOISE) * dice.choice((1, 1, 60)) + text[at + dice.choice((0, 1, 5)) :]
        story.append(f"noise at {at}")
    return Attempt(story, text.encode("utf-8", "replace"), lambda: _parsed(text))


def _honest(peers: Peers, dice: random.Random) -> Line:
    invite = dice.choice(list(peers.corpus.lines.values()))
    url, community = invite.url, invite.community
    return dice.choice((
        invite,
        invite,
        DeviceLine(url, community, invite.secret, "Northern cohort", "Joon"),
        CommunityLine(None, community, "Northern cohort"),
    ))  # fmt: skip


def _fields_changed(data: bytes, dice: random.Random) -> bytes:
    fields = lines._fields_of(data) if hasattr(lines, "_fields_of") else _split(data)
    at = dice.randrange(len(fields)) if fields else 0
    what = dice.randrange(5)
    if what == 0:
        del fields[at : at + 1]
    elif what == 1:
        fields.insert(at, dice.randbytes(dice.choice((0, 3, 32))))
    elif what == 2 and fields:
        fields[at] = dice.choice(NUMBERS)
    elif what == 3 and fields:
        fields[at] = bytes_changed(fields[at], dice)[0]
    else:
        dice.shuffle(fields)
    out = data[:1] if dice.random() < 0.9 else bytes((dice.choice((0, 2, 255)),))
    for field in fields:
        size = len(field) if dice.random() < 0.97 else dice.choice(BOUNDARIES[:-2])
        out += write_uleb(size) + field
    return out


def _split(data: bytes) -> list[bytes]:
    fields, at = [], 1
    while at < len(data):
        size = data[at]
        fields.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    return fields


def _parsed(text: str) -> str:
    try:
        found = parse_line(text)
    except InputError as error:
        if not str(error).endswith("."):
            raise Broken(f"this is no sentence: {error}") from error
        return "no line"
    if parse_line(str(found)) != found:
        raise Broken("a line that was read and written again is another")
    return type(found).__name__


def _typed(dice: random.Random, name: str, read: Callable[[str], object], words: list[str]) -> Attempt:
    for _ in range(dice.choice((0, 1, 2))):
        at = dice.randrange(len(words) + 1)
        words[at : at + dice.choice((0, 1))] = [
            dice.choice(("abandon", "é", "\0", "🙂", "zoo", "ABLE", "x" * 500, "ſ"))
        ]
    text = dice.choice((" ", "\n", "\t", "\u00a0")).join(words)

    def run() -> str:
        try:
            read(text)
        except InputError:
            return f"not {name}"
        return name

    return Attempt([name], text.encode(), run)
