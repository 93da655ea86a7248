"""Two open relays over one database: clients of the one and of the other share their documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.node import Node
from tests.helpers.postgres import Postgres, postgres
from tests.helpers.relay_process import RelayProcess
from tests.javascript.conftest import Opens

__all__ = ["postgres"]


@pytest.fixture(scope="module")
def relays(
    node: Node, tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[list[RelayProcess]]:
    """The same for all of these tests, which have documents of their own."""
    folder, more = tmp_path_factory.mktemp("relays"), {"MOOT_RELAY_DATABASE": postgres.database()}
    relays = [RelayProcess(folder / name, options=("--open",), more=more) for name in ("here", "there")]
    with relays[0], relays[1]:
        yield relays


@pytest.fixture
def two(relays: list[RelayProcess]) -> list[RelayProcess]:
    """Both of them running."""
    for relay in relays:
        if relay.process.poll() is not None:  # a test has killed it
            relay.start()
    return relays


@pytest.mark.slow
def test_edits_of_both_reach_both_and_outlive_one_of_the_relays(
    two: list[RelayProcess], opens: Opens
) -> None:
    here, there = two
    mara, joon = opens("mara", here), opens("joon", there)
    document = mara("create", value={"list": []})
    mara("stored", document=document)
    assert joon("find", document=document) == {"value": {"list": []}}
    mara.change(document, ["put", ["begun"], True])
    joon.sees(document, True, "begun")  # who only reads is told as well
    for number in range(5):
        mara.change(document, ["put", [f"mara {number}"], number])
        joon.change(document, ["put", [f"joon {number}"], number])
        joon.sees(document, number, f"mara {number}")
        mara.sees(document, number, f"joon {number}")
    joon("until", document=document, heads=mara("heads", document=document))
    here.kill()
    ines = opens("ines", there)
    assert ines("find", document=document)["value"] == joon.read(document)


def test_ephemeral_messages_reach_those_at_the_other_relay(two: list[RelayProcess], opens: Opens) -> None:
    mara, joon = opens("mara", two[0]), opens("joon", two[1])
    document = mara("create", value={})
    mara("stored", document=document)
    joon("find", document=document)
    for number in range(3):
        mara("broadcast", document=document, message={"cursor": number})
    heard = joon("heard", document=document, count=3)
    assert [(each["from"], each["message"]) for each in heard] == [
        (mara.name, {"cursor": number}) for number in range(3)
    ]
    joon("broadcast", document=document, message="and back")
    assert [each["message"] for each in mara("heard", document=document, count=1)] == ["and back"]


@pytest.mark.slow
def test_ten_who_write_at_once_at_two_relays_end_with_the_same(two: list[RelayProcess], opens: Opens) -> None:
    first = opens("writer", two[0])
    document = first("create", value={})
    first("stored", document=document)
    writers = [first, *(opens("writer", two[number % 2]) for number in range(1, 10))]
    for writer in writers:
        writer("find", document=document)
    for number, writer in enumerate(writers):
        writer("changes", document=document, all=[[["put", [f"{number}"], step]] for step in range(20)])
    for writer in writers:
        for number in range(len(writers)):
            writer.sees(document, 19, f"{number}")
    assert len({str(sorted(writer.read(document).items())) for writer in writers}) == 1
