"""A relay and its clients in one process, without sockets: frames are carried by hand, in order."""

from __future__ import annotations

import itertools
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event
from moot_client.sync.session import Session
from moot_server.events import (
    Call,
    Called,
    Close,
    Closed,
    Frame,
    Input,
    Late,
    Opened,
    Output,
    Ready,
    Send,
    Wait,
)
from moot_server.members.core import Core
from moot_server.members.names import Names
from moot_server.storage.closed import ClosedLog
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Store
from moot_shared.errors import MootError
from moot_shared.limits import DEFAULT, Limits
from moot_shared.wire.messages import Message, decode, encode

HOSTING_KEY = bytes(range(20))
NOW = 1_760_000_000_000
MEMBER = Credentials()
ADDRESS = "relay.example"


def credentials_of_a_host(key: bytes = HOSTING_KEY) -> Credentials:
    """What somebody holds who may put a community on the relay."""
    return Credentials("host", hosting_key=key)


@dataclass
class Relay:
    """A relay's core over a real file, and the sockets that it believes to have."""

    folder: Path
    limits: Limits = DEFAULT
    now: int = NOW
    sockets: dict[int, Socket] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    waits: list[float] = field(default_factory=list)
    wrap: Callable[[Store], Store] = lambda store: store
    names: tuple[str, ...] = (ADDRESS,)
    beside: bool = False
    """Whether there may be other processes of it."""
    calls: list[Call] = field(default_factory=list)
    """What it has called across to them."""

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin with what is on disk."""
        self.folder.mkdir(exist_ok=True)
        self.store = SqliteStore(self.folder / "relay.db")
        dice = random.Random(7)
        store = self.wrap(self.store)
        self.closed = ClosedLog(self.folder / "closed.log")
        names = Names(store, self.names)
        self.core = Core(
            store, self.closed, HOSTING_KEY, dice.randbytes, self.limits, names, shared=self.beside
        )

    def crash(self) -> None:
        """End at once; every socket with it."""
        self.store.close()
        self.closed.close()
        for socket in list(self.sockets.values()):
            socket.open = False
        self.sockets.clear()

    def open(self, address: str = "192.0.2.7", local: str = "") -> Socket:
        """A new socket, from an address to this end of it."""
        socket = Socket(self, next(self.numbers))
        self.sockets[socket.number] = socket
        self.step(Opened(socket.number, address, local))
        return socket

    def step(self, *inputs: Input) -> None:
        """One batch."""
        for output in self.core.step(inputs, self.now):
            self.deliver(output)

    def deliver(self, output: Output) -> None:
        """Hand an output to its socket."""
        socket = self.sockets.get(output.peer)
        match output:
            case Call():
                self.calls.append(output)
            case Wait(_, seconds):
                self.waits.append(seconds)
            case Send(_, data, more) if socket:
                socket.inbox.append((data + output.rest, more))
            case Close() if socket:
                socket.closing = True


def carry(*relays: Relay) -> list[Call]:
    """What these processes call across, until nobody has anything more to say; all of it."""
    carried: list[Call] = []
    while calling := next((relay for relay in relays if relay.calls), None):
        calls, calling.calls = calling.calls, []
        carried += calls
        for other in relays:
            if other is not calling:
                other.step(Called(tuple(call.word for call in calls)))
    return carried


@dataclass
class Socket:
    """One connection, seen from the client's side."""

    relay: Relay
    number: int
    inbox: deque[tuple[bytes, bool]] = field(default_factory=deque)
    open: bool = True
    closing: bool = False

    def send(self, message: Message | bytes) -> None:
        """A frame to the relay."""
        data = message if isinstance(message, bytes) else encode(message)
        self.relay.step(Frame(self.number, data))

    def take(self) -> bytes | None:
        """The next frame from the relay; None where there is none now."""
        if not self.inbox:
            if self.closing:
                self.close()
            return None
        data, more = self.inbox.popleft()
        if more:
            self.relay.step(Ready(self.number))
        return data

    def heard(self) -> list[Message]:
        """Everything that has come, as messages."""
        found = []
        while (data := self.take()) is not None:
            found.append(decode(data))
        return found

    def late(self) -> None:
        """Let the time to prove oneself run out."""
        self.relay.step(Late(self.number))

    def close(self) -> None:
        """End it."""
        if self.open:
            self.open = False
            self.relay.sockets.pop(self.number, None)
            self.relay.step(Closed(self.number))


@dataclass
class Client:
    """A replica's session on a socket of the relay."""

    replica: Replica
    relay: Relay
    credentials: Credentials = MEMBER
    address: str = "192.0.2.7"
    dialled: str = ADDRESS
    farewell: bool = False
    events: list[Event] = field(default_factory=list)
    trouble: MootError | None = None

    def __post_init__(self) -> None:
        assert self.replica.become_writer()
        self.socket = self.relay.open(self.address)
        dice = random.Random(self.socket.number)
        self.session = Session(
            self.replica,
            f"ws://{self.dialled}",
            self.credentials,
            now=lambda: self.relay.now,
            random=dice.randbytes,
            farewell=self.farewell,
        )
        self.session.start()

    def send_one(self) -> bool:
        """Send the next frame, if there is one."""
        frame = self.session.next_frame() if self.socket.open and self.trouble is None else None
        if frame is not None:
            self.socket.send(frame)
        return frame is not None

    def receive_one(self) -> bool:
        """Take in the next frame, if there is one."""
        frame = self.socket.take() if self.socket.open else None
        if frame is None or self.trouble is not None:
            return False
        try:
            self.events += self.session.receive(frame)
        except MootError as error:
            self.trouble = error
            self.socket.close()
        return True

    def settled(self) -> bool:
        """Whether everything is everywhere."""
        return self.session.settled

    @property
    def code(self) -> str:
        """What the matter is."""
        return str(getattr(self.trouble, "code", ""))

    def said(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def run(*clients: Client, sign: bool = False) -> None:
    """Carry frames in both directions until nobody has anything more to say."""
    busy = True
    while busy:
        moved = [client.send_one() or client.receive_one() for client in clients]
        busy = any(moved)
    for client in clients:
        client.events += client.session.milestone()
    if sign:
        for client in clients:
            if client.trouble is None:
                client.session.sign()
        run(*clients)


def hosted(relay: Relay, replica: Replica) -> None:
    """Put a replica's community on a relay, and hang up."""
    client = Client(replica, relay, credentials_of_a_host())
    run(client)
    assert client.trouble is None, client.trouble
    assert client.settled()
    client.socket.close()
