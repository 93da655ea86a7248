"""The tables of a community's file.

`change` is append-only and the only truth; `fact`, `object`, `cell`, `element`, `record`, `statement`,
`found`, `touch`, `stretch` and the lines of lists (`lines.py`) are derived from it and can be rebuilt; the
rest is this machine's own.
`refused` also keeps what others wrote and what is no part of this history: the branch of a fork that does
not stand, and what was built on it.
"""

from moot_client.store.lines import LINE_TABLES, LINES

VERSION = 5
ROWS, ROWS_MADE = "rows made", 6
"""Own value: which rows are made of every change; raised whenever others are made of the same changes."""

TRUTH = """
CREATE TABLE change (
    position INTEGER PRIMARY KEY AUTOINCREMENT,  -- in which order this machine admitted it; never used twice
    hash     BLOB NOT NULL UNIQUE,
    actor    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    start_op INTEGER NOT NULL,
    last_op  INTEGER NOT NULL,
    deps     BLOB NOT NULL,                -- hashes, one after the other
    bytes    BLOB NOT NULL,                -- the canonical, uncompressed chunk
    seal     BLOB,                         -- NULL where a later one of this actor covers it
    UNIQUE (actor, seq)
);
"""

DERIVED = """
CREATE TABLE fact (                        -- statements of trust, for the roster
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL, author BLOB NOT NULL, actor BLOB NOT NULL, seq INTEGER NOT NULL,
    subject TEXT NOT NULL, payload TEXT NOT NULL
);
CREATE TABLE member (                      -- the roster as it stands: views run no rules of trust
    key        TEXT PRIMARY KEY,           -- key text
    place      INTEGER NOT NULL,           -- in the order of joining; the founder is 0
    role       TEXT NOT NULL,              -- 'convenor', 'member', 'viewer'
    invited_by TEXT NOT NULL,              -- key text, '' for the founder
    removed    INTEGER NOT NULL
);
CREATE TABLE invite (
    key TEXT PRIMARY KEY, author TEXT NOT NULL, role TEXT NOT NULL, uses INTEGER, expires INTEGER,
    revoked INTEGER NOT NULL, used INTEGER NOT NULL
);
CREATE TABLE object (                      -- maps and lists: a record, or a prose field of one
    id     TEXT PRIMARY KEY,               -- '<counter>@<actor hex>'
    record TEXT NOT NULL,                  -- the id of the record's own map
    name   TEXT NOT NULL                   -- the record's key, or the field's name
);
CREATE TABLE cell (                        -- the operations that stand, at each key or element
    object  TEXT NOT NULL,
    key     TEXT NOT NULL,                 -- a field's name, or an element's id
    counter INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    value,                                 -- no type: SQLite would make 7 of the words '007'
    type    INTEGER NOT NULL,              -- moot_shared.format.ValueKind
    PRIMARY KEY (object, key, counter, actor)
) WITHOUT ROWID;
CREATE TABLE element (                     -- places in lists, also of what was deleted
    object  TEXT NOT NULL,
    counter INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    after   TEXT NOT NULL,                 -- the element before it when it was made, '' for the start
    instead TEXT NOT NULL,                 -- the element that its change replaced by it, or ''
    PRIMARY KEY (object, counter, actor)
) WITHOUT ROWID;
CREATE TABLE record (
    id       TEXT PRIMARY KEY,
    key      TEXT NOT NULL,                -- '<kind>/<ulid>/<creator>'
    kind     TEXT NOT NULL,
    handle   TEXT NOT NULL,
    creator  TEXT NOT NULL,
    created  INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    archived INTEGER NOT NULL,
    value    TEXT NOT NULL,                -- JSON: scalars; prose as [[element, text, author, doubled], …]
    others   TEXT NOT NULL,                -- JSON: {field: [[value, author], …]}
    touched  INTEGER NOT NULL              -- position of the last change that touched it
);
CREATE INDEX record_key ON record (key);
CREATE INDEX record_kind ON record (kind);
CREATE INDEX record_handle ON record (handle);
CREATE TABLE statement (
    key     TEXT PRIMARY KEY,              -- '<author>/<kind>/<subject>'
    author  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    about   TEXT NOT NULL,                 -- the record that it is about, or ''
    said    INTEGER NOT NULL,
    value   TEXT NOT NULL,                 -- the JSON as it was said
    others  TEXT NOT NULL,                 -- JSON list of what my other machine said at the same time
    touched INTEGER NOT NULL
);
CREATE INDEX statement_about ON statement (about, kind);
CREATE INDEX statement_kind ON statement (kind);
"""

PERSON = """
CREATE TABLE person (                      -- keys that were lost, and the next key of the same person
    key TEXT PRIMARY KEY, later TEXT NOT NULL
) WITHOUT ROWID;
"""

LINK = """
CREATE TABLE viewer_link (                 -- links by which whoever has one reads at the relay
    key TEXT PRIMARY KEY, author TEXT NOT NULL, expires INTEGER, revoked INTEGER NOT NULL
) WITHOUT ROWID;
"""

TOUCH = """
CREATE TABLE touch (                       -- which record or statement, by its key, each change touched
    key TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (key, position)
) WITHOUT ROWID;
"""

FOUND = """
DROP TABLE IF EXISTS found;                -- before version 4 a title stood among the other words
-- rowid: twice the rowid of the record, or twice that of the statement plus one
CREATE VIRTUAL TABLE found USING fts5 (
    key UNINDEXED, kind UNINDEXED, title, words, tokenize = 'unicode61 remove_diacritics 2'
);
"""

REACH = """
CREATE TABLE reach (                       -- what a machine that signed for these heads has of my changes
    holder BLOB PRIMARY KEY, heads BLOB NOT NULL,
    had TEXT NOT NULL                      -- JSON: {my actor in hex: the last seq of it}
) WITHOUT ROWID;
"""

STRETCH = """
CREATE TABLE stretch (                     -- changes without operations (`moot_shared.trust.columns`)
    upto INTEGER PRIMARY KEY,              -- how many changes there are with the last of it
    position INTEGER NOT NULL,             -- of that one
    hashes BLOB NOT NULL, actors BLOB NOT NULL, actor BLOB NOT NULL, seq BLOB NOT NULL,
    start_op BLOB NOT NULL, last_op BLOB NOT NULL, deps BLOB NOT NULL, deps_end BLOB NOT NULL,
    waist BLOB NOT NULL
);
"""

OBJECT_RECORD = "CREATE INDEX object_record ON object (record);\n"

DERIVED_TABLES = (
    "fact", "member", "person", "invite", "viewer_link", "object", "cell", "element", "record", "statement",
    "found", "touch", "reach", "stretch", *LINE_TABLES,
)  # fmt: skip

OWN = """
CREATE TABLE own (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE draft (
    form TEXT NOT NULL, subject TEXT NOT NULL, fields TEXT NOT NULL, saved INTEGER NOT NULL,
    PRIMARY KEY (form, subject)
) WITHOUT ROWID;
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, answer TEXT, asked INTEGER NOT NULL
);
CREATE TABLE stored (actor BLOB PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE receipt (
    actor BLOB PRIMARY KEY, heads BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE refused (                     -- what the relay did not take
    hash BLOB PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    bytes BLOB                             -- the change, if it was mine: it is withdrawn, its words are kept
) WITHOUT ROWID;
"""

LATER = {2: PERSON, 3: LINK, 4: TOUCH + FOUND + REACH + LINES, 5: OBJECT_RECORD + STRETCH}
"""version -> what it added; a file of an earlier version is given it when it is opened; the rows in it
are made when it is first opened for writing (`Writer.keep_up`)."""

ALL = (TRUTH, DERIVED, OWN, *LATER.values())
