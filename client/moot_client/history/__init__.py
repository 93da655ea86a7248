"""What was done to one thing, told from the changes that did it: who, when, what; and an earlier text back.

    moments.py    which changes touched it, in the order that all machines agree on
    replay.py     a record's fields and paragraphs, change by change
    together.py   which edits knew nothing of each other
    retell.py     the same for what members say about it
    phrases.py    what was done, in plain words
    history.py    all of it as events, newest first
    restore.py    an event's text as a command that brings it back

The order is that of operations (a change counts on from those that it was made on), so that whoever
has the same changes reads the same history, whatever came first. Clocks are shown and decide nothing.
"""
