"""Where dead letters are: in the one database that LOTI_DATABASE names, or in all of a `loti up`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from uuid import UUID

import asyncpg
import typer

from deploy.local.settings import SERVICES, NotHere, settings_of
from loti_contracts.delivery.choosing import Choice
from loti_contracts.delivery.database import OLDER
from loti_contracts.delivery.settings import ServiceSettings

Data = Annotated[
    Path | None, typer.Option(help="The data folder of a `loti up`: all its services, and no LOTI_DATABASE.")
]
Service = Annotated[str | None, typer.Option(help=f"With --data: this alone of {', '.join(SERVICES)}.")]
Topic = Annotated[str | None, typer.Option(help="Only messages of this topic.")]
Reason = Annotated[str | None, typer.Option(help="Only with these words in the reason, in any case.")]
Pattern = Annotated[
    str | None, typer.Option(help="Only where this regular expression is found in the reason.")
]
Older = Annotated[str | None, typer.Option(help="Only set aside longer ago than 7d, 12h, 30m.")]
Newer = Annotated[str | None, typer.Option(help="Only set aside within the last 7d, 12h, 30m.")]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """One service's database. `service` is empty where only its address is known."""

    service: str
    dsn: str = field(repr=False)


def places(data: Path | None, service: str | None) -> list[Place]:
    """The databases that are meant."""
    if data is None:
        if service is not None:
            refuse("--service chooses among the services of a `loti up`: give its folder with --data")
        return [Place("", ServiceSettings().database.get_secret_value())]
    try:
        names = SERVICES if service is None else (service,)
        return [Place(name, settings_of(name, data)["LOTI_DATABASE"]) for name in names]
    except NotHere as error:
        refuse(str(error))


def in_each(
    where: Sequence[Place], work: Callable[["asyncpg.Connection[Any]"], Awaitable[Found]]
) -> list[tuple[Place, Found]]:
    """Do it in every database, one after the other, each in a session of its own."""

    async def run(place: Place) -> Found:
        connection = await asyncpg.connect(place.dsn, timeout=10)
        try:
            return await work(connection)
        finally:
            await connection.close()

    async def run_all() -> list[tuple[Place, Found]]:
        return [(place, await run(place)) for place in where]

    try:
        return asyncio.run(run_all())
    except asyncpg.InvalidRegularExpressionError as error:
        refuse(f"--pattern is no regular expression: {error}")
    except OLDER:
        refuse("the database has no dead letters: no service has run on it in this version")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        named = f"of {where[0].service} and the others" if where[0].service else "that LOTI_DATABASE names"
        refuse(
            f"the database {named} cannot be used: {error}. For a `loti up`, give its folder with --data .loti"
        )


def choice_of(
    topic: str | None, reason: str | None, pattern: str | None, older: str | None, newer: str | None
) -> Choice:
    """What the options say."""
    return Choice(
        topic=topic,
        reason=reason,
        pattern=pattern,
        older=_ago("--older", older),
        newer=_ago("--newer", newer),
    )


def _ago(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    number, unit = text[:-1], text[-1:]
    if number.isascii() and number.isdecimal() and unit in _UNITS and len(number) < 6:
        return datetime.now(UTC) - timedelta(**{_UNITS[unit]: int(number)})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"{option} {text!r} is no age: say 90s, 30m, 12h, 7d or 2w, or a moment like 2026-11-22T09:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def id_of(text: str) -> UUID:
    """The id of a dead letter."""
    try:
        return UUID(text)
    except ValueError:
        refuse(f"{text!r} is no id of a dead letter; `loti dead-letters list` shows them")


def refuse(why: str) -> NoReturn:
    """End with 2 and the reason."""
    typer.echo(f"loti dead-letters: {why}", err=True)
    raise typer.Exit(2)
