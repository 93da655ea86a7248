"""Members and their relay, in one process."""

from tests.helpers.around_a_relay import cohort, how_many, relay
from tests.helpers.by_hand import made
from tests.helpers.postgres import postgres

__all__ = ["cohort", "how_many", "made", "postgres", "relay"]
