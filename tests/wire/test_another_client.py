"""A client written from the pages, a real relay, and a real member: each hears what the other says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cbor2
import pytest

from tests.helpers.relay_process import RelayProcess, environment
from tests.wire import another_client, another_format
from tests.wire.another_client import Client, Refused
from tests.wire.another_format import Invite, text_of
from tests.wire.specification import fits

ISSUE = "Handover between shifts loses facts"


@dataclass(frozen=True)
class Member:
    """Ada, who writes with Moot: each command a process of its own."""

    home: Path

    def __call__(self, *words: str) -> Any:
        """What a command answers, as JSON."""
        ran = subprocess.run(
            [sys.executable, "-m", "moot_shared", *words, "--json"],
            env=environment(MOOT_HOME=str(self.home)), capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return json.loads(ran.stdout)


@dataclass
class Another(Client):
    """The other client, with every message that passes kept."""

    passed: list[dict[str, Any]] = field(default_factory=list)

    def _send(self, **message: Any) -> None:
        self.passed.append(message)
        super()._send(**message)

    def _read(self) -> dict[str, Any]:
        self.passed.append(message := super()._read())
        return message


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """The founder of a community with one issue, on a relay."""
    folder = tmp_path_factory.mktemp("another")
    ada = Member(folder / "ada")
    with RelayProcess(folder / "relay") as relay:
        where = ("--relay", relay.url, "--hosting-key", relay.hosting_key)
        ada("found", "Northern cohort", "--as", "Ada Moreno", *where)
        ada("issue", "add", ISSUE)
        yield ada


@pytest.fixture(scope="module")
def invite(ada: Member) -> Invite:
    line = ada("invite", "--uses", "20", "--expires", "7d")["line"]
    ada("sync")
    return Invite.read(line)


@pytest.fixture
def come(invite: Invite) -> Iterator[Callable[[], Another]]:
    """Somebody more joins with the other client."""
    came: list[Another] = []

    def come() -> Another:
        came.append(other := Another(invite.url, invite.community))
        other.come_in(invite)
        other.join(invite)
        return other

    yield come
    for other in came:
        other.leave()
        assert [message for message in other.passed if not fits(cbor2.dumps(message))] == []


def the_issue(other: Client) -> str:
    return next(key for key, title in other.titles().items() if title == ISSUE)


def test_another_client_shares_no_code_with_moot() -> None:
    for module in (another_client, another_format):
        tree = ast.parse(Path(str(module.__file__)).read_text())
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        own = {name for name in imported if name and name.startswith(("moot", "tests"))}
        assert own <= {"tests.wire.another_format"}


@pytest.mark.slow
def test_what_another_client_says_a_member_reads(ada: Member, come: Callable[[], Another]) -> None:
    ezra = come()
    issue = the_issue(ezra)
    ezra.say("profile/me", name="Ezra Other")
    ezra.say(f"vote/{issue}", dots=3, why="It costs us a shift a week")
    ezra.say(f"comment/{issue}/01M80SRSNWTG367CFZJ31D0YT9", text="Die Nachtschicht hat eine Übergabeliste")
    ada("sync")
    shown = ada("issue", "show", issue.split("/")[1][-16:].lower())
    assert shown["dots"] == 3
    assert [comment["text"] for comment in shown["comments"]] == ["Die Nachtschicht hat eine Übergabeliste"]
    assert {"name": "Ezra Other", "role": "member"}.items() <= ada("members")[1].items()


@pytest.mark.slow
def test_what_a_member_says_reaches_another_client_at_once(ada: Member, come: Callable[[], Another]) -> None:
    ezra = come()
    key = ada("issue", "add", "Nobody reads the log")["key"]
    ada("sync")
    ezra.hear(lambda: key in ezra.titles())
    assert ezra.titles()[key] == "Nobody reads the log"


@pytest.mark.slow
def test_each_hears_that_the_other_has_it(ada: Member, come: Callable[[], Another]) -> None:
    ezra = come()
    said = ezra.say("profile/me", name="Ezra Told")
    (adas,) = {change.actor for change in ezra.changes.values() if change.hash == ezra.community}
    assert not ezra.has(adas, said)
    ada("sync")
    ezra.hear(lambda: ezra.has(adas, said))
    ezra.sign_receipt()
    ezra.say("profile/me", name="Ezra Told Again")  # it is stored: so what came before it is
    ada("sync")
    told = [h for h in ada("status")["holders"] if h["member"]["key"] == text_of(ezra.me)]
    assert [holder["member"]["name"] for holder in told] == ["Ezra Told Again"]


@pytest.mark.slow
def test_a_change_in_anothers_name_is_refused_as_the_page_says(come: Callable[[], Another]) -> None:
    ezra = come()
    founder = text_of(ezra.changes[ezra.community].actor[:32])
    before, clock = list(ezra.changes), dict(ezra.stored)
    with pytest.raises(Refused) as refused:
        ezra.say("profile/me", author=founder, name="Not Ada")
    assert refused.value.said["code"] == "not yours"
    assert refused.value.said["hash"] not in before
    ezra.hear(lambda: ezra.passed[-1]["type"] == "stored")
    assert ezra.passed[-1]["through"] == {}
    assert ezra.stored == clock
    ezra.say("profile/me", name="Ezra After")
    assert ezra.stored[ezra.actor] == clock[ezra.actor] + 1


@pytest.mark.slow
def test_what_was_built_on_a_refused_change_falls_with_it(come: Callable[[], Another]) -> None:
    ezra = come()
    founder = text_of(ezra.changes[ezra.community].actor[:32])
    ezra.send(
        [ezra.write("profile/me", author=founder, name="Not Ada"), ezra.write("profile/me", name="Ezra")]
    )
    codes = []
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            ezra.hear(lambda: False)
        codes.append(refused.value.said["code"])
    assert codes == ["not yours", "built on refused"]
    ezra.say("profile/me", name="Ezra Still")


@pytest.mark.slow
def test_what_was_written_without_a_connection_is_sent_with_the_next(
    come: Callable[[], Another], monkeypatch: pytest.MonkeyPatch
) -> None:
    ezra = come()
    ezra.leave()
    *earlier, last = [ezra.write("profile/me", name=f"Ezra the {n}th") for n in (1, 2, 3)]
    for change in earlier:  # the last one's seal vouches for all
        ezra.changes[change.hash] = replace(change, seal=b"")
    monkeypatch.setattr(another_client, "MOST", 1)
    ezra.come_in()
    ezra.hear(lambda: ezra.stored[ezra.actor] == last.seq)
    throughs = [message["through"] for message in ezra.passed if message["type"] == "stored"]
    assert throughs[-3:] == [{}, {}, {ezra.actor: last.seq}]


@pytest.mark.slow
def test_a_second_connection_ends_the_first(come: Callable[[], Another]) -> None:
    ezra = come()
    last = list(ezra.changes)[-1]
    again = Another(ezra.url, ezra.community, ezra.key)
    again.actor = ezra.actor
    peer = again.come_in()
    again.leave()
    assert peer["last"] == [1, last]
    with pytest.raises(Refused) as refused:
        ezra.hear(lambda: False)
    assert refused.value.said["code"] == "replaced"
    assert "hash" not in refused.value.said
    assert again.said() == ezra.said()


@pytest.mark.slow
def test_who_has_not_joined_hears_that_they_are_a_stranger(invite: Invite) -> None:
    stranger = Another(invite.url, invite.community)
    with pytest.raises(Refused) as refused:
        stranger.come_in()
    stranger.leave()
    assert refused.value.said["code"] == "stranger"
