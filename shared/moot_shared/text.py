"""What people wrote, made safe to show, and made whole to store.

Text travels as it was typed; what is changed on the way in is only what can never be meant
(lone surrogates, Windows line ends, characters that steer a terminal). `shown` is the one
gate on the way out to a terminal, an export or a log: it makes every control character a
visible picture, and drops the marks that would turn the direction of what follows them.
"""

from __future__ import annotations

import re
import unicodedata

_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029])
_PICTURES: dict[int, str | None] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half of a pair: no terminal takes it
    **_DIRECTION,
    0xFEFF: None,
}
_LINE_PICTURES = {**_PICTURES, 0x0A: " ", 0x09: " "}
_PROSE_PICTURES = {**_PICTURES, 0x0A: "\n", 0x09: "    "}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def shown(text: str) -> str:
    """Text over several lines, as it may reach a terminal: no control characters but line ends."""
    return text.translate(_PROSE_PICTURES)


def shown_line(text: str) -> str:
    """Text as one line that may reach a terminal: line ends and tabs become spaces."""
    return text.translate(_LINE_PICTURES)


def typed(text: str) -> str:
    """Text as it is stored: composed (NFC), Unix line ends, encodable; nothing that was meant is lost."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = whole.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", whole)


def typed_line(text: str) -> str:
    """One line as it is stored: like `typed`, with every run of white space made one space."""
    return " ".join(typed(text).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """Prose as its paragraphs: what stands between blank lines, without empty ones."""
    parts = _BLANK_LINES.split(typed(text).strip("\n"))
    return tuple(part.rstrip() for part in parts if part.strip())


def prose(parts: tuple[str, ...] | list[str]) -> str:
    """Paragraphs as one text, a blank line between them."""
    return "\n\n".join(parts)
