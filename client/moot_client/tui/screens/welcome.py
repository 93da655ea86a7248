"""The first screen: found a community, join one, or look around. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from moot_client.home import Home, Place
from moot_client.tui.commands.registry import bindings
from moot_client.tui.looks.ink import CARE, DIM, STRONG, fit, text, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.screens.joining import JoinScreen
from moot_client.tui.screens.setup import SetupScreen
from moot_client.tui.widgets.bottom import KeysLine
from moot_client.tui.widgets.items import Item
from moot_client.tui.widgets.rowlist import RowList
from moot_client.tui.widgets.topline import TopLine
from moot_shared.kinds import Community, Profile
from moot_shared.kinds.fields import Field

if TYPE_CHECKING:
    from moot_client.tui.app import MootApp

_CHOICES = (
    ("found", "Found a community", "it lives on this machine; a relay can come later"),
    ("join", "I have an invite", "a line you were sent, or made on your other machine"),
    ("demo", "Look around first", "a sample community, with nothing to set up"),
)
_WORDS = (
    "Moot is a place where people who lead others think together: issues, votes, reviews, lessons. "
    "Everything is kept on your own machine, and works without a network. Back after losing a machine? "
    "Choose ‘I have an invite’."
)


class WelcomeScreen(Screen[Any]):
    """Three choices in plain words."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = ""  # screens put the focus where it belongs
    BINDINGS = bindings("back")

    def __init__(self, home: Home, signs: Signs) -> None:
        super().__init__(classes="setup")
        self.key_words: dict[str, str] = {"open": "choose", "leave": "quit"}
        self._home, self._signs = home, signs
        self._top = TopLine(signs)
        self.list = RowList(signs)

    @property
    def moot(self) -> MootApp:
        """The application, by its own type."""
        from moot_client.tui.app import MootApp

        assert isinstance(self.app, MootApp)
        return self.app

    @override
    def compose(self) -> ComposeResult:
        yield self._top
        with Vertical(id="work"):
            yield Static(_WORDS, classes="plain", markup=False)
            yield self.list
            yield Static(text(self.moot.settings.trouble, CARE), id="told", classes="plain")
        with Vertical(id="bottom"):
            yield KeysLine(self._signs)

    def on_mount(self) -> None:
        """The choices."""
        self._top.crumb("", write(("Moot", STRONG)), write(""))
        self.list.show([_choice(*choice) for choice in _CHOICES], adopt=True)
        self.list.focus()

    @on(RowList.Opened)
    async def _chosen(self) -> None:
        chosen = self.list.selected.id if self.list.selected else ""
        if chosen == "found":
            await self.app.push_screen(FoundScreen(self._home, self._signs), self._begun)
        elif chosen == "join":
            await self.app.push_screen(JoinScreen(self._home, self._signs), self._begun)
        elif chosen == "demo":
            from moot_client.tui.app import LOOK_AROUND

            self.app.exit(LOOK_AROUND)

    def _begun(self, begun: tuple[Place, bool] | None) -> None:
        """A community is here: open it; `fresh` members are shown their recovery words."""
        if begun is not None:
            place, fresh = begun
            self.dismiss()
            self.moot.open_place(place, fresh=fresh)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.moot.desk is not None if action == "back" else True

    def action_back(self) -> None:
        """Esc, where there is something to go back to."""
        self.dismiss()


def _choice(id: str, title: str, words: str) -> Item:
    def draw(width: int, signs: Signs) -> Any:
        side = write((words, DIM)) if width > 50 else write("")
        return fit(fit(write((title, STRONG)), 22, signs.more) + side, width, signs.more)

    return Item(id, draw, id, title)


class FoundScreen(SetupScreen):
    """A name for the community, and one's own."""

    def __init__(self, home: Home, signs: Signs) -> None:
        fields: dict[str, Field[Any]] = {
            "name": Community.fields["name"],
            "member": Profile.fields["name"],
        }
        words = "Two names are all it takes. Both can be changed later."
        super().__init__(signs, "Found a community", words, fields, "found it", "Founding it…")
        self._home = home
        self.rows["name"].rename("Community", "as its members will call it")
        self.rows["member"].rename("Your name", "as the others know you")

    @override
    def work(self, words: Mapping[str, str]) -> tuple[Place, bool]:
        from moot_client.replica.founding import found_community

        return found_community(self._home, words["name"], words["member"], outside=self.moot.outside), True
