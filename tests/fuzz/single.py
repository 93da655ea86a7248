"""The largest family: one tampered change, given to the decoder, the rules, a document, relay and replica."""

from __future__ import annotations

import random

from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.trust.admission import admit
from moot_shared.trust.seal import Sealed
from tests.fuzz.attempt import Attempt, Run
from tests.fuzz.cases import changed_change
from tests.fuzz.corpus import HONEST, Corpus
from tests.fuzz.honest import Broken, after_admission, decoded_is_sound
from tests.fuzz.peers import Peers, fits_a_page

AGREED = 3
"""Of so many refused changes one is given to relay and replica as well, beyond the rules that both ask."""
GONE_ON = 12
"""Of so many admitted ones, one."""
REBUILT = 96
"""Of so many admitted ones, one has its rows made anew."""


def single(peers: Peers, dice: random.Random) -> Attempt:
    """One change."""
    case = changed_change(peers.corpus, dice)
    lot = dice.randrange(REBUILT)

    def with_bytes(chunk: bytes) -> Run:
        seal = case.seal if chunk == case.chunk else _seal_anew(peers.corpus, chunk)
        return lambda: _judge(peers, Sealed(chunk, seal), lot)

    return Attempt(case.story, case.chunk, with_bytes(case.chunk), with_bytes)


def _seal_anew(corpus: Corpus, chunk: bytes) -> bytes | None:
    try:
        change = decode_change(chunk)
    except FormatError:
        return None
    author = next((m for m in corpus.machines.values() if m.key == change.author), None)
    return corpus.seal(change, author) if author else None


def _judge(peers: Peers, sealed: Sealed, lot: int) -> str:
    code = by_the_rules(peers.corpus, sealed)
    admitted = code == "admitted"
    if lot % (GONE_ON if admitted else AGREED) == 0 and fits_a_page([sealed]):
        verdict = peers.agree([sealed], go_on=admitted, rebuild=lot == 0)
        if admitted != bool(verdict.taken):
            raise Broken(f"by the rules alone it is {code}, and with everything around them {verdict}")
    return code


def by_the_rules(corpus: Corpus, sealed: Sealed) -> str:
    """Decoding and admission alone: 'admitted', 'known', or the code of the refusal."""
    change: Change | None = None
    try:
        change = decode_change(sealed.chunk)
        decoded_is_sound(change)
        admit(change, corpus.history, seal=sealed.seal, seal_needed=True)
    except (FormatError, AdmissionError) as error:
        if not str(error).endswith("."):
            raise Broken(f"this is no sentence: {error}") from error
        return error.code
    if change.hash in corpus.history:
        return "known"
    if change.author == corpus.replicas[HONEST].identity.public_key:
        raise Broken("a change is admitted that bears the name of somebody who did not write it")
    after_admission(corpus, change)
    return "admitted"
