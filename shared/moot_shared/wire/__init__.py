"""What a client and a relay say to each other, version 1.

One WebSocket connection carries one community; each binary frame is one CBOR map with a
`type`. The shape is automerge-repo's (`join`, `peer`, `error`); the rest is Moot's own, and
unknown types and fields are passed over by both sides.

    client                                relay
    join                            ->
                                    <-    challenge   a nonce, and which relay this is
    proof                           ->                signed over both, the community, the actor,
                                                      and the address that was dialled
                                    <-    peer        what the relay has (actor -> last seq, hash), and
                                                      its last change of the client's own actor
                                          or refusal, and the connection ends
    have                            ->                what the client has
    page …                          ->                what the relay lacks
                                    <-    page …      what the client lacks
                                    <-    done        that was everything; from here on, as it comes
                                    <-    refusal …   each change that the relay does not take
                                    <-    stored      once for each of the client's pages, after commit
    receipt                         ->                what the client has on disk, signed
                                    <-    receipts …  the other members' newest
    ephemeral                       <->               who is here, signed, and kept by nobody

Until a proof is good the relay says nothing else, and it answers a stranger in the same words
whether a community exists or not.

**Differences are exact.** Every change is named by its actor and sequence number, and chained by
hashes, so `actor -> (last seq, its hash)` says precisely what a side has. No side asks again for
what it refused, and none answers where there is nothing new.

**Pages** hold changes in causal order with their seals, deflated together (pages.py). A page
that is not the end of its batch says `more`: only at the end of a batch does each actor's run end
with a seal, and only then is it judged.

    cbor.py      CBOR, strictly: no tags, bounded depth, exact length
    fields.py    what may stand in a field
    messages.py  each message, declared once
    pages.py     changes and seals, packed under the frame limit
    address.py   under which address a relay is reached, written in one form
    glance.py    whose change a chunk is, without decoding it
    signed.py    what is signed in a proof
    presence.py  who is here: what is said, and what is signed
    documents.py what other programs call a document
    stock.py     automerge-repo's own messages
    viewing.py   a viewer link
"""
