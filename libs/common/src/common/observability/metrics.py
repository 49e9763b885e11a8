"""Every metric of the suite. Each carries `service`, so that services sharing a process stay apart on `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

HTTP_REQUESTS = Counter("http_requests", "HTTP requests answered.", ["service", "method", "route", "status"])
HTTP_SECONDS = Histogram(
    "http_request_duration_seconds", "Time to answer.", ["service", "method", "route"], buckets=SECONDS
)
STEPS_FINISHED = Counter(
    "greenlight_steps_finished", "Attempts by how they ended.", ["service", "capability", "outcome"]
)
STEP_SECONDS = Histogram("greenlight_step_seconds", "Time an attempt took.", ["service", "capability"], buckets=SECONDS)
STEPS_ACTIVE = Gauge("greenlight_steps_active", "Attempts being worked on.", ["service", "capability"])
MESSAGES_DEAD = Counter("greenlight_messages_dead", "Messages given up and kept as dead letters.", ["service"])
DEAD_LETTERS_OPEN = Gauge(
    "greenlight_dead_letters_open",
    "Dead letters that nobody redrove or resolved, by who gave them up.",
    ["service", "by"],
)
OUTBOX_UNSENT = Gauge("greenlight_outbox_unsent", "Rows waiting to be published.", ["service"])
OUTBOX_SENT = Counter("greenlight_outbox_sent", "Rows acknowledged by JetStream.", ["service"])
OUTBOX_REWOUND = Counter("greenlight_outbox_rewound", "Rows to send again after the stream lost them.", ["service"])
AUDIT_ANCHORED = Counter("greenlight_audit_anchored", "Heads of audit chains that were signed.", ["service"])
AUDIT_BROKEN = Gauge("greenlight_audit_broken", "Audit chains whose last verification failed.", ["service"])
AUDIT_PENDING = Gauge("greenlight_audit_pending", "Audit entries about requests that are not written yet.", ["service"])
BUS_CONNECTED = Gauge("greenlight_bus_connected", "1 while connected to NATS.", ["service"])
LIMITER_OPEN = Counter("greenlight_limiter_unavailable", "Requests let through because Redis was away.", ["service"])
COST_MICROS = Counter(
    "greenlight_cost_usd_micros", "Money spent, in millionths of a dollar.", ["service", "capability"]
)
RUN_EVENTS = Counter("greenlight_run_events", "Entries added to the history of runs, by type.", ["service", "type"])
SERVICE_HEARD = Gauge("greenlight_service_heard", "1 while a service's heartbeats are heard.", ["service", "watched"])
READY_STEPS = Gauge("greenlight_ready_steps", "Steps that wait for a free worker.", ["service", "capability"])
TRANSITIONS = Counter("greenlight_transitions", "Run transitions committed.", ["service"])
SAFETY_CHECKS = Counter(
    "greenlight_safety_checks", "Texts that were to pass a shield, by what came of it.", ["service", "outcome"]
)
VIOLATIONS = Counter("greenlight_violations", "What shields stopped, by rule.", ["service", "rule"])
MEDIA_SCANS = Counter(
    "greenlight_media_scans",
    "Films, pictures and sounds that a scanner was to look at: scanned, kept from before, or failed.",
    ["service", "scanner", "outcome"],
)
MEDIA_SCAN_SECONDS = Histogram(
    "greenlight_media_scan_seconds", "Time a scan took.", ["service", "scanner"], buckets=SECONDS
)
GATES_OPEN = Gauge("greenlight_gates_open", "Airlock items waiting for a decision.", ["service"])
GATES_DECIDED = Counter("greenlight_gates_decided", "Decisions at the airlock.", ["service", "gate", "decision"])
SCHEDULED_STARTS = Counter(
    "greenlight_scheduled_starts", "Due instants of schedules, by outcome.", ["service", "outcome"]
)
MODEL_CALLS = Counter(
    "greenlight_model_calls", "Questions to language models, by how they ended.", ["service", "model", "outcome"]
)
MODEL_SECONDS = Histogram(
    "greenlight_model_seconds", "Time a language model took to answer.", ["service", "model"], buckets=SECONDS
)
MODEL_TOKENS = Counter(
    "greenlight_model_tokens", "Tokens read (`input`) and written by language models.", ["service", "model", "kind"]
)
TOOL_SECONDS = Histogram(
    "tool_duration_seconds", "Time a call of a tool or a vendor took.", ["service", "tool"], buckets=SECONDS
)
WEBHOOKS = Counter(
    "greenlight_webhooks", "Deliveries of outside systems, by what was done.", ["service", "vendor", "status"]
)
POSTS = Counter("greenlight_posts", "Posts by platform and visibility.", ["service", "platform", "visibility"])
LOOP_STALLS = Counter("greenlight_loop_stalls", "Times the event loop was kept from its work for over 100 ms of CPU.")
SOCKETS = Gauge("greenlight_sockets", "Open event-stream sockets.", ["service"])


class _OneService(Collector):
    """The process's metrics without the samples of other services."""

    def __init__(self, service: str) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        for metric in REGISTRY.collect():
            kept = [s for s in metric.samples if s.labels.get("service", self._service) == self._service]
            if kept:
                metric.samples = kept
                yield metric


def exposition(service: str) -> bytes:
    """The Prometheus text of one service, process metrics included."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_OneService(service))
    return generate_latest(registry)
