"""What a relay keeps.

store.py    the interface
sqlite.py   it, on one file
schema.py   its tables
room.py     its log, at full length from the start
closed.py   who was shut out: a log that is not restored with the rest
folder.py   the data folder, held by one relay, with its hosting key
reading.py   that file read, beside a running relay
copies.py    backup and restore of that file, while a relay runs on it
leftovers.py what they were making when they were killed
checking.py  proof of all that is stored
notes.py     what is written down beside the store: the last backup
"""
