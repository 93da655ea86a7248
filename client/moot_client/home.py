"""Where Moot keeps what is on this machine: one home, in it one folder a community.

MOOT_HOME/
    communities/<first 16 hex digits of the id>/
        member.key      the private key (0600)
        community.json  name, id, relay, the member's name: enough to list it
        store.db        changes, rows, drafts
        opened          how often the store was opened to write (continuity.py)
        writer.lock     held by the one process that writes
    last                the community that was opened last
    looks.json          how it was made to look here, and what was seen once (tui/looking.py)
    config.toml         keys and looks as somebody wrote them; without MOOT_HOME and --home it is in
                        the platform's own folder for that (~/.config/moot)
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from moot_shared.errors import InputError, MootError, NotFound, StorageError
from moot_shared.files import Files, keep, make_folder
from moot_shared.frozen import frozen

if TYPE_CHECKING:
    from moot_shared.identity import Identity


@frozen
class Place:
    """One community's folder and what can be known of it without opening its store."""

    folder: Path
    community: bytes
    name: str
    relay: str
    member_name: str
    key_text: str  # the member's own

    @property
    def store(self) -> Path:
        """The community's SQLite file."""
        return self.folder / "store.db"

    def identity(self) -> Identity:
        """The member's key, read from its file."""
        from moot_shared.identity import Identity

        path = self.folder / "member.key"
        try:
            return Identity.from_seed(bytes.fromhex(path.read_text().strip()))
        except OSError as error:
            raise StorageError(f"The key file {path} cannot be read ({error.strerror}).") from error
        except (ValueError, MootError) as error:
            raise StorageError(
                f"The key file {path} is damaged. Your recovery words bring it back: moot recover."
            ) from error


class Home:
    """The folder that holds everything; chosen by --home, else MOOT_HOME, else the platform's own."""

    def __init__(self, path: Path, files: Files = os, config: Path | None = None) -> None:
        self.path = path
        self.files = files
        self.config = config or path / "config.toml"  # keys and looks, as somebody wrote them

    @classmethod
    def find(cls, chosen: str | None = None) -> Home:
        """The home to use; it need not exist yet."""
        given = chosen or os.environ.get("MOOT_HOME")
        if given:
            return cls(Path(given).expanduser().absolute())
        import platformdirs

        config = Path(platformdirs.user_config_dir("moot", appauthor=False)) / "config.toml"
        return cls(Path(platformdirs.user_data_dir("moot", appauthor=False)), config=config)

    def places(self) -> tuple[Place, ...]:
        """All communities here, by name."""
        try:
            folders = sorted((self.path / "communities").iterdir())
            found = [_read(folder) for folder in folders if (folder / "community.json").exists()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StorageError(f"The folder {self.path} cannot be read ({error.strerror}).") from error
        return tuple(sorted(found, key=lambda place: (place.name.casefold(), place.community)))

    def place(self, community: str | None = None) -> Place:
        """The community that was asked for (by name or beginning of its id), or the only or last one.

        NotFound says which there are, or how to begin.
        """
        places = self.places()
        if not places:
            raise NotFound(
                'There is no community here yet. Begin with: moot found "Name" --as "You", or moot join.'
            )
        if community is None:
            last = self._last()
            return next((p for p in places if p.community.hex() == last), places[0])
        wanted = community.casefold()
        exact = [p for p in places if p.name.casefold() == wanted or p.community.hex() == wanted]
        found = exact or [
            p for p in places if p.name.casefold().startswith(wanted) or p.community.hex().startswith(wanted)
        ]
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{p.name} ({p.community.hex()[:6]})" for p in found or places)
        if found:
            raise InputError(
                f"Several communities begin with {community}: {names}. "
                "Type more of it, or the characters in brackets."
            )
        raise NotFound(f"There is no community called {community} here. There are: {names}.")

    def opened(self, place: Place) -> None:
        """Remember which community was opened last."""
        if self._last() != place.community.hex():
            self._replace(self.path / "last", place.community.hex())

    def make(self, community: bytes, identity: Identity, *, name: str, relay: str, member_name: str) -> Place:
        """Make a community's folder with the member's key in it; what is there already is kept.

        It is not among `places` before `keep`.
        """
        folder = self._folder(community)
        place = Place(folder, community, name, relay, member_name, identity.key_text)
        try:
            make_folder(folder, self.files)
        except OSError as error:
            raise StorageError(
                f"The folder {folder} cannot be made ({error.strerror}). Choose another with --home."
            ) from error
        key = folder / "member.key"
        if key.exists() and place.identity().seed != identity.seed:
            raise InputError(
                f"Another member is at home in {folder}. Choose another home with --home or MOOT_HOME."
            )
        if not key.exists():
            self._replace(key, identity.seed.hex())
        return place

    def unfinished(self, community: bytes) -> Identity | None:
        """The key in the folder of a community that is not among `places`: its making was cut off."""
        folder = self._folder(community)
        if (folder / "community.json").exists() or not (folder / "member.key").exists():
            return None
        return Place(folder, community, "", "", "", "").identity()

    def keep(self, place: Place) -> None:
        """Write down what is known of a community without opening it."""
        known = {"community": place.community.hex(), "name": place.name, "relay": place.relay}
        known |= {"member_name": place.member_name, "key_text": place.key_text}
        self._replace(place.folder / "community.json", json.dumps(known, indent=1))

    def _folder(self, community: bytes) -> Path:
        return self.path / "communities" / community.hex()[:16]

    def _last(self) -> str:
        try:
            return (self.path / "last").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _replace(self, path: Path, text: str) -> None:
        try:
            keep(path, text, self.files)
        except OSError as error:
            raise StorageError(f"The file {path} cannot be written ({error.strerror}).") from error


def _read(folder: Path) -> Place:
    path = folder / "community.json"
    try:
        known = json.loads(path.read_text())
        words = {name: str(known[name]) for name in ("name", "relay", "member_name", "key_text")}
        return Place(folder=folder, community=bytes.fromhex(known["community"]), **words)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StorageError(f"The file {path} is damaged. Move it away, then run moot recover.") from error
