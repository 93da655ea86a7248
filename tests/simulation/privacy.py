"""What was typed and not said never leaves its machine: not in a message, and so in no other store."""

from __future__ import annotations

from moot_shared.wire.messages import Page, decode
from moot_shared.wire.pages import unpack

SECRET = "secret"
"""Stands in every draft, and in nothing that is said."""


def check_frame(frame: bytes) -> None:
    """AssertionError where a frame that a machine sends holds words of a draft."""
    message = decode(frame)
    sent = b"".join(each.chunk for each in unpack(message.body)) if isinstance(message, Page) else frame
    assert SECRET.encode() not in sent, "a draft leaves its machine"
