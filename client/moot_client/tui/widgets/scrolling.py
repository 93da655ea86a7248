"""What draws its own lines and scrolls: laid out only where that can change anything."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as Look
from textual.content import Content
from textual.events import Blur, DescendantBlur, DescendantFocus, Focus
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget
from typing_extensions import override


class Scrolling(ScrollView):
    """Lines of one's own, as many as `hold` says.

    Textual lays a screen out whenever there are more lines or fewer, and draws every scrollbar anew whenever
    anything is laid out. Where the scrollbar stays, neither changes what is seen.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Widget.auto_links, False)  # nothing in the lines is a link to click
        self._laid_out: tuple[Size, ...] = ()
        self._blank: tuple[tuple[Look, int], Strip] | None = None

    def hold(self, count: int) -> None:
        """So many lines there are to scroll through."""
        lines, room = Size(0, count), self.size.height
        if room and (count > room) == self.show_vertical_scrollbar:
            if lines != self.virtual_size:
                self.set_reactive(Widget.virtual_size, lines)
                self._scroll_update(lines)
        else:
            self.virtual_size = lines

    @override
    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        found = (size, virtual_size, container_size, self.virtual_size)
        if found == self._laid_out and size == self._size:
            return False
        self._laid_out = found
        return super()._size_updated(size, virtual_size, container_size, layout)

    # Textual works out all styles anew for who gets or loses the focus, and draws it whole.

    @override
    def watch_has_focus(self, _has_focus: bool) -> None:
        self.focus_changed()

    def on_focus(self, event: Focus) -> None:
        """As Textual has it, but for the drawing."""
        event.prevent_default()
        self.has_focus = True
        if isinstance(self.parent, Widget):
            self.parent.post_message(DescendantFocus(self))

    def on_blur(self, event: Blur) -> None:
        """The same."""
        event.prevent_default()
        self.has_focus = False
        if isinstance(self.parent, Widget):
            self.parent.post_message(DescendantBlur(self))

    def focus_changed(self) -> None:
        """Draw anew what looks otherwise with the focus; no stylesheet may ask for it."""
        self.refresh()

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines with nothing around them but padding; what was drawn once is kept, down to its signs."""
        background, filters = self.background_colors[1], self.get_line_filters()
        above, height = self.styles.gutter.top, self.content_region.height
        found: list[Strip] = []
        for y in crop.line_range:
            inside = above <= y < above + height
            strip = self.render_line(y - above) if inside else self.blank
            for each in filters:
                strip = strip.apply_filter(each, background)
            found.append(
                strip if crop.x == 0 and crop.width >= strip.cell_length else strip.crop(*crop.column_span)
            )
        return found

    @property
    def blank(self) -> Strip:
        """A line with nothing in it."""
        look = self.visual_style.rich_style
        if self._blank is None or self._blank[0] != (look, self.size.width):
            self._blank = (look, self.size.width), Strip.blank(self.size.width, look)
        return self._blank[1]

    def drawn(self, content: Content, style: Style) -> Strip:
        """One line of words on top of a style.

        Textual would break it anew, and note in each piece where it stands, for a mouse to select.
        """
        pieces = content.render(style, end="", parse_style=self._get_style)
        return Strip([Segment(words, _look(style, role)) for words, role in pieces], content.cell_length)


@lru_cache(512)
def _look(style: Style, role: Style) -> Look:
    return (style + role).rich_style
