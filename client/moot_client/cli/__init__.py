"""The command line: everything that the interface can do, for scripts, dumb terminals and habit.

    main.py      the process edge: words in, exit code out
    parser.py    the tree of commands, and the options that go anywhere
    options.py   options from declared fields
    session.py   one command's way to the community: a light reader, or the replica
    output.py    lines, tables and JSON that may reach a terminal
    shapes.py    view rows as JSON
    times.py     times as people say them, and as they type them

    agenda.py    issues: list, add, show, edit, close
    links.py     links between issues
    votes.py     vote, pledge, comment
    reviews.py   reviews: write alone, share, read together
    lessons.py   lessons, and where they were used
    people.py    members, my profile, the community itself
    start.py     found, join, recover, device, words
    invites.py   invite somebody, take an invite back
    relay.py     host, relay set, sync
    safety.py    status, verify, export
    look.py      today, find
    screen.py    the interface, the demo

Exit codes: 0 done, 1 not done (one sentence on stderr says why), 2 wrong usage.
"""

from moot_client.cli.main import main

__all__ = ["main"]
