"""The relay: a log with an index, which brings together what its members wrote apart.

command.py    `moot relay`: the command line
folder.py     the data folder and the hosting key
serve.py      sockets: frames in and out, many commits as one, slow readers dropped
core.py       sans-I/O: batches of frames in, frames out, one transaction a batch
door.py       who may come in
peers.py      what is known of each connection
feed.py       what a connection has yet to be sent
fanout.py     what one batch brings to everybody else, made once for all
community.py  one community: history, roster, admission of a batch
store.py      what is kept, as an interface
sqlite.py     that interface on one file
pace.py       how fast a member may write
"""
