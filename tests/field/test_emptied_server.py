"""An empty server wiped its clients, and one that was put back older took what was newer.

What happened there: the files of a sync target were deleted, and the next sync deleted every note on every
machine, for 'not there' was read as 'deleted' (Joplin: https://github.com/laurent22/joplin/issues/883, also
when one only changed to a fresh target: https://github.com/laurent22/joplin/issues/5904); whoever had the
right notes still could not put them back (https://github.com/laurent22/joplin/issues/5857). A server that was
restored from a backup made its clients delete what had been written since (ownCloud:
https://github.com/owncloud/client/issues/2325, https://github.com/owncloud/core/issues/11621). And where two
clients refilled a server from copies of a text, the text was there twice (Yjs:
https://github.com/yjs/yjs/issues/170, https://github.com/gluonDB/siphonophore/issues/10).

What must hold here: a relay that has less, or nothing, or is another one, takes nothing from anybody. It is
said what is the matter and what to do, `moot host` fills it again from any member's machine, and everything
is there once.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.views.standing import standing
from tests.cli.shell import Shell
from tests.field.stage import all_the_same, changes, converse, meet, titles, wipe
from tests.helpers.cohort import issue, paragraphs, rows, vote
from tests.helpers.network import Client, Relay, credentials_of_a_host
from tests.helpers.relay_process import RelayProcess


@pytest.mark.slow
def test_a_relay_that_was_emptied_takes_nothing_and_any_member_fills_it_again_by_moot_host(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real processes and the command line, as a member sees it."""
    ann, ben = (Shell(tmp_path / name, capsys) for name in ("ann", "ben"))
    with RelayProcess(tmp_path / "relay") as relay:
        ann("found", "N", "--as", "Ann", "--relay", relay.url, "--hosting-key", relay.hosting_key).good()
        ben("join", ann("invite").good().out, "--as", "Ben").good()
        ben("issue", "add", "Handover loses facts", "--body", "One.\n\nTwo.").good()
        ben("sync").good()
        ann("sync").good()
        before = [shell("issues", "--json").json for shell in (ann, ben)]
        relay.kill()
        shutil.rmtree(relay.folder)
        relay.start()
        for shell, was in zip((ann, ben), before, strict=True):
            said = shell("sync").refused()
            assert "moot host" in said
            assert "safe on this machine" in said
            assert shell("issues", "--json").json == was
            assert "of yours wait to go out" in shell("status").good().out
            assert "all of yours" not in shell("status").good().out
        ben("host", relay.url, relay.hosting_key).good()
        ann("sync").good()
        assert "all of yours" in ann("status").good().out
        for shell, was in zip((ann, ben), before, strict=True):
            assert shell("issues", "--json").json == was
            shell("verify").good()
        with RelayProcess(tmp_path / "another") as another:  # and to a fresh one, on purpose
            ben("issue", "add", "Before the move").good()
            ann("host", another.url, another.hosting_key).good()
            ann("relay", "set", another.url).good()
            ann("sync").good()
            ben("sync").good()
            ben("sync").good()
            ann("sync").good()
            assert ann("issues", "--json").json == ben("issues", "--json").json
            assert len(ann("issues", "--json").json) == 2


@pytest.mark.slow
def test_whoever_fills_it_first_or_at_the_same_time_everything_is_there_once(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    key = issue(mara, "Handover loses facts", body="One.\n\nTwo.\n\nThree.")
    meet(relay, *cohort)
    meet(relay, *cohort)
    for turn in range(3):
        issue(joon, f"Written beside it {turn}")
        before = [rows(replica) for replica in cohort]
        wipe(relay)
        for replica, was in zip(cohort, before, strict=True):
            client = Client(replica, relay)
            converse(client)
            assert client.code == "stranger"
            assert rows(replica) == was
        hosts = [Client(replica, relay, credentials_of_a_host()) for replica in (ines, joon)]
        converse(*hosts)  # frame by frame, the one and the other
        assert all(client.trouble is None and client.settled() for client in hosts)
        for client in hosts:
            client.socket.close()
        meet(relay, *cohort)
        meet(relay, *cohort)
        all_the_same(*cohort)
        assert [p[1] for p in paragraphs(mara, key, "body")] == ["One.", "Two.", "Three."]
        assert changes(relay.folder / "relay.db") == changes(mara.place.store)
    assert titles(ines) == ["Handover loses facts", *(f"Written beside it {turn}" for turn in range(3))]


def test_a_relay_that_was_put_back_from_an_older_copy_takes_nothing_that_is_newer(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    """And what a machine knows of the lost days comes back from whoever has it, not only from its author."""
    mara, joon, ines = cohort
    relay.crash()
    shutil.copy(relay.folder / "relay.db", tmp_path / "monday.db")
    relay.start()
    key = issue(mara, "Tuesday, by Mara")
    meet(relay, mara, joon)
    vote(joon, key, 3)
    meet(relay, joon)
    for name in ("relay.db", "relay.db-wal", "relay.db-shm"):
        (relay.folder / name).unlink(missing_ok=True)
    before = rows(joon)
    relay.crash()
    shutil.copy(tmp_path / "monday.db", relay.folder / "relay.db")
    relay.start()
    mara.close()  # away, for weeks
    meet(relay, ines)
    assert titles(ines) == []
    meet(relay, joon)
    assert rows(joon) == before
    assert standing(joon.reader(), joon.me).waiting == 0
    meet(relay, ines)
    all_the_same(joon, ines)
    assert titles(ines) == ["Tuesday, by Mara"]
