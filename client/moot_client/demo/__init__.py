"""`moot demo`: a sample community with a relay of its own on loopback and two members who come and go.

sample.py    what the members say: the scenes, as data and small functions
cast.py      a player: one member with a home, a replica and a connection that can be cut
stage.py     a relay process on loopback, and the players around it, in a temporary folder
play.py      the scenes in order, told as a transcript; at the end, whether all have the same
watch.py     the interface on the sample, while the others play in a process of their own
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    """The options of `moot demo`."""
    options = argparse.ArgumentParser(
        prog="moot demo", description="A sample community with two members who write, go away and come back."
    )
    options.add_argument(
        "--headless", action="store_true", help="play it without a terminal, as a transcript"
    )
    options.add_argument(
        "--json", action="store_true", help="play it without a terminal; one JSON object at the end"
    )
    options.add_argument("--play-beside", metavar="DIR", help=argparse.SUPPRESS)
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if every member has everything at the end."""
    options = parser().parse_args(argv)
    if options.play_beside:
        from moot_client.demo.watch import play_beside

        return play_beside(options.play_beside)
    if options.headless or options.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from moot_client.demo.play import play_headless

        return play_headless(as_json=options.json)
    from moot_client.demo.watch import watch

    code = watch()
    print("The sample is gone, with what was written in it. `moot` begins your own.", file=sys.stderr)
    return code
