"""m on the main screen: the picture of the place one is in, and what comes of it."""

from __future__ import annotations

from moot_client.tui.screens.acting import Acting


class Picturing(Acting):
    """Opens the picture; whoever opens an issue from the map comes to it in the list."""

    here = ""

    async def action_picture(self) -> None:
        """The agenda as a map; elsewhere what was said week by week."""
        from moot_client.tui.pictures.screens import ActivityScreen, MapScreen

        if self.here == "agenda":
            await self.moot.push_screen(MapScreen(self.desk, self.target), self._from_map)
        else:
            await self.moot.push_screen(ActivityScreen(self.desk))

    def _from_map(self, key: str | None) -> None:
        """Enter on a point: that issue, in the list and opened."""
        if not key:
            return
        while self.view.deep:
            self.view.back()
        if self.view.list.select(key):
            self.view.open()
        else:
            self.view.go(key)
