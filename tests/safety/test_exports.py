"""What is exported can be read in a terminal and opened in a browser: words, and nothing that acts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from moot_client.export import write
from moot_client.export.markup import block, inline
from moot_client.export.names import slug
from moot_shared.kinds import RECORDS, STATEMENTS
from tests.helpers.hostile import CATALOGUE, everything, harm
from tests.safety.community import Hostile

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
BACKSLASHES = ("", "\\", "\\\\", "\\\\\\")
ACTS = (
    "<script>x</script>",
    "![x](https://evil.example)",
    "[x](javascript:x)",
    "[x]: https://evil.example\n\n[x]",
)


def exported(hostile: Hostile, shape: str) -> dict[str, str]:
    """File name -> text."""
    replica, folder = hostile.reader(), hostile.folder / shape
    names = write(replica.reader(), replica.place, folder, shape)
    replica.close()
    assert {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} == {
        *names,
        ".moot-export.json",
    }
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def tokens(text: str) -> Iterator[Token]:
    """A page as a browser would be given it, flat."""
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def acting(text: str) -> list[str]:
    """What of a page would do something: markup of HTML, pictures, links out of the export."""
    found = []
    for token in tokens(text):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        inside = re.fullmatch(r"(\.\./)?([a-z-]+/)?[a-z0-9.-]+\.(md|svg)", target, re.IGNORECASE)
        if token.type in ("html_block", "html_inline", "image") or (target and not inside):
            found.append(f"{token.type} {target or token.content}")
    return found


@pytest.mark.slow
def test_pages_hold_words_and_nothing_that_acts(hostile: Hostile) -> None:
    for name, text in exported(hostile, "markdown").items():
        assert not harm(text), name
        if name.endswith(".svg"):
            inside = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}
            assert inside <= {"svg", "title", "desc", "style", "text", "circle", "line", "rect"}, name
        else:
            assert not acting(text), (name, acting(text))


@pytest.mark.slow
def test_nobodys_words_pass_for_a_part_of_the_page(hostile: Hostile) -> None:
    ours = {kind.plural.capitalize() for kind in [*RECORDS.values(), *STATEMENTS.values()]}
    ours |= {field.label for kind in RECORDS.values() for field in kind.fields.values()}
    ours |= {"Other versions", "Made with a newer moot"}
    for name, text in exported(hostile, "markdown").items():
        found = list(READER.parse(text))
        for at, token in enumerate(found):
            if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and "/" in name:
                words = found[at + 1].content
                assert words in ours or words.endswith("(made with a newer Moot)"), (name, words)
            assert not (token.type == "fence" and token.level == 0 and token.info != "json"), name


@pytest.mark.slow
def test_file_names_are_plain_short_and_stay_in_their_folder(hostile: Hostile) -> None:
    for shape in ("markdown", "json"):
        for name in exported(hostile, shape):
            parts = Path(name).parts
            assert re.fullmatch(r"([a-z0-9-]+/)?[A-Za-z0-9-]+\.(md|json|svg)", name), name
            assert len(parts) <= 2
            assert len(name) < 120
            assert not any(RESERVED.match(part) for part in parts)


@pytest.mark.slow
def test_json_is_json_for_every_reader(hostile: Hostile) -> None:
    (text,) = exported(hostile, "json").values()
    assert text.isascii()
    assert not harm(text)

    def no_number(name: str) -> None:
        pytest.fail(f"{name} is not JSON")

    whole = json.loads(text, parse_constant=no_number)
    assert len(whole["records"]) > 40


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_of_them_alone_is_words_in_a_line_and_in_prose(name: str) -> None:
    words = CATALOGUE[name]
    assert not acting(f"# {inline(words)}\n\n- {inline(words)}\n\n**{inline(words)}**\n\n{block(words)}\n")
    assert re.fullmatch(r"[a-z0-9-]{0,48}", slug(words))


@pytest.mark.parametrize("before", BACKSLASHES)
@pytest.mark.parametrize("act", ACTS)
def test_no_backslash_brings_an_act_back(before: str, act: str) -> None:
    for words in (
        before + act,
        act.replace("]", before + "]"),
        act.replace("(", before + "("),
        before.join(act),
    ):
        assert not acting(block(words)), words
        assert not acting(inline(words)), words


def test_a_title_of_any_length_has_a_name_at_once() -> None:
    assert slug("e\u0301" + "\u0301\u0316" * 100_000) == "e"
    assert len(slug(everything())) <= 48
