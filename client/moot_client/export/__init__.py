"""Everything of a community as plain files: Markdown that reads well, JSON that is complete.

    content.py    what there is to write: records, statements and members, read once
    markdown.py   one file an issue, review or lesson, an index, the members, pictures
    record.py     one record's file
    said.py       what members said about it
    markup.py     what people wrote, made safe in Markdown
    json_.py      every record and statement with every field, known here or not
    names.py      file names that are safe everywhere, and stay what they are
    folder.py     writing them: each whole or not at all, nobody else's touched

Both are driven by the declared kinds; neither needs a relay, a key or the document.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from moot_client.export.content import read
from moot_client.export.folder import write_all
from moot_client.home import Place

__all__ = ["write"]


def write(db: sqlite3.Connection, place: Place, folder: Path, format: str = "markdown") -> list[str]:
    """Export a community into a folder; the names of the files that were written."""
    content = read(db, place)
    if format == "json":
        from moot_client.export.json_ import files
    else:
        from moot_client.export.markdown import files
    return write_all(folder, place.community, format, files(content))
