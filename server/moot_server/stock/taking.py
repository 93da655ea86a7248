"""Changes that came are taken in, all of a batch in one transaction; what other processes stored as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from logging import WARNING

from moot_server.events import Input, told_of
from moot_server.stock.document import OpenDocument
from moot_server.stock.peers import Heard
from moot_server.storage.store import Store
from moot_server.watching.figures import Figures
from moot_server.watching.journal import note
from moot_shared.errors import StorageError
from moot_shared.trust.ancestry import Mark


class Taking:
    """Between the documents in memory and the store."""

    def __init__(self, store: Store, documents: Mapping[bytes, OpenDocument], figures: Figures) -> None:
        self._store = store
        self._figures = figures
        self._documents = documents
        self.failed = ""
        """Why the last batch could not be stored; '' where it was."""

    def batch(self, inputs: Sequence[Input], heard: Sequence[Heard]) -> list[OpenDocument]:
        """Take in what has come with a batch; the documents that have grown."""
        self.failed = ""
        elsewhere = self._elsewhere(inputs)
        waiting = [document for document in elsewhere if document.waits]
        return list(dict.fromkeys((*elsewhere, *self._take(heard, waiting))))

    def _elsewhere(self, inputs: Sequence[Input]) -> list[OpenDocument]:
        """Take in what other processes have stored; the documents that people here are to hear of."""
        told = told_of(inputs)
        every = None in told
        named = self._documents.values() if every else [self._documents.get(each or b"") for each in told]
        found: list[OpenDocument] = []
        for document in [document for document in named if document is not None and document.talks]:
            with suppress(StorageError):  # the store says once it is worth trying again
                document.catch_up(told.get(document.id))
                found.append(document)
        return found

    def _take(self, heard: Sequence[Heard], waiting: Iterable[OpenDocument]) -> list[OpenDocument]:
        """`waiting`: documents in which something may have waited for what another process has stored."""
        documents = dict.fromkeys((*waiting, *(each.document for each in heard)))
        if not documents:
            return []
        marks: dict[OpenDocument, Mark] = {}
        changed: dict[OpenDocument, None] = {}
        caught_up: list[OpenDocument] = []
        try:
            brought = [(each, each.document.read(each.message.chunks, each.talk)) for each in heard]
            with self._store.transaction(document.id for document in documents):
                for document in documents:
                    if document.catch_up():
                        caught_up.append(document)
                    marks[document] = document.mark()
                    if document.waits and document.take_ready():
                        changed[document] = None
                for each, changes in brought:
                    if each.document.take(changes, each.talk, ask=each.last):
                        changed[each.document] = None
        except StorageError as error:
            for document, mark in marks.items():
                document.cut(mark)
            self.failed = str(error)
            self._figures.not_stored()
            note("cannot store", WARNING, trouble=self.failed)
            return caught_up
        self._figures.stored(sum(len(each.ancestry.entries) - marks[each].length for each in changed))
        return [*caught_up, *changed]
