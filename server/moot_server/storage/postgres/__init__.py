"""The store of relays that share a PostgreSQL database. Imported only where one is asked for.

store.py      what is kept, as `moot_server.storage.store` says it
schema.py     its tables, and how a database gets them
link.py       one connection: made anew where it was lost, trouble in sentences
asking.py     questions: alone, several in one journey, of one moment
pending.py    what a transaction adds, and the locks that it holds
reading.py    the questions, and rows as what they mean
ahead.py      rows that were just written or are about to be asked for, in memory
listening.py  hears of what other processes store
calling.py    what is called across to them, and kept by nobody
moving.py     everything out of a relay's SQLite file into a database
"""
