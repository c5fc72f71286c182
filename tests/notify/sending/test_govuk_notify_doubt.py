"""Doubt about a mail that GOV.UK Notify may have is resolved by asking it: with the real sender, on a real database."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from services.notify.sending.from_settings import delivery
from services.notify.sending.sender import sender
from services.notify.settings import NotifySettings
from tests.notify.sending import made
from tests.notify.sending.govuk_notify_api import KEY, TEMPLATE, GovukNotifyApi
from tests.notify.sending.running import mails, said, statuses_are, until


@pytest.fixture
def api() -> Iterator[GovukNotifyApi]:
    """An API that answers."""
    api = GovukNotifyApi()
    api.start()
    yield api
    api.stop()


@pytest.fixture
def govuk(settings: NotifySettings, api: GovukNotifyApi) -> NotifySettings:
    """Settings for it; a mail is in doubt after a second."""
    return settings.model_copy(
        update={
            "transport": "govuk-notify",
            "govuk_notify_url": api.url,
            "govuk_notify_key": SecretStr(KEY),
            "govuk_notify_template": TEMPLATE,
            "lease": 1.0,
        }
    )


async def send_until(settings: NotifySettings, pool: Any, **counts: int) -> None:
    """Senders at work until so many mails are in each of these statuses."""
    stopping = asyncio.Event()
    working = asyncio.create_task(sender(settings, delivery(settings), ())(pool, stopping))
    try:
        await until(statuses_are(pool, **counts))
    finally:
        stopping.set()
        await working


async def test_the_answer_never_came(govuk: NotifySettings, pool: Any, api: GovukNotifyApi) -> None:
    """A mail that GOV.UK Notify took, without our hearing of it, is asked for and not sent again."""
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ["contact-1"])
        [mail] = await made.digests(tx, ["contact-1"])
    api.faults.append("take and stall")
    await send_until(govuk, pool, sent=1)
    [kept] = await mails(pool)
    [taken] = api.taken
    assert (kept["doubts"], taken["id"] in kept["answer"]) == (1, True)
    assert api.asked_for == [str(mail)]
    assert [one["status"] for one in await said(pool)] == ["sent"]


async def test_each_once_whatever_happens(govuk: NotifySettings, pool: Any, api: GovukNotifyApi) -> None:
    """Through an API that breaks connections before and after it took a mail, answers 5xx and 429 and nonsense, every
    recipient gets every mail exactly once, the two of an introduction among them."""
    ids = [f"contact-{n}" for n in range(30)]
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, [*ids, "asks", "helps"])
        await made.digests(tx, ids)
        await made.introduction(tx)
    bad = ["drop", "take and drop", "500 Exception", "503 Unavailable", "nonsense", "429 RateLimitError", ""]
    api.faults.extend(random.Random(7).choices(bad, k=40))
    await send_until(govuk, pool, sent=31)
    got = Counter(one["email_address"] for one in api.taken)
    assert got == Counter(made.address(id_) for id_ in [*ids, "asks", "helps"])
    assert not api.faults
    assert len(await said(pool)) == 32
