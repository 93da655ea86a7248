"""Nobody's bytes can break another's machine: shown with bytes that were made to.

A case is a seed and a number, and nothing else: `scripts/fuzz --seed 1 --case 4711` plays it again
and tells what it was. Each begins from a community that the product itself has written (cohort.py
and corpus.py): every declared kind, edits, deletions, meetings, joins, roles, a removal. Something in
it is changed, on one or several levels, lengths and checksums are repaired, and most often an
attacker who is a member signs the result, so that what is tried gets past the first door.

    corpus.py      the honest community, and everybody's keys
    anatomy.py     a chunk taken apart and put together again, whatever it holds
    bytework.py    bytes, numbers, columns, deflation: changed without knowing what they mean
    opwork.py      operations changed, knowing what they mean
    fitting.py     a change's operations made to fit on top of the community, by somebody
    cases.py       one changed change: who signs it, on what it is built
    honest.py      what must hold after a change was admitted
    peers.py       a real relay core and a real replica, and whether they say the same
    batches.py     pages of several changes and seals
    frames.py      messages to the relay and to the client
    doors.py       handshakes
    lines.py       pasted lines
    families.py    which case is of which sort
    worker.py      plays cases in a process of its own, within bounds of time and memory
    watch.py       starts workers, and notices when one dies or hangs
    shrink.py      makes a failing case smaller

What must hold of each case: an error of ours or success, within a second and a bound of memory; the
relay and the replica say the same; and after an admitted change the document saves, loads to the same
heads and can be written to by an honest member, whose change is admitted everywhere.
"""
