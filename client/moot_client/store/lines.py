"""The tables that lists are read from: one row a line, and what its figures are counted from.

All of it follows from `record`, `statement`, `person` and the community's vote budget (moot_client.lines).
`touched` is the position of the last change to a thing or to what is said about it, `made` that of the last
change to the thing itself, and `altered` the position at which anything in the line became another.
"""

LINES = """
CREATE TABLE issue_line (                  -- one line of the agenda
    key TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL,
    level TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    archived INTEGER NOT NULL, closed INTEGER NOT NULL, question INTEGER NOT NULL,
    folded   TEXT NOT NULL,                -- the title, letter case aside: the last word on rank
    living   INTEGER NOT NULL,             -- whether dots on it cost something
    doubled  INTEGER NOT NULL, versions INTEGER NOT NULL, changed INTEGER NOT NULL, made INTEGER NOT NULL,
    dots INTEGER NOT NULL DEFAULT 0, hours REAL NOT NULL DEFAULT 0.0, voters INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0, touched INTEGER NOT NULL DEFAULT 0, altered INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX issue_line_rank ON issue_line (dots DESC, hours DESC, question, folded, key, archived, closed)
    WHERE archived = 0 AND closed = 0;
CREATE INDEX issue_line_rank_of_all ON issue_line (dots DESC, hours DESC, question, folded, key);
CREATE INDEX issue_line_altered ON issue_line (altered);
CREATE TABLE review_line (                 -- one line of the list of reviews
    key TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL, form TEXT NOT NULL,
    issue TEXT NOT NULL, issue_title TEXT NOT NULL, ending TEXT NOT NULL,
    archived INTEGER NOT NULL, ended INTEGER NOT NULL,
    doubled INTEGER NOT NULL, versions INTEGER NOT NULL, changed INTEGER NOT NULL, made INTEGER NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0, touched INTEGER NOT NULL DEFAULT 0, altered INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX review_line_shown ON review_line (archived, ended, key DESC);
CREATE INDEX review_line_issue ON review_line (issue);
CREATE INDEX review_line_altered ON review_line (altered);
CREATE TABLE lesson_line (                 -- one line of the list of lessons
    key TEXT PRIMARY KEY, id TEXT NOT NULL, statement TEXT NOT NULL,
    source TEXT NOT NULL, source_title TEXT NOT NULL, archived INTEGER NOT NULL,
    doubled INTEGER NOT NULL, versions INTEGER NOT NULL, changed INTEGER NOT NULL, made INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'noted', applied INTEGER NOT NULL DEFAULT 0, uses INTEGER NOT NULL DEFAULT 0,
    touched INTEGER NOT NULL DEFAULT 0, altered INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lesson_line_shown ON lesson_line (archived, applied, key DESC);
CREATE INDEX lesson_line_source ON lesson_line (source);
CREATE INDEX lesson_line_altered ON lesson_line (altered);
CREATE TABLE gone_line (                   -- what is no longer there since something was withdrawn
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, altered INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE ballot (                      -- what a person put behind an issue, where it is anything
    issue TEXT NOT NULL, person TEXT NOT NULL, dots INTEGER NOT NULL, hours REAL NOT NULL,
    living  INTEGER NOT NULL,              -- as the issue's
    counted INTEGER NOT NULL,              -- how many of the dots are within the budget
    PRIMARY KEY (issue, person)
) WITHOUT ROWID;
CREATE INDEX ballot_living ON ballot (person, issue, dots) WHERE living AND dots > 0;
CREATE INDEX ballot_counted ON ballot (person, issue, counted) WHERE living AND counted > 0;
CREATE TABLE purse (                       -- a person's dots on living issues, all together
    person TEXT PRIMARY KEY, spent INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE share (                       -- who has shared words in a review
    review TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (review, person)
) WITHOUT ROWID;
CREATE TABLE used (                        -- where a lesson was used
    lesson TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL,
    reach INTEGER NOT NULL,                -- how far that state is: applied is further than tried
    PRIMARY KEY (lesson, subject, person)
) WITHOUT ROWID;
CREATE TABLE tie (                         -- links by the issue at their other end
    issue TEXT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (issue, statement)
) WITHOUT ROWID;
CREATE TABLE basis (                       -- the budget and the persons by which lines were counted
    name TEXT PRIMARY KEY, value NOT NULL
) WITHOUT ROWID;

-- records by key within their kind; the last word about a record
DROP INDEX record_kind;
CREATE INDEX record_kind ON record (kind, key);
DROP INDEX statement_about;
CREATE INDEX statement_about ON statement (about, kind, touched);
CREATE INDEX record_touched ON record (touched);
-- what is new of a kind, by whom and about what, is read off the index alone
DROP INDEX statement_kind;
CREATE INDEX statement_kind ON statement (kind, touched, author, about);
CREATE INDEX statement_touched ON statement (touched);
"""

LINE_TABLES = (
    "issue_line", "review_line", "lesson_line", "gone_line", "ballot", "purse", "share", "used", "tie",
    "basis",
)  # fmt: skip
