"""The first screen."""

from textual.screen import Screen


class WelcomeScreen(Screen[None]):
    """To be written."""

    def __init__(self, home: object, signs: object) -> None:
        super().__init__()
