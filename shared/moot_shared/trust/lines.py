"""One-line texts that people paste: an invite, one's own second machine, a community's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InviteLine:
    """`moot-invite:…`: what a newcomer needs. `secret` is the invite key's seed; `expires` in ms."""

    url: str
    community: bytes
    secret: bytes
    name_of_community: str
    name_of_inviter: str
    role: str = "member"
    expires: int | None = None
    uses: int | None = None

    def __str__(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """`moot-device:…`: the same member on a second machine. As secret as the private key: it holds it."""

    url: str | None
    community: bytes
    seed: bytes
    community_name: str
    member_name: str

    def __str__(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """`moot-community:…`: where a community is; grants nothing."""

    url: str | None
    community: bytes
    name: str

    def __str__(self) -> str:
        raise NotImplementedError


Line = InviteLine | DeviceLine | CommunityLine


def parse_line(text: str) -> Line:
    """Read a pasted line, white space and quotes around and in it aside; InputError says what is wrong."""
    raise NotImplementedError
