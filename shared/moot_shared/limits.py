"""Every cap, in one place: what one message, one change, one member or one document may cost.

They are set where somebody else's bytes meet this machine's memory and time. A writer
splits what is larger; whoever meets a limit is told which one it was.
"""

from __future__ import annotations

from moot_shared.frozen import frozen

KIB = 1024
MIB = 1024 * KIB
AHEAD_BYTES = 256 * KIB
"""How much the system holds of what the other side has yet to take. Whoever judges what comes before reading
on answers a ping behind all of it: with the megabytes that systems hold by themselves that is too late."""


@frozen
class Limits:
    """Bytes unless the name says otherwise; `_s` are seconds. Defaults come from measurements."""

    # one change
    change_bytes: int = 256 * KIB
    change_inflated_bytes: int = MIB
    change_operations: int = 2_000
    change_predecessors: int = 4_000
    change_deps: int = 100
    change_actors: int = 5_000
    change_extra_bytes: int = 0
    # one document
    document_operations: int = 2_000_000
    document_actors: int = 5_000
    document_warning_percent: int = 80
    # one document that is read as a whole
    document_bytes: int = 8 * MIB
    document_inflated_bytes: int = 16 * MIB
    document_read_operations: int = 500_000
    document_changes: int = 50_000
    document_deps: int = 100_000
    # one sync message
    sync_heads: int = 1_000
    sync_need: int = 1_000
    sync_have: int = 1
    sync_changes: int = 10_000
    sync_flags: int = 16
    bloom_bits_per_entry: int = 64
    bloom_probes: int = 32
    reply_bytes: int = MIB
    orphans_per_peer: int = 100
    orphan_bytes: int = 4 * MIB
    # one connection
    frame_bytes: int = MIB
    receive_queue_frames: int = 16
    frames_at_once: int = 1
    frames_at_once_bytes: int = MIB
    batch_bytes: int = 32 * MIB
    unsent_bytes: int = 4 * MIB
    open_timeout_s: float = 5.0
    authentication_timeout_s: float = 5.0
    ping_interval_s: float = 20.0
    ping_timeout_s: float = 20.0
    strangers_per_address: int = 5
    strangers: int = 100
    connections_per_member: int = 5
    viewers: int = 100
    # all connections
    connections: int = 10_000
    unfinished_bytes: int = 256 * MIB
    # what nobody uses
    communities_idle: int = 32
    community_idle_s: float = 300.0
    # one member
    changes_per_second: float = 20.0
    changes_burst: int = 200
    # what members say of where they are, which is passed on and never stored
    ephemeral_bytes: int = KIB
    ephemeral_per_second: float = 1.0
    ephemeral_burst: int = 10
    # CBOR
    cbor_depth: int = 8
    # one client of an open relay
    documents_per_peer: int = 10_000


DEFAULT = Limits()
OPEN = Limits(
    # JavaScript pastes a chapter as one change of an operation a letter, and writes who an actor is behind it
    change_bytes=16 * MIB,
    change_inflated_bytes=32 * MIB,
    change_operations=500_000,
    change_predecessors=1_000_000,
    change_deps=10_000,
    change_extra_bytes=KIB,
    # it sends a whole document in one message, and what hundreds wrote at once has hundreds of heads
    frame_bytes=32 * MIB,
    sync_changes=1_000_000,
    sync_heads=10_000,
    sync_need=10_000,
    orphans_per_peer=1_000,
    # a browser is a new actor with each page that it loads; no client opens a document of this size
    document_operations=20_000_000,
    document_actors=200_000,
    # it sends on without waiting for an answer; what has come together is stored together
    frames_at_once=64,
)
"""For a relay that anybody's programs use: what they write passes, and one message is still bounded."""
