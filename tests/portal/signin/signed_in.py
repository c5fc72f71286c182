"""Signed-in sessions for tests: what the browser of somebody who signed in has."""

from datetime import UTC, datetime
from typing import Any

from services.portal.settings import PortalSettings
from services.portal.signin.sessions import sessions_of


async def signed_in(
    pool: Any, settings: PortalSettings, contact_id: str, *, now: datetime | None = None
) -> dict[str, str]:
    """The cookie, by name, of a new session of a contact that the portal knows."""
    sessions = sessions_of(settings)
    async with pool.acquire() as tx, tx.transaction():
        email_key = await tx.fetchval("SELECT email_key FROM contact WHERE id = $1", contact_id)
        cookie = await sessions.begin(tx, contact_id, email_key, now=now or datetime.now(UTC))
    return {sessions.cookies.session: cookie}
