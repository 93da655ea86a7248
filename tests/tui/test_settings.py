"""config.toml: what is right in it holds, what is wrong in it is said, and nothing in it ends Moot."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.keys import _character_to_key

from moot_client.tui.commands.command import TOGETHER
from moot_client.tui.commands.keyboard import key_name, parted, spelled
from moot_client.tui.commands.registry import COMMANDS
from moot_client.tui.commands.settings import Settings, read_settings

SIGNS = [sign for sign in map(chr, range(33, 127)) if not sign.isalnum()]


def said(tmp_path: Path, words: str) -> Settings:
    """What a config file with these words says."""
    path = tmp_path / "config.toml"
    path.write_text(words, encoding="utf-8")
    return read_settings(path)


def test_a_file_that_is_right_is_read_without_a_word(tmp_path: Path) -> None:
    found = said(
        tmp_path,
        '[keys]\nvote = "ctrl+v"\nfind = ["/", "F3"]\nhelp = "Ctrl+T"\n\n'
        '[looks]\ntheme = "light"\nsigns = "plain"',
    )
    assert found == Settings({"vote": "ctrl+v", "find": "slash,f3", "help": "ctrl+t"}, "light", "plain")


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "config.toml") == Settings()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("[keys\nvote", "config.toml line 1, ‘[keys’: a section stands in brackets: [keys] Until then"),
        (
            "[keys]\nvote = ctrl+v",
            'line 2, ‘vote = ctrl+v’: what is behind = stands in quotes: vote = "ctrl+v"',
        ),
        ('[keys]\nvote = "ctrl+v', 'line 2, ‘vote = "ctrl+v’: a quote is missing.'),
        ('[keys]\n\nvote "f5"', 'line 3, ‘vote "f5"’: a name, = and a value in quotes belong together'),
        ('[keys]\nvote = "f5"\nvote = "f6"', 'line 3, ‘vote = "f6"’: this stands there twice'),
        ("[keys]\n[keys]", "line 2, ‘[keys]’: this section stands there twice"),
        ("[keys]\nvote = \u001b[31m", "line 2, ‘vote = ␛[31m’: it should look like this"),
        ("[keys]\nfind = [", "line 2, ‘find = [’: it should look like this: vote = "),
        ('[keys]\nhours = "f5"', "there is no command hours; is pledge meant?"),
        ('[keys]\nquit = "f5"', "there is no command quit; is leave meant?"),
        ('[keys]\nput-it-away = "f5"', "is put_away meant?"),
        (
            '[keys]\ntheme = "dark"',
            "theme belongs under [looks]: write [looks] on a line of its own above it.",
        ),
        ('theme = "dark"', "theme belongs under [looks]"),
        ('vote = "f5"', "vote belongs under [keys]: write [keys] on a line of its own above it."),
        ('[looks]\nvote = "f5"', "vote belongs under [keys]"),
        ('font = "large"', "it knows no font; there are [keys] and [looks]."),
        pytest.param("[looks]\ntheme = " + "1" * 5_000, "config.toml is left out whole", id="many figures"),
        pytest.param("[looks]\ntheme = 0x" + "f" * 5_000, "‘a number without end’", id="many digits"),
        (
            '[bindings]\nvote = "f5"',
            "it knows no section [bindings]; there are [keys] and [looks]. Is [keys] meant?",
        ),
        ('[theme]\nname = "dark"', "Is [looks] meant?"),
        ('[looks]\ntheme = "drak"', "not ‘drak’. Is dark meant?"),
        ('[keys]\nvotes = "f5"', "there is no command votes; is vote meant? moot keys lists all."),
        ('[keys]\nxyzzy = "f5"', "there is no command xyzzy. moot keys lists all."),
        ('[keys]\nvote = "ctlr+v"', "‘ctlr+v’ is no key (for vote)."),
        ("[keys]\nvote = 5", "vote takes a key in quotes"),
        ("[keys]\nvote = []", "vote takes a key in quotes"),
        ('[keys]\nvote = "p"', "vote cannot have p: pledge has it (hours). It keeps its own."),
        ('[keys]\nvote = "f5"\nedit = "f5"', "edit cannot have F5: vote has it (vote). It keeps its own."),
        ('[keys]\nfinish_typing = "k"', "finish_typing cannot have k: typing needs it."),
        ('[keys]\nnext_field = "ctrl+a"', "next_field cannot have Ctrl+A: typing needs it."),
        ('[keys]\nmore = "3"', "more cannot have 3: typing needs it."),
        ('[keys]\nvote = "ctrl+i"', "vote cannot have Ctrl+I: terminals send the same for Tab."),
        ('keys = "f5"', "keys is a section: write [keys] on a line of its own."),
        (
            '[colours]\nred = "blue"',
            "it knows no section [colours]; there are [keys] and [looks]. Is [looks] meant?",
        ),
        ('[looks]\ntheme = "pink"', "theme is one of auto, dark, light"),
        ('[looks]\nfont = "large"', "[looks] knows no ‘font’; it knows theme and signs."),
        ('[keys]\nvote = "\\u001b[31m"', "is no key (for vote)."),
        pytest.param("[keys]\n" + "a." * 5_000 + "b = 1", "", id="many dots"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_left_out(tmp_path: Path, words: str, sentence: str) -> None:
    found = said(tmp_path, words)
    (trouble,) = found.troubles
    assert sentence in trouble
    assert "\x1b" not in trouble
    assert set(found.keys) <= {"vote"}


def test_what_is_right_beside_it_holds(tmp_path: Path) -> None:
    found = said(tmp_path, '[keys]\nvotes = "f5"\nvote = "f6"\n[looks]\ntheme = "pink"\nsigns = "full"')
    assert (found.keys, found.signs, len(found.troubles)) == ({"vote": "f6"}, "full", 2)


def test_a_file_that_is_no_text_or_no_file_is_said_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe[keys]")
    assert "it is no text in UTF-8" in read_settings(path).troubles[0]
    assert "cannot be read" in read_settings(tmp_path).troubles[0]


def test_a_mark_that_some_editors_put_before_the_first_word_is_no_trouble(tmp_path: Path) -> None:
    assert said(tmp_path, '\ufeff[looks]\ntheme = "light"') == Settings({}, "light")


def test_two_commands_may_swap_their_keys(tmp_path: Path) -> None:
    assert not said(tmp_path, '[keys]\nvote = "p"\npledge = "v"').troubles


def test_one_key_may_mean_two_things_at_two_moments(tmp_path: Path) -> None:
    assert not said(tmp_path, '[keys]\nvote = "f5"\nhost = "f5"').troubles


def test_whatever_is_left_out_no_key_means_two_things(tmp_path: Path) -> None:
    found = said(tmp_path, '[keys]\nvote = "p"\npledge = "e"\nedit = "v"\nfind = "v"\nundo = "slash"')
    for groups in TOGETHER:
        commands = [command for command in COMMANDS.values() if command.group in groups]
        keys = [key for c in commands for key in parted(found.keys.get(c.id, c.keys))]
        assert sorted(keys) == sorted(set(keys))
    assert found.troubles


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_are_spelled_as_textual_spells_them_and_shown_as_they_are(sign: str) -> None:
    assert spelled(sign) == _character_to_key(sign)
    assert key_name(spelled(sign)) == sign


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.id)
def test_each_key_can_be_written_as_it_is_shown(command: object) -> None:
    keys = getattr(command, "keys_now", ())
    assert [spelled(key_name(key)) for key in keys] == list(keys)
