"""Properties are checked at the speed of the machine at hand."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
