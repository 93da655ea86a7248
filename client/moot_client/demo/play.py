"""The demo without a terminal: the scenes in order, then proof that everybody has everything."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from moot_client.demo import sample
from moot_client.demo.cast import Cast, Player
from moot_client.demo.stage import cast_of, relay
from moot_client.replica.verify import derived_rows, verify


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the demo ended. `lost` counts what somebody wrote and somebody else does not have."""

    converged: bool
    members: int
    changes: int
    lost: int
    both_kept: int
    """Paragraphs that two people rewrote at once and that stood in both versions meanwhile."""
    verified: bool

    @property
    def good(self) -> bool:
        """Whether all replicas are equal and nothing is missing."""
        return self.converged and self.verified and not self.lost


def play_headless(*, as_json: bool) -> int:
    """Play everything as fast as it goes; 0 if every member has everything at the end."""
    with tempfile.TemporaryDirectory(prefix="moot-demo-") as folder:
        outcome = _play(Path(folder), quiet=as_json)
    if as_json:
        print(json.dumps(asdict(outcome), indent=2))
    else:
        print(_told(outcome))
    return 0 if outcome.good else 1


def _play(folder: Path, *, quiet: bool) -> Outcome:
    with relay(folder / "relay") as at, cast_of(folder, at) as cast:
        both_kept = 0
        for scene in (*sample.opening(), *sample.scenes()):
            scene.act(cast)
            cast.visitor.meet()
            both_kept = max(both_kept, _doubled(cast.guest))
            if not quiet:
                print(f"  {scene.tell}\n{_counted(cast)}", flush=True)
        cast.settle()
        return _judged(cast, both_kept)


def _judged(cast: Cast, both_kept: int) -> Outcome:
    first = cast.founder.replica
    rows = derived_rows(first.reader())
    same = all(
        derived_rows(p.replica.reader()) == rows and p.replica.heads() == first.heads() for p in cast.all
    )
    written = {key for player in cast.all for key in player.said}
    lost = sum(len(written - _keys(player)) for player in cast.all)
    changes = first.reader().execute("SELECT count(*) FROM change").fetchone()[0]
    members = first.reader().execute("SELECT count(*) FROM member").fetchone()[0]
    proved = all(verify(p.replica.store, p.replica.community).good for p in cast.all)
    return Outcome(same, members, changes, lost, both_kept, proved)


def _keys(player: Player) -> set[str]:
    rows = player.replica.reader().execute("SELECT key FROM record UNION SELECT key FROM statement")
    return {key for (key,) in rows}


def _doubled(player: Player) -> int:
    """How many paragraphs stand in two people's versions, as this player sees them."""
    rows = player.replica.reader().execute("SELECT value FROM record").fetchall()
    texts = (field for (value,) in rows for field in json.loads(value).values() if isinstance(field, list))
    return sum(paragraph[3] for text in texts for paragraph in text)


def _counted(cast: Cast) -> str:
    told = []
    for player in cast.all:
        (count,) = player.replica.reader().execute("SELECT count(*) FROM change").fetchone()
        told.append(f"{player.name} {'' if player.online else 'offline, '}{count} changes")
    return "      " + " · ".join(told)


def _told(outcome: Outcome) -> str:
    if not outcome.good:
        return f"The members do not have the same: {outcome.lost} things are missing somewhere."
    return (
        f"Everybody is back. {outcome.members} members have the same {outcome.changes} changes; "
        "nothing is missing.\nOne text was rewritten by two at once, and both were kept "
        f"({outcome.both_kept} paragraphs) until joined."
    )
