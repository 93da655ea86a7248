"""Bringing a replica and its relay together. Nothing here knows a screen.

session.py       sans-I/O: frames in, frames and events out
outbox.py        what the relay lacks of what is here
events.py        what is reported while it goes on
trouble.py       everything that can be the matter with a connection, as sentences
address.py       relay addresses, as people type them
connection.py    a socket to a relay: proxy, private CA
conversation.py  a session over a socket, until it is done or trouble comes
engine.py        for as long as an interface is open: reconnects, resumes, serves the inbox
once.py          one exchange: `moot sync`
joining.py       join, a second device, recovery, hosting
"""
