"""The command line: everything that the interface can do, for scripts, dumb terminals and habit.

    main.py      the process edge: words in, exit code out
    parser.py    the tree of commands, and the options that go anywhere
    options.py   options from declared fields
    session.py   one command's way to the community: a light reader, or the replica
    output.py    lines, tables and JSON that may reach a terminal
    times.py     times as people say them, and as they type them
    records.py   what every kind's `add` and `edit` have in common
    shapes.py    what every kind's JSON has in common
    showing.py   a record in words

    issue_page.py, review_page.py, lesson_page.py   one thing whole, as JSON and in words

    start.py     found, join, recover, device
    words.py     recovery words
    invites.py   invite somebody, take an invite back
    agenda.py    issues: list, add, show, edit, close
    links.py     links between issues
    votes.py     vote, pledge, comment
    reviews.py   reviews: write alone, share, read together
    lessons.py   lessons, and where they were used
    kinds.py     any other kind, from its declaration alone
    look.py      today, find
    people.py    members, my profile, the community itself
    relay.py     host, relay set, sync
    safety.py    status, verify, export
    screen.py    the interface, the demo

Exit codes: 0 done, 1 not done (one sentence on stderr says why), 2 wrong usage, 130 Ctrl-C.
"""

from moot_client.cli.main import main

__all__ = ["main"]
