"""The figures as Prometheus reads them. No label but codes of the protocol; nobody can be told apart.

The library is loaded by the first who asks: a relay that nobody watches does without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from moot_server.watching.figures import SECONDS, Figures, Histogram

_PREFIX = "moot_relay_"
_GAUGES = {
    "connections": ("connections_now", "Sockets that are open."),
    "members": ("members_now", "Of them, those that have proven who they are."),
    "viewers": ("viewers_now", "Of them, those that read by a viewer link."),
    "communities": ("communities_now", "Communities or documents in memory."),
    "restored_waiting": ("waiting_now", "Restored communities that wait for a convenor."),
    "storage_failing": ("storage_fails_now", "1 where the last attempt to store something failed."),
}
_COUNTERS = {
    "opened": ("opened", "Connections."),
    "turned_away": ("turned_away", "Sockets for which there was no room before the handshake."),
    "slow_readers": ("slow_readers", "Connections dropped because they did not read."),
    "frames_received": ("frames_in", "Frames from clients."),
    "frames_sent": ("frames_out", "Frames to clients."),
    "received_bytes": ("bytes_in", "Bytes of frames from clients."),
    "sent_bytes": ("bytes_out", "Bytes of frames to clients."),
    "batches": ("batches", "Times that what had arrived together was handled together."),
    "changes_stored": ("changes", "Changes committed."),
    "storage_failures": ("storage_failures", "Commits that failed."),
    "defects": ("defects", "Defects of the relay's own; please report them."),
}


def exposed(figures: Figures, gauges: Mapping[str, tuple[str, float]]) -> bytes:
    """Everything, as Prometheus' text; `gauges` are further ones: name -> (help, value)."""
    registry = CollectorRegistry()
    registry.register(_Figures(figures, gauges))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, figures: Figures, gauges: Mapping[str, tuple[str, float]]) -> None:
        self._figures = figures
        self._more = gauges

    @override
    def collect(self) -> Iterator[Metric]:
        figures = self._figures
        for name, (attribute, says) in _GAUGES.items():
            yield GaugeMetricFamily(_PREFIX + name, says, float(getattr(figures, attribute)))
        for name, (says, value) in self._more.items():
            yield GaugeMetricFamily(_PREFIX + name, says, value)
        for name, (attribute, says) in _COUNTERS.items():
            yield CounterMetricFamily(_PREFIX + name, says, float(getattr(figures, attribute)))
        yield _by_code("closed", "Connections that ended, by the reason.", figures.closed)
        yield _by_code("refused", "Changes and pages that were not taken, by the reason.", figures.refused)
        yield _histogram("batch_seconds", "From a batch to its answers.", figures.batch_seconds)
        yield _histogram("commit_seconds", "Commits, the sync of the disk included.", figures.commit_seconds)


def _by_code(name: str, says: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, says, labels=["code"])
    for code, count in sorted(dict(counts).items()):
        family.add_metric([code], count)
    return family


def _histogram(name: str, says: str, histogram: Histogram) -> Metric:
    counts, total = list(histogram.counts), 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip([*map(str, SECONDS), "+Inf"], counts, strict=True):
        total += count
        buckets.append((bound, total))
    return HistogramMetricFamily(_PREFIX + name, says, buckets=buckets, sum_value=histogram.sum)
