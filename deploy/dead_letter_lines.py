"""Dead letters as they are printed."""

import base64
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import typer

from loti_contracts.delivery import parking


def failed(row: dict[str, Any]) -> bool:
    """Whether it was tried and is set aside still."""
    return row["replay_asked_at"] is None and parking.status_of(row) == "parked"


def standing(row: dict[str, Any]) -> str:
    """What became of it, in words; nothing where it is only set aside."""
    if row["replayed_at"] is not None:
        return f"replayed at {row['replayed_at']:%d %b %H:%M} "
    if row["discarded_at"] is not None:
        return f"given up at {row['discarded_at']:%d %b %H:%M} by {row['discarded_by']}: {line(row['discarded_why'])} "
    return "" if row["replay_asked_at"] is None else "to be replayed as soon as the service runs "


def print_counts(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """How many there are of each service, topic and reason, the most first."""
    counts = Counter((row["service"] or "", row["topic"], row["reason"]) for row in rows)
    for (service, topic, reason), number in counts.most_common():
        if as_json:
            typer.echo(json.dumps({"service": service, "topic": topic, "reason": reason, "letters": number}))
        else:
            typer.echo(f"{number:7}  {service}  {topic}  {line(reason)}")


def line(text: str) -> str:
    """On one line, without what steers a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """As JSON holds it: bytes in base64, all else in words."""

    def simple(value: Any) -> Any:
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return value if isinstance(value, int | None) else str(value)

    return {name: simple(value) for name, value in row.items()} | {"headers": json.loads(row["headers"])}
