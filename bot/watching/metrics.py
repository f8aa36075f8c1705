"""What one bot process counts, as Prometheus reads it. No label and no value comes from people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from index.result import Outcome

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, 30)  # seconds
_OUTCOMES = (*get_args(Outcome), "failed", "off", "no_index")
_CODES = ("400", "401", "403", "409", "429", "500", "502", "network", "foreign")
STEPS = ("understand", "gate", "scope", "search", "evidence", "choose", "turn", "send", "reply")


@dataclass(frozen=True, slots=True)
class Live:
    """What holds at the moment of asking."""

    waiting: int  # updates stored and not yet dealt with
    oldest: float  # seconds that the first of them has waited
    age: float | None  # seconds since the serving generation was made; None: nothing serves
    documents: int
    passages: int
    refused: bool  # a newer generation could not be opened
    reload_failures: int
    off: bool
    memory: bool  # can be written


class Metrics:
    """Counts with a registry of their own: two bots in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        self._answers = Counter(
            "cdsbot_answers", "Questions answered", ["kind", "outcome"], registry=self.registry
        )
        self._steps = Histogram(
            "cdsbot_step_seconds", "Time by step; `reply` is all of it, from its turn in the chat to sent",
            ["step"], buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._refusals = Counter(
            "cdsbot_telegram_refusals", "Calls that Telegram refused, or that did not reach it",
            ["code"], registry=self.registry,
        )  # fmt: skip
        # named before they happen: a rate over a series that is not there is no zero
        for outcome in _OUTCOMES:
            self._answers.labels("question", outcome)
        for code in _CODES:
            self._refusals.labels(code)
        for step in STEPS:
            self._steps.labels(step)

    def follow(self, live: Callable[[], Live]) -> None:
        """Show what `live` tells whenever the metrics are read."""
        self.registry.register(_Following(live))

    def answered(
        self, kind: str, outcome: str, milliseconds: Mapping[str, float] | None = None
    ) -> None:
        """One more answer, and how long each step of finding it took."""
        self._answers.labels(kind, outcome).inc()
        for step, spent in (milliseconds or {}).items():
            if step in STEPS:  # `total` is their sum
                self.took(step, spent / 1000)

    def took(self, step: str, seconds: float) -> None:
        self._steps.labels(step).observe(seconds)

    def refused(self, code: str) -> None:
        """Telegram refused a call, with this status; or `network`, or `foreign`: not its words."""
        self._refusals.labels(code).inc()

    def exposed(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)


class _Following:
    """A collector of what is asked for rather than counted."""

    def __init__(self, live: Callable[[], Live]) -> None:
        self._live = live

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is asked at registration

    def collect(self) -> Iterator[Metric]:
        now = self._live()
        gauges = {
            "cdsbot_queue_updates": ("Updates that wait", now.waiting),
            "cdsbot_queue_oldest_seconds": ("How long the first of them has waited", now.oldest),
            "cdsbot_generation_age_seconds": ("Since the serving index was made", now.age),
            "cdsbot_generation_documents": ("Documents in it", now.documents),
            "cdsbot_generation_passages": ("Passages in it", now.passages),
            "cdsbot_generation_refused": ("1: a newer index could not be opened", now.refused),
            "cdsbot_off": ("1: answering is switched off", now.off),
            "cdsbot_memory_writable": ("1: the bot's memory can be written", now.memory),
        }
        for name, (about, value) in gauges.items():
            if value is not None:
                yield GaugeMetricFamily(name, about, value=float(value))
        yield CounterMetricFamily(
            "cdsbot_reload_failures", "Times a newer index could not be opened",
            value=now.reload_failures,
        )  # fmt: skip
