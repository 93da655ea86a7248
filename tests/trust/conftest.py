"""A founder and two members who joined."""

import pytest
from hypothesis import settings

from tests.helpers.community import Community, Machine

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def moot() -> Community:
    return Community()


@pytest.fixture
def ann(moot: Community) -> Machine:
    return moot.member("ann")


@pytest.fixture
def bob(moot: Community, ann: Machine) -> Machine:
    return moot.member("bob")
