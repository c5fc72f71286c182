"""Endings: how mails ended, counted and logged once the ledger has it. By ids: no address is logged."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import structlog

from services.notify import metrics
from services.notify.mails import Mail
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Refused
from services.notify.sending.promptness import from_posting
from services.notify.sending.writing_down import Result, Withheld

_log = structlog.get_logger("sending")

WORDS: Final[dict[type, str]] = {
    Accepted: "sent",
    NotNow: "deferred",
    Refused: "refused",
    InDoubt: "in doubt",
    Withheld: "withheld",
}
_LEVELS: Final[dict[type, int]] = {
    NotNow: logging.WARNING,
    Refused: logging.WARNING,
    InDoubt: logging.WARNING,
    Accepted: logging.INFO,
    Withheld: logging.INFO,
}


def note(ended: Sequence[Result], counts: Counter[str]) -> None:
    """Count what the ledger now says; one line in the log for each mail, with the threads of events that end in it, and
    one for all of a newsletter's that went well."""
    now = datetime.now(UTC)
    newsletters = 0
    for result in ended:
        kind = type(result.outcome)
        mail, outcome = result.claimed.mail, WORDS[kind].replace(" ", "_")
        counts[WORDS[kind]] += 1
        metrics.mails.labels(mail.kind, outcome).inc()
        if kind is Accepted:
            _time(result, now)
            if mail.kind == "newsletter":
                newsletters += 1
                continue
        _log.log(
            _LEVELS[kind],
            f"mail_{outcome}",
            answer=result.outcome.answer,
            mail_id=str(mail.id),
            kind=mail.kind,
            attempts=mail.attempts,
            doubts=mail.doubts,
            correlation_ids=_threads(mail),
        )
    if newsletters:
        _log.info("newsletters_sent", count=newsletters)


def _time(result: Result, now: datetime) -> None:
    waited = (now - result.claimed.made_at).total_seconds()
    metrics.mail_delay.labels(result.claimed.mail.kind).observe(max(0.0, waited))
    for seconds in from_posting(result.claimed.mail, now):
        metrics.posting_to_mail.observe(seconds)


def _threads(mail: Mail) -> list[str]:
    return sorted({item.correlation_id for item in mail.items})
