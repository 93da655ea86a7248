"""Style sheets, read again only for other colours: reading them takes as long as drawing everything."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet
from typing_extensions import override


class Style(Stylesheet):
    """Textual reads all sheets once more as it starts, for colours that may be the same."""

    _outdated = False

    @override
    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            self._outdated = True
            super().set_variables(variables)

    @override
    def reparse(self) -> None:
        if self._outdated:
            self._outdated = False
            super().reparse()
