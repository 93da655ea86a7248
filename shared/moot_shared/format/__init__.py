"""The published Automerge binary format, read strictly: changes, whole documents, sync messages.

Bytes of other machines reach the Automerge binding only after they were read here, because the
binding accepts much that later ruins a document (docs/decisions/0010-the-document-and-its-binding.md).
Bytes go in; a frozen description comes out, or one `FormatError` with one sentence.
Nothing here knows members, records or trust: `moot_shared.trust` decides what may enter.

    leb.py         numbers of variable length, in their shortest writing
    columns.py     run-length, delta and boolean columns
    tables.py      tables of columns, and their bytes
    chunk.py       the envelope: magic, checksum, type, length; bounded inflation
    names.py       hashes and actors, as lists
    operation.py   what an operation is
    values.py      the values that operations carry
    operations.py  columns, read together as operations
    change.py      a whole change; `decode_change` is the door
    rows.py        the changes of a whole document, without their operations
    document.py    a whole document, taken apart; `decode_document` is the door
    bloom.py       what a peer says that it has
    sync.py        a sync message, taken apart; `decode_sync_message` is the door
    outline.py     a change whose operations are checked and not made
    runs.py        columns as runs

Source: automerge.org, 'Automerge Binary Document Format', and for messages the sync protocol's own
description in the same place. Where the two leave something open, what honest writers write decides:
the tests hold the reader to changes of the Python binding and of JavaScript.

How it works
------------

**One writing for each meaning.** A checksum proves only that its writer can compute one. So the
*canonical* form alone is read, the one that an honest writer makes of a change: numbers in their
shortest form, neighbouring runs that could be one joined, no column that says nothing, columns and
hashes and actors in rising order and none twice, every listed actor named by some operation,
predecessors in order, nothing left over. For what is read there is no second writing, and so no
second hash: what one replica admits, every other stores alike and signs alike. A test writes again
what it read, from thousands of damaged changes, and compares bytes.

**Limits before memory.** A count is a promise of its writer. It is compared with a limit, or with
the bytes that are really left, before a list, a string or a column is made from it; a run is
counted before it is written out; an inflater is told how much it may give. What a chunk of n bytes
can cost is then bounded by `moot_shared.limits`, whatever it says.

**Straight on.** Everything is read from front to back by loops. The format nests nothing: maps in
maps are operations that name one another by id, and an operation names earlier ones only (a smaller
counter). So there is no depth that could exhaust a stack, and no circle that could be built.

**Everything agrees.** Columns are equally long. Each operation has one place and what its action
needs, no more: nothing deletes with a value or inserts in place of something. In a document, writers
are among its actors, their changes count on from 1, each is built on earlier ones, and the heads are
those that nothing is built on.

**More is read than is let in.** Counters, increments, marks, texts, tables and kinds of value that
are yet to come are decoded as what they are, although a community admits none of them: what may
enter is decided in one place, and a relay for other documents can decide otherwise.

What each rule is there for
---------------------------

    one canonical form             damage that the binding accepts, and whose document it then saves
                                   in a way that it cannot load; one change under two hashes
    all numbers within 64 bits,    arithmetic that overflows: near 2^32 it is the next honest
    counters below 2^31            writer who crashes
    operations and predecessors    minutes of work in a hundred bytes, while no other thread can run
    capped before they are made
    bounded inflation              a thousandfold expansion, done before the checksum is looked at
    names point back               elements that stand after themselves
    parameters of filters          division by zero, memory and time without end
    wishes made once each          a short question with an answer of hundreds of megabytes
    messages cut into chunks       a bad change that silently takes the good ones behind it along,
                                   though the message was taken
    exact length everywhere        bytes that one reader skips and another one reads

What is not checked here: whether what a change names exists, and whether its author may do what it
does (`moot_shared.trust`); the columns of a document's operations, which are counted and handed on;
and the hashes of its heads, which only its changes, made again, could prove.
"""
