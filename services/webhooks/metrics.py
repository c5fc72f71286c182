"""What webhooks counts, for Prometheus."""

from prometheus_client import Counter, Gauge

attempts = Counter("loti_webhook_attempts", "Attempts to push an event, by how they ended.", ["outcome"])
pulled = Counter("loti_events_pulled", "Events that readers pulled.")
waiting = Gauge("loti_webhook_waiting", "Events that wait to be pushed.")
oldest_waiting = Gauge("loti_webhook_oldest_waiting_seconds", "How long the first of them has waited.")
disabled = Gauge("loti_webhook_endpoints_disabled", "Endpoints that get nothing until somebody enables them.")

for _outcome in ("taken", "failed"):  # 0 from the start, so that the first one is a rise
    attempts.labels(_outcome)
