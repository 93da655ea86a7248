"""What a relay costs, beside those that people would use instead: `scripts/bench relay`.

servers.py     which servers are measured, each started anew for each repetition, on a real disk
peer.py        what all clients share: members.py, stock.py, hocuspocus.py, plain.py
socket.py      a WebSocket for them that costs next to nothing; wire.py, changes and messages likewise
sharing.py     one writer and listeners, ten writers
documents.py   newcomers, restarts, time apart; dataset.py, the large document
growing.py     the cost of an edit in larger documents and among more of them
trouble.py     listeners who do not listen
running.py     all of it, so many times over; report.py, as tables and JSON
"""

from tests.bench.relay.running import main

__all__ = ["main"]
