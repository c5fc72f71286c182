"""Endings: how mails ended, counted and logged once the ledger has it. By ids: no address is logged."""

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog

from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Refused
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
    Withheld: logging.INFO,
}


def note(ended: Sequence[Result], counts: Counter[str]) -> None:
    """Count what the ledger now says; one line in the log for all that went well, one for each that did not."""
    sent = 0
    for result in ended:
        kind = type(result.outcome)
        counts[WORDS[kind]] += 1
        if kind is Accepted:
            sent += 1
            continue
        mail = result.claimed.mail
        _log.log(
            _LEVELS[kind],
            f"mail_{WORDS[kind].replace(' ', '_')}",
            answer=result.outcome.answer,
            mail_id=str(mail.id),
            kind=mail.kind,
            attempts=mail.attempts,
            doubts=mail.doubts,
        )
    if sent:
        _log.info("mails_sent", count=sent)
