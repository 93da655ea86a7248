"""What members answer together: a proposed convenor, somebody who came back under another key."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import CARE, DIM, joined, line, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import name
from moot_client.views.people import Member, people
from moot_client.views.questions import Claim, Proposal, claims, how_many_more, proposals, what_is_missing

ANSWERED = Block("", write("This is answered by now."), gap=True)


def proposal_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of a proposal; `target` is 'proposal/<its subject>'."""
    found = proposals(desk.db, people(desk.db, desk.me), desk.me)
    proposal = next((one for one in found if one.target == target), None)
    if proposal is None:
        return Sheet("proposal", write("A convenor"), blocks=(ANSWERED,))
    title = line(proposal.whom.label, "bold") + write((" as a convenor", "bold"))
    return Sheet("proposal", title, write(("proposed", DIM)), tuple(_proposal(desk, proposal)))


def _proposal(desk: Desk, proposal: Proposal) -> Iterator[Block]:
    yield Block("Proposed by", name(proposal.by) + write((f"  {desk.when(proposal.at)}", DIM)), gap=True)
    yield Block("Agree so far", _names(proposal.agreed))
    yield Block("So far", line(how_many_more(proposal)))
    if people(desk.db, desk.me)[desk.me].convenes:
        words = f"are a convenor, so your word is enough: {key_of('convenor')} makes them one."
        yield Block("You", write(words), gap=True)
    elif proposal.open_to_me:
        yield Block(
            "You",
            write(
                f"have not answered. {key_of('convenor')} agrees; "
                f"{key_of('put_away')} puts the question away for you."
            ),
            gap=True,
        )
    elif proposal.mine:
        yield Block("You", write("agree."), gap=True)
    yield Block(
        "",
        write(("A convenor can let others in, take invites back, remove members and name convenors.", DIM)),
        gap=True,
    )


def claim_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of a claim; `target` is 'claim/<its subject>'."""
    found = claims(desk.db, people(desk.db, desk.me), desk.me)
    claim = next((one for one in found if one.target == target), None)
    if claim is None:
        return Sheet("claim", write("Back after losing a machine"), blocks=(ANSWERED,))
    title = line(claim.later.label, "bold") + write((" was here before", "bold"))
    return Sheet("claim", title, write(("to vouch for", DIM)), tuple(_claim(desk, claim)))


def _claim(desk: Desk, claim: Claim) -> Iterator[Block]:
    who = name(claim.later)
    yield Block("Who", who + write((f"  said so {desk.when(claim.at)}", DIM)), gap=True)
    yield Block("Was before", line(claim.earlier.label), target=f"member/{claim.earlier.key}")
    yield Block("Vouched", _names(claim.vouched))
    yield Block("Now", line(what_is_missing(claim), CARE if claim.used else ""))
    if claim.open_to_me:
        yield Block(
            "You",
            write(
                f"{key_of('vouch')} vouches, if you know it from them; "
                f"{key_of('put_away')} puts the question away for you."
            ),
            gap=True,
        )
    yield Block(
        "",
        write(("With two who vouch, what was said as both counts as one person's, and no vote twice.", DIM)),
        gap=True,
    )


def _names(members: tuple[Member, ...]) -> Content:
    return joined((name(member) for member in members), ", ") if members else write(("nobody yet", DIM))
