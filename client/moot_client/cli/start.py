"""Beginning: found a community, join one, bring a member to another machine or back from the words."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from moot_client.cli.options import STDIN, from_stdin
from moot_client.cli.output import json_value, line, note, whole
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.words import CONFIRMED, WORDS_ENVIRONMENT, show_words
from moot_client.home import Place
from moot_shared.errors import InputError
from moot_shared.kinds import Community, Profile
from moot_shared.kinds.declaration import Kind

KEY_ENVIRONMENT = "MOOT_HOSTING_KEY"
YOURS = "Your name (--as)"


def add(commands: Commands) -> None:
    """`found`, `join`, `recover` and `device add`."""
    founding = commands.command(
        "found",
        found,
        "found a community; no relay is needed yet",
        'moot found "Northern cohort" --as "Ada Moreno"',
        "moot found North --as Ada --relay ws://relay.example:8787 --hosting-key KEY",
    )
    founding.add_argument("name", metavar="NAME", help="what it is called")
    founding.add_argument("--as", dest="member", required=True, metavar="ME", help="your name")
    founding.add_argument("--relay", metavar="URL", help="put it on this relay at once")
    founding.add_argument(
        "--hosting-key", metavar="KEY", help=f"the relay's hosting key (else {KEY_ENVIRONMENT})"
    )
    joining = commands.command(
        "join",
        join,
        "join by an invite, or by the line of `device add`",
        'moot join INVITE --as "Ben Okafor"',
        "moot join - < device-line.txt",
    )
    joining.add_argument("invite", metavar="INVITE", help="the line that was sent to you; - reads stdin")
    joining.add_argument("--as", dest="member", metavar="ME", help="your name")
    recovering = commands.command(
        "recover",
        recover,
        "come back from your recovery words. Are they lost as well? Ask for an invite, join, and say which "
        "member you were: moot member claim NAME",
        "moot recover LINE",
        "moot recover LINE --words - < words.txt",
    )
    recovering.add_argument(
        "line",
        metavar="LINE",
        help="the community's line, which moot words shows, or any invite; - reads stdin",
    )
    recovering.add_argument(
        "--words",
        metavar="WORDS",
        help=f"the 24 words; - reads stdin (else {WORDS_ENVIRONMENT}, else asked for)",
    )
    group = commands.group("device", "your own machines")
    group.command(
        "add",
        device_add,
        "print the line that brings you to a second machine; as secret as a key",
        "moot device add",
    )


def found(session: Session, arguments: Namespace) -> None:
    """Found, and host where a relay is named."""
    from moot_client.replica.founding import found_community

    key = arguments.hosting_key or os.environ.get(KEY_ENVIRONMENT, "")
    if arguments.relay and not key:
        raise InputError(
            f"A relay takes a community with its hosting key, which it prints when it starts: "
            f"--hosting-key KEY, or {KEY_ENVIRONMENT}."
        )
    _check_name(Community, arguments.name, "The community's name")
    _check_name(Profile, arguments.member, YOURS)
    namesakes = [place for place in session.home.places() if place.name == arguments.name.strip()]
    place = found_community(session.home, arguments.name, arguments.member)
    session.open(place)
    if namesakes:
        note(
            f"Another ‘{place.name}’ was here already: --community {namesakes[0].community.hex()[:6]} means "
            f"that one, and {place.community.hex()[:6]} this."
        )
    if arguments.relay and session.as_json:
        _hosted(session, place, arguments.relay, key)
        return
    _welcome(session, place, f"‘{place.name}’ is founded. You are {place.member_name}.")
    show_words(session)
    if arguments.relay:
        from moot_client.cli.relay import put_on_relay

        put_on_relay(session, arguments.relay, key)


def _check_name(kind: type[Kind], name: str, whose: str) -> None:
    """InputError where it is none, and says whose: there are two names here."""
    try:
        kind.check({"name": name}, whole=True)
    except InputError as error:
        raise InputError(str(error).replace("Name", whose, 1)) from error


def _hosted(session: Session, place: Place, url: str, key: str) -> None:
    """Both as one answer; where the relay does not take it, it is founded all the same, and that is said."""
    from moot_client.sync import joining

    relay = {}
    try:
        joining.host(session.replica, url, key)
        relay = {"relay": url}
    finally:
        _welcome(session, place, "", **relay)
        show_words(session)


def join(session: Session, arguments: Namespace) -> None:
    """Join by an invite, or go on as oneself by a device line."""
    from moot_client.sync import joining
    from moot_shared.trust.lines import CommunityLine, InviteLine, parse_line

    text = from_stdin(arguments.invite)
    known = parse_line(text)
    if isinstance(known, CommunityLine):
        raise InputError(
            "This line says where a community is, and lets nobody in. To join, ask a member for an invite; "
            "to come back as yourself: moot recover."
        )
    if isinstance(known, InviteLine):
        if not arguments.member:
            raise InputError('Say who you are: moot join INVITE --as "Your name".')
        _check_name(Profile, arguments.member, YOURS)
        note(f"‘{known.name_of_community}’, to which {known.name_of_inviter} invites you.")
        place = joining.join(session.home, text, arguments.member)
    else:
        note(f"‘{known.community_name}’, as {known.member_name}.")
        place = joining.add_device(session.home, text)
    session.open(place)
    _welcome(session, place, f"You are in ‘{place.name}’, and everything has arrived.")
    if isinstance(known, InviteLine):
        show_words(session)


def _welcome(session: Session, place: Place, sentence: str, **more: str) -> None:
    session.home.opened(place)
    if session.as_json:
        names = {"name": place.name, "member": place.member_name, "key": place.key_text}
        json_value({"community": place.community.hex(), **names, **more})
    else:
        line(sentence)


def recover(session: Session, arguments: Namespace) -> None:
    """Bring a member back from the words."""
    from moot_client.sync import joining
    from moot_shared.trust.lines import CommunityLine, DeviceLine, parse_line

    if arguments.line == STDIN and arguments.words == STDIN:
        raise InputError("Stdin holds one thing at a time: give the line or the words in another way.")
    known = parse_line(from_stdin(arguments.line))
    if isinstance(known, DeviceLine):
        raise InputError("This line needs no words: moot join LINE brings you to this machine.")
    if not isinstance(known, CommunityLine):
        known = CommunityLine(known.url, known.community, known.name_of_community)
    place = joining.recover(session.home, known, _words(arguments.words))
    session.open(place)
    session.replica.set_own(CONFIRMED, True)
    _welcome(
        session,
        place,
        f"You are back in ‘{place.name}’, {place.member_name or 'and everything has arrived'}.",
    )


def _words(given: str | None) -> str:
    words = given if given is not None else os.environ.get(WORDS_ENVIRONMENT)
    if words is not None:
        return from_stdin(words)
    if sys.stdin is not None and sys.stdin.isatty():
        note("Your 24 recovery words, in one line:")
        return sys.stdin.readline()
    return from_stdin("-")


def device_add(session: Session, arguments: Namespace) -> None:
    """Print the device line, alone on stdout."""
    from moot_client.views.community import community
    from moot_client.views.people import people
    from moot_shared.trust.lines import DeviceLine

    place = session.place
    name = people(session.db, session.me)[session.me].name or place.member_name
    url = session.replica.relay_url()
    if not url:
        raise InputError(
            "This community is on no relay yet, and a second machine would find nothing. "
            "First: moot host URL KEY."
        )
    text = str(
        DeviceLine(
            url, place.community, place.identity().seed, community(session.db).name or place.name, name
        )
    )
    if session.as_json:
        json_value({"line": text})
        return
    whole(text)
    note("Whoever has this line is you. Paste it on your other machine: moot join LINE. Keep it nowhere.")
