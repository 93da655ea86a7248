"""Coming in: whether somebody belongs as of a point of the history, and whether a change lets them in."""

from __future__ import annotations

from typing import Literal

from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Action, Change, Operation, ValueKind
from moot_shared.identity import verify
from moot_shared.ids import StatementKey, decode_bytes, encode_bytes
from moot_shared.trust.facts import Fact, facts_of
from moot_shared.trust.history import Clock, History
from moot_shared.trust.invite import Role, granted, terms_of
from moot_shared.trust.seal import join_message


def standing(history: History, key: bytes, clock: Clock) -> Literal["member", "viewer", "removed"] | None:
    """What a key may do as of the ancestors that `clock` names; None for somebody who has not joined.

    A roster is computed only where a removal of this key is among them.
    """
    joins = history.joins(key, clock)
    if key != history.founder and not joins:
        return None
    if history.facts_about("removal", encode_bytes(key), clock) and not _role(history, key, clock):
        return "removed"
    if key == history.founder or any(granted(history, join) for join in joins):
        return "member"
    return "viewer"


def check_join(change: Change, history: History, clock: Clock) -> None:
    """The first change of somebody who is not on the roster is a join by a standing invite, or is refused."""
    op = change.operations[0]
    key = _join_key(op, history, change)
    if key is None or change.seq != 1 or len(change.operations) != 1 or op.pred:
        raise AdmissionError("stranger", "This change was made by somebody who has not joined.")
    values = facts_of(change)[0].values()
    invites = [fact for fact in _meant(history, key.subject, values.get("by"), clock) if terms_of(fact)]
    if not invites:
        raise AdmissionError("invite", "This join names an invite that is not there.")
    _check_grant(invites, history)
    try:
        proof, invite_key = decode_bytes(str(values.get("proof"))), decode_bytes(key.subject)
    except FormatError:
        proof = invite_key = b""
    if not verify(invite_key, join_message(history.community or b"", change.author), proof):
        raise AdmissionError("proof", "This join was not made with the invite's secret.")


def _join_key(op: Operation, history: History, change: Change) -> StatementKey | None:
    if op.obj != history.said_id or op.action is not Action.PUT or op.kind is not ValueKind.STR:
        return None
    try:
        key = StatementKey.parse(str(op.key))
    except FormatError:
        return None
    return key if key.kind == "join" and key.author == encode_bytes(change.author) else None


def _meant(history: History, subject: str, by: object, clock: Clock) -> list[Fact]:
    facts = history.facts_about("invite", subject, clock)
    return [fact for fact in facts if encode_bytes(fact.author) == by]


def _check_grant(invites: list[Fact], history: History) -> None:
    """Nobody grants more than they hold, as of when they made the invite: only convenors make convenors."""
    for invite in invites:
        terms = terms_of(invite)
        if terms is None:
            continue
        if terms.role != "convenor":
            return
        if _role(history, invite.author, history.before(invite)) == "convenor":
            return
    raise AdmissionError("grant", "This join is by an invite that gives more than its author had to give.")


def _role(history: History, key: bytes, clock: Clock) -> Role | None:
    """What a member is as of the ancestors that `clock` names, as a roster says it."""
    from moot_shared.trust.roster import roster_at  # few are asked about: who was never removed needs none

    return roster_at(history, clock).role(key)
