"""Members and their relay, in one process."""

from tests.helpers.around_a_relay import cohort, how_many

__all__ = ["cohort", "how_many"]
