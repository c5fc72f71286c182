"""What ingest counts, for Prometheus. `source` is a board's id in the list of sources."""

from prometheus_client import Counter, Gauge, Histogram

polls = Counter("loti_polls", "Polls of boards.", ["source", "outcome"])
postings = Counter("loti_postings_read", "Postings read, digital or not, over all polls.", ["source"])
roles = Counter("loti_roles_said", "Events said about roles.", ["source", "kind"])
found_after = Histogram(
    "loti_posting_found_after_seconds",
    "From the beginning of the day on which an advert says it was posted to its being found: boards tell no hour.",
    buckets=tuple(days * 86_400 for days in (0.25, 0.5, 1, 2, 3, 7, 14, 30)),
)
refused = Counter("loti_postings_refused", "Postings that could not be read.", ["source"])
since_good = Gauge(
    "loti_source_seconds_since_good", "Since a board was last read completely, or became known.", ["source"]
)
failing = Gauge("loti_source_failing", "1 while a board is said to be failing.", ["source"])
