"""Finds what a service's tables hold on one person, by what its holdings say."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.holdings import Holding

_NOT_SHOWN: Final = ("_hash", "digest", "secret", "address_key")
"""Columns that end so are of use to whoever wants to break in, and tell the person nothing."""
_TEXT: Final[Mapping[str, str]] = {
    "text[]": "array_to_string({}, ' ')",
    "bytea": "encode({}, 'escape')",
}
"""How a column of that type is looked through; every other one as its text."""


def pattern_of(terms: Sequence[str]) -> str:
    """A regular expression, of PostgreSQL and of Python, for any of these ids or addresses as a word of its own."""
    either = "|".join(re.sub(r"(\W)", r"\\\1", term) for term in terms)
    return f"(^|[^A-Za-z0-9_.@+-])({either})($|[^A-Za-z0-9_@+-])"


async def rows_about(connection: Connection, holding: Holding, terms: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of that table that name one of these ids or addresses, ready for JSON; none where it is about nobody."""
    if not holding.about or not terms:
        return []
    types = {
        row["name"]: row["type"]
        for row in await connection.fetch(
            "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
            " WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
            holding.table,
        )
    }
    found = " OR ".join(f"{_as_text(name, types[name])} ~* $1" for name in holding.about)
    shown = ", ".join(
        f'"{name}"' for name, type_ in types.items() if type_ != "tsvector" and not name.endswith(_NOT_SHOWN)
    )
    rows = await connection.fetch(f"SELECT {shown} FROM {holding.table} WHERE {found}", pattern_of(terms))
    return [{name: plain(value, types[name]) for name, value in row.items()} for row in rows]


def plain(value: Any, type_: str = "") -> Any:
    """A column's value as JSON has it: times as RFC 3339, bytes as their text or else base64, JSON as what it says."""
    if type_ == "jsonb" and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _as_text(name: str, type_: str) -> str:
    return _TEXT.get(type_, "{}::text").format(f'"{name}"')
