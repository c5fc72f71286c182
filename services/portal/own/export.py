"""Everything that the portal holds on somebody who is signed in, for that person alone. The SQL is in `queries.sql`."""

import json
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside

_queries = queries_beside(__file__)


async def export(tx: Connection, contact_id: str, *, now: datetime) -> str:
    """As JSON: what is known of the person, what it said, what it was told, what it did here. Others are ids, without
    what they wrote: their words are theirs."""
    rows = [row async for row in _queries.held(tx, contact_id=contact_id)]
    found: dict[str, Any] = {row["what"]: json.loads(row["rows"]) for row in rows}
    about = {
        "contact_id": contact_id,
        "made_at": now.isoformat(timespec="seconds"),
        "kept_elsewhere": "Our emails to you are in your mailbox alone; of each we keep what it told of and when, which "
        'stands under "what you were told". Other parts of this site keep the same facts to do their work; ask '
        "LOTI for all of them.",
    }
    return json.dumps(about | found, indent=2, ensure_ascii=False)
