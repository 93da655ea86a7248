"""What I say of myself, and the community itself."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli import shapes
from moot_client.cli.options import add_fields, field_values
from moot_client.cli.output import aside, json_value, line, prose, table
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.views.community import community
from moot_client.views.people import people
from moot_shared.errors import StorageError
from moot_shared.kinds import Community, Profile


def add(commands: Commands) -> None:
    """`profile`, `communities` and `community …`."""
    profiling = commands.command(
        "profile",
        profile,
        "what you say of yourself; with options, change it",
        "moot profile",
        'moot profile --name "Ada Moreno" --about "Nights, line 3"',
    )
    add_fields(profiling, Profile)
    commands.command("communities", list_communities, "the communities on this machine", "moot communities")
    group = commands.group("community", "the community itself: show, edit")
    group.command(
        "show",
        show_community,
        "its name, what it is for, how many dots each member has",
        "moot community show",
    )
    editing = group.command(
        "edit",
        edit_community,
        "change its name, what it is for, or the dots of each",
        'moot community edit --purpose "We meet on Thursdays"',
    )
    add_fields(editing, Community)


def profile(session: Session, arguments: Namespace) -> None:
    """Show or change my own profile."""
    from moot_client.replica.commands import Say

    values = field_values(session, arguments, Profile)
    if values:
        session.do(Say("profile", "me", values))
    known = people(session.db, session.me)
    row = known[session.me]
    if session.as_json:
        json_value(shapes.member(row, known))
        return
    line(row.label)
    if row.about:
        prose(row.about)


def list_communities(session: Session, arguments: Namespace) -> None:
    """Every community that this home has."""
    places = session.home.places()
    if session.as_json:
        rows = [(p.name, p.community.hex(), p.member_name, p.relay, str(p.folder)) for p in places]
        json_value([dict(zip(("name", "id", "member", "relay", "folder"), row, strict=True)) for row in rows])
    elif not places:
        aside("No communities here yet. Begin with moot found, or with moot join.")
    else:
        table(("id", "you", "community"), [(p.community.hex()[:6], p.member_name, p.name) for p in places])


def show_community(session: Session, arguments: Namespace) -> None:
    """The community's own record."""
    view = community(session.db)
    if session.as_json:
        json_value(
            {
                "id": session.place.community.hex(),
                "name": view.name,
                "purpose": view.purpose,
                "vote_budget": view.vote_budget,
            }
        )
        return
    line(view.name)
    if view.purpose:
        prose(view.purpose)
    line(f"Each member has {view.vote_budget} dots.")


def edit_community(session: Session, arguments: Namespace) -> None:
    """Change its name, its purpose, its budget."""
    from moot_client.cli.records import change

    values = field_values(session, arguments, Community)
    key = community(session.db).key
    if not key:
        raise StorageError("The community has not arrived on this machine yet. Run moot sync first.")
    change(session, "community", key, values)
    show_community(session, arguments)
