"""What delivery counts, for Prometheus. Labels are names of services, topics and event types, never ids."""

from prometheus_client import Counter, Gauge, Histogram

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
outbox_depth = Gauge("loti_outbox_depth", "Events that wait for the relay.", ["service"])
outbox_age = Gauge("loti_outbox_age_seconds", "How long the oldest of them has waited.", ["service"])
dead_letters = Gauge("loti_dead_letters", "Dead letters that were not handled after all.", ["service"])
fresh_dead_letters = Gauge("loti_dead_letters_fresh", "Of them, set aside in the last hour.", ["service"])
oldest_dead_letter = Gauge(
    "loti_dead_letters_oldest_seconds", "How long the oldest has been so.", ["service"]
)
breaker_open = Gauge("loti_breaker_open", "1 while the consumer is stopped by its breaker.", ["service"])
lag = Gauge("loti_consumer_lag", "Messages not yet handled.", ["service", "topic", "partition"])
resting = Gauge(
    "loti_partitions_resting", "Partitions whose batch is held while the others go on.", ["service"]
)
