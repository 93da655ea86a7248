"""The published Automerge binary format, read strictly.

leb.py      numbers of variable length, canonical
columns.py  run-length, delta and boolean columns, canonical
chunk.py    the envelope: magic, checksum, type, length; bounded inflation
change.py   a change chunk as a Change of Operations
"""
