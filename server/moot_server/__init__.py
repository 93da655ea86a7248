"""The relay: a log with an index, which brings together what its members wrote apart.

command.py    `moot relay`: the command line
commands/     what each of its words does
limiting.py   the limits that whoever runs it may set
events.py     what passes between sockets and a core: frames and ends in, frames and ends out
network/      sockets: many commits as one, slow readers dropped
members/      the core of communities, sans-I/O: who may come in, what is admitted, who is sent what
viewing/      readers by viewer links, beside the members
stock/        any automerge-repo client, in its own protocol
storage/      what is kept, behind one interface, and the data folder
watching/     what whoever runs it is told: figures and a log
"""
