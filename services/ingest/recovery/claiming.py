"""Claiming: when a board is read again, adverts that only their roles told of are the postings that it shows."""

from collections.abc import Mapping

import structlog

from loti_contracts.delivery.database import Connection, queries_beside
from services.ingest.identity import Seen
from services.ingest.recovery.standing_in import Standing, claims

_log = structlog.get_logger("polling")
_queries = queries_beside(__file__)


async def claim(tx: Connection, source_id: str, seen: Seen, keys: Mapping[str, str]) -> None:
    """Give adverts that stand in the ids of their postings. Right whatever is concluded of the reading; a board that
    nothing stands in for costs one look into an empty index."""
    standing = [
        Standing(row["id"], row["role_id"], row["link"])
        async for row in _queries.standing_in(tx, source=source_id)
    ]
    if not standing:
        return
    shown: dict[str, str | None] = {id_: role.links[0] for id_, role in seen.roles.items() if role.links}
    shown |= dict.fromkeys(seen.others)
    known = {row["id"] async for row in _queries.known_among(tx, ids=sorted(shown))}
    found = claims(standing, shown, known)
    await _queries.claim(
        tx,
        stand_ins=list(found),
        ids=list(found.values()),
        keys=[keys.get(id_) for id_ in found.values()],
    )
    _log.info("adverts_known_again", source=source_id, known=len(found), waiting=len(standing) - len(found))
