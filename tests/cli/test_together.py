"""Several members on one machine, a real relay between them, everything by command line."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from moot_client.cli.exits import NOT_ALLOWED
from tests.cli.shell import Shell, environment, process
from tests.helpers.patience import PATIENCE_S


@dataclass
class Relay:
    """A relay process, and how to reach it."""

    process: subprocess.Popen[str]
    url: str
    key: str

    def stop(self) -> None:
        """As Ctrl-C would."""
        self.process.terminate()
        self.process.wait(PATIENCE_S)


def start_relay(folder: Path, port: int = 0) -> Relay:
    """`moot relay`, once it has said where it is."""
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "moot_shared", "relay", "--data", str(folder), "--port", str(port)],
        env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert running.stdout
    url = key = ""
    for line in running.stdout:
        url = url or "".join(re.findall(r"wss?://\S+", line)[:1])
        if "key" in line.lower():
            key = key or "".join(re.findall(r"\b[a-z2-7]{32}\b", line)[:1])
        if url and key:
            return Relay(running, url, key)
    raise AssertionError("the relay said nothing")


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    running = start_relay(tmp_path / "relay")
    yield running
    running.stop()


@pytest.fixture
def people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Shell]:
    return {name: Shell(tmp_path / name, capsys) for name in ("ann", "ben", "ann2", "ann3", "cat")}


@pytest.mark.slow
def test_a_cohort_comes_together_from_the_command_line(
    people: dict[str, Shell], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = people["ann"], people["ben"]
    monkeypatch.setenv("MOOT_HOSTING_KEY", relay.key)
    ann("found", "Northern cohort", "--as", "Ann", "--relay", relay.url).good()
    issue = ann.id("issue", "add", "Handover loses facts", "--body", "One.\n\nTwo.")
    invite = ann("invite", "--uses", "1", "--expires", "7d").good()
    assert invite.out.count("\n") == 1
    assert invite.out.startswith("moot-invite:")
    assert "Say who you are" in ben("join", invite.out).refused()
    joined = ben("join", invite.out, "--as", "Ben").good()
    assert "‘Northern cohort’, to which Ann invites you." in joined.err
    assert [row["title"] for row in ben("issues", "--json").json] == ["Handover loses facts"]
    assert "already" in ben("join", invite.out, "--as", "Ben").refused()
    said = people["cat"]("join", invite.out, "--as", "Cat").refused()
    assert "used" in said or "spent" in said
    assert people["cat"]("communities", "--json").json == []

    ben("vote", issue, "2", "--why", "me too").good()
    ben("issue", "edit", issue, "--body", "One, says Ben.\n\nTwo.").good()
    ann("issue", "edit", issue, "--body", "One, says Ann.\n\nTwo.").good()
    assert "1 change of yours waits" in ann("status").out
    for member in (ben, ann, ben):
        assert "Stored by the relay" in member("sync").good().out
    page = ann("issue", "show", issue, "--json").json
    assert {p["text"] for p in page["paragraphs"]["body"] if p["doubled"]} == {
        "One, says Ann.",
        "One, says Ben.",
    }
    assert page["dots"] == 2
    assert ben("issue", "show", issue, "--json").json["body"] == page["body"]
    assert "Ben and you both edited ‘Handover loses facts’: both kept" in ann("today").out
    status = ann("status", "--json").json
    assert status["waiting"] == 0
    assert status["stored_at"]
    assert any(holder["member"]["name"] == "Ben" for holder in status["holders"])
    for member in (ann, ben):
        member("verify").good()
    bens = {(row["name"], row["role"]) for row in ben("members", "--json").json}
    assert bens == {("Ann", "convenor"), ("Ben", "member")}


@pytest.mark.slow
def test_one_member_on_three_machines(people: dict[str, Shell], relay: Relay) -> None:
    ann = people["ann"]
    ann("found", "Northern cohort", "--as", "Ann").good()
    assert "on no relay yet" in ann("sync").refused()
    assert "on no relay yet" in ann("device", "add").refused()
    assert "on no relay yet" in ann("invite").refused()
    ann("host", relay.url, relay.key).good()
    issue = ann.id("issue", "add", "One")
    ann("sync").good()
    line = ann("device", "add").good().out
    assert line.startswith("moot-device:")
    people["ann2"]("join", line).good()
    people["ann2"]("vote", issue, "1").good()
    people["ann2"]("sync").good()
    shown = ann("words", "--json").json
    assert len(shown["words"]) == 24
    ran = process(people["ann3"].home, "recover", shown["line"], stdin=" ".join(shown["words"])).good()
    assert "Ann" in ran.out
    ann("sync").good()
    keys = {people[name]("status", "--json").json["member"]["key"] for name in ("ann", "ann2", "ann3")}
    assert len(keys) == 1
    for name in ("ann", "ann3"):
        assert people[name]("issues", "--json").json[0]["my_dots"] == 1
    assert "another one" in ann("words", "--check", "3", "wrong").refused()
    assert "numbered" in ann("words", "--check", "25", "x").refused()
    assert "from paper" in ann("words", "--check", "3", shown["words"][2]).good().out
    assert "Word 1" in people["cat"]("recover", shown["line"], "--words", "wrnog words").refused()


@pytest.mark.slow
def test_a_relay_moves_and_members_learn_it_through_the_old_one(
    people: dict[str, Shell], relay: Relay, tmp_path: Path
) -> None:
    ann, ben = people["ann"], people["ben"]
    ann("found", "N", "--as", "Ann", "--relay", relay.url, "--hosting-key", relay.key).good()
    ben("join", ann("invite").out, "--as", "Ben").good()
    ann("sync").good()
    new = start_relay(tmp_path / "new")
    try:
        assert "does not have this community yet" in ann("relay", "set", new.url).good().err
        ann("host", new.url, new.key).good()
        assert "convenor" in ben("relay", "set", new.url).refused()
        assert "looks like" in ann("relay", "set", "not an address").refused()
        ann("issue", "add", "On the new one").good()
        ann("sync").good()
        assert ann("status", "--json").json["relay"] == new.url
        relay.stop()
        assert "No relay is running" in ben("sync").refused()
    finally:
        new.stop()


@pytest.mark.slow
def test_with_the_relay_away_everything_works_and_sync_says_so(
    people: dict[str, Shell], relay: Relay
) -> None:
    ann = people["ann"]
    ann("found", "N", "--as", "Ann", "--relay", relay.url, "--hosting-key", relay.key).good()
    relay.stop()
    ann("issue", "add", "Offline").good()
    said = ann("sync").refused()
    assert "safe on this machine" in said
    assert "by itself" not in said
    invite = ann("invite").good()
    assert invite.out.startswith("moot-invite:")
    assert "has not heard of it yet" in invite.err
    assert "safe on this machine" in people["ben"]("join", invite.out, "--as", "Ben").refused()
    assert people["ben"]("communities", "--json").json == []


@pytest.mark.slow
def test_founding_on_a_relay_is_one_answer_as_json(people: dict[str, Shell], relay: Relay) -> None:
    words = ("found", "N", "--as", "Ann", "--relay", relay.url, "--json", "--hosting-key")
    assert people["ann"](*words, relay.key).good().json["relay"] == relay.url
    refused = people["ben"](*words, "a" * 32)
    assert refused.code == NOT_ALLOWED
    assert refused.json.keys() == {"community", "name", "member", "key"}  # it is founded, and on no relay
    assert [each["name"] for each in people["ben"]("communities", "--json").json] == ["N"]


class Web(http.server.BaseHTTPRequestHandler):
    """Something that answers, and is not a relay."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *_: object) -> None:
        """Say nothing."""


@pytest.mark.slow
def test_wrong_addresses_and_keys_are_sentences(people: dict[str, Shell], relay: Relay) -> None:
    ann = people["ann"]
    ann("found", "N", "--as", "Ann").good()
    web = http.server.HTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    there = f"127.0.0.1:{web.server_port}"
    key = relay.key
    try:
        for url, words in (
            (f"ws://{there}", "not"),
            (f"wss://{relay.url.partition('://')[2]}", "safe on this machine"),
            ("ws://127.0.0.1:9", "No relay is running"),
            ("ws://nowhere.invalid:1", "safe on this machine"),
            ("ftp://x", "looks like"),
            ("", "looks like"),
        ):
            assert words in ann("host", url, key).refused(), url
    finally:
        web.shutdown()
        web.server_close()
    assert "hosting key" in ann("host", relay.url, "short").refused()
    assert "hosting key" in ann("host", relay.url, "a" * 32).refused()
    assert "hosting key" in ann("host", relay.url).refused()
    assert "hosting key" in ann("found", "M", "--as", "Ann", "--relay", relay.url).refused()
    ann("host", relay.url, key).good()
    assert json.loads(ann("status", "--json").out)["relay"] == relay.url


@pytest.mark.parametrize(
    "line", ["", "hello", "moot-invite:", "moot-invite:AAAA", "moot-nothing:abc", "\x1b[31m", "x" * 20_000]
)
def test_a_line_that_is_none_says_what_it_should_be(shell: Shell, line: str) -> None:
    assert "line" in shell("join", line, "--as", "Ben").refused()
    assert "line" in shell("recover", line, "--words", "a b c").refused()
    assert not shell.home.exists()
