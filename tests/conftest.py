"""What holds for every test: a slow machine is no failure, and no test depends on how long another took."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("moot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("moot")
