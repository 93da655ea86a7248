"""docs/architecture.md says all that another program has to know: every kind, every field, every rule."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.declaration import Kind, Record
from moot_shared.kinds.fields import Choice, Prose
from moot_shared.trust.facts import TRUST_KINDS
from moot_shared.trust.lines import CommunityLine, DeviceLine, InviteLine
from tests.wire.another_format import fields_of

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()
RULES = PAGE.partition("## What a change may do\n")[2].partition("\n## ")[0]
KINDS = PAGE.partition("## The kinds of today\n")[2].partition("\n## ")[0]
ONCE = {"archived"}
"""Said of every record at once."""


def row(name: str) -> str:
    found = re.search(rf"^\| `{name}` \|.*$", KINDS, re.MULTILINE)
    assert found, f"the page does not list {name}"
    return found[0]


@pytest.mark.parametrize(
    "kind",
    [*RECORDS.values(), *(kind for name, kind in STATEMENTS.items() if name not in TRUST_KINDS)],
    ids=lambda kind: str(kind.name_of_kind),
)
def test_the_page_lists_every_field_of_a_kind(kind: type[Kind]) -> None:
    said = row(kind.name_of_kind)
    for name, field in kind.fields.items():
        if name in ONCE and issubclass(kind, Record):
            continue
        assert f"`{name}`" in said
        assert (f"`{name}` (prose)" in said) == isinstance(field, Prose)
        if isinstance(field, Choice):
            assert all(f'"{word}"' in said for word in field.options)
            assert field.default == field.options[0] or f'*"{field.default}"*' in said


def test_the_page_lists_every_statement_of_trust() -> None:
    table = PAGE.partition("**Statements of trust**")[2].partition("**")[0]
    assert set(re.findall(r"^\| `<\w+>/(\w+)/", table, re.MULTILINE)) == TRUST_KINDS


@pytest.mark.slow
def test_the_page_lists_every_rule_by_its_code() -> None:
    listed = {code for line in re.findall(r"^\| (`[^|]*)\|", RULES, re.MULTILINE) for code in _quoted(line)}
    assert _codes(Path("trust")) | _codes(Path("format")) == listed


def test_lines_are_as_the_page_says() -> None:
    community, seed = bytes(range(32)), bytes(range(32, 64))
    url = "wss://relay.example"
    invite = InviteLine(url, community, seed, "Nord", "Zoë", "convenor", 1_760_000_000_000, 3)
    names = [b"Nord", "Zoë".encode()]
    assert fields_of("invite", str(invite)) == [
        *(url.encode(), community, seed, *names, b"convenor", b"1760000000000", b"3")
    ]
    assert fields_of("device", str(DeviceLine(None, community, seed, "Nord", "Zoë"))) == [
        *(b"", community, seed, *names)
    ]
    assert fields_of("community", str(CommunityLine(url, community, "Nord"))) == [
        *(url.encode(), community, names[0])
    ]


def _quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def _codes(room: Path) -> set[str]:
    """What the modules of a room of `shared` refuse under, where it is written out there."""
    found: set[str] = set()
    for module in (Path(__file__).parents[2] / "shared" / "moot_shared" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                at = {"AdmissionError": 0, "_refuse": 1}.get(name, len(node.args))
                argument = node.args[at] if at < len(node.args) else None
                # the first argument of MissingDeps' own constructor stands in a `super()`
                if name == "__init__" and len(node.args) == 2:
                    argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    found.add(str(argument.value))
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
                assert isinstance(node.value, ast.Constant)
                found.add(str(node.value.value))
    return found | ({"format"} if room == Path("format") else set())
