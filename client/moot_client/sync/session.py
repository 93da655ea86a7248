"""The client's side of a conversation with a relay, without a socket: frames in, frames and events out.

    joining --challenge--> proving --peer--> in --trouble--> (raised as ConnectionTrouble)

`start` queues the first frame. Then, for as long as the socket lives: each frame that arrives goes
to `receive`, and `next_frame` is asked for what to send until it has nothing. Both may block on the
disk, so they are called off an interface's own thread, one at a time.

What is to be sent is computed from what the relay has (`peer`, and what passed since), so a
connection can end anywhere and the next one resumes. Where the relay knows another branch of an
actor's changes than this machine, the actor is left out of `have`: the relay then sends its branch
from the start, and the replica says its own tail again on top of it (but for a mere farewell).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from moot_client.replica.replica import Replica
from moot_client.sync import trouble
from moot_client.sync.branches import Visiting, taken_out
from moot_client.sync.company import Company
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
from moot_client.sync.progress import Measure
from moot_shared.errors import FormatError
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Ephemeral,
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
        company: Company | None = None,
    ) -> None:
        """`farewell`: the community lives elsewhere, and we only come by to say so.

        `company` hears who else is here, and says where this member is; without it, nothing is said of that.
        """
        self._replica = replica
        self._url = url
        self._credentials = credentials
        self._visiting = Visiting(replica, url, farewell)
        self._company = company
        self._measure = Measure()
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
        self.heard = 0
        """How many frames that were more than a word on who is here."""

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
            self.heard += not isinstance(message, Ephemeral)
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
                self._visiting.turned_away(message.code)
                raise trouble.RelayRefused(message)
            case _, Error():
                raise trouble.wrong_protocol(self._url)
            case "joining", Challenge():
                self._prove(message)
            case "proving", Peer():
                return self._enter(message)
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
            case "in", Ephemeral() if self._company:
                return list(self._company.hear(message))
            case "in", _:
                pass  # of a later version
            case _:
                raise trouble.wrong_protocol(self._url)
        return []

    def _prove(self, challenge: Challenge) -> None:
        self._stage = "proving"
        self._say(self._credentials.proof(self._replica, self._url, challenge))

    def _enter(self, welcome: Peer) -> list[Event]:
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
        have = self._have()
        self._say(have)
        if self._company:
            self._company.begin()
        return list(self._measure.begin(welcome.clock, have.clock))

    def _have(self) -> Have:
        return Have({a: link for a, link in self._replica.version().items() if a not in self._forked})

    def _take(self, page: Page) -> list[Event]:
        batch = self._gathering.add(page.body, page.more)
        if not batch:
            return []
        bearing, before = self._replica.actor, self._replica.version()
        got = self._replica.receive(batch, home=self._visiting.its_branch_stands())
        if self._replica.actor != bearing or taken_out(before, self._replica.version()):
            # There was more to it than a batch: see that nothing is left behind.
            self.refresh()
        names = [glance(carry.chunk) for carry in batch]
        self._outbox.came(names)
        here = sorted((name for name in names if self._replica.has(name.hash)), key=lambda name: name.seq)
        self._replica.note_stored({name.actor: name.seq for name in here}, page.at)
        self.received += got.new
        self._may_ask_again = self._may_ask_again and not got.refused
        events: list[Event] = [Received(got.new)] if got.new else []
        events += self._measure.came(lambda: self._have().clock)
        return events + [RefusedOther(no.hash, no.code, no.reason, by_relay=False) for no in got.refused]

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
        full = [] if done.fill is None else [AlmostFull(done.fill)]
        return [*self._measure.all_came(), *full]

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
        return [Stored(stored.at), *self._measure.left(self._outbox.left)]

    def _note_refused(self, refusal: Refusal) -> list[Event]:
        change_hash = refusal.hash or b""
        mine = self._outbox.sent(change_hash)
        if mine is None:  # nobody takes words out of this machine by refusing what was not sent to them
            raise trouble.wrong_protocol(self._url)
        if refusal.code in ("missing", "fork"):  # it has less, or other things, than we think: ask it anew
            raise trouble.Unreachable(
                "out of step", "The relay and this machine have to compare notes again.", trouble.AGAIN_SOON
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
        word: Message | None = self._outbox.next()
        if word is None and self._company and self.settled:
            word = self._company.next_word()
        return encode(word) if word else None

    def goodbye(self) -> bytes | None:
        """What is to be said before the connection is ended from here, if anything is."""
        word = self._company.goodbye() if self._company and self._stage == "in" else None
        return encode(word) if word else None

    def rest(self) -> float | None:
        """For how many seconds nothing is to be done where nothing else happens; None for ever."""
        return self._company.rest() if self._company else None

    def milestone(self) -> list[Event]:
        """`Synced`, each time that everything is everywhere after it was not; and who is here no more."""
        settled = self.settled and self.held is None
        news, self._announced = settled and not self._announced, settled
        gone = self._company.forget() if self._company else []
        return [*([Synced(self._now())] if news else []), *gone]

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
