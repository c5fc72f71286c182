"""What webhooks counts, for Prometheus."""

from prometheus_client import Counter, Gauge

attempts = Counter("loti_webhook_attempts", "Attempts to push an event, by how they ended.", ["outcome"])
pulled = Counter("loti_events_pulled", "Events that readers pulled.")
waiting = Gauge("loti_webhook_waiting", "Events that wait to be pushed.")
disabled = Gauge("loti_webhook_endpoints_disabled", "Endpoints that get nothing until somebody enables them.")
