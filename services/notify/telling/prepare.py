"""Prepare: from what is known to the mails that are to be sent now, in transactions without a network call."""

from datetime import datetime, time

from loti_contracts.delivery.database import Connection
from services.notify.settings import NotifySettings
from services.notify.telling import store
from services.notify.telling.gathering import gather
from services.notify.telling.judging import judge
from services.notify.telling.timing import Digests


async def prepare(tx: Connection, settings: NotifySettings, now: datetime) -> bool:
    """Judge some of what came, and put some of what is due into mails; whether there is more to do at once.

    Any number of processes may do so at the same time.
    """
    digests = Digests(time.fromisoformat(settings.digest_at), settings.digest_weekday)
    await store.expect_growth(tx)
    more_to_judge = await judge(tx, now, digests)
    more_to_gather = await gather(tx, settings, now, digests)
    return more_to_judge or more_to_gather
