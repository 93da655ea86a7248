"""What holds for every test: a slow machine is no failure, and no test depends on how long another took."""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("moot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("moot")

# Hundreds of processes are started: none compiles what another has compiled, whatever the surroundings say.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Thousands of tests are many objects that stay: while they are collected there is no rubbish to look for
# among them, and later they need not be looked through again and again.
gc.disable()


def pytest_itemcollected(item: pytest.Item) -> None:
    """A database server is made for these, and what they are about goes on in several processes.

    What is quick enough for the inner loop has a database that is simulated (tests/simulation).
    """
    if "postgres" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What is there now stays to the end."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _cohorts_to_copy() -> None:
    if found := sys.modules.get("tests.helpers.cohort"):
        found.prepare()
