"""Numbers along an axis: as far as they go, rounded up, with ticks that people would choose."""

from __future__ import annotations

from dataclasses import dataclass

_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 to `end`, a tick at each `step`."""

    end: float
    step: float

    def at(self, value: float, room: int) -> int:
        """Where a value stands among so many places, the first of which is 0's."""
        return round(min(max(value, 0.0), self.end) / self.end * (room - 1)) if room > 1 else 0

    def ticks(self) -> list[float]:
        """The values with a tick, from 0 on."""
        return [number * self.step for number in range(round(self.end / self.step) + 1)]


def scale(largest: float, most: int) -> Scale:
    """A scale for values up to the largest, with about so many ticks at most, all of them whole numbers."""
    step = next(size for size in _sizes() if largest <= size * max(most, 1))
    return Scale(float(max(-(-largest // step), 1) * step), float(step))


def _sizes() -> list[int]:
    return [size * 10**power for power in range(16) for size in _STEPS]


def number(value: float) -> str:
    """A number at a tick."""
    return f"{value:g}" if value < 10_000 else f"{value / 1000:g}k"
