"""Everything that somebody could write to steer, deceive or stop a terminal; and what may reach one.

`CATALOGUE` is the one source for tests. `harm` judges what came out, by Unicode's own tables and
without the product's help.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

CATALOGUE: Mapping[str, str] = {
    "a colour": "\x1b[31mred\x1b[0m",
    "the screen cleared": "\x1b[2J\x1b[3J\x1b[H\x1bc",
    "the cursor moved": "\x1b[5A\x1b[10C\x1b[1;1H\x1b7\x1b8",
    "another screen": "\x1b[?1049l\x1b[?25h\x1b[?2004l",
    "the window's title": "\x1b]0;pwned\x07\x1b]2;pwned\x1b\\",
    "the clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07\x1b]52;p;!\x1b\\",
    "a link of the terminal's": "\x1b]8;;https://evil.example\x1b\\Minutes\x1b]8;;\x1b\\",
    "a question to the terminal": "\x1b[6n\x1b[c\x1b[>q\x1bP+q544e\x1b\\\x05",
    "device control": "\x1bP1$r0m\x1b\\\x1b_Gf=24\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\",
    "a key that is programmed": '\x1b["M";13p\x1b]4;1;?\x07\x1b]1337;File=inline=1:AAAA\x07',
    "one byte for two": "\x9b31mred\x9b2J\x9d0;pwned\x9c\x90q\x9c\x85next\x8dup\x84",
    "bells and backspaces": "Mara\x07\x08\x08\x08\x08Joon\x7f\x7f",
    "a line written over": "Mara 1\rJoon 5\x0b\x0c\x00\x1a",
    "new lines": "Title\nDots    99  (you 5)\r\n\r\nYour dots: 5",
    "lines by another name": "Title\u2028Dots    99\u2029Hours\x85Why",
    "tabs": "\tone\ttwo\t",
    "words turned round": "\u202eegdelp\u202c \u202dover \u202b\u202a",
    "words set apart": "\u2066isolated\u2067rtl\u2068first\u2069",
    "hidden direction": "\u200f\u200e\u061cMara\u200f 3",
    "letters from the right": "שלום עולם 3 العربية ۵",
    "nothing that is seen": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u2061\u3164\u115f\u1160\uffa0",
    "hidden letters": "M\u200ba\u200dr\u2060a\u00ad\ufeff",
    "marks on nothing": "\u0301\u0336\u20e3\u0489",
    "a tower of marks": "Z" + "\u0310\u0311\u0336\u0489\u20dd" * 40 + "algo",
    "variations": "\u2764\ufe0f\ufe0e a\ufe0f\U000e0100\U000e01ef" + "\ufe0f" * 50,
    "tags": "ok" + "".join(chr(0xE0000 + ord(c)) for c in "rm -rf") + "\U000e007f",
    "annotations": "\ufff9base\ufffanote\ufffb\ufffc\U0001d173\U0001bca0",
    "wide signs": "漢字かな한글ｆｕｌｌ \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "signs of several": "\U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea 1\ufe0f\u20e3",
    "signs of doubtful width": "①§±×÷αБ─│●▸…“”\u2e3b\ufdfd\U0001242b",
    "blanks": "a\u00a0b\u2003c\u3000d\u2800e\u1680",
    "no characters": "\ufffe\uffff\U0010ffff\ue000\U000f0000\u0378",
    "Textual's markup": "[bold red]MARK[/] [@click=app.bell]click[/] [link=https://evil.example]link[/link]",
    "broken markup": "[/] [/bold] [[ ]] \\[ [$accent on red] :warning: {} %s %(x)s {0}",
    "Markdown": "[x](javascript:alert(1)) ![y](https://evil.example/1.png) <https://evil.example> [a]: b",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> \\<b> &#x3c;i> <!-- --> &lt;",
    "Markdown's blocks": "# Votes\n\n**Mara**\n\nDots: 5\n\n```\n~~~\n> quoted\n\n---\n\n[r]: https://evil.example",
    "a table": "a | b \\| c\n|---|---|\n| =1+1 | @SUM(A1) |",
    "a formula": '=HYPERLINK("https://evil.example";"x") "quoted", \'single\'; -1+1',
    "JSON": '"},{"dots":5} \\u001b[31m \\ud800 \\u202e',
    "a path": "../../../etc/passwd C:\\nul con.md aux \x00.md",
    "a shell's": "$(reboot) `reboot` ; rm -rf ~ && %USERPROFILE% ~/x #",
    "a long word": "W" * 300,
    "long blanks": "Title" + " " * 75 + "Dots    99  (you 5)",
    "the name of a line": "Mara 5, Joon",
}  # fmt: skip

UNREADABLE = (
    "", "not json", "[]", '"text"', "null", "7", "{", '{"dots":NaN}', '{"hours":Infinity}', '{"n":-Infinity}',
    "[" * 2000, '{"a":' * 500 + "1" + "}" * 500, '{"dots":1,"dots":2}', "\x1b]0;pwned\x07{}", "\u202e{}",
)  # fmt: skip
"""What may stand where a statement's JSON should be."""

ABSURD = (
    *(r'"\ud800"', r'"\udfff\ud800"', r'"\u001b[2J\u009b\u202e\u0000"', "1e999", "-1e999", "1e-999", "-0.0"),
    *(str(2**53), str(-(2**63)), str(2**64), "9" * 400, "292277026596", "99999999999999", "-1"),
    *("true", "null", "[]", "[1,[2,[3]]]", '{"x":{"y":"\\u001b[2J"}}', '""', '" "'),
)
"""Values in JSON that make no sense in most fields."""

_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_MOST_RIDING = 8


def harm(text: str) -> list[str]:
    """What of a text must not reach a terminal, a file or a log that somebody will read."""
    return [*_harmful(text), *(f"{len(run)} marks" for run in _floods(text))]


def _harmful(text: str) -> Iterator[str]:
    for at, character in enumerate(text):
        kind = unicodedata.category(character)
        code = ord(character)
        joins = character in "\u200c\u200d" and at and unicodedata.category(text[at - 1])[0] in "LM"
        if (
            (kind in ("Cc", "Cs", "Zl", "Zp") and character != "\n")
            or (kind == "Cf" and not joins)
            or unicodedata.bidirectional(character) in _TURNS
            or 0xE0000 <= code < 0xE1000
        ):
            yield f"U+{code:04X}"


def _floods(text: str) -> Iterator[str]:
    run = ""
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me"):
            run += character
            continue
        if len(run) > _MOST_RIDING:
            yield run
        run = ""
    if len(run) > _MOST_RIDING:
        yield run


def groups(size: int = 5) -> list[str]:
    """The catalogue, a few at a time: one group is what one field can hold."""
    texts = list(CATALOGUE.values())
    return [" ".join(texts[start : start + size]) for start in range(0, len(texts), size)]


def everything() -> str:
    """All of it."""
    return " ".join(CATALOGUE.values())


def object_with(fields: Mapping[str, str]) -> str:
    """A JSON object from values that are JSON already."""
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in fields.items()) + "}"


_OURS = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b\[\d+;\d+H"  # places
    r"|\x1b\[\?(1049|1000|1003|1004|1006|1015|25|7|2004|2026|2048)[hl]"  # modes that Textual sets
    r"|\x1b\[\?(2026|2048)\$p|\x1b\[>[0-9]+u|\x1b\[<u"
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse's pointer
    r"|\x1b\]11;\?\x07"  # which colour it draws on, asked by us
    r"|\r\n"
)
_ORDERS = re.compile("[\x1b\x9b\x9d\x90][^\x1b]{3,}")


def beyond_textual(sent: str) -> list[str]:
    """What a terminal was sent besides words and what Textual itself sends for an honest community."""
    orders = (order for text in CATALOGUE.values() for order in _ORDERS.findall(text))
    return [
        *(order for order in orders if order in sent and not _OURS.fullmatch(order)),
        *harm(_OURS.sub("", sent)),
    ]
