"""Forms about who belongs. What is said in them cannot be taken back, so each says first what it does."""

from __future__ import annotations

from dataclasses import replace

from moot_client.replica.commands import Command, Say
from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.spec import FormSpec
from moot_client.tui.looks.ink import line
from moot_client.views.invites import InviteRow, good_for
from moot_client.views.people import Member, left_behind, people
from moot_client.views.questions import Claim, Proposal, how_many_more, what_is_missing
from moot_shared.kinds import Removal

REMOVAL, LEAVING = "removal", "leaving"


def _spec(
    form: str, subject: str, title: str, finish: str, words: str, command: Command, done: str
) -> FormSpec:
    """A form with nothing to fill in: what it does, and the key that does it."""
    return FormSpec(
        form=form,
        subject=subject,
        title=title,
        finish=finish,
        fields={},
        command=lambda values, base: command,
        done=done,
        new=True,
        words=words,
    )


def _asking_why(spec: FormSpec, key: str) -> FormSpec:
    def command(values: dict[str, str], base: dict[str, list[str]]) -> Command:
        return Say("removal", key, {"why": values.get("why", "")})

    return replace(spec, fields={"why": Removal.fields["why"]}, command=command, tells_relay=True)


def _name(member: Member) -> str:
    """A member's name as it may stand in a sentence on screen."""
    return line(member.label).plain


def removal_spec(desk: Desk, key: str) -> FormSpec:
    """End somebody's membership."""
    who = _name(people(desk.db, desk.me)[key])
    words = (
        f"The relay will let {who} in no more, and what {who} writes from then on reaches nobody.\n"
        f"It does not undo anything: what {who} said stays, votes too, and what is on their machine already "
        "stays there. Their open invites are closed.\n"
        f"It cannot be taken back; {who} can be invited again, as somebody new. Everybody can read why."
    )
    spec = _spec(
        REMOVAL,
        key,
        f"Remove {who}",
        "remove them",
        words,
        Say("removal", key, {}),
        f"{who} no longer belongs here",
    )
    return _asking_why(spec, key)


def leaving_spec(desk: Desk) -> FormSpec:
    """End one's own membership."""
    words = (
        "The relay will let you in no more. What you said stays with the others; what is on this machine "
        "stays here, to read and to export. Your open invites are closed.\n"
        "It cannot be taken back: to come again you need a new invite. Everybody can read why."
    )
    how = f"{key_of('stop_typing')}, then {key_of('convenor')} on a member"
    warning = left_behind(people(desk.db, desk.me), desk.me, how)
    words += f"\n{warning}" if warning else ""
    name = line(desk.replica.community_name()).plain
    spec = _spec(
        LEAVING, desk.me, f"Leave ‘{name}’", "leave for good", words, Say("removal", desk.me, {}),
        "You have left this community",
    )  # fmt: skip
    return _asking_why(spec, desk.me)


def convenor_spec(desk: Desk, member: Member) -> FormSpec:
    """Name a convenor, or propose one."""
    who = _name(member)
    if people(desk.db, desk.me)[desk.me].convenes:
        title, finish, done = f"Make {who} a convenor", "make them one", f"{who} is a convenor now"
        words = (
            f"{who} can then let others in, take invites back, remove members and name convenors, as you "
            f"can. It cannot be taken back: only {who} can lay the role down again."
        )
    else:
        title, finish, done = f"Propose {who} as a convenor", "propose it", f"{who} is proposed as a convenor"
        words = (
            "Everybody who is a member now is asked. It carries when more than half agree, you included. "
            f"{who} can then let others in, take invites back, remove members and name convenors.\n"
            "It cannot be taken back; nobody has to answer."
        )
    command = Say("role", f"{member.key}/{desk.me}/", {"role": "convenor"})
    return _spec("naming", member.key, title, finish, words, command, done)


def agree_spec(proposal: Proposal) -> FormSpec:
    """Agree that somebody becomes a convenor."""
    who = "yourself" if proposal.whom.me else _name(proposal.whom)
    last = proposal.more == 1
    words = (
        f"{_name(proposal.by)} proposes {'you' if proposal.whom.me else who}. {how_many_more(proposal)}"
        f"{': with yours it carries' if last else ''}.\nIt cannot be taken back."
    )
    command = Say("role", proposal.subject, {"role": "convenor"})
    done = "It has carried" if last else "You agree"
    return _spec("agreeing", proposal.subject, f"Agree to {who} as a convenor", "agree", words, command, done)


def step_down_spec(desk: Desk) -> FormSpec:
    """Lay the role of a convenor down."""
    known = people(desk.db, desk.me)
    words = "You stay a member like the others. To be a convenor again, one of them has to name you."
    if not any(m.convenes for m in known if not m.me):
        words += (
            "\nYou are the last convenor: after this, somebody has to be proposed, and more than half must "
            "agree."
        )
    command = Say("role", f"{desk.me}/{desk.me}/", {"role": "member"})
    title = "Lay the role of a convenor down"
    return _spec(
        "stepping", desk.me, title, "lay it down", words, command, "You are a member like the others now"
    )


def claim_spec(desk: Desk, member: Member) -> FormSpec:
    """Say that an earlier member was oneself."""
    who = _name(member)
    words = (
        f"For when your machine and your recovery words are lost, and {who} is who you were. (With the words "
        "you come back as yourself: moot recover.)\n"
        "Two members who know it must vouch. Then what you said as both counts as one person's, your newest "
        "word first; you are a member, and a convenor again when one names you. Whoever still has the old "
        "machine ends it with any word, unless that membership was ended.\n"
        "It cannot be taken back, and everybody can read it."
    )
    command = Say("self", f"{member.key}/{desk.me}", {})
    return _spec(
        "claiming", member.key, f"{who} was you", "say so", words, command, "Said: now two must vouch"
    )


def vouch_spec(claim: Claim) -> FormSpec:
    """Vouch for somebody."""
    later, earlier = _name(claim.later), _name(claim.earlier)
    words = (
        f"{later} says that {earlier} was them, on a machine that is lost. Vouch if you know it from them, "
        f"face to face or by voice: whoever is wrongly taken for {earlier} speaks in that name.\n"
        f"Now {what_is_missing(claim)}. It cannot be taken back."
    )
    command = Say("self", claim.subject, {})
    return _spec(
        "vouching", claim.subject, f"Vouch for {later}", "vouch", words, command, "You vouch for them"
    )


def take_back_spec(row: InviteRow) -> FormSpec:
    """Take an invite or a viewer link back."""
    words = (
        f"It is an invite as {row.what}, {good_for(row)}. Once it is taken back, the relay lets nobody in "
        "by it any more. Who came by it already stays."
    )
    if row.is_link:
        words = "The relay shows nothing by it any more. Whoever read by it keeps what they have read."
    name = "viewer link" if row.is_link else "invite"
    spec = _spec(
        "revoking", row.key, f"Take the {name} back", "take it back", words, Say("revoke", row.key, {}),
        f"The {name} is taken back",
    )  # fmt: skip
    return replace(spec, tells_relay=True)
