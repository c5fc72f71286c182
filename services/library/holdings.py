"""What the library keeps. People are ids here; what they wrote to the reviewer is a draft's note."""

from typing import Final

from loti_contracts.delivery.holdings import Holding

HOLDINGS: Final = (
    Holding("items", "every item as it is now", "topics", because="As long as the library has it."),
    Holding("words", "every word that ever stood in an item", "topics"),
    Holding(
        "item_revisions",
        "every version of an item",
        "topics",
        learnt=("said_at",),
        because="To show what changed. An erasure takes the person's name and address out of them.",
    ),
    Holding(
        "drafts",
        "what waits for a review, or waited",
        "topics",
        about=("state",),
        because="To show what became of an offer. An erasure takes the person's words to the reviewer out of it.",
    ),
    Holding("reviews", "reviews that had their effect", "topics"),
    Holding("adverts", "adverts with a standard role, of which drafts are made", "topics"),
    Holding(
        "gaps",
        "each standard role and level that was ever advertised",
        "topics",
        learnt=("to_assemble", "assembled_from", "no_draft_because", "correlation_id", "causation_id"),
    ),
)
