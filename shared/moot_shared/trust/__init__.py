"""Who may say what: the rules by which changes enter a community, the same for everybody.

    seal.py       a member's signature over a change
    facts.py      statements of trust, as rows
    entries.py    changes without their operations, packed
    ancestry.py   what came before what
    history.py    the index that admission needs
    authority.py  which grants and removals stand
    naming.py     convenors named by convenors, or by a majority
    persons.py    one person, several keys
    invite.py     terms of invites, and what joins by them grant
    roster.py     who belongs, and which invites are open
    join.py       coming in
    structure.py  what a change may do to the document
    admission.py  whether a change may enter; `admit` is the door
    intake.py     whole batches from elsewhere: seals, admission, and what is left out
    waiting.py    what came before that on which it is built
    lines.py      invites and the like, as text to paste
    cache.py      memory with an end
    columns.py    entries as they are kept
    places.py     where a change stands among all that are here, found by its hash

A change enters if all of this holds; otherwise it is refused whole, with one reason:

1.  It is in the one strict form (`moot_shared.format`), at most 256 KiB and 2,000 operations, and
    does something.
2.  It is by an actor that begins with a member's key, and bears that member's seal, or is
    followed by a change of the same actor that does and was made on it.
3.  It is the genesis change - the founder's, with exactly the three operations that make the
    containers - or all that it is built on is here and its operations are counted on from there.
4.  It continues its actor's chain: seq by seq, each change made on the one before. Two different
    changes at one place are a fork; the one that came first here stays.
5.  As of its ancestors its author is a member in good standing - the founder, or joined, and not
    removed by a convenor's act that stands or by their own - or the change is a join: the first
    change of its actor and nothing else, by an invite among its ancestors, signed with the invite's
    secret. Whoever joined to read writes nothing more. Only a convenor's invite makes convenors.
6.  Nothing happens at the root.
7.  Structure only grows. A record is a new map under its author's name; its lists are made with
    it; nothing is put in the place of a map or a list, and neither is deleted. Plain values are put
    and taken out; in lists paragraphs are inserted, replaced and taken out.
8.  A statement's key begins with its author's key; statements of trust are said once, and stay.
9.  What it names was among its ancestors, or earlier in itself; what it replaces stands in the
    same place.
10. Its values are ones that everybody can read.

It does not matter which kinds and fields there are, what strings say, when it was made, who
brought it, or what else has happened meanwhile. Expiry, uses, revocation and removal decide who
may *connect* (`Roster.may_connect`, `Roster.invite_state`): a relay judges that on all it has.
"""
