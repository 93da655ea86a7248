"""The command line: everything that the interface can do, for scripts, dumb terminals and habit.

    main.py      the process edge: words in, exit code out
    opening.py   no command at all: the interface
    exits.py     what each exit code means
    parser.py    the tree of commands, and the options that go anywhere
    misuse.py    what was typed and is no command: a sentence, and a line that works
    meant.py     which word may be meant
    layout.py    how help reads: places, examples
    options.py   options from declared fields
    asking.py    what cannot simply be taken back: a word typed back
    session.py   one command's way to the community: a light reader, or the replica
    written.py   where what was just written is
    telling.py   an exchange with the relay, and what came of it
    output.py    lines, tables and JSON that may reach a terminal
    times.py     times as people say them, and as they type them
    records.py   what every kind's `add` and `edit` have in common
    shapes.py    what every kind's JSON has in common
    empty.py     what a list without rows says
    showing.py   a record in words

    issue_page.py, review_page.py, lesson_page.py   one thing whole, as JSON and in words

    start.py     found, join, recover, device
    words.py     recovery words
    invites.py   invite somebody, take an invite back
    issues.py    the agenda as a list
    agenda.py    issues: add, show, edit, close
    links.py     links between issues
    versions.py  what others wrote at the same time
    drafts.py    what was typed and not yet said
    votes.py     vote, pledge
    comments.py  say something about anything
    reviews.py   reviews: write alone, share, read together
    lessons.py   lessons, and where they were used
    kinds.py     any other kind, from its declaration alone
    look.py      today
    find.py      search
    history.py   who did what when, an earlier text back
    picture.py   the agenda as a map, words week by week
    people.py    members, my profile, the community itself
    members.py   one member in full; who leaves, is removed, comes back
    convenors.py naming one, agreeing, laying the role down
    relay.py     host, relay set, sync
    safety.py    status, verify, export
    keys.py      the interface's keys
    screen.py    the demo
    web.py       the interface in a browser
    completion.py, complete.py   Tab in bash, zsh and fish

docs/commands.md has all of it, with examples, exit codes, and what a pipe gets.
"""

from moot_client.cli.main import main

__all__ = ["main"]
