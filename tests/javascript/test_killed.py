"""The relay is killed the moment it has said that it has something; whoever comes next finds it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.javascript.conftest import Opens, Relay, relay_of

KILLS = 5


@pytest.mark.slow
def test_what_a_killed_relay_had_declared_is_there(node: object, opens: Opens, tmp_path: Path) -> None:
    relay: Relay = relay_of("moot", tmp_path / "relay")
    with relay:
        mara = opens("mara", relay)
        document = mara("create", value={"step": -1})
        for step in range(KILLS):
            mara.change(document, ["put", ["step"], step], ["put", [f"step {step}"], True])
            declared = mara("stored", document=document)
            relay.kill()
            mara("close")  # nobody is left who could bring back what the relay has lost
            relay.start()
            mara = opens("mara", relay)
            found = mara("find", document=document)["value"]
            assert found == {"step": step} | {f"step {each}": True for each in range(step + 1)}
            assert mara("heads", document=document) == declared
