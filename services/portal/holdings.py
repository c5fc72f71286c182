"""What the portal keeps: the newest state of every topic that it hears, and who is signed in."""

from datetime import timedelta
from typing import Final

from loti_contracts.delivery.holdings import Holding

_HISTORY: Final = timedelta(days=400)
_HOUR: Final = timedelta(hours=1)
_STATED: Final = "As long as its topic holds it. An erasure takes the person's words out of it."


_STATED_HERE: Final = frozenset(
    ("request", "supporter", "answer", "outcome", "contribution", "review", "round", "contact", "replay")
)
"""What people state on the portal itself: it is kept a moment before its event says when."""


def _heard(
    table: str,
    what: str,
    *,
    about: tuple[str, ...] = (),
    kept: timedelta | None = None,
    because: str = "",
) -> Holding:
    return Holding(
        table,
        what,
        "topics",
        about=about,
        because=because,
        kept=kept,
        age="said_at" if kept else None,
        setting="history_days" if kept else None,
        learnt=("said_at",) if table in _STATED_HERE else (),
    )


_FOR_A_YEAR: Final = "As long as its topic keeps it, a little over a year."

HOLDINGS: Final = (
    _heard("role", "every role as it is now"),
    _heard("role_history", "what each event about a role changed"),
    _heard("role_word", "the words that titles and employers are made of"),
    _heard("benchmark", "every benchmark as it is now"),
    _heard("benchmark_history", "how a benchmark's middle moved"),
    _heard("signal", "pay signals", kept=_HISTORY, because=_FOR_A_YEAR),
    _heard("source", "boards that stopped being readable"),
    _heard("request", "every request for help", about=("contact_id", "state"), because=_STATED),
    _heard("supporter", "who can help", about=("contact_id", "state"), because=_STATED),
    _heard("answer", "the last answer to each match"),
    _heard("outcome", "what came of each introduction", because=_STATED),
    _heard(
        "match",
        "who is proposed to whom",
        about=("requester_contact_id", "supporter_contact_ids", "state"),
        because=_STATED,
    ),
    _heard(
        "follow_up",
        "questions how it went that fell due",
        about=("contact_ids",),
        kept=_HISTORY,
        because=_FOR_A_YEAR,
    ),
    _heard("demand", "standard roles that several boroughs look for"),
    _heard("novel_role", "roles of a kind not seen before"),
    _heard("hard_role", "roles that are hard to recruit"),
    _heard("item", "the library", because="As long as the library has it."),
    _heard("item_history", "earlier versions of the library's items", because="To show what changed."),
    _heard("draft", "what waits for a review, or waited", about=("contact_id", "state"), because=_STATED),
    _heard(
        "contribution", "what people offer to the library", about=("contact_id", "state"), because=_STATED
    ),
    _heard("review", "what reviewers said", about=("state",), because=_STATED),
    _heard("exemplar_gap", "what the library lacks"),
    _heard("edition", "the newsletters that were sent"),
    _heard("round", "rounds as last stated", about=("state",), because="By its id it names who ran it."),
    _heard("round_result", "how rounds came out"),
    _heard(
        "contact",
        "people: name, address, organisation, borough, roles",
        about=("id", "email", "email_key", "state"),
        because="Until the contact is erased; one that only subscribed and never said yes, for 90 days.",
    ),
    _heard(
        "subscriptions",
        "what each contact chose to hear of",
        about=("id",),
        because="Until the contact is erased.",
    ),
    _heard(
        "notification",
        "what each contact was told, by ids",
        about=("contact_id",),
        kept=_HISTORY,
        because=_FOR_A_YEAR,
    ),
    _heard("consumer", "services that stopped over too many dead letters, or went on"),
    _heard("dead_letter", "messages that services set aside", kept=_HISTORY, because=_FOR_A_YEAR),
    _heard(
        "replay",
        "dead letters that somebody wants handled again",
        about=("state",),
        kept=_HISTORY,
        because=_FOR_A_YEAR,
    ),
    Holding(
        "erased_contact",
        "who was erased, by id alone",
        "own",
        kept=timedelta(days=400),
        age="erased_at",
        about=("id",),
        because="As long as a backup or a broker's log might bring the person back: the erasure is said again then.",
    ),
    Holding(
        "audit",
        "who did what on the portal, by ids",
        "own",
        kept=timedelta(days=800),
        age="at",
        about=("contact_id",),
        setting="audit_days",
        because="To answer who did it for two years. It outlives an erasure, under an id that leads nowhere.",
    ),
    Holding(
        "portal_session",
        "who is signed in",
        "passing",
        kept=timedelta(0),
        age="ends_at",
        about=("contact_id", "email_key"),
        deleted_by="the post room, every minute",
        because="Until it ends, at sign-out, or with its contact.",
    ),
    Holding(
        "sign_in_link",
        "sign-in links that were mailed and not used",
        "passing",
        kept=_HOUR,
        age="ends_at",
        about=("email", "email_key"),
        deleted_by="the post room, every minute",
        because="Long enough to say that a link is too old.",
    ),
    Holding(
        "sign_in_ask",
        "how often links were asked for, by keyed hashes",
        "passing",
        kept=_HOUR,
        age="at",
        deleted_by="the post room, every minute",
        because="As long as the limits look back.",
    ),
    Holding(
        "sign_in_post",
        "links and subscriptions that were asked for and are not mailed yet",
        "passing",
        about=("email",),
        because="Until it is mailed or given up.",
    ),
)
