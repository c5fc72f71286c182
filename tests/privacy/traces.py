"""What the system keeps of a person beside what was said: mails that came back, sign-ins, messages that were set aside."""

import zlib
from collections.abc import Iterable
from typing import Any

from loti_contracts.delivery import parking
from loti_contracts.delivery.parking import Received
from tests.privacy.person import Person

Letter = tuple[str, str, str, str]
"""Topic, key, value and the reason why it could not be handled."""


async def mail_and_sign_in(town: Any, who: Person) -> None:
    """A mail to it came back, and it is about to sign in."""
    notify, portal = town.pools["notify"], town.pools["portal"]
    mail = await notify.fetchval(
        "SELECT mail_id FROM notification WHERE contact_id = $1 AND mail_id IS NOT NULL", who.id
    )
    assert mail is not None
    await notify.execute(
        "UPDATE mail SET answer = $2 WHERE id = $1", mail, f"550 {who.email} is unknown here"
    )
    await notify.execute(
        "UPDATE notification SET returned = $2 WHERE contact_id = $1", who.id, f"to {who.email}: full"
    )
    await notify.execute(
        "INSERT INTO soft_bounce (mail_id, contact_id, why) VALUES ($1, $2, 'full')", mail, who.id
    )
    await notify.execute(
        "INSERT INTO suppression SELECT address_key, id, 'bounced', 'unknown', now() FROM contact WHERE id = $1",
        who.id,
    )
    digest = who.tag.encode().ljust(32, b"\0")
    await portal.execute(
        "INSERT INTO portal_session VALUES ($1, $2, $3, now(), now() + interval '1 hour')",
        digest,
        who.id,
        who.email,
    )
    await portal.execute(
        "INSERT INTO sign_in_link VALUES ($1, $2, $2, '/', now(), now() + interval '1 hour')",
        digest,
        who.email,
    )
    await portal.execute(
        "INSERT INTO sign_in_post (email, back_to, asked_at, due_at) VALUES ($1, '/', now(), now())",
        who.email,
    )
    await portal.execute(
        "INSERT INTO audit (contact_id, what, subject) VALUES ($1, 'asked for help', $2)",
        who.id,
        who.at("asked"),
    )


async def set_aside(town: Any, service: str, letters: Iterable[Letter]) -> None:
    """Those of these messages that this service hears could not be handled."""
    heard = {topic.name for topic in town.services[service].hears}
    async with town.pools[service].acquire() as tx, tx.transaction():
        for topic, key, value, reason in letters:
            if topic in heard:
                place = zlib.crc32(f"{topic} {key} {reason}".encode()) // 2
                message = Received(topic, 0, place, 0, key.encode(), value.encode(), [])
                error = ValueError(reason)
                why = parking.reason_of(error)
                await parking.park(tx, message, service=service, reason=why, error=error, attempts=1)
