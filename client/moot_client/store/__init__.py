"""One SQLite file a community: the truth (changes and seals), and what is read off it.

schema.py     the tables, and what each is for
store.py      opening, transactions, damage
changes.py    changes and seals as rows; the history that admission reads
drafts.py     what was typed and not yet said
inbox.py      commands from other processes to the one that writes
standing.py   what the relay and the members have: 'stored', 'has it', refused
"""
