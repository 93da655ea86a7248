"""Whoever has a viewer link, with any program: writing, joining, going on after its end, guessing."""

from __future__ import annotations

from moot_client.replica.commands import MakeInvite, Say
from moot_client.sync.once import sync_once
from moot_server.members.door import BAD_LINK, LINKS
from moot_shared.identity import Identity
from moot_shared.wire.viewing import read_path, viewer_link
from tests.adversary.stage import Stage, plays
from tests.helpers.visitor import Visitor


def made(stage: Stage, **terms: int) -> str:
    """A link of Mara's that the relay knows."""
    url = str(stage.mara.do(MakeInvite("view", None, **terms)))
    assert sync_once(stage.mara).stored
    return url


def secret(url: str) -> Identity:
    found = read_path(url.partition("://")[2].partition("/")[2].join(("/", "")))
    assert found is not None
    return Identity.from_seed(found.secret)


@plays("V1")
def test_whoever_has_a_link_reads_everything_and_what_comes(stage: Stage) -> None:
    """A promise that is not made: it is what a link is for."""
    url = made(stage)
    stage.meet()
    with Visitor(url, stage.community) as one, Visitor(url, stage.community) as another:
        assert one.follow().document.heads() == set(stage.mara.heads())
        stage.vote(stage.joon, 2)
        stage.meet()
        assert one.follow().document.heads() == set(stage.mara.heads())
        assert another.follow().document.heads() == set(stage.mara.heads())


@plays("V2", "H9")
def test_what_is_written_by_a_link_goes_nowhere_and_makes_no_endless_conversation(stage: Stage) -> None:
    url = made(stage)
    stage.meet()
    with Visitor(url, stage.community) as visitor:
        visitor.follow()
        before = stage.relay_file()
        for number in range(5):
            visitor.document.put("vote", number)
            visitor.follow()
        (written,) = visitor.document.since(set(stage.mara.heads()))[:1]
        assert written not in stage.relay_file()
        assert len(stage.relay_file()) == len(before)
        assert not visitor.told
        assert stage.past_the_relay()  # and nobody was handed anything
    with Visitor(url, stage.community) as other:
        assert other.follow().document.heads() == set(stage.mara.heads())


@plays("V3")
def test_nobody_joins_by_a_link(stage: Stage) -> None:
    link = secret(made(stage))
    guest = stage.stranger("guest")
    assert guest.knock("invite", invite=link) == "bad invite"
    ted = stage.attacker()
    stage.meet()
    guest.moot = ted.pull()
    stage.refused(ted, guest.join(link, stage.mara.me), code="invite")


@plays("V4")
def test_a_link_that_was_taken_back_shows_nothing_more(stage: Stage) -> None:
    url = made(stage)
    with Visitor(url, stage.community) as visitor:
        visitor.follow()
        read = visitor.document.heads()
        stage.mara.do(Say("revoke", secret(url).key_text, {}))
        stage.vote(stage.mara, 4)
        stage.meet()
        assert visitor.follow().told == LINKS["revoked"].text
        assert visitor.document.heads() == read
    with Visitor(url, stage.community) as again:
        assert again.follow().told == LINKS["revoked"].text
        assert not again.document.heads()


@plays("V4")
def test_a_link_whose_time_is_over_shows_nothing(stage: Stage) -> None:
    with Visitor(made(stage, expires=1_700_000_000_000), stage.community) as visitor:
        assert visitor.follow().told == LINKS["expired"].text
        assert not visitor.document.heads()


@plays("V5")
def test_a_guess_has_one_answer_whatever_is_wrong_with_it(stage: Stage) -> None:
    made(stage)
    line = stage.invite()
    for community, guessed in (
        (stage.community, bytes(range(32))),
        (bytes(range(32)), bytes(range(32))),
        (stage.community, line.secret),
        (bytes(range(32)), line.secret),
    ):
        with Visitor(viewer_link(stage.url, community, guessed), stage.community) as visitor:
            assert visitor.follow().told == BAD_LINK.text
            assert not visitor.document.heads()


@plays("M16")
def test_a_members_link_is_none(stage: Stage) -> None:
    ted = stage.attacker()
    link = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", link.key_text, {"role": "view"}))
    assert ted.push(ted.sealed(said)) == []
    stage.meet()
    with Visitor(viewer_link(stage.url, stage.community, link.seed), stage.community) as visitor:
        assert visitor.follow().told == BAD_LINK.text
    assert not any(
        replica.reader().execute("SELECT 1 FROM viewer_link").fetchone() for replica in stage.honest
    )


@plays("M16")
def test_a_member_takes_back_no_link_and_makes_none_better(stage: Stage) -> None:
    url, ted = made(stage, expires=4_000_000_000_000), stage.attacker()
    ted.pull()
    key = secret(url).key_text
    back = ted.make(ted.moot.saying(ted.machine, "revoke", key, {}))
    ted.moot.take(back.raw)
    longer = ted.make(ted.moot.saying(ted.machine, "invite", key, {"role": "view", "expires": None}))
    assert ted.push(ted.sealed(back), ted.sealed(longer)) == []
    stage.meet()
    with Visitor(url, stage.community) as visitor:
        assert visitor.follow().document.heads() == set(stage.mara.heads())
    (found,) = stage.joon.reader().execute("SELECT author, expires, revoked FROM viewer_link").fetchall()
    assert found == (stage.mara.me, 4_000_000_000_000, 0)


@plays("K6")
def test_a_convenor_can_let_anybody_read_and_everybody_sees_that_there_is_such_a_link(stage: Stage) -> None:
    """A promise that is not made. Who made it, and until when, is on everybody's list."""
    url = made(stage)
    stage.meet()
    for replica in stage.honest:
        assert replica.reader().execute("SELECT key, author FROM viewer_link").fetchall() == [
            (secret(url).key_text, stage.mara.me)
        ]
