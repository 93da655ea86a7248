"""Coming to a community by a line: an invite, one's own second machine, or back from the words.

The line is read as soon as it is pasted: whose community it is, and who invites, is said before
anything is asked, and nothing goes out before Ctrl+S.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from typing_extensions import override

from moot_client.home import Home, Place
from moot_client.tui.commands.registry import key_of
from moot_client.tui.looks.ink import line as one_line
from moot_client.tui.looks.signs import Signs
from moot_client.tui.screens.setup import SetupScreen
from moot_client.tui.widgets.prosebox import LineBox
from moot_shared.errors import InputError
from moot_shared.kinds import Profile
from moot_shared.kinds.fields import Field, Line
from moot_shared.trust.lines import CommunityLine, DeviceLine, InviteLine, parse_line

_FIELDS: dict[str, Field[Any]] = {
    "line": Line("The line", limit=4_000, required=True, help="paste it here; it begins with moot-"),
    "member": Profile.fields["name"],
    "words": Line("Your words", limit=1_000, required=True, help="the 24 words, in their order"),
}


class JoinScreen(SetupScreen):
    """What is asked for after the line depends on which line it is."""

    def __init__(self, home: Home, signs: Signs) -> None:
        words = (
            "Paste the line that was sent to you, or the one that your other machine shows. Lost your "
            "machine? With your 24 words, paste the community's line (moot words showed it). Without them, "
            "join by a new invite; in People, W then says who you were."
        )
        super().__init__(signs, "I have an invite", words, _FIELDS, "join", "Asking the relay…")
        self._home = home
        self.rows["member"].rename("Your name", "as the others will know you")
        self._known: InviteLine | DeviceLine | CommunityLine | None = None

    @override
    def on_mount(self) -> None:
        super().on_mount()
        self._ask_for()

    @override
    def asked(self) -> list[str]:
        match self._known:
            case InviteLine():
                return ["line", "member"]
            case CommunityLine():
                return ["line", "words"]
        return ["line"]

    def _ask_for(self) -> None:
        """What is asked for, and whatever holds words already: nobody's words go out of sight."""
        for name, row in self.rows.items():
            row.display = name in self.asked() or bool(row.words)

    @on(LineBox.Changed)
    def _pasted(self, event: LineBox.Changed) -> None:
        if not self.rows["line"].holds(event.input):
            return
        try:
            self._known = parse_line(event.value)
        except InputError:
            self._known = None
        self._ask_for()

    @override
    def hint(self) -> str:
        match self._known:
            case InviteLine() as known:
                community, inviter = one_line(known.name_of_community), one_line(known.name_of_inviter)
                return f"‘{community.plain}’: {inviter.plain} invites you."
            case DeviceLine() as known:
                community, member = one_line(known.community_name), one_line(known.member_name)
                keeps = key_of("finish_typing")
                return f"‘{community.plain}’: you are {member.plain} there. {keeps} brings everything here."
            case CommunityLine() as known:
                return f"‘{one_line(known.name).plain}’: your recovery words bring you back."
        return ""

    @override
    def work(self, words: Mapping[str, str]) -> tuple[Place, bool]:
        from moot_client.sync import joining

        known = parse_line(words["line"])
        match known:
            case InviteLine():
                return joining.join(self._home, known, words["member"], report=self.going), True
            case DeviceLine():
                return joining.add_device(self._home, known, report=self.going), False
            case CommunityLine():
                return joining.recover(self._home, known, words["words"], report=self.going), False
