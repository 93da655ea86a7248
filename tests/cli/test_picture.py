"""`moot picture`, and pictures in an export."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from tests.cli.shell import Shell


def test_a_picture_in_letters_as_numbers_and_as_a_file(ann: Shell, tmp_path: Path) -> None:
    short = ann.id("issue", "add", "Handover loses facts")
    ann("vote", short, "3").good()
    text = ann("picture", "map").good().out
    assert "Handover loses facts" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "issues" in ann("picture", "activity").good().out
    (point,) = ann("picture", "map", "--json").good().json
    assert (point["dots"], point["hours"], point["care"]) == (3, 0, True)
    assert ann("picture", "activity", "--json").good().json["weeks"]["issues"][-1] == 1
    for what in ("map", "activity"):
        ann("picture", what, "--svg", str(tmp_path / f"{what}.svg")).good()
        ET.parse(tmp_path / f"{what}.svg")
    assert "cannot be written" in ann("picture", "map", "--svg", str(tmp_path / "no" / "x.svg")).refused()
    assert "PICTURE is one of map, activity" in ann("picture", "persons").refused(code=2)


def test_an_export_has_both_pictures_and_shows_them_in_its_index(ann: Shell, tmp_path: Path) -> None:
    ann("issue", "add", "</text><script>").good()
    ann("export", str(tmp_path / "out")).good()
    index = (tmp_path / "out" / "README.md").read_text()
    for name in ("agenda.svg", "activity.svg"):
        assert f"]({name})" in index
        ET.parse(tmp_path / "out" / name)
    again = {name: (tmp_path / "out" / name).read_bytes() for name in ("agenda.svg", "activity.svg")}
    ann("export", str(tmp_path / "two")).good()
    assert again == {name: (tmp_path / "two" / name).read_bytes() for name in again}
