"""A browser in place of a terminal: its keys arrive as packets on stdin, what is drawn leaves on stdout.

As with the terminal's driver (`tui/terminal/driver.py`) no byte may end Moot with a stack trace, and a
page that is closed, or a server that is gone, ends Moot as a closed window does: what was typed is kept.
"""

from __future__ import annotations

import logging
from codecs import getincrementaldecoder

from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from typing_extensions import override

from moot_client.tui.terminal.driver import WholePastes

_LOG = logging.getLogger("moot.tui")


class MootWebDriver(WebDriver):
    """Textual's driver for browsers, with pastes that are whole and ends that lose nothing."""

    @override
    def run_input_thread(self) -> None:
        parser, packets = WholePastes(self._debug), ByteStream()
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        for came in self._input_reader:
            try:
                for packet, payload in packets.feed(came) if came else ():
                    if packet == "D" and payload:  # to the parser nothing is the end
                        for event in parser.feed(decode(payload)):
                            self.process_message(event)
                    elif packet != "D":
                        self._on_meta(packet, payload)
                for event in parser.tick():
                    self.process_message(event)
            except Exception:  # noqa: BLE001  a thread's edge: a defect over some bytes costs these bytes
                _LOG.exception("what came from the browser could not be read")
                parser = WholePastes(self._debug)
        if not self.exit_event.is_set():  # stdin has ended: there is nobody at the other end any more
            self._app.call_later(self._gone)

    @override
    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "quit":
            self._app.call_later(self._gone)
        else:
            super().on_meta(packet_type, payload)

    def _gone(self) -> None:
        end = getattr(self._app, "told_to_end", None) or self._app.exit
        end()
