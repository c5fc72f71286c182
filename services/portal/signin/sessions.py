"""Sessions: who is signed in. A session is a row here and a signed cookie there; the SQL is in `queries.sql`."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from services.portal.settings import PortalSettings
from services.portal.signin import kinds
from services.portal.signin.cookies import Cookies, session_in, signed
from services.portal.signin.keys import Keys, keys_of
from services.portal.signin.visitor import Visitor

_queries = queries_beside(__file__)
_ID_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one site."""

    keys: Keys
    cookies: Cookies
    lasts: timedelta

    async def begin(self, tx: Connection, contact_id: str, email_key: str, *, now: datetime) -> str:
        """A new session for whoever proved to read that address: its cookie's value, never an old one's."""
        session = secrets.token_urlsafe(_ID_BYTES)
        await _queries.begin_session(
            tx,
            id_hash=_hash(session),
            contact_id=contact_id,
            email_key=email_key,
            began_at=now,
            ends_at=now + self.lasts,
        )
        return signed(session, self.keys.for_("session"))

    def named(self, cookie: str | None) -> str | None:
        """The id of the session that a cookie names, if we signed it."""
        return session_in(cookie, self.keys.for_("session")) if cookie else None

    async def visitor(self, db: Any, session: str, *, now: datetime) -> Visitor | None:
        """Whose session that is; None where it has ended. `db`: a connection, or a pool."""
        row = await _queries.session_visitor(db, id_hash=_hash(session), now=now)
        if row is None:
            return None
        return kinds.visitor(
            row["id"],
            name=row["name"],
            email=row["email"],
            borough=row["borough"],
            roles=row["roles"],
            supports=row["supports"],
        )

    async def end(self, tx: Connection, session: str) -> None:
        """Sign out."""
        await _queries.end_session(tx, id_hash=_hash(session))


def sessions_of(settings: PortalSettings) -> Sessions:
    """As the portal is told. Raises NoKeys."""
    return Sessions(
        keys_of(settings.session_keys.get_secret_value()),
        Cookies(https=settings.portal_url.startswith("https://")),
        timedelta(hours=settings.session_hours),
    )


async def end_all(tx: Connection, contact_id: str) -> int:
    """Sign a contact out everywhere; how many sessions that were."""
    ended = await _queries.end_sessions(tx, contact_id=contact_id)
    return int(str(ended).rpartition(" ")[2])


async def running(tx: Connection, *, now: datetime) -> list[dict[str, Any]]:
    """Contacts that are signed in: how often, since when, until when. No names, no addresses."""
    return [dict(row) async for row in _queries.running_sessions(tx, now=now)]


def _hash(session: str) -> bytes:
    return hashlib.sha256(session.encode()).digest()
