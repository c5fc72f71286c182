"""What delivery counts, for Prometheus. Labels are names of services, topics and event types, never ids.

What has no label `service` gets it from whoever scrapes (deploy/observability/prometheus.yml).
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

healthy = Gauge("loti_healthy", "1 while the health page says that all is well.", ["service"])

handled = Counter("loti_events_handled", "Events that had their effect.", ["service", "type"])
duplicates = Counter("loti_events_duplicate", "Events that came again and had no effect.", ["service"])
skipped = Counter(
    "loti_events_skipped", "Events of a type this service does not handle.", ["service", "type"]
)
parked = Counter("loti_events_parked", "Messages set aside as dead letters.", ["service", "topic"])
replayed = Counter("loti_events_replayed", "Dead letters that were handled after all.", ["service"])
retried = Counter("loti_batches_retried", "Batches tried again after a passing error.", ["service"])
rewound = Counter("loti_batches_rewound", "Batches given back to the broker to come again.", ["service"])
reconnected = Counter(
    "loti_consumer_reconnected", "Times a consumer without progress was restarted.", ["service"]
)
seconds = Histogram(
    "loti_batch_seconds",
    "From a batch received to its effects committed.",
    ["service"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
delay = Histogram(
    "loti_event_delay_seconds",
    "From an event said to its effect committed.",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600),
)
published = Counter("loti_events_published", "Events the relay gave to Kafka.", ["service"])
last_published = Gauge("loti_last_published_time_seconds", "When the relay last published.", ["service"])
relay_leads = Gauge("loti_relay_leads", "1 while this process publishes for its service.", ["service"])
outbox_depth = Gauge("loti_outbox_depth", "Events that wait for the relay.", ["service"])
outbox_age = Gauge("loti_outbox_age_seconds", "How long the oldest of them has waited.", ["service"])
dead_letters = Gauge("loti_dead_letters", "Dead letters that were not handled after all.", ["service"])
fresh_dead_letters = Gauge("loti_dead_letters_fresh", "Of them, set aside in the last hour.", ["service"])
oldest_dead_letter = Gauge(
    "loti_dead_letters_oldest_seconds", "How long the oldest has been so.", ["service"]
)
breaker_open = Gauge("loti_breaker_open", "1 while the consumer is stopped by its breaker.", ["service"])
consuming = Gauge("loti_consuming", "1 while the consumer is connected and not stopped.", ["service"])
lag = Gauge("loti_consumer_lag", "Messages not yet handled.", ["service", "topic", "partition"])
resting = Gauge(
    "loti_partitions_resting", "Partitions whose batch is held while the others go on.", ["service"]
)
batch_stands = Gauge("loti_batch_stands_seconds", "How long the batch in hand has waited at one place.")
topics_lost = Counter("loti_topics_lost", "Times a topic was gone and was made again, empty.", ["topic"])
rows_forgotten_at = Gauge(
    "loti_retention_time_seconds",
    "When the last look for rows that are too old was through, or the process began.",
)


def show(found: Mapping[str, Any]) -> None:
    """Set the gauges that say what a health page says. What never happened yet is shown as 0 from the start, so that its
    first time is a rise."""
    service = found["service"]
    healthy.labels(service).set(found["healthy"])
    if relay := found.get("relay"):
        relay_leads.labels(service).set(relay["state"] == "leading")
        published.labels(service)
    if consumer := found.get("consumer"):
        consuming.labels(service).set(consumer["state"] == "consuming")
        for counter in (duplicates, replayed, retried, rewound, reconnected):
            counter.labels(service)
