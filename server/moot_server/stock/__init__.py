"""Any automerge-repo client, in its own protocol.

saying.py     messages of that protocol, made from parts
places.py     places of changes in their log, as sets
talk.py       one conversation: what they have, what was said to them, what is said next
document.py   one document: an index of its changes, and which may be added
orphans.py    changes that came before those that they are built on
turns.py      how much of it at once
extent.py     how large a document is
taking.py     what came, into the store
telling.py    what is said at the end of a batch, and rhythm.py: when
core.py       a relay for everybody who reaches it (`moot relay --open`)
peers.py      what is known of each connection
gossip.py     what clients tell one another beside changes
ephemeral.py  of that: messages that are passed on and never kept
remote.py     of that: what storages elsewhere have, told to who wants to hear of them
quick.py      shortcuts for frames that come all the time
snapshots.py  documents in one piece for newcomers, made in a process of their own
packing.py    what that process does

No document is ever opened here, and no operation is kept: changes are read strictly, checked against
the index, stored, and only then declared or passed on.
"""
