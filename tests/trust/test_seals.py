"""What is signed, and that nothing else passes for it."""

from __future__ import annotations

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.trust.seal import check_seal, join_message, seal_message
from tests.helpers.community import Community, Machine


def test_a_seal_is_over_community_actor_seq_and_hash() -> None:
    message = seal_message(b"c" * 32, b"a" * 40, 258, b"h" * 32)
    assert message == b"moot seal 1\0" + b"c" * 32 + b"a" * 40 + bytes(6) + b"\1\2" + b"h" * 32
    assert join_message(b"c" * 32, b"k" * 32) == b"moot join 1\0" + b"c" * 32 + b"k" * 32


def test_a_seal_of_somebody_else_or_for_something_else_is_none(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    one, two = moot.say(ann, "vote", "x"), moot.say(ann, "vote", "y")
    good = moot.seal(two, ann)
    check_seal(two, good, moot.id)
    for seal, community in (
        (moot.seal(two, bob), moot.id),
        (moot.seal(one, ann), moot.id),
        (good, bytes(32)),
        (good[:-1], moot.id),
        (b"", moot.id),
    ):
        with pytest.raises(AdmissionError) as refusal:
            check_seal(two, seal, community)
        assert refusal.value.code == "seal"
    with pytest.raises(AdmissionError, match="no signature"):
        check_seal(two, None, moot.id)
