"""What any automerge-repo client asks of a relay.

snapshots.py  documents in one piece for newcomers, made in a process of their own
packing.py    what that process does
"""
