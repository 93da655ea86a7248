"""Bringing a replica and its relay together. Nothing here knows a screen.

engine.py        for as long as an interface is open: reconnects, resumes
serving.py       what other processes ask of it meanwhile
once.py          one exchange: `moot sync`
joining.py       join, a second device, recovery, hosting
journey.py       where to go next: home, a fallback, a farewell
ways.py          where the relay may be found
credentials.py   as what one comes in, and the proof of it
conversation.py  a session over a socket, until it is done or trouble comes
session.py       sans-I/O: frames in, frames and events out
branches.py      whose branch stands, where the two sides have different ones
company.py       who else is here
alive.py         whether the other side is still there
progress.py      how far a large exchange has come
surroundings.py  signs that the network may be back
outbox.py        what the relay lacks of what is here
events.py        what is reported while it goes on
trouble.py       everything that can be the matter with a connection, as sentences
connection.py    a socket to a relay: proxy, private CA
address.py       relay addresses, as people type them
"""
