"""What ingest counts, for Prometheus. `source` is a board's id in the list of sources."""

from prometheus_client import Counter, Gauge

polls = Counter("loti_polls", "Polls of boards.", ["source", "outcome"])
postings = Counter("loti_postings_read", "Postings read, digital or not, over all polls.", ["source"])
roles = Counter("loti_roles_said", "Events said about roles.", ["source", "kind"])
refused = Counter("loti_postings_refused", "Postings that could not be read.", ["source"])
since_good = Gauge(
    "loti_source_seconds_since_good", "Since a board was last read completely, or became known.", ["source"]
)
failing = Gauge("loti_source_failing", "1 while a board is said to be failing.", ["source"])
