"""The client's side of a conversation with a relay, without a socket: frames in, frames and events out.

    joining --challenge--> proving --peer--> in --trouble--> (raised as ConnectionTrouble)

`start` queues the first frame. Then, for as long as the socket lives: each frame that arrives goes
to `receive`, and `next_frame` is asked for what to send until it has nothing. Both may block on the
disk, so they are called off an interface's own thread, one at a time. `settled` is true while the
relay has stored everything that is here, and everything that it had is here.

What is to be sent is computed from what the relay has (`peer`, and what passed since), so a
connection can end anywhere and the next one resumes. Where the relay knows another branch of an
actor's changes than this machine, the actor is left out of `have`: the relay then sends its branch
from the start, and the replica says its own tail again on top of it (but for a mere farewell).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from moot_client.replica.replica import Replica
from moot_client.sync import trouble
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import (
    AlmostFull,
    Event,
    Held,
    HolderChanged,
    Received,
    RefusedOther,
    RefusedOwn,
    Stored,
    Synced,
)
from moot_client.sync.outbox import Outbox, forks
from moot_client.sync.ways import told
from moot_shared.errors import FormatError
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Error,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Receipt,
    Receipts,
    Refusal,
    decode,
    encode,
)
from moot_shared.wire.messages import Stored as StoredPage
from moot_shared.wire.pages import Gathering

LOST = frozenset({"stranger", "restored"})
"""Why a relay that has let us in before does not do so now: it has lost something of what it had."""


class Session:
    """One connection's worth of conversation."""

    def __init__(
        self,
        replica: Replica,
        url: str,
        credentials: Credentials,
        *,
        now: Callable[[], int],
        random: Callable[[int], bytes],
        farewell: bool = False,
    ) -> None:
        """`farewell`: the community lives elsewhere, and we only come by to say so."""
        self._replica = replica
        self._url = url
        self._credentials = credentials
        self._farewell = farewell
        self._now = now
        self._sender_id = random(8).hex()
        self._stage = "new"
        self._queue: deque[bytes] = deque()
        self._gathering = Gathering()
        self._outbox = Outbox(replica)
        self._caught_up = False
        self._announced = False
        self._may_ask_again = True  # where something did not arrive that the relay has
        self._forked: set[bytes] = set()
        self._signed_for: tuple[bytes, ...] | None = None
        self.held: Refusal | None = None
        """Why the relay has no room for what is here and not there; None where it has."""
        self.received = 0
        """How many new changes have come in."""

    def start(self) -> None:
        """Say who connects, but not yet as whom."""
        self._stage = "joining"
        self._say(Join(self._sender_id))

    @property
    def online(self) -> bool:
        """Whether the relay has let us in."""
        return self._stage == "in"

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to send, to be stored (but for what is `held`) or to be received."""
        return self._caught_up and not self._queue and self._outbox.empty

    def refresh(self) -> None:
        """Ask the relay anew for whatever it has: until it is done, nothing is settled."""
        if self._stage == "in":
            self._caught_up = False
            self._say(self._have())

    # -- what arrives ----------------------------------------------------------------------------------

    def receive(self, frame: bytes) -> list[Event]:
        """Take in a frame; what it brought. ConnectionTrouble where the conversation cannot go on."""
        try:
            message = decode(frame)
            return self._hear(message)
        except FormatError as error:
            raise trouble.unreadable(self._url, frame) from error

    def _hear(self, message: Message) -> list[Event]:
        match self._stage, message:
            case "in", Refusal(page=int()):
                return self._hold(message)
            case _, Refusal(code="replaced"):
                self._replica.be_another()  # somebody else bears this machine's name: its disk was cloned
                raise trouble.RelayRefused(message)
            case _, Refusal(hash=None):
                self._forget_claims(message)
                raise trouble.RelayRefused(message)
            case _, Error():
                raise trouble.wrong_protocol(self._url)
            case "joining", Challenge():
                self._prove(message)
            case "proving", Peer():
                self._enter(message)
            case "in", Page():
                return self._take(message)
            case "in", Done():
                return self._catch_up(message)
            case "in", StoredPage():
                return self._note_stored(message)
            case "in", Refusal():
                return self._note_refused(message)
            case "in", Receipts():
                return [HolderChanged(actor) for actor in self._replica.note_receipts(message.words)]
            case "in", _:
                pass  # of a later version
            case _:
                raise trouble.wrong_protocol(self._url)
        return []

    def _prove(self, challenge: Challenge) -> None:
        self._stage = "proving"
        self._say(self._credentials.proof(self._replica, self._url, challenge))

    def _enter(self, welcome: Peer) -> None:
        """We are in: find out where the two sides differ, before anything is sent."""
        replica = self._replica
        last = welcome.last or welcome.clock.get(replica.actor)
        if last is not None:
            replica.continue_after(*last)
        here = replica.version()
        forked = forks(replica, welcome.clock)
        through = {actor: seq for actor, (seq, _) in welcome.clock.items() if actor not in forked}
        replica.forget_stored(through, of=self._url)
        # What goes further than this machine may be another branch: no word on what is here until it comes.
        known = {a: seq for a, seq in through.items() if a in here and seq <= here[a][0]}
        replica.note_stored(known, welcome.at)
        self._outbox.begin(welcome.clock, forked, welcome.frame_bytes)
        self._stage = "in"
        self._forked = forked
        self._say(self._have())

    def _have(self) -> Have:
        return Have({a: link for a, link in self._replica.version().items() if a not in self._forked})

    def _take(self, page: Page) -> list[Event]:
        batch = self._gathering.add(page.body, page.more)
        if not batch:
            return []
        bearing, before = self._replica.actor, self._replica.version()
        got = self._replica.receive(batch, home=self._its_branch_stands())
        if self._replica.actor != bearing or self._less_than(before):
            # There was more to it than a batch: see that nothing is left behind.
            self.refresh()
        names = [glance(carry.chunk) for carry in batch]
        self._outbox.came(names)
        through: dict[bytes, int] = {}
        for name in names:
            if self._replica.has(name.hash):
                through[name.actor] = max(name.seq, through.get(name.actor, 0))
        self._replica.note_stored(through, page.at)
        self.received += got.new
        self._may_ask_again = self._may_ask_again and not got.refused
        events: list[Event] = [Received(got.new)] if got.new else []
        return events + [RefusedOther(no.hash, no.code, no.reason, by_relay=False) for no in got.refused]

    def _less_than(self, before: Mapping[bytes, tuple[int, bytes]]) -> bool:
        """Whether something was taken out of what was here."""
        here = self._replica.version()
        return any(actor not in here or here[actor][0] < seq for actor, (seq, _) in before.items())

    def _catch_up(self, done: Done) -> list[Event]:
        if self._may_ask_again and not all(self._replica.has(head) for head in done.heads):
            self._may_ask_again = False
            self.refresh()
            return []
        invite = self._credentials.invite
        if invite is not None and not self._replica.came():
            self._replica.join(invite.seed)
        self._caught_up = True
        self._forked = set()  # the relay's branches have come
        return [] if done.fill is None else [AlmostFull(done.fill)]

    def _hold(self, refusal: Refusal) -> list[Event]:
        """The relay has no room for what we send. It stays here; reading goes on."""
        self._outbox.held(refusal.page or 0)
        news, self.held = self.held is None, refusal
        return [Held(refusal.code, refusal.text)] if news else []

    def _note_stored(self, stored: StoredPage) -> list[Event]:
        through = self._outbox.answered(stored.n, stored.through)
        if not through:
            return []
        self.held = None
        self._replica.note_stored(through, stored.at)
        return [Stored(stored.at)]

    def _forget_claims(self, refusal: Refusal) -> None:
        """A home that no longer knows us, or was put back from an older copy, has nobody knows how much."""
        if refusal.code in LOST and self._at_home():
            self._replica.forget_stored({})

    def _at_home(self) -> bool:
        return self._url == self._replica.relay_url()

    def _its_branch_stands(self) -> bool:
        """Whether we yield where this relay keeps another branch: but for a farewell always.

        There too for the convenor who has said where the home is, until it is told: their word could be built
        on what this relay does not have, and those who know no other one would never hear it.
        """
        if not self._farewell or self._at_home():
            return True
        return self._replica.said_where_home_is() and not told(self._replica, self._url)

    def _note_refused(self, refusal: Refusal) -> list[Event]:
        change_hash = refusal.hash or b""
        mine = self._outbox.sent(change_hash)
        if mine is None:  # nobody takes words out of this machine by refusing what was not sent to them
            raise trouble.wrong_protocol(self._url)
        if refusal.code in ("missing", "fork"):  # it has less, or other things, than we think: ask it anew
            raise trouble.Unreachable(
                "out of step", "The relay and this machine have to compare notes again."
            )
        self._replica.note_refused(change_hash, refusal.code, refusal.text, self._now())
        if mine:
            return [RefusedOwn(change_hash, refusal.code, refusal.text)]
        return [RefusedOther(change_hash, refusal.code, refusal.text, by_relay=True)]

    # -- what leaves -----------------------------------------------------------------------------------

    def next_frame(self) -> bytes | None:
        """The next frame to send, or None for now."""
        if self._queue:
            return self._queue.popleft()
        if self._stage != "in":
            return None
        page = self._outbox.next()
        return encode(page) if page else None

    def milestone(self) -> list[Event]:
        """`Synced`, each time that everything is everywhere after it was not."""
        settled = self.settled and self.held is None
        news, self._announced = settled and not self._announced, settled
        return [Synced(self._now())] if news else []

    @property
    def signed(self) -> bool:
        """Whether this machine has signed for all that it has."""
        return self._signed_for == self._replica.heads()

    def sign(self) -> None:
        """Queue my signed word on what is on this disk, where it says more than the last one."""
        if self._stage == "in" and not self.signed:
            self._signed_for = self._replica.heads()
            self._say(Receipt(*self._replica.receipt(self._now())))

    def _say(self, message: Message) -> None:
        self._queue.append(encode(message))
