"""Asking for a link, or to hear of something: what a page does when an address is typed. It does the same for every
address; what follows from it is done apart from the page (`post.py`). The SQL is in `queries.sql`."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from loti_contracts.delivery.database import queries_beside
from loti_contracts.events import Subscription
from loti_contracts.events.base import Model
from services.portal.signin.addresses import Address
from services.portal.signin.keys import Keys
from services.portal.signin.limits import FOR_ADDRESS, FOR_CLIENT, Limits, Verdict, verdict

_queries = queries_beside(__file__)
_LIMITS: Final = Limits()

CHANNEL: Final = "sign_in_post"
"""Where the post room is told that something waits (PostgreSQL, NOTIFY)."""


class Wants(Model):
    """What somebody who is not signed in asks to hear of; its name, if it said one."""

    subscriptions: tuple[Subscription, ...] = Field(min_length=1)
    name: str = ""


async def ask(
    pool: Any,
    keys: Keys,
    address: Address,
    *,
    client: str,
    back_to: str,
    now: datetime,
    wants: Wants | None = None,
    limits: Limits = _LIMITS,
) -> Verdict:
    """Put it down, to be answered by mail. `client` is whom requests are counted by; `back_to` a page of ours."""
    by = keys.hashed("address", address.key), keys.hashed("client", client)
    async with pool.acquire() as tx, tx.transaction():
        await _queries.one_after_the_other(tx, address=by[0], client=by[1])
        asked = await _queries.count_asks(
            tx, address=by[0], client=by[1], address_since=now - FOR_ADDRESS, client_since=now - FOR_CLIENT
        )
        found = verdict(asked["by_address"], asked["by_client"], limits)
        if found != "refuse":
            await _queries.add_ask(tx, address=by[0], client=by[1], at=now)
        if found == "send":
            await _queries.add_post(
                tx,
                email=address.email,
                back_to=back_to,
                wants=wants.model_dump_json() if wants else None,
                asked_at=now,
            )
            await _queries.ring_post(tx)
    return found
