"""What was not there was taken for deleted, and what lost a race was thrown away.

What happened there: a drive was unplugged, its folder was found empty, and everything in it was deleted on
every other machine (Syncthing: https://github.com/syncthing/syncthing/issues/1496,
https://github.com/syncthing/syncthing/issues/154). And where two had written in one place, the later sync
replaced the earlier words on all machines, without a trace (Obsidian:
https://github.com/obsidianmd/obsidian-headless/issues/42; Logseq:
https://github.com/logseq/db-test/issues/781).

What must hold here: a machine without its data has nothing to say about anybody's, and gets it back; and of
what two people write at once, both is on every machine, whoever syncs last and whatever their clocks say.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.replica.commands import Edit
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell
from tests.field.stage import all_the_same, meet
from tests.helpers.cohort import issue, paragraphs, rewrite
from tests.helpers.network import Relay
from tests.helpers.relay_process import RelayProcess


@pytest.mark.slow
def test_a_drive_that_is_not_plugged_in_deletes_nothing_anywhere(
    relay_process: RelayProcess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """First the whole home is away, then nothing but the data file; each time the machine syncs."""
    relay = relay_process
    ann, ben = (Shell(tmp_path / name, capsys) for name in ("ann", "ben"))
    ann("found", "N", "--as", "Ann", "--relay", relay.url, "--hosting-key", relay.hosting_key).good()
    ben("join", ann("invite").good().out, "--as", "Ben").good()
    ben("issue", "add", "Handover loses facts").good()
    ben("sync").good()
    ann("sync").good()
    before = ann("issues", "--json").json

    shutil.move(ben.home, tmp_path / "unplugged")
    ben.home.mkdir()  # where it is mounted
    assert "no community here" in ben("sync").refused()
    assert "no community here" in ben("issues").refused()
    ann("sync").good()
    assert ann("issues", "--json").json == before
    ben.home.rmdir()
    shutil.move(tmp_path / "unplugged", ben.home)
    assert ben("issues", "--json").json == before

    for shell in (ben, ann):
        (folder,) = (shell.home / "communities").iterdir()
        for path in folder.glob("store.db*"):
            path.unlink()
        (folder / "opened").unlink()
        assert "moot sync brings it back" in shell("issues").refused()
        shell("sync").good()
        assert [row["title"] for row in shell("issues", "--json").json] == ["Handover loses facts"]
    ben("issue", "add", "And it goes on").good()
    ben("sync").good()
    ann("sync").good()
    assert len(ann("issues", "--json").json) == 2
    for shell in (ann, ben):
        shell("verify").good()


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("skew", [0, 10**11])
def test_of_what_two_wrote_at_once_nothing_is_thrown_away(
    cohort: list[Replica], relay: Relay, order: tuple[int, ...], skew: int
) -> None:
    """A title, a paragraph, and one who takes the paragraph away that the other one rewrites."""
    mara, joon, ines = cohort
    key = issue(ines, "Handover", body="One.\n\nTwo.\n\nThree.")
    meet(relay, ines)
    meet(relay, mara, joon)
    joon.outside = replace(joon.outside, now=lambda: 1_760_000_000_000 - skew)
    mara.do(Edit(key, {"title": "Handover, says Mara", "level": "organisation"}))
    rewrite(mara, key, "body", "One, says Mara.\n\nTwo.\n\nThree, says Mara.")
    joon.do(Edit(key, {"title": "Handover, says Joon", "level": "across teams"}))
    rewrite(joon, key, "body", "One, says Joon.\n\nTwo, says Joon.")
    ines.do(Edit(key, {"archived": True}))
    for number in (*order, *order):
        meet(relay, cohort[number])
    all_the_same(*cohort)
    texts = [text for _, text, *_ in paragraphs(ines, key, "body")]
    for words in ("One, says Mara.", "One, says Joon.", "Two, says Joon.", "Three, says Mara."):
        assert words in texts
    value, others = ines.reader().execute("SELECT value, others FROM record WHERE key = ?", (key,)).fetchone()
    for words in ("Handover, says Mara", "Handover, says Joon", "organisation", "across teams"):
        assert words in value + others
