"""A module of Python's own that is loaded when something of it is needed: a command that lists is short.

`dataclasses` imports `inspect` (and that the parser, the disassembler and the tokenizer) for the docstring
of classes that have none. Ours have one. That is a fifth of what a command takes from start to end. `pathlib`
takes a function of `urllib.parse`, which imports `ipaddress` for addresses in brackets.
"""

from __future__ import annotations

import importlib
import sys
from _thread import allocate_lock
from types import ModuleType
from typing import Any

_TURN = allocate_lock()


class Later(ModuleType):
    """Stands for a module until something of it is asked for; then that is loaded, and answers."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.loaded(), name)

    def loaded(self) -> ModuleType:
        """The module itself, which is imported now where it was not."""
        with _TURN:  # of two threads that ask at once, none takes away what the other has imported
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)


def later(name: str) -> None:
    """Let a module be loaded when it is needed, unless it is here already."""
    sys.modules.setdefault(name, Later(name))
