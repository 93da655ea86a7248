"""Both sides write an address alike, however it was typed."""

from __future__ import annotations

import pytest

from moot_shared.errors import InputError
from moot_shared.wire.address import address_of, read_address

ALIKE = {
    "relay.example": [
        "wss://relay.example", "ws://relay.example", "wss://Relay.Example/", "wss://relay.example:443/a?b",
        "ws://relay.example:80", "wss://relay.example.",
    ],
    "relay.example:8787": ["ws://relay.example:8787", "wss://RELAY.example:8787/x"],
    "xn--bcher-kva.example": ["wss://bücher.example", "wss://BÜCHER.example:443", "wss://xn--bcher-kva.example"],
    "[2001:db8::1]:8787": ["ws://[2001:db8::1]:8787", "ws://[2001:0DB8:0:0:0:0:0:1]:8787"],
    "[::1]": ["ws://[::1]"],
    "192.168.1.5:8787": ["ws://192.168.1.5:8787", "ws://[::ffff:192.168.1.5]:8787"],
    "[fe80::1]:8787": ["ws://[fe80::1%25eth0]:8787", "ws://[fe80::1]:8787"],
}  # fmt: skip


@pytest.mark.parametrize("address", ALIKE)
def test_an_address_has_one_form(address: str) -> None:
    assert {address_of(url) for url in ALIKE[address]} == {address}
    assert read_address(f" {address} ") == address


@pytest.mark.parametrize(
    "text",
    ["", " ", ":8787", "relay.example:99999", "relay.example:eighty", "user@relay.example", "[::1", "a b",
     "x" * 400, "re\x1blay", "ü" * 100],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    with pytest.raises(InputError, match="is no address of a relay"):
        read_address(text)
