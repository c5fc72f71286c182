"""Writing down: what became of a batch of mails, and the events that say so."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.people import suppression
from services.notify.people.choices import NoSuchContact
from services.notify.sending import ledger
from services.notify.sending.ledger import Claimed
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Refused
from services.notify.settings import NotifySettings

_queries = queries_beside(__file__)
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing is left to say, or nobody to say it to: it was not handed over."""

    answer: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one claimed mail.

    `withheld` are its notifications that are not told, and why; `unreachable` contacts whose address no mail can reach.
    """

    claimed: Claimed
    outcome: Outcome | Withheld
    withheld: Mapping[UUID, str] = field(default_factory=dict)
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A row of the ledger: `wait` seconds until it is due again; `offered` unless the relay was not asked at all."""

    status: Literal["sent", "due", "refused", "withheld", "sending"]
    answer: str
    wait: float = 0.0
    offered: bool = True


def written(result: Result, settings: NotifySettings, now: datetime) -> Written:
    """What the ledger says of a result. Pure.

    Refused for now: due again, after a wait that doubles, for `retry_days`; then it is given up. Where the relay was not
    asked (it was not reached, or the mail was held back here), nothing counts against the mail.
    """
    claimed = result.claimed
    match result.outcome:
        case Accepted(answer):
            return Written("sent", answer)
        case Refused(answer):
            return Written("refused", answer)
        case Withheld(answer):
            return Written("withheld", answer, offered=False)
        case InDoubt(answer):  # it is claimed anew after the lease
            return Written("sending", f"in doubt: {answer}")
        case NotNow(answer, unreachable=unreachable, wait=wait):
            if unreachable or wait is not None:
                return Written("due", answer, wait=wait or 0.0, offered=False)
            if (now - claimed.made_at).total_seconds() > settings.retry_days * 86_400:
                return Written("refused", f"given up after {settings.retry_days:g} days: {answer}")
            return Written("due", answer, wait=wait_after(claimed.mail.attempts, settings))


def wait_after(attempts: int, settings: NotifySettings) -> float:
    """Seconds until the next attempt: doubling, to a limit. Pure."""
    doubled: float = settings.retry_first * 2 ** min(attempts - 1, _MOST_DOUBLINGS)
    return min(doubled, settings.retry_most)


async def write_down(
    tx: Connection, results: Sequence[Result], settings: NotifySettings, now: datetime
) -> None:
    """Keep what became of these mails and say it, in a few statements however many they are.

    To write the same down twice does nothing, so it may be tried again where the commit's answer was lost.
    """
    reasons = {id_: why for result in results for id_, why in result.withheld.items()}
    await ledger.withhold(tx, reasons, in_hand=[result.claimed.mail.id for result in results])
    rows = [written(result, settings, now) for result in results]
    told = _queries.write_down(
        tx,
        ids=[result.claimed.mail.id for result in results],
        claims=[result.claimed.claimed_at for result in results],
        statuses=[row.status for row in rows],
        answers=[row.answer for row in rows],
        waits=[row.wait for row in rows],
        offers=[row.offered for row in rows],
    )
    await ledger.say(tx, [row async for row in told])
    for result, row in zip(results, rows, strict=True):
        for contact_id in result.unreachable:
            with contextlib.suppress(NoSuchContact):  # erased meanwhile, and its address with it
                await suppression.suppress(tx, contact_id, reason="bounced", why=row.answer)
