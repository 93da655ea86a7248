"""One SQLite file a community: the truth (changes and seals), and what is read off it.

schema.py     the tables, and what each is for
reading.py    each thread's connection to read; what SQLite says, as a sentence
store.py      opening, transactions
glance.py     a first look at it, before anything can be written
rescue.py     what can be read of a damaged one
changes.py    changes and seals as rows; the history that admission reads
stretches.py  that history as it is in memory, kept beside the changes
drafts.py     what was typed and not yet said
own.py        small values of this machine's own
inbox.py      commands from other processes to the one that writes
standing.py   what the relay and the members have: 'stored', 'has it', refused
disk.py       what a store, and the small files beside it, are written with
lines.py      the tables that lists are read from
positions.py  how far this machine's changes go
"""
