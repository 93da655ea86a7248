"""What a member does, in every way in which the client writes, as work to be cut short (`steps`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moot_client.replica.commands import Create, Edit, MakeInvite, Say, Together, to_json
from moot_client.replica.founding import found_community, prepare_join
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.store import inbox, rescue
from moot_client.sync.ways import arrived, keep_invite
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.trust.seal import Sealed
from tests.helpers.cohort import RELAY, issue, joiner, settle, vote
from tests.helpers.drafts import forget_draft, save_draft
from tests.simulation.disk import Image, VirtualDisk
from tests.simulation.member import Member
from tests.simulation.steps import Scene

# -- what they do ----------------------------------------------------------------------------------------


def founds(member: Member) -> None:
    found_community(member.home, "Northern cohort", "Mara", outside=member.outside)
    member.told += ["Northern cohort", "Mara"]


def writes(member: Member) -> None:
    replica = member.open()
    key = issue(replica, "Handover loses facts", body="One.\n\nTwo.")
    member.told.append("Handover loses facts")
    vote(replica, key, 3, "every week")
    member.told.append("every week")
    replica.do(Edit(key, {"body": "One.\n\nTwo and a half."}))
    member.told.append("Two and a half.")
    member.told.remove("Two and a half.")
    replica.do(Edit(key, {"body": "One.\n\nTwo."}))  # undone, as the interface does
    both = (
        Create("lesson", {"statement": "Say it at once"}),
        Say("comment", key + "/", {"text": "I was there"}),
    )
    replica.do(Together(both))
    member.told += ["Say it at once", "I was there"]


def drafts(member: Member) -> None:
    replica = member.open()
    for words in ("half a thought", "half a thought and a bit"):
        save_draft(replica, "issue", "new", {"title": words})
    member.told.append("half a thought and a bit")
    save_draft(replica, "review", "new", {"title": "to be dropped"})
    forget_draft(replica, "review", "new")


def invites(member: Member) -> None:
    replica = member.open()
    replica.do(MakeInvite(uses=None))
    arrived(replica, RELAY)


def serves(member: Member) -> None:
    """A script asks by the inbox, and the process that writes carries it out."""
    replica = member.open()
    assert replica.become_writer()
    script = Replica.open(member.home.place(), member.outside)
    command = Create("issue", {"title": "Asked by a script"})
    number = inbox.ask(script.store, to_json(command), 1)
    replica.serve_inbox()
    done, _ = inbox.take(script.store, number)
    if done:
        member.told.append("Asked by a script")
    script.close()


def is_rescued(member: Member) -> None:
    rescue.suspect(member.home.place().store, member.process.hands)
    member.open()


def proves(member: Member) -> None:
    replica = member.open()
    assert verify(replica.store, replica.community).good
    with replica.store.writing():
        replica._writer.rebuild()


def leaves(member: Member) -> None:
    replica = member.open()
    replica.do(Say("removal", replica.me, {"why": "I move on"}))
    member.told.append("I move on")


@dataclass(frozen=True)
class Came:
    """What others have brought for somebody, made once."""

    batch: tuple[Sealed, ...]
    words: tuple[str, ...]
    receipt: tuple[bytes, tuple[bytes, ...], int, bytes] | None = None
    line: str = ""

    def receives(self, member: Member) -> None:
        replica = member.open()
        got = replica.receive(self.batch, home=True)
        if got.refused:
            raise AssertionError(got.refused)
        member.told += self.words
        replica.note_stored({actor: seq for actor, (seq, _) in replica.version().items()}, 5)
        if self.receipt:
            replica.note_receipts([self.receipt])

    def joins(self, member: Member) -> None:
        line = parse_line(self.line)
        assert isinstance(line, InviteLine)
        if not member.home.places():
            identity = Identity(bytes(range(32)))
            name = line.name_of_community
            prepare_join(member.home, line.community, identity, "Joon", name, RELAY, member.outside)
        replica = member.open()
        keep_invite(replica, line.secret)
        replica.receive(self.batch, home=True)
        member.told += self.words
        if not replica.joined():
            replica.join(line.secret)
        member.told.append("Joon")
        arrived(replica, RELAY)


def is_refused(member: Member) -> None:
    """The relay does not take the first of two things that were said."""
    replica = member.open()
    before = replica.version()
    issue(replica, "Nobody takes this")
    member.told.append("Nobody takes this")
    issue(replica, "Said after it")
    member.told.append("Said after it")
    first = next(entry for entry in replica._writer.history.missing_from(before))
    replica.note_refused(first.hash, "limit", "This is too large.", 7)


# -- where it begins -------------------------------------------------------------------------------------


def _scene(
    *acts: Callable[[Member], None],
    image: Image | None = None,
    told: Sequence[str] = (),
    speaks: bool = True,
) -> Scene:
    return Scene(lambda disk: Member(disk, acts, list(told), speaks=speaks), image or Image({}))


def scenes(folder: Path) -> dict[str, Scene]:
    """Every way in which a client writes, by name."""
    disk = VirtualDisk(folder / "mara", seed=1)
    mara = Member(disk)
    founds(mara)
    replica = mara.open()
    replica.set_relay_url(RELAY)
    key = issue(replica, "Known to all")
    mara.told.append("Known to all")
    line = str(replica.do(MakeInvite(uses=None)))
    everything = Came(tuple(replica.lacking({})), ("Known to all",), line=line)
    joon = joiner(folder / "joon", replica, "Joon", seed=20)
    settle(replica, joon)
    vote(joon, key, 2, "I saw it too")
    issue(joon, "From Joon", body="First.\n\nSecond.")
    news = Came(tuple(joon.lacking(replica.version())), ("I saw it too", "From Joon"), joon.receipt(9))
    joon.close()
    mara.close()
    disk.kill_all()
    member, told = disk.snapshot(), tuple(mara.told)
    other = _written(disk, member, 2, "On the other branch")
    forked = Came(tuple(other[0]), ("On the other branch",))
    mine = _written(disk, member, 3, "On this branch")
    return {
        "a member founds": _scene(founds),
        "a member writes": _scene(writes, image=member, told=told),
        "a member keeps drafts": _scene(drafts, image=member, told=told),
        "a member invites": _scene(invites, image=member, told=told),
        "a member serves a script": _scene(serves, image=member, told=told),
        "a member receives": _scene(news.receives, image=member, told=told),
        "a member is refused": _scene(is_refused, image=member, told=told),
        "a member yields to another branch": _scene(
            forked.receives, image=mine[1], told=(*told, "On this branch")
        ),
        "a member joins": _scene(everything.joins),
        "a member leaves": _scene(
            leaves, image=_after(folder, everything.joins), told=everything.words, speaks=False
        ),
        "a member proves their rows": _scene(proves, image=member, told=told),
        "a member is rescued": _scene(is_rescued, image=member, told=told),
    }


def _after(folder: Path, act: Callable[[Member], None]) -> Image:
    """A new machine after this."""
    disk = VirtualDisk(folder / "after")
    Member(disk, (act,)).play()
    disk.kill_all()
    return disk.snapshot()


def _written(disk: VirtualDisk, image: Image, seed: int, words: str) -> tuple[list[Sealed], Image]:
    """What is said on one of two copies of one machine that do not know of one another."""
    disk.roll_back(image)
    member = Member(disk, seed=seed)
    replica = member.open()
    before = replica.version()
    issue(replica, words)
    batch = list(replica.lacking(before))
    member.close()
    disk.kill_all()
    return batch, disk.snapshot()
