"""Links: mailed secrets that prove who reads an address. Only a link's hash is kept; the SQL is in `queries.sql`."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from services.portal.signin.addresses import Address

_queries = queries_beside(__file__)
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works: the address that it went to, and the page of ours to go on to."""

    address: Address
    back_to: str


async def make(tx: Connection, address: Address, back_to: str, *, now: datetime, lasts: timedelta) -> str:
    """A new link's token, 256 random bits."""
    token = secrets.token_urlsafe(32)
    await _queries.add_link(
        tx,
        token_hash=_hash(token),
        email=address.email,
        email_key=address.key,
        back_to=back_to,
        made_at=now,
        ends_at=now + lasts,
    )
    return token


async def look(db: Any, token: str, *, now: datetime) -> Link | None:
    """What the link says, without using it; None for one that was used, has ended or never was."""
    return (
        _link(await _queries.look_at_link(db, token_hash=_hash(token), now=now))
        if _SHAPE.fullmatch(token)
        else None
    )


async def use(tx: Connection, token: str, *, now: datetime) -> Link | None:
    """What the link says, once: it and every other link of its address are gone if `tx` commits."""
    if not _SHAPE.fullmatch(token):
        return None
    link = _link(await _queries.take_link(tx, token_hash=_hash(token), now=now))
    if link is not None:
        await _queries.drop_links(tx, email_key=link.address.key)
    return link


async def drop(tx: Connection, token: str) -> None:
    """The mail with it was not taken."""
    await _queries.drop_link(tx, token_hash=_hash(token))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _link(row: Any) -> Link | None:
    return Link(Address(row["email"]), row["back_to"]) if row else None
