"""How long an honest answer may take on a slow and busy machine: no test waits so long for nothing."""

from __future__ import annotations

from moot_client.sync.conversation import Means, Patience

PATIENCE_S = 60.0
PATIENT = Means(patience=Patience(welcome=PATIENCE_S, answer=PATIENCE_S, quiet=0.0, alive=PATIENCE_S))
"""A client for whom the clock decides nothing; who is to tire of a relay says for how long it waits."""
