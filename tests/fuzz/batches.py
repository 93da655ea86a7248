"""Pages of several changes: runs that are cut, shuffled, doubled, badly sealed, or carry a forged one."""

from __future__ import annotations

import random
from dataclasses import replace

from moot_shared.errors import FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.trust.seal import Sealed
from tests.fuzz.attempt import Attempt
from tests.fuzz.cases import MEMBERS, changed_change, written
from tests.fuzz.corpus import Corpus
from tests.fuzz.fitting import Draft, fitted, moved
from tests.fuzz.peers import Peers, fits_a_page, page_body
from tests.helpers.community import Machine


def batch(peers: Peers, dice: random.Random) -> Attempt:
    """Several changes at once."""
    corpus = peers.corpus
    batch, story = list[Sealed](), list[str]()
    for _ in range(dice.choice((1, 1, 2))):
        by = corpus.machines[dice.choice(MEMBERS)]
        run = _run(corpus, by, dice)
        batch += run
        story.append(f"a run of {len(run)} by the machine {by.nonce:x}")
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        story.append(_disturbed(batch, corpus, dice))
    rebuild, go_on = dice.random() < 0.04, dice.random() < 0.3

    def run_it() -> str:
        if not fits_a_page(batch):
            return "no page"
        verdict = peers.agree(batch, go_on=go_on, rebuild=rebuild)
        return (
            f"taken {min(verdict.taken, 3)}" if verdict.taken else ",".join(set(verdict.codes)) or "nothing"
        )

    return Attempt(story, page_body(batch), run_it)


def _run(corpus: Corpus, by: Machine, dice: random.Random) -> list[Sealed]:
    """Changes of one actor, each made on the one before; the last is sealed, and others at random."""
    sources = [c for c in corpus.changes[1:] if c.author == by.key] or corpus.changes[1:]
    draft = fitted(corpus, dice.choice(sources), by, dice)
    made: list[Change] = []
    for _ in range(dice.choice((1, 2, 3, 5))):
        try:
            change = decode_change(written(draft))
        except FormatError:
            break
        made.append(change)
        start = change.last_op + 1
        draft = Draft(by, [change.hash], change.seq + 1, start, moved(dice.choice(sources), by, start))
    last = len(made) - 1
    return [
        Sealed(c.raw, corpus.seal(c, by) if n == last or dice.random() < 0.3 else None)
        for n, c in enumerate(made)
    ]


def _disturbed(batch: list[Sealed], corpus: Corpus, dice: random.Random) -> str:
    what = dice.randrange(9)
    at = dice.randrange(len(batch) + 1)
    one = batch[at % len(batch)] if batch else dice.choice(corpus.sealed)
    if what == 0 and batch:
        del batch[at % len(batch)]
        return f"one is left out at {at}"
    if what == 1:
        dice.shuffle(batch)
        return "shuffled"
    if what == 2:
        batch.insert(at, one)
        return f"one comes twice, at {at}"
    if what == 3 and batch:
        batch[at % len(batch)] = replace(one, seal=None)
        return f"no seal at {at}"
    if what == 4 and batch:
        batch[at % len(batch)] = replace(one, seal=dice.choice(batch).seal)
        return f"another's seal at {at}"
    if what == 5:
        batch[at:at] = dice.sample(corpus.sealed, dice.choice((1, 5, 60)))
        return f"some that are known at {at}"
    if what == 6:
        batch[at:at] = _run(corpus, corpus.machines[dice.choice(MEMBERS)], dice)
        return f"another run within, at {at}"
    case = changed_change(corpus, dice)
    batch.insert(at, Sealed(case.chunk, case.seal if what == 7 else None))
    return f"a tampered change at {at}: {'; '.join(case.story)}"
