"""Completion, in the shells themselves; what people wrote is words there and nothing else."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from moot_client.cli.complete import candidates
from moot_client.cli.parser import whole
from moot_client.cli.session import Session
from moot_client.home import Home
from tests.cli.shell import ROOT, Shell, environment

HOSTILE = '\'; $(touch pwned) `touch pwned` "x" ${IFS} \\ & | > pwned'


def with_shell(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed here")


@pytest.fixture
def at_work(ann: Shell, tmp_path: Path) -> Shell:
    """A community with a little in it, and `moot` on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    moot = folder / "moot"
    moot.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m moot_shared "$@"\n')
    moot.chmod(0o755)
    ann("profile", "--name", "Ann Moreno").good()
    return ann


def run(shell: Shell, program: str, script: str) -> str:
    """What a script prints in a shell that has `moot` on its path."""
    folder = shell.home.parent
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[program]
    done = subprocess.run(
        [program, *flags, "-c", script],
        env={**environment(shell.home, HOME=str(folder)), "PATH": f"{folder / 'bin'}:/usr/bin:/bin"},
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert not (folder / "pwned").exists()
    assert done.stderr == "", done.stderr
    return done.stdout


def in_bash(shell: Shell, *words: str, kind: int = 9) -> list[str]:
    """What bash would put, or (`kind` 63) list, in the place of the last word."""
    typed = " ".join(shlex.quote(word) for word in ("moot", *words))
    return run(
        shell,
        "bash",
        f"source <(moot completion bash); COMP_WORDS=({typed}); COMP_CWORD={len(words)}; COMP_TYPE={kind}\n"
        '_moot; for word in "${COMPREPLY[@]}"; do printf "%s\\n" "$word"; done',
    ).splitlines()


@pytest.mark.slow
@with_shell("bash")
def test_bash_completes_commands_options_words_ids_and_names(at_work: Shell) -> None:
    short = at_work.id("issue", "add", "Handover loses facts")
    assert in_bash(at_work, "vot") == ["vote"]
    assert set(in_bash(at_work, "issue", "re")) == {"reopen"}
    assert in_bash(at_work, "issue", "edit", "--le") == ["--level"]
    assert in_bash(at_work, "issue", "add", "--level", "acr") == ["across\\ teams"]
    assert in_bash(at_work, "vote", "") == [short]
    assert in_bash(at_work, "vote", "handov") == [short]
    assert in_bash(at_work, "member", "show", "An") == ["Ann\\ Moreno"]
    assert in_bash(at_work, "export", "bi") == ["bin"]
    assert in_bash(at_work, "found", "") == []


@pytest.mark.slow
@with_shell("bash")
def test_bash_lists_what_each_is_and_carries_out_nothing_that_people_wrote(at_work: Shell) -> None:
    short = at_work.id("issue", "add", HOSTILE)
    at_work.id("issue", "add", "Another")
    at_work("profile", "--name", HOSTILE[:60]).good()
    listed = in_bash(at_work, "vote", "", kind=63)
    assert f"{short}  ({HOSTILE})" in listed
    assert short in in_bash(at_work, "vote", "")
    assert in_bash(at_work, "member", "show", "") == []


@pytest.mark.slow
@with_shell("zsh")
def test_zsh_completes_and_says_what_each_is(at_work: Shell) -> None:
    short = at_work.id("issue", "add", HOSTILE)

    def in_zsh(*words: str) -> str:
        typed = " ".join(shlex.quote(word) for word in ("moot", *words))
        return run(
            at_work,
            "zsh",
            "source <(moot completion zsh); compadd() { print -rl -- $found; print -rl -- $seen }\n"
            f"words=({typed}); CURRENT={len(words) + 1}; _moot",
        )

    assert in_zsh("vote", "").splitlines() == [short, f"{short}  -- {HOSTILE}"]
    assert "Ann Moreno\n" in in_zsh("member", "show", "")
    assert in_zsh("vot").startswith("vote\n")


@pytest.mark.slow
@with_shell("fish")
def test_fish_completes_and_says_what_each_is(at_work: Shell) -> None:
    short = at_work.id("issue", "add", HOSTILE)

    def in_fish(line: str) -> list[str]:
        script = f"moot completion fish | source; complete -C {shlex.quote(line)}"
        return run(at_work, "fish", script).splitlines()

    assert in_fish("moot vote ") == [f"{short}\t{HOSTILE}"]
    assert "Ann Moreno\tconvenor" in in_fish("moot member show ")
    assert any(line.startswith("vote\t") for line in in_fish("moot vo"))


def of(shell: Shell, *words: str) -> list[str]:
    session = Session(Home.find(str(shell.home)))
    found = [word for word, _ in candidates(session, words)]
    session.close()
    return found


def test_a_closed_issue_is_offered_to_reopen_and_an_archived_one_to_bring_back(ann: Shell) -> None:
    one, two, three = (ann.id("issue", "add", title) for title in ("One", "Two", "Three"))
    ann("issue", "close", two).good()
    ann("issue", "archive", three).good()
    assert of(ann, "vote", "") == [one]
    assert of(ann, "issue", "reopen", "") == [two]
    assert of(ann, "issue", "unarchive", "") == [three]
    assert set(of(ann, "comment", "")) == {one, two}
    assert of(ann, "review", "show", "") == []
    assert of(ann, "vote", one, "") == ["0", "1", "2", "3", "4", "5"]
    assert of(ann, "vote", one, "3", "") == []


def test_another_home_or_community_is_asked_where_one_is_named(ann: Shell, tmp_path: Path) -> None:
    ann("found", "South", "--as", "Ann").good()
    short = ann.id("issue", "add", "In the south", "--community", "South")
    assert of(ann, "vote", "--community", "South", "") == [short]
    assert of(ann, "--community", "North", "vote", "") == []
    assert of(ann, "--community", "") == ["Northern cohort", "South"]
    assert of(ann, "vote", "--home", str(tmp_path / "nowhere"), "") == []


def test_a_value_behind_its_option_and_a_sign_is_completed_as_each_shell_gives_it(ann: Shell) -> None:
    assert ann("complete", "--", "issue", "add", "--level=acr").out == "--level=across teams\t\n"
    assert ann("complete", "--", "issue", "add", "--level", "=", "acr").out == "across teams\t\n"
    assert ann("complete", "--", "issue", "add", "--kind", "=").out == "issue\t\nquestion\t\n"
    assert ann("complete", "--", "issue", "add", "--kind=").out == "--kind=issue\t\n--kind=question\t\n"
    assert ann("complete", "--", "picture", "map", "--svg=x").out == ":files\t\n"
    assert ann("complete", "--", "=").out == ""


def test_where_nothing_is_set_up_completion_is_silent(shell: Shell) -> None:
    assert of(shell, "vote", "") == []
    ran = shell("complete", "--", "vote", "")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_commands_are_offered_without_loading_what_begins_otherwise(ann: Shell) -> None:
    code = (
        "import sys\nfrom moot_shared.command import main\nmain(['complete', '--', 'vo'])\n"
        "print(*sorted(n for n in sys.modules if n.startswith('moot_client.cli.')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(ann.home), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("vote\t")
    assert not {"moot_client.cli.reviews", "moot_client.cli.start"} & set(done.stderr.split())


def test_every_command_is_offered(ann: Shell) -> None:
    listed = {action.dest for _, action in whole().commands.listed()}
    assert set(of(ann, "")) == listed
