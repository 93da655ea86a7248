"""The relay of communities: batches of frames in, frames out, one transaction a batch.

core.py        a batch's way through all of this
entrance.py    from an open socket to somebody who is in: door.py judges, names.py knows the relay's addresses
writing.py     what writes, committed together; community.py takes it in, filling.py says when one is full
reading.py     what a connection is sent: feed.py its backlog, fanout.py what is new, passing.py who has what
others.py      what other relays have stored in the same database
pacing.py      how fast a member may write: pace.py counts
restored.py    after an older copy was put back: nobody who was shut out since comes in
presence.py    who is here: passed on, never stored; across.py between processes
peers.py       what is known of each connection
"""
