"""Every place as a picture: empty and full, at two sizes, dark, light and without colour; high contrast once.

`pytest tests/tui/test_looks.py --snapshot-update` draws them anew into tests/tui/looks: look at them then.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.tui.app import MootApp
from moot_client.tui.commands.registry import PLACE_KEYS
from tests.tui.picture import steady
from tests.tui.stage import LARGE, SMALL, Sample, app_on, empty_community, opened, settled, shown

PICTURES = Path(__file__).parent / "looks"
SIZES = {"80x24": SMALL, "120x40": LARGE}


def compare(app: MootApp, name: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Hold what is on screen against its picture; what is different, or ''."""
    picture = PICTURES / f"{name}.svg"
    drawn = steady(app.export_screenshot(title="moot"))
    if request.config.getoption("update_snapshots", False):
        PICTURES.mkdir(exist_ok=True)
        picture.write_text(drawn, encoding="utf-8")
    if picture.exists() and picture.read_text(encoding="utf-8") == drawn:
        return ""
    (folder / f"{name}.svg").write_text(drawn, encoding="utf-8")
    return f"{name} is otherwise (drawn: {folder / name}.svg):\n{shown(app)}\n"


async def all_places(
    app: MootApp, size: str, called: str, request: pytest.FixtureRequest, folder: Path
) -> None:
    """Go through the places, and hold each against its picture."""
    different = ""
    async with opened(app, SIZES[size]) as pilot:
        for place, key in PLACE_KEYS.items():
            if place != "today":
                await pilot.press(key)
                await settled(pilot)
            different += compare(app, f"{place}-{called}-{size}", request, folder)
    assert not different, different


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", ["dark", "light", "none"])
@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
async def test_every_place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    full: bool,
    look: str,
    size: str,
) -> None:
    home = request.getfixturevalue("sample").home if full else empty_community(tmp_path)
    if look == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        home.config.write_text(f'[looks]\ntheme = "{look}"', encoding="utf-8")
    await all_places(app_on(home), size, f"{'full' if full else 'empty'}-{look}", request, tmp_path)


@pytest.mark.parametrize("look", ["contrast", "contrast-light"])
async def test_in_high_contrast(
    sample: Sample, request: pytest.FixtureRequest, tmp_path: Path, look: str
) -> None:
    sample.home.config.write_text(f'[looks]\ntheme = "{look}"', encoding="utf-8")
    app = sample.app("agenda")
    async with opened(app, LARGE) as pilot:
        await pilot.press("j", "v", "2")
        await settled(pilot)
        assert not (different := compare(app, f"agenda-{look}", request, tmp_path)), different


def test_no_picture_is_left_from_something_else() -> None:
    looks = [f"{state}-{look}" for state in ("full", "empty") for look in ("dark", "light", "none")]
    names = {f"{place}-{look}-{size}.svg" for place in PLACE_KEYS for look in looks for size in SIZES}
    assert {path.name for path in PICTURES.iterdir()} == names | {
        "agenda-contrast.svg",
        "agenda-contrast-light.svg",
    }
