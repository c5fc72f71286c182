"""What was kept before: a request as it was, whichever version kept it."""

from pydantic import ValidationError

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Request

_queries = queries_beside(__file__)


async def request_before(tx: Connection, request_id: str) -> Request | None:
    """A request as it is kept; None where it is not known, or was kept by an earlier version with less in it."""
    row = await _queries.load_case(tx, request_id=request_id)
    try:
        return Request.model_validate_json(row["request"]) if row else None
    except ValidationError:
        return None
