"""`scripts/moot` on a fresh machine, in a hurry, cut off, offline: with stand-ins for Python and uv."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.house.machine import PYTHON, UV, Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with Python 3.11 and without uv."""
    machine = Machine(tmp_path)
    machine.put("python3.11", PYTHON)
    return machine


def test_the_first_run_sets_up_and_leaves_stdout_to_the_command(machine: Machine) -> None:
    code, out, err = machine.moot("vote", "7xk2", "3", "--why", "it  costs us")
    assert (code, out) == (0, "moot: vote 7xk2 3 --why it  costs us\n")
    assert "setting up" in err
    assert machine.installed() == [f"python: {machine.checkout}"]


def test_later_runs_say_nothing_and_install_nothing(machine: Machine) -> None:
    machine.moot("issues")
    (machine.bin / "python3.11").unlink()
    assert machine.moot("issues") == (0, "moot: issues\n", "")
    assert len(machine.installed()) == 1


def test_it_runs_from_another_folder_through_links(machine: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "first").symlink_to(os.path.relpath(machine.checkout / "scripts" / "moot", elsewhere))
    (elsewhere / "moot").symlink_to("first")
    code, out, _ = machine.moot("status", script=elsewhere / "moot", cwd=elsewhere)
    assert (code, out) == (0, "moot: status\n")
    assert (machine.checkout / ".venv" / "bin" / "moot").exists()


def test_several_started_at_once_set_up_once(machine: Machine) -> None:
    started = [machine.start(str(number)) for number in range(4)]
    said = [process.communicate(timeout=60) for process in started]
    assert [out for out, _ in said] == [f"moot: {number}\n" for number in range(4)], said
    assert len(machine.installed()) == 1


def test_a_set_up_that_was_cut_off_is_made_anew(machine: Machine) -> None:
    code, _, _ = machine.moot("issues", CUT_OFF="1")
    assert code < 0
    left = machine.checkout / ".venv" / "left over"
    left.touch()
    code, out, err = machine.moot("issues")
    assert (code, out) == (0, "moot: issues\n")
    assert "cut off" in err
    assert not left.exists()


def test_a_changed_pyproject_is_installed_again(machine: Machine) -> None:
    machine.moot("issues")
    (machine.checkout / "pyproject.toml").write_text("[project]\nname = 'moot'\nversion = '2'\n")
    code, out, err = machine.moot("issues")
    assert (code, out) == (0, "moot: issues\n")
    assert "pyproject.toml" in err
    assert len(machine.installed()) == 2


def test_without_a_network_what_is_installed_still_runs(machine: Machine) -> None:
    machine.moot("issues")
    (machine.checkout / "pyproject.toml").write_text("[project]\nname = 'moot'\nversion = '2'\n")
    code, out, err = machine.moot("issues", OFFLINE="1")
    assert (code, out) == (0, "moot: issues\n")
    assert "running what is installed" in err
    assert len(machine.installed()) == 1
    assert machine.moot("issues")[1] == "moot: issues\n"
    assert len(machine.installed()) == 2


def test_a_first_set_up_without_a_network_says_so_and_goes_on_later(machine: Machine) -> None:
    code, out, err = machine.moot("issues", OFFLINE="1")
    assert (code, out) == (1, "")
    assert "no network" in err
    assert "try again" in err
    assert machine.moot("issues")[:2] == (0, "moot: issues\n")


def test_a_checkout_that_was_moved_is_set_up_anew(machine: Machine, tmp_path: Path) -> None:
    machine.moot("issues")
    machine.checkout = machine.checkout.rename(tmp_path / "moved")
    code, out, err = machine.moot("issues")
    assert (code, out) == (0, "moot: issues\n")
    assert "moved" in err
    assert machine.installed()[-1] == f"python: {machine.checkout}"


def test_a_venv_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.moot("issues")
    python = machine.checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert machine.moot("issues")[:2] == (0, "moot: issues\n")


def test_a_name_on_the_path_that_does_not_run_is_passed_over(machine: Machine) -> None:
    machine.put("python3.12", "#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n")
    code, out, err = machine.moot("issues")
    assert (code, out) == (0, "moot: issues\n")
    assert "pyenv" not in err
    assert "python3.11" in err


def test_with_neither_python_nor_uv_it_says_what_to_get(machine: Machine) -> None:
    (machine.bin / "python3.11").unlink()
    code, out, err = machine.moot("issues")
    assert (code, out) == (1, "")
    assert "Python 3.11 or 3.12" in err
    assert "uv" in err
    assert not (machine.checkout / ".venv").exists()


def test_uv_is_used_where_there_is_one(machine: Machine) -> None:
    machine.put("uv", UV)
    assert machine.moot("issues")[:2] == (0, "moot: issues\n")
    assert machine.installed() == [f"uv: {machine.checkout}"]


def test_where_uv_cannot_do_it_python_does(machine: Machine) -> None:
    machine.put("uv", UV)
    code, out, err = machine.moot("issues", UV_FAILS="1")
    assert (code, out) == (0, "moot: issues\n"), err
    assert "uv could not do it" in err


def test_without_flock_the_lock_still_holds(machine: Machine) -> None:
    (machine.bin / "flock").unlink(missing_ok=True)
    started = [machine.start(str(number)) for number in range(3)]
    said = [process.communicate(timeout=60) for process in started]
    assert [out for out, _ in said] == [f"moot: {number}\n" for number in range(3)], said
    assert len(machine.installed()) == 1


def test_the_checks_bring_their_tools(machine: Machine) -> None:
    machine.moot("issues")
    script = machine.checkout / "scripts" / "check"
    code, _, err = machine.moot(script=script)
    assert code == 1  # the stand-ins bring no ruff
    assert machine.installed()[-1] == f"python: {machine.checkout}[dev]"
    assert "ready" in err
