"""What a relay keeps.

store.py    the interface
sqlite.py   it, on one file
closed.py   who was shut out: a log that is not restored with the rest
folder.py   the data folder, held by one relay, with its hosting key
"""
