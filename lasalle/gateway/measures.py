"""What the door counts: commands, waits, readers, refusals; in the text form of Prometheus."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lasalle import wire

SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class IndexMeasures:
    """What the timetable of the indices counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter(
            "lasalle_index_rows",
            "Rows added to the records of indices.",
            ("index", "stage", "status"),
            registry=registry,
        )
        self.silent = Counter(
            "lasalle_index_source_failures",
            "Rounds in which a source of evidence failed.",
            ("source",),
            registry=registry,
        )
        self.failures = Counter(
            "lasalle_index_failures",
            "Rounds in which an index could not be fixed.",
            ("index",),
            registry=registry,
        )


class CoverMeasures:
    """What the last run of Cover-1 and Cover-2 came to, US dollars."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.day = Gauge("lasalle_cover_day", "Day of the last run, YYYYMMDD.", registry=registry)
        self.breach = Gauge(
            "lasalle_cover_breach",
            "1 when the two largest cost more than stands ready.",
            registry=registry,
        )
        self.dollars = Gauge(
            "lasalle_cover_dollars",
            "Loss beyond margin of one and of two members, and what stands ready.",
            ("what",),
            registry=registry,
        )

    def show(self, run: Mapping[str, Any]) -> None:
        """Takes a run as it is kept."""
        self.day.set(run["day"])
        self.breach.set(int(run["breach"]))
        for name in ("cover1", "cover2"):
            self.dollars.labels(name).set(run[name]["beyond_margin"] / 1e6)
        self.dollars.labels("prefunded").set(run["prefunded"]["total"] / 1e6)


class Measures:
    """One registry a gateway."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.commands = Counter(
            "lasalle_commands", "Commands answered.", ("name", "outcome"), registry=registry
        )
        self.answer_seconds = Histogram(
            "lasalle_command_answer_seconds",
            "From a whole request to its durable answer.",
            buckets=SECONDS,
            registry=registry,
        )
        self.seal_seconds = Histogram(
            "lasalle_journal_append_seconds",
            "Writing and flushing one batch of the journal.",
            buckets=SECONDS,
            registry=registry,
        )
        self.number = Gauge("lasalle_command_number", "Last command number.", registry=registry)
        self.event = Gauge("lasalle_event_number", "Last event number.", registry=registry)
        told = "Events the views have not folded yet."
        self.lag = Gauge("lasalle_view_lag_events", told, registry=registry)
        self.history_lag = Gauge(
            "lasalle_history_lag_events",
            "Events the history has not folded yet.",
            registry=registry,
        )
        self.readers = Gauge("lasalle_streams", "Streams open.", registry=registry)
        told = "Messages handed to streams."
        self.sent = Counter("lasalle_stream_messages", told, registry=registry)
        self.dropped = Counter(
            "lasalle_stream_closed_behind", "Readers closed for lagging.", registry=registry
        )
        self.conflated = Counter(
            "lasalle_stream_conflated", "Book increments left for a snapshot.", registry=registry
        )
        told = "Snapshots asked for after a gap."
        self.resyncs = Counter("lasalle_stream_resyncs", told, registry=registry)
        self.limited = Counter(
            "lasalle_rate_limited", "Requests refused by a bucket.", ("kind",), registry=registry
        )
        self.unsigned = Counter(
            "lasalle_signature_failures", "Requests whose signature was refused.", registry=registry
        )
        self.faults = Counter(
            "lasalle_faults",
            "Answers that were not the one asked for.",
            ("name",),
            registry=registry,
        )
        self.calls = Counter("lasalle_margin_calls", "Margin calls opened.", registry=registry)
        self.violations = Counter(
            "lasalle_invariant_violations", "What must never happen; 0.", registry=registry
        )
        said = "Faults of the house that last while it serves; /readyz names them."
        self.held_faults = Gauge("lasalle_held_faults", said, registry=registry)
        self.indices = IndexMeasures(registry)
        self.cover = CoverMeasures(registry)
        self.requests = Counter("lasalle_requests", "Requests answered.", registry=registry)
        self._counters: dict[tuple[str, str], Counter] = {}
        self.folded_at = time.monotonic()

    def command(self, name: str, told: list[tuple[wire.Header, Any]], seconds: float) -> str:
        """Counts an answered command; gives its outcome."""
        outcome = "accepted"
        for _, event in told:
            if isinstance(event, wire.Refused):
                outcome = wire.Refusal(event.refusal).name.lower()
        counter = self._counters.get((name, outcome))
        if counter is None:
            counter = self._counters[name, outcome] = self.commands.labels(name, outcome)
        counter.inc()
        self.answer_seconds.observe(seconds)
        return outcome

    def text(self) -> bytes:
        return generate_latest(self.registry)
