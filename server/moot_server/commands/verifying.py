"""`moot relay verify`: prove all that is stored, beside a running relay as well. Nothing is changed."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from moot_server.commands.database import opened
from moot_server.commands.exits import DONE, NOT_WELL
from moot_server.commands.options import folder_of
from moot_server.commands.words import many
from moot_server.storage import copies
from moot_server.storage.checking import Found, check
from moot_server.storage.folder import store
from moot_server.storage.reading import SqliteReader
from moot_server.storage.store import Store
from moot_shared.errors import NotFound
from moot_shared.ids import encode_bytes

MOST = 10  # sentences about one community; where there are more, their number says enough
_ADVICE = (
    "Keep this folder as it is, and put the newest backup back that `moot relay verify --file FILE` finds "
    "nothing wrong with: moot relay restore FILE. What is newer comes back from its members' machines."
)


def verify(words: argparse.Namespace) -> int:
    """0 where everything is as it must be, 3 where something is not."""
    if words.database and not words.file:
        with closing(opened(words.database)) as shared:
            return _proven(shared)
    path = Path(words.file).expanduser().absolute() if words.file else store(folder_of(words))
    if not path.is_file():
        raise NotFound(f"There is no file {path}. Name the relay's folder with --data.")
    trouble = copies.damage(path)
    if trouble:
        print(f"{trouble}\n{_ADVICE}")
        return NOT_WELL
    with closing(SqliteReader(path)) as reader:
        return _proven(reader)


def _proven(reader: Store) -> int:
    found = []
    for community in reader.communities():
        with reader.steady():
            found.append(check(reader, community))
        print(_said(found[-1]), flush=True)
    bad = [each for each in found if each.troubles]
    if bad:
        print(f"{many(len(bad), 'community is', 'communities are')} damaged. {_ADVICE}")
        return NOT_WELL
    changes = sum(each.changes for each in found)
    print(f"All is well: {many(changes, 'change', 'changes')} looked at.")
    return DONE


def _said(found: Found) -> str:
    name = encode_bytes(found.community)
    lines = [
        f"{name}: {many(found.changes, 'change', 'changes')}, {many(found.seals, 'seal', 'seals')}, "
        f"{many(found.receipts, 'receipt', 'receipts')}" + ("" if found.troubles else ": good")
    ]
    lines += [f"  {trouble}" for trouble in found.troubles[:MOST]]
    if len(found.troubles) > MOST:
        lines.append(f"  … and {len(found.troubles) - MOST:,} more")
    return "\n".join(lines)
