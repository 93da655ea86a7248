"""The one writer of a community on this machine: commands in, changes and rows out.

commands.py    what can be asked for, as frozen, JSON-able values
replica.py     carries commands out, here or by the process that writes
desk.py        drafts and this machine's own notes
exchange.py    what sync asks: changes out and in, who has what
holding.py     the store, the key, the lock: what the three above stand on

founding.py    a community's first changes, and a member's
acts.py        a command as pieces of a change, by the kind's declaration
prose.py       an edited text as insertions and deletions of paragraphs
comparing.py   where two sequences are alike
inviting.py    an invite, and its line
trusting.py    what must be so before one says who belongs
writer.py      made here or taken in: admitted, sealed, projected, committed in one transaction
membership.py  who belongs, as rows
receiving.py   what became of changes from elsewhere
replay.py      an own tail said again, where the relay knows another history
continuity.py  how long an actor lives
outside.py     clock, dice and disk, for a simulation to hand over
undisturbed.py putting back in order, without a second Ctrl+C
lock.py        the one process that writes
verify.py      proof of a whole store
"""
