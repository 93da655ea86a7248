"""Convenors: naming one, agreeing with a proposal, laying the role down."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli import shapes
from moot_client.cli.asking import typed_back
from moot_client.cli.output import json_value, line, note
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.views.people import Member, People, left_behind, people
from moot_client.views.questions import Proposal, about, how_many_more, proposals
from moot_shared.errors import InputError, NotFound

STEP_DOWN = "step down"


def add(commands: Commands) -> None:
    """`convenor …`."""
    group = commands.group("convenor", "who convenes: name, agree, step-down")
    naming = group.command(
        "name", name, "make a member a convenor; who is none proposes it to all", "moot convenor name Cat"
    )
    naming.add_argument("name", metavar="MEMBER")
    agreeing = group.command(
        "agree", agree, "agree that somebody who was proposed becomes a convenor", "moot convenor agree Cat"
    )
    agreeing.add_argument("name", metavar="MEMBER", help="who was proposed")
    stepping = group.command(
        "step-down",
        step_down,
        "lay the role of a convenor down; you stay a member",
        "moot convenor step-down",
        "moot convenor step-down --yes",
    )
    stepping.add_argument("--yes", action="store_true", help="do not ask")


def name(session: Session, arguments: Namespace) -> None:
    """Name a convenor, or propose one; where they were proposed already, agree."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    whom = known.find(arguments.name, [m for m in known if m.belongs])
    standing = None if known[session.me].convenes else _proposal(session, whom)
    if standing is not None:
        _agree(session, standing)
        return
    session.do(Say("role", f"{whom.key}/{session.me}/", {"role": "convenor"}))
    _tell(session, whom)


def agree(session: Session, arguments: Namespace) -> None:
    """Agree with a proposal."""
    known = people(session.db, session.me)
    open_now = proposals(session.db, known, session.me)
    if not open_now:
        raise NotFound("Nobody is proposed as a convenor. moot convenor name NAME proposes somebody.")
    whom = known.find(arguments.name, list({p.whom.key: p.whom for p in open_now}.values()))
    standing = _proposal(session, whom)
    if standing is not None:
        _agree(session, standing)


def _proposal(session: Session, whom: Member) -> Proposal | None:
    known = people(session.db, session.me)
    return about(whom.key, proposals(session.db, known, session.me))


def _agree(session: Session, proposal: Proposal) -> None:
    from moot_client.replica.commands import Say

    if proposal.mine:
        raise InputError(f"You agree already. {how_many_more(proposal)}.")
    session.do(Say("role", proposal.subject, {"role": "convenor"}))
    _tell(session, proposal.whom)


def _tell(session: Session, whom: Member) -> None:
    known = people(session.db, session.me)
    now = known[whom.key]
    left = None if now.convenes else _proposal(session, now)
    if session.as_json:
        more = {"agree": len(left.agreed), "asked": left.asked, "more": left.more} if left else {}
        json_value({"member": shapes.who(now), "convenor": now.convenes, **more})
    elif now.convenes:
        line(f"{'You are' if now.key == session.me else f'{now.label} is'} a convenor now.")
    elif left is not None:
        line(f"Proposed: {now.label} as a convenor. {how_many_more(left)}.")
        note("The others see it when they next sync, and can agree: moot convenor agree NAME.")


def step_down(session: Session, arguments: Namespace) -> None:
    """Lay the role down."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    others = [m for m in known if m.belongs and not m.me]
    if known[session.me].convenes:
        _before_stepping_down(session, known, asked=arguments.yes)
    session.do(Say("role", f"{session.me}/{session.me}/", {"role": "member"}))
    if session.as_json:
        json_value({"convenor": False})
        return
    line("You are a member like the others now.")
    if others and not any(m.convenes for m in others):
        note(
            "Nobody convenes here now. Anybody can propose somebody (moot convenor name NAME); "
            "it carries when more than half agree."
        )


def _before_stepping_down(session: Session, known: People, *, asked: bool) -> None:
    """What it means, and a word typed back; InputError where nobody can type one."""
    note("You stay a member like the others. To be a convenor again, one of them has to name you.")
    warning = left_behind(known, session.me, "moot convenor name NAME")
    if warning:
        note(warning)
    if not asked:
        kept = "Nothing was done: you are still a convenor."
        typed_back(STEP_DOWN, "To step down", "moot convenor step-down", kept)
