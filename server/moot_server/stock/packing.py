"""The process that makes a snapshot: changes come in, a packed document goes out, and it ends.

Here, and nowhere else in a relay, a document is alive. The binding may panic or abort, take minutes or
all memory there is: that ends this process, which bounds itself first, and no other.

    in    each change after its length (4 bytes, big-endian); a length of 0 ends them
    out   SHA-256 over the sorted hashes of all changes, how many heads (4 bytes), the heads, the chunk

What goes out is what is in the document after it was packed and *read back*, so that whoever asked can
hold it against what it knows.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO

LENGTH_BYTES = 4
NICE = 5  # everybody is served first, and on a busy machine it still comes to an end


def main(words: Sequence[str]) -> int:
    """`packing BYTES SECONDS`: so much memory may be taken, and so much of a processor."""
    _bound(int(words[0]), int(words[1]))
    from moot_shared.document import Document, unpack

    document = Document(os.urandom(16))
    document.apply(list(_read(sys.stdin.buffer)))
    chunk = document.pack()
    del document  # both at once would take twice the memory
    heads, hashes = unpack(chunk)
    out = sys.stdout.buffer
    out.write(digest(hashes) + len(heads).to_bytes(LENGTH_BYTES, "big") + b"".join(heads) + chunk)
    out.flush()
    return 0


def digest(hashes: Sequence[bytes]) -> bytes:
    """A set of changes as 32 bytes."""
    return hashlib.sha256(b"".join(sorted(hashes))).digest()


def _bound(memory: int, seconds: int) -> None:
    """Everybody else's work comes first."""
    with suppress(ImportError, OSError, ValueError):  # where a system has no such bounds, time is still one
        import resource

        os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while length := int.from_bytes(_exactly(stream, LENGTH_BYTES), "big"):
        yield _exactly(stream, length)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise SystemExit(1)  # whoever asked is gone
    return data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
