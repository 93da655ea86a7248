"""Who belongs: the list, one member in full, ending a membership, and coming back after losing a machine."""

from __future__ import annotations

from argparse import Namespace
from shlex import quote

from moot_client.cli import shapes
from moot_client.cli.asking import typed_back
from moot_client.cli.output import aside, json_value, line, note, prose, table
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.telling import tell_relay
from moot_client.cli.times import when
from moot_client.replica.outside import REAL
from moot_client.views.invites import invites
from moot_client.views.people import Member, People, left_behind, people
from moot_client.views.questions import claims, how_many_more, proposals, what_is_missing
from moot_shared.errors import InputError, NotFound
from moot_shared.text import shown_line

STAYS = "What they said stays, and so does what is on their machine already. Nobody can take a removal back."
LEAVE = "leave"


def add(commands: Commands) -> None:
    """`members`, `member …` and `leave`."""
    commands.command(
        "members", list_members, "who belongs, who has gone, what waits for an answer", "moot members"
    )
    group = commands.group("member", "one member: show, remove, claim, vouch")
    group.command("show", show, "one member in full", "moot member show Ben").add_argument(
        "name", metavar="MEMBER"
    )
    removing = group.command(
        "remove",
        remove,
        "end a membership (convenors): the relay lets them in no more",
        'moot member remove "Ben Okafor" --why "Moved to another site"',
    )
    removing.add_argument("name", metavar="MEMBER")
    removing.add_argument("--why", default="", metavar="TEXT", help="why; everybody can read it")
    claiming = group.command(
        "claim",
        claim,
        "machine and words are lost, and you joined anew: say which member you were",
        "moot member claim Cat",
    )
    claiming.add_argument("name", metavar="MEMBER", help="the member that you were")
    vouching = group.command(
        "vouch", vouch, "say that you know it: this is who they say they were", "moot member vouch Cat"
    )
    vouching.add_argument("name", metavar="MEMBER", help="who came back")
    leaving = commands.command(
        "leave",
        leave,
        "end your own membership; what is on this machine stays",
        "moot leave",
        'moot leave --yes --why "I have another job"',
    )
    leaving.add_argument("--why", default="", metavar="TEXT", help="why; everybody can read it")
    leaving.add_argument("--yes", action="store_true", help="do not ask")


def list_members(session: Session, arguments: Namespace) -> None:
    """All members, those who belong first; then what is open."""
    known = people(session.db, session.me)
    if session.as_json:
        json_value([shapes.member(row, known) for row in known])
        return
    came = [known[row.invited_by].label if row.invited_by and row.belongs else "" for row in known]
    marks = [f"let in by {name}" if name else "" for name in came]
    table(("role", "member"), [(known.what(row), _named(row)) for row in known], marks=marks)
    _open_questions(session, known)


def _open_questions(session: Session, known: People) -> None:
    for proposal in proposals(session.db, known, session.me):
        whom = proposal.whom
        aside(f"{proposal.by.label} proposes {whom.label} as a convenor: {how_many_more(proposal)}.")
        if proposal.open_to_me:
            aside(f"    To agree: moot convenor agree {_typed(whom)}")
    for one in claims(session.db, known, session.me):
        aside(f"{one.later.label} says that they were {one.earlier.label}: {what_is_missing(one)}.")
        if one.open_to_me:
            aside(f"    If you know it: moot member vouch {_typed(one.later)}")


def _named(row: Member) -> str:
    about = f"   {row.about.splitlines()[0]}" if row.about.strip() else ""
    return (row.name if row.now and row.name else row.label) + (" (you)" if row.me else "") + about


def _typed(member: Member) -> str:
    """A name as it is typed after a command: nothing in it means anything to a shell."""
    return quote(shown_line(member.label))


def show(session: Session, arguments: Namespace) -> None:
    """One member."""
    known = people(session.db, session.me)
    row = known.find(arguments.name, [m for m in known if not m.now])
    if session.as_json:
        json_value(shapes.member(row, known))
        return
    line(" · ".join([row.label, known.what(row), *(["you"] if row.me else [])]))
    if row.about:
        prose(row.about)
    _history(session, known, row)
    line(f"To be sure that it is them, compare over another channel: {row.key}")


def _history(session: Session, known: People, row: Member) -> None:
    line(f"Let in by {known[row.invited_by].label}." if row.invited_by else "Founded this community.")
    for earlier in (m for m in known if m.now == row.key):
        line(
            f"Was here before as {earlier.name or 'somebody without a name'}: the words of both count as one."
        )
    if row.gone:
        how = "Left" if row.gone.by == row.key else f"Removed by {known[row.gone.by].label}"
        line(f"{how} {when(row.gone.at)}".rstrip() + ".")
        if row.gone.why:
            prose(row.gone.why)
    for invite in invites(session.db, known, REAL.now()):
        if invite.author.key == row.key and invite.open:
            line("Has an open invite out: moot invites shows it.")
            break


def remove(session: Session, arguments: Namespace) -> None:
    """End somebody's membership."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    row = known.find(arguments.name, [m for m in known if not m.removed])
    if row.key == session.me:
        raise InputError("This is you. moot leave ends your own membership.")
    session.do(Say("removal", row.key, {"why": arguments.why}))
    away = tell_relay(session)
    if session.as_json:
        json_value({"removed": shapes.who(row), "relay_knows": not away})
        return
    line(f"{row.label} no longer belongs here." + ("" if away else " The relay lets them in no more."))
    note(STAYS)
    if away:
        note(f"The relay has not heard of it yet, and lets them in until the next moot sync. {away}")


def leave(session: Session, arguments: Namespace) -> None:
    """End my own membership."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    if not known[session.me].removed:
        _before_leaving(session, known, asked=arguments.yes)
    session.do(Say("removal", session.me, {"why": arguments.why}))
    if session.as_json:
        json_value({"left": session.place.name, "relay_knows": not tell_relay(session)})
        return
    line(f"You have left ‘{session.place.name}’. What is on this machine stays yours to read and to export.")
    away = tell_relay(session)  # one has left, whether or not one waits for it
    if away:
        note(f"The others have not heard of it yet: it goes out with the next moot sync. {away}")


def _before_leaving(session: Session, known: People, *, asked: bool) -> None:
    """What leaving means, and a word typed back; InputError where nobody can type one."""
    note(
        f"You are about to leave ‘{session.place.name}’. What you said stays with the others, your open "
        "invites are closed, and it cannot be taken back: to come again you need a new invite."
    )
    warning = left_behind(known, session.me, "moot convenor name NAME")
    if warning:
        note(warning)
    if not asked:
        typed_back(LEAVE, "To leave", "moot leave", "Nothing was done: you are still here.")


def claim(session: Session, arguments: Namespace) -> None:
    """Say which member I was."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    row = known.find(arguments.name, [m for m in known if not m.me and not m.now])
    session.do(Say("self", f"{row.key}/{session.me}", {}))
    if session.as_json:
        json_value({"earlier": shapes.who(row), "later": shapes.who(known[session.me])})
        return
    line(f"Said: {row.label} was you. Two members who know it must vouch: moot member vouch NAME.")
    note("Until then both are counted apart. With their word, what you said as both is one person's.")


def vouch(session: Session, arguments: Namespace) -> None:
    """Vouch for somebody's claim."""
    from moot_client.replica.commands import Say

    known = people(session.db, session.me)
    open_now = claims(session.db, known, session.me)
    if not open_now:
        raise NotFound(
            "Nobody says that they were another member before, so nobody waits for a word of yours."
        )
    later = known.find(arguments.name, list({one.later.key: one.later for one in open_now}.values()))
    wanted = [one for one in open_now if one.later.key == later.key]
    if len(wanted) > 1:
        wanted = [one for one in wanted if one.open_to_me]
    for one in wanted:
        if one.mine:
            raise InputError("Nobody vouches for themself: two others must.")
        if session.me in {m.key for m in one.vouched}:
            raise InputError("You have vouched for them already.")
        session.do(Say("self", one.subject, {}))
        _vouched(session, one.subject, one.later, one.earlier)


def _vouched(session: Session, subject: str, later: Member, earlier: Member) -> None:
    known = people(session.db, session.me)
    left = next((one for one in claims(session.db, known, session.me) if one.subject == subject), None)
    if session.as_json:
        json_value({"earlier": shapes.who(earlier), "later": shapes.who(later), "counts": left is None})
    elif left is None:
        line(f"{later.label} and {earlier.label} are one person from now on.")
    else:
        line(f"You vouch that {later.label} was {earlier.label}: {what_is_missing(left)}.")
