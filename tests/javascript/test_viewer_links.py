"""The JavaScript client as it comes from npm reads a community by a viewer link, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Snapshot
from moot_shared.wire.viewing import document_url
from tests.helpers import binding
from tests.helpers.cohort import founder, issue
from tests.helpers.node import Client
from tests.helpers.relay_process import RelayProcess
from tests.javascript.conftest import Opens

TITLE = "Handover loses facts – 引き継ぎ"
SHOWN = {"immutable": TITLE}  # a community's strings are values, and no text that two write at once


@pytest.fixture
def communities(tmp_path: Path) -> Iterator[RelayProcess]:
    """A relay of communities."""
    with RelayProcess(tmp_path / "communities") as relay:
        yield relay


@pytest.fixture
def mara(tmp_path: Path, communities: RelayProcess) -> Iterator[Replica]:
    """A convenor, whose community is on it."""
    with closing(founder(tmp_path / "mara")) as mara:
        host(mara, communities.url, communities.hosting_key)
        mara.set_relay_url(communities.url)
        yield mara


def link(mara: Replica) -> str:
    url = str(mara.do(MakeInvite("view", None, None)))
    assert sync_once(mara).stored
    return url


def heads(mara: Replica) -> list[str]:
    return sorted(head.hex() for head in mara.heads())


def follows(reader: Client, mara: Replica) -> None:
    """Something new arrives there."""
    key = issue(mara, TITLE)
    assert sync_once(mara).stored
    reader.sees(document_url(mara.community), SHOWN, "records", key, "title")


@pytest.mark.slow
def test_it_finds_the_community_reads_what_is_there_and_follows(mara: Replica, opens: Opens) -> None:
    key = issue(mara, TITLE)
    reader, document = opens("reader", link(mara)), document_url(mara.community)
    found = reader("find", document=document)["value"]
    assert found["records"][key]["title"] == SHOWN
    assert reader("heads", document=document) == heads(mara)
    follows(reader, mara)


@pytest.mark.slow
def test_what_it_writes_reaches_nobody_and_it_follows_on(mara: Replica, opens: Opens) -> None:
    url, document = link(mara), document_url(mara.community)
    one, other = opens("one", url), opens("other", url)
    one("find", document=document)
    for number in range(3):
        one.change(document, ["put", ["mine"], number])
    follows(one, mara)
    other("find", document=document)
    follows(other, mara)
    assert other("heads", document=document) == heads(mara)
    assert "mine" not in other.read(document)
    assert one.read(document, "mine") == 2


@pytest.mark.slow
def test_every_other_document_is_unavailable(mara: Replica, opens: Opens) -> None:
    reader = opens("reader", link(mara))
    assert reader("find", document=reader("name")) == {"unavailable": True}


@pytest.mark.slow
def test_a_link_that_is_taken_back_ends_its_reading(mara: Replica, opens: Opens) -> None:
    reader, document = opens("reader", link(mara)), document_url(mara.community)
    reader("find", document=document)
    before = reader("heads", document=document)
    ((key,),) = mara.reader().execute("SELECT key FROM viewer_link").fetchall()
    mara.do(Say("revoke", key, {}))
    issue(mara, "Not for readers any more")
    assert sync_once(mara).stored
    reader("connected", to="none")
    assert reader("heads", document=document) == before


@pytest.mark.slow
def test_it_takes_a_snapshot_in_one_piece_and_what_came_after(
    mara: Replica, communities: RelayProcess, opens: Opens
) -> None:
    url = link(mara)
    communities.stop()
    with closing(SqliteStore(communities.folder / "relay.db")) as store:
        chunks = [store.row(mara.community, entry.hash).chunk for entry in store.entries(mara.community)]
        packed = Snapshot(tuple(sorted(mara.heads())), binding.saved(chunks), len(chunks))
        with store.transaction():
            store.set_snapshot(mara.community, packed)
    communities.start()
    issue(mara, "After the snapshot")
    assert sync_once(mara).stored
    reader, document = opens("reader", url), document_url(mara.community)
    reader("find", document=document)
    reader("until", document=document, heads=heads(mara))
    follows(reader, mara)
