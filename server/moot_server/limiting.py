"""`--limit NAME=VALUE`: what whoever runs a relay may set, between which bounds, and what it means.

What a change may be is the same for every machine, since the rules of admission ask it: so a relay may
be stricter there (for instance in a test), but not more generous, or its members would refuse what it
stores. Frames and actors are bounded by what clients take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from moot_shared.errors import InputError
from moot_shared.limits import DEFAULT, KIB, MIB, Limits

_UNITS = {"kib": KIB, "mib": MIB}


@dataclass(frozen=True, slots=True)
class Setting:
    """One limit: its bounds, and what happens where it is met."""

    least: float
    most: float
    says: str


_HOUR = 3600.0
SETTINGS = {
    "frame_bytes": Setting(
        512 * KIB, MIB, "largest message, both ways; a larger one ends the connection (1009)"
    ),
    "receive_queue_frames": Setting(1, 1000, "messages of one connection that wait to be read"),
    "unsent_bytes": Setting(
        256 * KIB, 1024 * MIB, "unsent to a slow reader; then it is dropped and catches up when it is back"
    ),
    "batch_bytes": Setting(2 * MIB, 1024 * MIB, "pages that belong together; more ends the connection"),
    "open_timeout_s": Setting(0.1, _HOUR, "seconds for the handshake; then the socket is closed"),
    "authentication_timeout_s": Setting(0.01, _HOUR, "seconds to prove who comes; then the connection ends"),
    "ping_interval_s": Setting(1, _HOUR, "seconds between signs of life"),
    "ping_timeout_s": Setting(1, _HOUR, "seconds to answer one; then the connection ends"),
    "strangers_per_address": Setting(
        1, 100_000, "sockets at one address that have not proven who comes; more are turned away"
    ),
    "strangers": Setting(1, 100_000, "the same, in all"),
    "connections_per_member": Setting(1, 10_000, "machines of a member at a time; more are turned away"),
    "viewers": Setting(0, 100_000, "readers by viewer links in a community at a time; more are turned away"),
    "connections": Setting(1, 1_000_000, "sockets at a time, in all; more are turned away"),
    "unfinished_bytes": Setting(
        MIB, 64 * 1024 * MIB, "of all messages that have not wholly arrived; more ends who sends the next one"
    ),
    "documents_per_peer": Setting(1, 1_000_000, "documents of a connection to an open relay"),
    "communities_idle": Setting(0, 10_000, "communities kept in memory while nobody is connected to them"),
    "community_idle_s": Setting(0.1, 24 * _HOUR, "seconds for which they are kept at most"),
    "changes_per_second": Setting(0.1, 1e6, "of one member, in the long run; others are read later"),
    "changes_burst": Setting(1, 1_000_000, "of one member at once, before that"),
    "ephemeral_bytes": Setting(
        0, 64 * KIB, "a word on who is here; a larger one is not passed on, with 0 none is"
    ),
    "ephemeral_per_second": Setting(
        0.01, 1000, "such words of one connection, in the long run; more are not passed on"
    ),
    "ephemeral_burst": Setting(1, 1000, "such words of one connection at once, before that"),
    "orphans_per_peer": Setting(0, 100_000, "changes of one connection that wait for earlier ones"),
    "orphan_bytes": Setting(0, 1024 * MIB, "the same, in bytes"),
    "change_bytes": Setting(KIB, DEFAULT.change_bytes, "one change; a larger one is refused"),
    "change_inflated_bytes": Setting(KIB, DEFAULT.change_inflated_bytes, "one change, inflated"),
    "change_operations": Setting(3, DEFAULT.change_operations, "operations in one change"),
    "change_predecessors": Setting(1, DEFAULT.change_predecessors, "values that one change replaces"),
    "change_deps": Setting(1, DEFAULT.change_deps, "changes on which one is built"),
    "change_actors": Setting(1, DEFAULT.change_actors, "other machines that one change names"),
    "document_operations": Setting(
        1, 1_000_000_000, "operations in a community; then it is full"
    ),
    "document_actors": Setting(1, 10_000, "machines that ever wrote in a community; then it is full"),
    "document_warning_percent": Setting(1, 100, "from here on members are told how full their community is"),
    "sync_heads": Setting(1, 1_000, "newest changes that a receipt may name"),
    "cbor_depth": Setting(3, 32, "lists and maps within one another in a message"),
}  # fmt: skip


def limited(words: Iterable[str], limits: Limits = DEFAULT) -> Limits:
    """The limits with each NAME=VALUE in place; InputError says what is wrong with one."""
    for word in words:
        name, found, value = word.partition("=")
        setting = SETTINGS.get(name.strip())
        if setting is None or not found:
            raise InputError(
                f"‘{word}’ sets no limit. One is set as NAME=VALUE, for example connections_per_member=10; "
                "moot relay --limits lists them."
            )
        number: Any = _number(name.strip(), value, setting)
        limits = replace(limits, **{name.strip(): number})
    return limits


def listed(limits: Limits = DEFAULT) -> str:
    """All of them, with their values and what they mean, as lines."""
    width = max(map(len, SETTINGS))
    return "\n".join(
        f"{name:<{width}}  {_shown(name, getattr(limits, name)):>10}  {setting.says}"
        for name, setting in SETTINGS.items()
    )


def _number(name: str, text: str, setting: Setting) -> float:
    """A value as people write it: a whole number (KiB and MiB are understood), or a fraction for seconds."""
    plain = text.strip().lower()
    unit = next((each for each in _UNITS if plain.endswith(each)), "")
    whole = isinstance(getattr(DEFAULT, name), int)
    try:
        digits = plain.removesuffix(unit).strip().replace(",", "").replace("_", "")
        value = (int(digits) if whole else float(digits)) * _UNITS.get(unit, 1)
    except ValueError as error:
        raise _unfit(name, text, setting) from error
    if not setting.least <= value <= setting.most:
        raise _unfit(name, text, setting)
    return value


def _unfit(name: str, text: str, setting: Setting) -> InputError:
    least, most = (_shown(name, bound) for bound in (setting.least, setting.most))
    return InputError(f"‘{text}’ does not do for {name}: it takes a number from {least} to {most}.")


def _shown(name: str, value: float) -> str:
    if name.endswith("_bytes"):
        for unit, size in (("MiB", MIB), ("KiB", KIB)):
            if value and value % size == 0:
                return f"{value / size:g} {unit}"
    return f"{value:,.12g}"
