"""A founder and two members who joined."""

import pytest

from tests.helpers.community import Community, Machine


@pytest.fixture
def moot() -> Community:
    return Community()


@pytest.fixture
def ann(moot: Community) -> Machine:
    return moot.member("ann")


@pytest.fixture
def bob(moot: Community, ann: Machine) -> Machine:
    return moot.member("bob")
