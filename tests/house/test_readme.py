"""What the README promises is there: every command with its options, every file that it points to."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from moot_shared.command import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
GROUPS = {"convenor", "device", "issue", "lesson", "member", "relay", "review"}
TOUR = [shlex.split(line) for line in re.findall(r"^    moot (.+)$", README, re.MULTILINE)]


def command_of(words: list[str]) -> list[str]:
    """The words that name a command: one, or two where commands come in groups."""
    two = len(words) > 1 and words[0] in GROUPS and not words[1].startswith("-")
    return words[: 2 if two else 1]


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What `moot … --help` prints; it has to end well."""
    try:
        code: object = main([*words, "--help"])
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    assert code in (0, None), err
    return out


def test_the_tour_is_found() -> None:
    assert len(TOUR) > 25


@pytest.mark.parametrize("words", TOUR, ids=" ".join)
def test_each_command_of_the_tour_is_there_with_its_options(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    explained = help_of(command_of(words), capsys)
    missing = [word for word in words if word.startswith("--") and word not in explained]
    assert not missing, explained


@pytest.mark.parametrize("option", ["--home", "--community", "--place"])
def test_what_holds_for_all_commands_is_in_the_first_help(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert option in help_of([], capsys)


@pytest.mark.parametrize("script", ["moot demo", "test"])
def test_the_two_commands_that_do_all_the_set_up_are_there(script: str) -> None:
    assert f"\n    scripts/{script}\n" in README
    assert (ROOT / "scripts" / script.split(maxsplit=1)[0]).stat().st_mode & 0o111


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    near = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in near if not (ROOT / link).exists()] == []
