"""`moot keys`: every command of the interface, its keys as they are here, and where that is written."""

from __future__ import annotations

from tests.cli.shell import Shell


def test_keys_are_listed_with_their_commands_and_sentences(ann: Shell) -> None:
    listed = ann("keys", "--json").good().json
    by_name = {row["command"]: row for row in listed["commands"]}
    assert by_name["vote"]["keys"] == ["v"]
    assert by_name["help"]["keys"] == ["?", "F1"]
    assert by_name["look_light"]["keys"] == []
    assert all(row["help"].endswith(".") and row["own"] for row in listed["commands"])
    assert (listed["file"], listed["there"], listed["wrong"]) == (
        str(ann.home / "config.toml"),
        False,
        [],
    )


def test_what_config_toml_gives_and_what_is_wrong_in_it_is_told(ann: Shell) -> None:
    (ann.home / "config.toml").write_text('[keys]\nvote = "ctrl+v"\nvotes = "f5"')
    listed = ann("keys", "--json").good().json
    vote = next(row for row in listed["commands"] if row["command"] == "vote")
    assert (vote["keys"], vote["own"]) == (["Ctrl+V"], False)
    assert listed["wrong"] == ["config.toml: there is no command votes; is vote meant? moot keys lists all."]


def test_a_pipe_gets_a_command_a_line(ann: Shell) -> None:
    ran = ann("keys").good()
    assert "v\tvote\tGive an issue some of your dots, or take them back." in ran.out.splitlines()
