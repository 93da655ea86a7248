"""The command behind `scripts/bench`: runs the benchmark that is named."""

from __future__ import annotations

import importlib
import sys

BENCHES = ("admission", "client", "processes", "relay")


def main(arguments: list[str]) -> int:
    """`NAME [what the benchmark takes]`"""
    if not arguments or arguments[0] not in BENCHES:
        print(f"scripts/bench NAME, where NAME is one of: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    importlib.import_module(f"tests.bench.{arguments[0]}").main(arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
