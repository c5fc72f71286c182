"""What webhooks keeps: the log of public events. It has people's ids, and what they wrote for everybody to read."""

from datetime import timedelta
from typing import Final

from loti_contracts.delivery.holdings import Holding

HOLDINGS: Final = (
    Holding("event_log", "which log this is", "own"),
    Holding(
        "events",
        "every public event, in the order in which it became visible",
        "topics",
        kept=timedelta(days=90),
        age="heard_at",
        about=("body",),
        learnt=("position", "heard_at"),
        setting="events_days",
        deleted_by="thinning, which keeps the newest state of each thing as its topic does",
        because="So that a system that was away for weeks catches up. What an owner took back is taken out at once.",
    ),
    Holding("things", "the newest state of each thing", "topics", learnt=("position",)),
    Holding(
        "endpoints",
        "whom events are pushed to, and the secrets",
        "own",
        because="Until the endpoint is removed.",
    ),
    Holding(
        "deliveries",
        "what is to be pushed, or was",
        "own",
        kept=timedelta(days=30),
        age="ended_at",
        setting="delivery_days",
        deleted_by="thinning, with the log",
        because="To see what a receiver was sent and when.",
    ),
    Holding("attempts", "each attempt at a delivery; they go with it", "own"),
    Holding(
        "readers",
        "who may read by cursor; tokens as hashes alone",
        "own",
        because="Until the reader is removed.",
    ),
)
