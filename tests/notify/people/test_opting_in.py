"""Opting in and out as the person sees it: the real sender over a real relay, and the real pages."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2

from services.notify.sending.from_settings import STEPS, delivery
from services.notify.sending.sender import Sending
from services.notify.settings import NotifySettings
from services.notify.web.app import web_app
from tests.notify.mail_relay import MailRelay
from tests.notify.making import contact, heard, role, stated
from tests.notify.people.making import ROLES, chosen

Hear = Callable[..., Awaitable[None]]


async def test_from_the_question_to_the_last_mail(
    pool: Any, settings: NotifySettings, relay: MailRelay, hear_all: Hear
) -> None:
    """Before the yes there is one mail, that asks; looking at its link, as a mail scanner does, changes nothing, and
    pressing its button does. Then what was asked for comes, and one POST to the address in its header stops it."""

    async def arrived() -> list[str]:
        sender = Sending(settings, pool, stopping, delivery(settings), STEPS)
        before = len(relay.taken)
        await sender.send_due()
        return [mail.get_body(("plain",)).get_content() for mail in relay.taken[before:]]  # type: ignore[union-attr]

    stopping = asyncio.Event()
    app = web_app(pool, settings)
    async with (
        pool.acquire() as tx,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=settings.public_url) as person,
    ):
        await hear_all(tx, stated(contact("contact-1", 1, ROLES)), heard(role("role-1")))
        [question] = await arrived()
        assert "Data Engineer" not in question
        [link] = set(re.findall(r"http\S+/confirm/\S+", question))
        path = urlsplit(link).path
        assert (await person.get(path)).status_code == 200
        assert (await chosen(tx)).status == "asked"
        assert await arrived() == []
        assert (await person.post(path)).status_code == 200
        assert (await chosen(tx)).status == "confirmed"
        [alert] = await arrived()
        assert "Data Engineer role-1" in alert
        header = str(relay.taken[-1]["List-Unsubscribe"]).split(",")[0].strip(" <>")
        await person.get(urlsplit(header).path)
        assert (await chosen(tx)).status == "confirmed"
        answer = await person.post(urlsplit(header).path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        await hear_all(tx, heard(role("role-2")))
        assert await arrived() == []
        assert (await person.post(path)).status_code == 409
        assert (await chosen(tx)).status == "withdrawn"
        rows = await tx.fetch(
            "SELECT kind, about FROM notification WHERE mail_id IS NOT NULL ORDER BY due_at"
        )
        assert [row["kind"] for row in rows] == ["confirmation", "new role"]
