"""What an earlier Moot saved, this one opens, reads the same, proves, and can go on with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.lock import WriterLock
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.store.store import Store
from moot_shared.errors import StorageError
from moot_shared.identity import Identity
from tests.helpers.cohort import outside, rows

FIXTURES = Path(__file__).parent.parent / "fixtures"
KEPT = sorted(path.name for path in FIXTURES.glob("community-*"))


def opened(kept: str, tmp_path: Path) -> Replica:
    folder = tmp_path / "communities" / "kept"
    shutil.copytree(FIXTURES / kept, folder)
    (place,) = Home(tmp_path).places()
    return Replica.open(replace(place, folder=folder), outside(7))


@pytest.mark.parametrize("kept", KEPT)
def test_a_kept_community_reads_as_it_did_and_proves_itself(kept: str, tmp_path: Path) -> None:
    replica = opened(kept, tmp_path)
    expected = json.loads((FIXTURES / kept / "expected.json").read_text())
    assert [head.hex() for head in replica.heads()] == expected["heads"]
    found = rows(replica)
    assert {table: found[table] for table in expected["rows"]} == expected["rows"]
    findings = verify(replica.store, replica.community)
    assert findings.good, findings.troubles
    assert findings.changes >= 30
    replica.close()


@pytest.mark.parametrize("kept", KEPT)
def test_rows_made_anew_from_a_kept_communitys_changes_are_the_same(kept: str, tmp_path: Path) -> None:
    replica = opened(kept, tmp_path)
    before = rows(replica)
    with replica.store.lock:
        replica._writer.rebuild()
    assert rows(replica) == before
    replica.close()


@pytest.mark.parametrize("kept", KEPT)
def test_its_changes_go_on_to_another_machine(kept: str, tmp_path: Path) -> None:
    replica = opened(kept, tmp_path)
    home = Home(tmp_path / "other")
    stranger = Identity.from_seed(bytes(32))
    place = home.make(replica.community, stranger, name="", relay="", member_name="")
    other = Replica.open(place, outside(8))
    received = other.receive(list(replica.lacking({})))
    assert not received.refused
    assert rows(other) == rows(replica)
    other.close()
    replica.close()


@pytest.mark.parametrize("kept", KEPT)
def test_its_file_once_opened_has_the_tables_that_are_written_today(kept: str, tmp_path: Path) -> None:
    replica, new = opened(kept, tmp_path), Store(tmp_path / "new.db")
    query = "SELECT name, sql FROM sqlite_master ORDER BY name"
    assert replica.store.read(query) == new.read(query)
    new.close()
    replica.close()


@pytest.mark.parametrize("kept", KEPT)
def test_rows_that_an_earlier_moot_did_not_make_are_made_when_it_is_opened(kept: str, tmp_path: Path) -> None:
    replica = opened(kept, tmp_path)
    touched = {key for (key,) in replica.store.read("SELECT key FROM touch")}
    keys = replica.store.read("SELECT key FROM record UNION SELECT key FROM statement")
    assert {key for (key,) in keys} <= touched
    (first,) = replica.store.read("SELECT min(position) FROM touch")[0]
    assert first > 1, "the first change of all touches nothing"
    replica.close()


@pytest.mark.parametrize("kept", KEPT)
def test_while_another_moot_holds_an_earlier_file_it_is_not_read_half(kept: str, tmp_path: Path) -> None:
    folder = tmp_path / "communities" / "kept"
    shutil.copytree(FIXTURES / kept, folder)
    (place,) = Home(tmp_path).places()
    place = replace(place, folder=folder)
    other = WriterLock(folder / "writer.lock", outside(7).disk.files)
    assert other.take()
    with pytest.raises(StorageError, match="earlier Moot"):
        Replica.open(place, outside(8))
    other.release()
    Replica.open(place, outside(8)).close()
