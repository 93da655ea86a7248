"""Handshakes at a relay's door: honest ones in which one thing is another's, or an old one played again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from moot_client.sync.credentials import Credentials
from moot_client.sync.session import Session
from moot_shared.errors import MootError
from moot_shared.identity import Identity
from moot_shared.wire.messages import Challenge, Message, Peer, Proof, decode, encode
from tests.fuzz.attempt import Attempt
from tests.fuzz.bytework import bytes_changed
from tests.fuzz.honest import Broken
from tests.fuzz.peers import Peers
from tests.helpers.network import ADDRESS, HOSTING_KEY, NOW, Socket

WELCOME = ("mara", "joon", "joon2", "ines", "vera")
"""Who is let in as a member; Tariq was removed, and the newcomer has yet to come by something."""
OPEN = frozenset({"open", "once", "convenors"})
"""The invites that let somebody in."""
SIGNED = frozenset({"community", "actor", "role", "address", "signature"})


def handshake(peers: Peers, dice: random.Random) -> Attempt:
    """Somebody at the door, with a proof that is theirs or is not."""
    corpus = peers.corpus
    name = dice.choice((*WELCOME, "tariq", "newcomer", "newcomer"))
    role, by_line, credentials = _credentials(peers, dice)
    other = dice.choice([who for who in corpus.replicas if who != name])
    what = dice.choice(("honest", "field", "field", "another's field", "again", "another nonce", "early"))
    field = dice.choice([f.name for f in fields(Proof)])
    seed = dice.random()

    def run() -> str:
        luck = random.Random(seed)
        socket = peers.relay.open()
        session = _session(peers, name, credentials, luck)
        proof = _proof(session, socket)
        expected, counts = name in WELCOME, set(SIGNED)
        if name == "newcomer":
            expected = role == "host" or (role == "invite" and by_line in OPEN)
            counts |= {"invite", "invite_signature"} if role == "invite" else {"mac"}
        elif name == "tariq":  # who was removed may bring a last word with the hosting key, and reads nothing
            expected = role == "host"
            counts |= {"mac"}
        if what in ("field", "another's field"):
            theirs = _proof(_session(peers, other, credentials, luck), peers.relay.open())
            changed = (
                _changed(proof, theirs, field, luck) if what == "field" else _taken(proof, theirs, field)
            )
            expected = expected and (changed == proof or field not in counts)
            proof = changed
        elif what == "again":
            socket = _asked(peers)
            expected = False
        elif what == "another nonce":
            socket = _asked(peers)
            session = _session(peers, name, credentials, luck)
            session.start()
            session.next_frame()
            session.receive(encode(Challenge(luck.randbytes(32), peers.relay.store.relay_id())))
            proof = _said(session)
            expected = False
        elif what == "early":
            socket = peers.relay.open()
            expected = False
        let_in = _let_in(socket, proof)
        _hang_up(peers)
        if let_in and not expected:
            raise Broken(f"the relay let {name} in, who had not proven it ({what}, {field})")
        if what == "honest" and name in WELCOME and not let_in:
            raise Broken(f"the relay did not let {name} in, who belongs")
        return f"{what} {'in' if let_in else 'out'}"

    return Attempt([f"{name} as {role} ({by_line})", what, f"field {field} of {other}"], b"", run)


def _credentials(peers: Peers, dice: random.Random) -> tuple[str, str, Credentials]:
    by_line = dice.choice(sorted(peers.corpus.lines))
    invite = Identity(peers.corpus.lines[by_line].secret)
    options = (
        ("member", Credentials()),
        ("member", Credentials()),
        ("invite", Credentials("invite", invite=invite)),
        ("host", Credentials("host", hosting_key=HOSTING_KEY)),
    )
    role, credentials = dice.choice(options)
    return role, by_line, credentials


def _session(peers: Peers, name: str, credentials: Credentials, dice: random.Random) -> Session:
    replica = peers.corpus.replicas[name]
    return Session(replica, f"ws://{ADDRESS}", credentials, now=lambda: NOW, random=dice.randbytes)


def _asked(peers: Peers) -> Socket:
    """A socket whose client has said join and was sent a challenge."""
    socket = peers.relay.open()
    session = _session(peers, "joon", Credentials(), random.Random(1))
    session.start()
    frame = session.next_frame()
    assert frame
    socket.send(frame)
    socket.heard()
    return socket


def _proof(session: Session, socket: Socket) -> Proof:
    session.start()
    frame = session.next_frame()
    assert frame
    socket.send(frame)
    answer = socket.take()
    assert answer
    session.receive(answer)
    return _said(session)


def _said(session: Session) -> Proof:
    frame = session.next_frame()
    assert frame
    proof = decode(frame)
    assert isinstance(proof, Proof)
    return proof


def _changed(proof: Proof, theirs: Proof, field: str, dice: random.Random) -> Proof:
    value, new = getattr(proof, field), dict[str, Any]()
    if isinstance(value, bytes):
        other = bytes_changed(value, dice)[0]
        new[field] = (other + value)[: len(value)]
    elif isinstance(value, str):
        new[field] = dice.choice(("member", "invite", "host", "", "MEMBER", "x" * 10, "evil.example"))
    else:
        new[field] = dice.randbytes(32 if field != "invite_signature" else 64)
    return replace(proof, **new)


def _taken(proof: Proof, theirs: Proof, field: str) -> Proof:
    new: dict[str, Any] = {field: getattr(theirs, field)}
    return replace(proof, **new)


def _let_in(socket: Socket, proof: Message) -> bool:
    socket.send(proof)
    return any(isinstance(message, Peer) for message in socket.heard())


def _hang_up(peers: Peers) -> None:
    for socket in list(peers.relay.sockets.values()):
        if socket is not peers.socket:
            socket.close()
    if peers.socket.closing or not peers.socket.open:  # the same machine has come again
        peers.restart()


def client_at_the_door(peers: Peers, dice: random.Random) -> Attempt:
    """A client that is challenged and welcomed by something that is no relay, in any order."""
    replica = peers.replica
    version = replica.version()
    some = {
        a: (seq + dice.choice((0, 0, 1, -1, 1 << 40)), dice.choice((h, dice.randbytes(32))))
        for a, (seq, h) in version.items()
    }
    last = dice.choice((None, version.get(replica.actor), (1 << 62, dice.randbytes(32)), (0, bytes(32))))
    words: list[Callable[[], Message]] = [
        lambda: Challenge(bytes(32), bytes(16)),
        lambda: Peer("r", "c", bytes(16), version, NOW),
        lambda: Peer("r", "c", bytes(16), {a: (max(s, 0), h) for a, (s, h) in some.items()}, NOW, last=last),
    ]
    frames = [encode(dice.choice(words)()) for _ in range(dice.choice((1, 2, 3)))]

    def run() -> str:
        with peers.undone():
            session = _session(peers, "mara", Credentials(), random.Random(3))
            session.start()
            try:
                for frame in frames:
                    session.receive(frame)
                for _ in range(4):
                    session.next_frame()
            except MootError as error:
                return f"client door {type(error).__name__}"
        return "client door goes on"

    return Attempt([f"{len(frames)} words of a relay that may be none"], b"".join(frames), run)
