"""Keys, signatures and the words that bring a member back."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from moot_shared.errors import InputError
from moot_shared.identity import Identity, is_sound, verify
from moot_shared.ids import decode_bytes

PRIME = (1 << 255) - 19
ANN = Identity.from_seed(bytes(range(32)))
WORDS = ANN.words()


def test_a_member_is_made_from_randomness_that_is_handed_in() -> None:
    one, same = (Identity.generate(random.Random(7).randbytes) for _ in range(2))
    assert one.public_key == same.public_key
    assert decode_bytes(one.key_text, 32) == one.public_key
    assert one.seed.hex() not in repr(one)


def test_twenty_four_words_bring_the_same_member_back() -> None:
    assert len(WORDS) == 24
    assert Identity.from_words(WORDS).seed == ANN.seed
    assert Identity.from_words("  " + "\n".join(WORDS).upper() + " ").seed == ANN.seed


def test_the_words_are_those_of_the_published_standard() -> None:
    assert Identity(bytes(32)).words() == ("abandon",) * 23 + ("art",)
    assert Identity(b"\xff" * 32).words() == ("zoo",) * 23 + ("vote",)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*WORDS[:4], "hose", *WORDS[5:]), "Word 5, 'hose'.*'horse'"),
        ((*WORDS[:4], "qqqq", *WORDS[5:]), "Word 5, 'qqqq'"),
        (WORDS[:-1], "24; these are 23"),
        ((), "24; these are 0"),
        ((*WORDS, "zoo"), "24; these are 25"),
        ((*WORDS[:4], "horse", *WORDS[5:]), "together they are not"),
        ((*WORDS[:21], WORDS[22], WORDS[21], WORDS[23]), "together they are not"),
    ],
)
def test_wrong_words_are_told_as_what_is_wrong_with_them(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Identity.from_words(words)


def test_a_seed_has_its_length() -> None:
    with pytest.raises(InputError):
        Identity.from_seed(b"short")


def test_a_signature_is_of_one_key_over_one_message() -> None:
    signature = ANN.sign(b"message")
    other = Identity(bytes(32)).public_key
    assert verify(ANN.public_key, b"message", signature)
    assert not verify(ANN.public_key, b"Message", signature)
    assert not verify(other, b"message", signature)
    for malformed in (b"", signature[:-1], signature + b"\0", bytes(64)):
        assert not verify(ANN.public_key, b"message", malformed)
    assert not verify(b"", b"message", signature)


def _add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """The sum of two points of the curve."""
    (x1, y1), (x2, y2) = one, two
    d = -121665 * pow(121666, -1, PRIME)
    k = d * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, PRIME) % PRIME, (y1 * y2 + x1 * x2) * pow(
        1 - k, -1, PRIME
    ) % PRIME


def _point(y: int) -> tuple[int, int] | None:
    d = -121665 * pow(121666, -1, PRIME)
    square = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    return (x, y) if x * x % PRIME == square else None


def test_a_key_of_small_order_is_no_key_since_anybody_could_sign_for_it() -> None:
    """Eight times any point that is such a key is nothing; no point with another y is."""
    eighth = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    for y in (0, 1, PRIME - 1, eighth, PRIME - eighth):
        point = _point(y)
        assert point
        total = (0, 1)
        for _ in range(8):
            total = _add(total, point)
        assert total == (0, 1)
        for sign in (0, 1 << 255):
            assert not is_sound((y | sign).to_bytes(32, "little"))
    assert not verify(bytes(32), b"x", bytes(64))
    assert is_sound(ANN.public_key)


def test_a_key_has_one_writing() -> None:
    for y in range(PRIME, 1 << 255):
        assert not is_sound(y.to_bytes(32, "little"))


def test_reading_needs_no_library_of_signatures() -> None:
    code = (
        "import sys, moot_shared.identity, moot_shared.trust.roster, moot_shared.trust.admission, "
        "moot_shared.trust.lines; "
        "assert not {'cryptography', 'mnemonic', 'automerge'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
