"""The bench community on disks: a member's home, a newcomer's, a relay's folder; made once and then copied.

    .bench/client/log-…       the changes of one scale and seed
    .bench/client/home-…      the founder's home with all of them and their rows
    .bench/client/relay-…     a relay's folder with all of them

A home is made anew where the code that makes rows is another.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from moot_client import lines, projection
from moot_client.home import Home, Place
from moot_client.replica.founding import prepare_join
from moot_client.replica.membership import write_roster
from moot_client.replica.replica import Replica
from moot_client.replica.writer import Writer
from moot_client.store import schema
from moot_client.views.today import LAST_LOOK
from moot_server.storage.schema import COMMUNITIES
from moot_server.storage.sqlite import SqliteStore
from moot_shared.format.change import decode_change
from moot_shared.identity import Identity
from moot_shared.trust.facts import facts_of
from moot_shared.trust.seal import WINDOW, Sealed
from tests.bench.client.community import END, VERSION, make
from tests.bench.client.words import NAMES
from tests.helpers.community import person

KEPT = Path(__file__).parents[3] / ".bench" / "client"
LOOKED = 300
"""So many changes have come since the founder last looked."""
SEAL_BYTES = 64
AT_ONCE = 5_000


def changes(scale: float, seed: int = 1) -> list[Sealed]:
    """All changes of the bench community, in an order in which they can be admitted."""
    path = _kept(f"log-{scale:g}-{seed}-{VERSION}", lambda path: _write_log(path, make(scale, seed).log))
    return list(_read_log(path.read_bytes()))


def member(number: int) -> Identity:
    """One of the members; 0 is the founder."""
    return person(f"bench {NAMES[number]}").identity


def community(log: Sequence[Sealed]) -> bytes:
    """The community's id."""
    return decode_change(log[0].chunk).hash


def complete(scale: float, seed: int = 1) -> Path:
    """The founder's home with everything in it: to be copied (`copied`), not to be worked in."""
    name = f"home-{scale:g}-{seed}-{VERSION}-{_row_makers()}"
    return _kept(name, lambda path: fill_home(path, changes(scale, seed)))


def before(scale: float, less: int, seed: int = 1) -> Path:
    """The founder's home before the last changes, cut where stores keep everybody's seal (`cut`)."""
    name = f"home-{scale:g}-{seed}-{VERSION}-{_row_makers()}-{less}"
    return _kept(name, lambda path: fill_home(path, cut(changes(scale, seed), less)))


def cut(log: list[Sealed], less: int) -> list[Sealed]:
    """All changes but the last `less`, or up to 63 more."""
    return log[: (len(log) - less) // WINDOW * WINDOW]


def at_relay(scale: float, less: int = 0, seed: int = 1) -> Path:
    """A relay's data folder with everything in it, but for the last changes: to be copied."""
    name = f"relay-{scale:g}-{seed}-{VERSION}" + (f"-{less}" if less else "")
    log: Callable[[], list[Sealed]] = lambda: changes(scale, seed)  # noqa: E731
    return _kept(name, lambda path: fill_relay(path, cut(log(), less) if less else log()))


def become(home: Path, number: int) -> None:
    """Make a copied home another member's: their key, their name."""
    (folder,) = (home / "communities").iterdir()
    known = json.loads((folder / "community.json").read_text())
    known |= {"member_name": NAMES[number], "key_text": member(number).key_text}
    (folder / "community.json").write_text(json.dumps(known))
    (folder / "member.key").write_text(member(number).seed.hex())


def told(home: Path, url: str) -> None:
    """Have a copied home find its relay."""
    with closing(Replica.open(Home(home).place())) as replica:
        replica.set_relay_url(url)


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy to work in, on the same disk; gone afterwards."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="work-", dir=KEPT) as work:
        yield Path(shutil.copytree(folder, Path(work) / "copy"))


def newcomer(path: Path, url: str, scale: float, seed: int = 1) -> Place:
    """A second machine of a member, with nothing on it yet but where the relay is."""
    log = changes(scale, seed)
    return prepare_join(Home(path), community(log), member(1), NAMES[1], "The bench", url)


def fill_home(path: Path, log: Sequence[Sealed]) -> Place:
    """The founder's home with these changes, and nothing in it that still has to be made."""
    place = prepare_join(Home(path), community(log), member(0), NAMES[0], "The bench", "")
    with closing(Replica.open(place)) as replica:
        replica.become_writer()
        fill(replica, log)
        replica.set_own(LAST_LOOK, [max(len(log) - LOOKED, 0), END])
    Home(path).opened(place)
    return place


def fill(replica: Replica, log: Sequence[Sealed]) -> None:
    """Put changes into a store without asking the rules; with their rows."""
    store = replica.store
    writer = Writer(store, lambda: replica.actor)
    store.db.execute("PRAGMA synchronous = OFF")
    for start in range(0, len(log), AT_ONCE):
        with writer.transaction():
            for sealed in log[start : start + AT_ONCE]:
                writer.keep(decode_change(sealed.chunk), sealed.seal)
        _say(f"{min(start + AT_ONCE, len(log)):,} of {len(log):,} changes")
    with writer.transaction() as db:
        write_roster(db, writer.history)
    store.db.execute("PRAGMA synchronous = FULL")


def fill_relay(path: Path, log: Sequence[Sealed]) -> None:
    """A relay's folder with these changes."""
    path.mkdir(parents=True)
    name = community(log)
    store = SqliteStore(path / "relay.db")
    store.settle(COMMUNITIES)
    for start in range(0, len(log), AT_ONCE):
        with store.transaction([name]):
            for sealed in log[start : start + AT_ONCE]:
                change = decode_change(sealed.chunk)
                store.add_change(name, change, sealed.seal, facts_of(change))
    store.close()


def _kept(name: str, made: Callable[[Path], object]) -> Path:
    """What is kept under a name, made now if it is not there: whole or not at all."""
    path = KEPT / name
    if not path.exists():
        _say(f"making {name}")
        KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="work-", dir=KEPT) as work:
            made(Path(work) / name)
            if not path.exists():
                (Path(work) / name).rename(path)
    return path


def _write_log(path: Path, log: Sequence[Sealed]) -> None:
    with path.open("wb") as file:
        for sealed in log:
            file.write(len(sealed.chunk).to_bytes(4, "big") + sealed.chunk)
            file.write(sealed.seal or bytes(SEAL_BYTES))


def _read_log(data: bytes) -> Iterator[Sealed]:
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        seal = data[end : end + SEAL_BYTES]
        yield Sealed(data[at + 4 : end], seal if any(seal) else None)
        at = end + SEAL_BYTES


def _row_makers() -> str:
    """A short name for the code that makes rows."""
    folders = [Path(package.__path__[0]) for package in (projection, lines)]
    sources = [Path(str(schema.__file__)), *sorted(p for folder in folders for p in folder.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]


def _say(words: str) -> None:
    print(words, file=sys.stderr)
