"""docs/wire.md as something that can be asked: its CDDL, and what it says of each message."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import cbor2
import pycddl

PAGE = Path(__file__).parents[2] / "docs" / "wire.md"


@cache
def rules() -> str:
    """The page's CDDL, all of it in one."""
    blocks = re.findall(r"```cddl\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return "\n".join(blocks)


def messages() -> dict[str, str]:
    """type -> the rule of such a message, of those that the page lists as frames."""
    listed = re.search(r"^frame = ((?:[a-z-]+[\s/]*)+)$", rules(), re.MULTILINE)
    assert listed, "the page has no list of frames"
    names = re.findall(r"[a-z-]+", listed[1])
    return {_type(name): name for name in names}


def _type(rule: str) -> str:
    found = re.search(rf'^{rule} = {{.*?type: "([^"]+)"', rules(), re.MULTILINE | re.DOTALL)
    assert found, f"{rule} has no type"
    return found[1]


@cache
def _schema(rule: str) -> pycddl.Schema:
    # A schema's first rule is what is looked for, and the library reports a choice of maps wrongly.
    return pycddl.Schema(f"wanted = {rule}\n{rules()}")


def fits(frame: bytes) -> bool:
    """Whether a frame is a message as the page describes it."""
    rule = messages().get(cbor2.loads(frame)["type"])
    return rule is not None and is_a(rule, frame)


def is_a(rule: str, data: bytes) -> bool:
    """Whether some CBOR is what one of the page's rules describes."""
    try:
        _schema(rule).validate_cbor(data)
    except pycddl.ValidationError:
        return False
    return True
