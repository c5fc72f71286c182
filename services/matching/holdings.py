"""What matching keeps. People are ids here; what they wrote in their own words is their request's note, and an outcome's."""

from typing import Final

from loti_contracts.delivery.holdings import Holding

_STATED: Final = "As long as the topic holds it. An erasure takes the person's words out of it."

HOLDINGS: Final = (
    # Rows go before what they refer to.
    Holding("answers", "the last answer to each match", "topics"),
    Holding("outcomes", "the last outcome stated of each match", "topics", because=_STATED),
    Holding("round_places", "places that supporters keep for requests since a round", "topics"),
    Holding(
        "matches",
        "the match of each request as it was last said, who was ever proposed for it, and when it got how far first",
        "topics",
        about=("state", "offered"),
        # Of who was proposed before, and when, a match tells no more; `answered_revision` counts only while it is
        # declined or lapsed, and is then the revision that it was said for.
        learnt=(
            "offered",
            "answered_revision",
            "first_proposed_at",
            "first_answered_at",
            "introduced_at",
            "outcome_at",
        ),
        because=_STATED,
    ),
    Holding(
        "requests",
        "what each request last stated, and who is on its shortlist",
        "topics",
        about=("state",),
        learnt=("shortlisted", "worst", "judged_on", "first_stated_at"),
        because=_STATED,
    ),
    Holding(
        "supporters",
        "what each supporter last stated",
        "topics",
        about=("state",),
        learnt=("position", "written_by"),
        because=_STATED,
    ),
    Holding("waiting", "no longer written", "passing"),
    Holding("benchmarks", "the benchmark table as salaries last told it", "topics"),
    Holding("roles", "every role heard of, without its description", "topics"),
    Holding("demand_roles", "what demand has taken in of each role", "topics", learnt=("look_again",)),
    Holding("demand_requests", "requests that ask to fill a post of a standard role", "topics"),
    Holding(
        "shared_demand",
        "the shared demand of each standard role as last said",
        "topics",
        learnt=("look_again",),
    ),
    Holding("hard_roles", "roles that are or were hard to recruit, as last said", "topics"),
    Holding("novel_roles", "roles that are or were novel, as last said", "topics"),
    Holding("title_features", "which roles' titles have which word", "topics"),
    Holding("feature_links", "by what a word is found that is the same but for a slip", "topics"),
    Holding("demand_clock", "the latest moment at which demand was decided", "own"),
    Holding(
        "rounds",
        "rounds as last stated, and what was said of them",
        "topics",
        about=("state",),
        learnt=(
            "proposed",
        ),  # a result that is published or refused does not tell what was proposed before it
        because="As long as the topic holds it. By its id it names who ran it.",
    ),
)
