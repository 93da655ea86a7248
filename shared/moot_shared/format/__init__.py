"""The published Automerge binary format, read strictly.

Bytes of other machines reach the Automerge binding only after they were read here, because
the binding accepts much that later ruins a document (docs/decisions/0010-binding.md). What is
read is the *canonical* form alone, the one that an honest writer makes of a change: so a
change has one writing and one hash, and what two replicas admit, both store alike. Every size
is checked against `limits.py` before memory is set aside, nothing recurses, and whatever is
wrong is one FormatError with one sentence.

Nothing here knows members, records or trust: `moot_shared.trust` decides what may enter.

    leb.py         numbers of variable length, in their shortest writing
    columns.py     run-length, delta and boolean columns
    chunk.py       the envelope: magic, checksum, type, length; bounded inflation
    operation.py   what an operation is
    values.py      the values that operations carry
    operations.py  columns, read together as operations
    change.py      a whole change; `decode_change` is the door

Source: automerge.org, 'Automerge Binary Document Format'.
"""
