"""`loti person`: what the whole system holds on one person."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import asyncpg
import typer
from aiokafka.errors import KafkaError

from deploy.local.settings import SERVICES, NotHere, settings_of
from deploy.person_export import held_by_services, said_on_topics, terms_of

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.callback()
def person() -> None:
    """What the whole system holds on one person."""


@app.command()
def export(
    asked: Annotated[
        str, typer.Argument(metavar="CONTACT|ADDRESS", help="Its contact's id, or its address.")
    ],
    data: Annotated[Path, typer.Option(help="The data folder of `loti up`.")] = Path(".loti"),
) -> None:
    """Everything that every service and every topic holds on a person, as JSON. It is for that person: keep it from others.

    Elsewhere than under `loti up`, LOTI_DATABASE_PORTAL, LOTI_DATABASE_NOTIFY and so on name the databases of all services
    (logins that may read them), and LOTI_KAFKA the broker.
    """
    asked = asked.strip()
    if not 3 <= len(asked) <= 254 or not asked.isprintable():
        _refuse(f"{asked[:60]!r} is neither a contact's id nor an address", code=2)
    databases, kafka = _places(data)
    try:
        found = asyncio.run(_export(databases, kafka, asked))
    except (OSError, TimeoutError, asyncpg.PostgresError, KafkaError) as error:
        _refuse(f"not everything could be read, so nothing is shown: {type(error).__name__}: {error}")
    if not found["services"] and not found["topics"]:
        _refuse(
            f"nothing is held on {asked!r}: no contact has that id or address, and no service and no topic names it"
        )
    print(json.dumps(found, indent=2, ensure_ascii=False))


async def _export(databases: dict[str, str], kafka: str, asked: str) -> dict[str, Any]:
    terms = await terms_of(databases, asked)
    return {
        "asked": asked,
        "looked_for": list(terms),
        "services": await held_by_services(databases, terms),
        "topics": await said_on_topics(kafka, terms),
    }


def _places(data: Path) -> tuple[dict[str, str], str]:
    """Each service's database, and the broker: from the environment, if it names any of them, or the data folder."""
    given = {service: os.environ.get(f"LOTI_DATABASE_{service.upper()}") for service in SERVICES}
    if any(given.values()):
        missing = [f"LOTI_DATABASE_{name.upper()}" for name, dsn in given.items() if not dsn]
        if "LOTI_KAFKA" not in os.environ:
            missing.append("LOTI_KAFKA")
        if missing:
            _refuse(f"set {', '.join(missing)} too: what is held in part would look like all of it", code=2)
        return {name: dsn for name, dsn in given.items() if dsn}, os.environ["LOTI_KAFKA"]
    try:
        settings = {service: settings_of(service, data) for service in SERVICES}
    except NotHere as error:
        _refuse(str(error))
    return {name: one["LOTI_DATABASE"] for name, one in settings.items()}, settings["portal"]["LOTI_KAFKA"]


def _refuse(why: str, *, code: int = 1) -> NoReturn:
    print(f"loti person export: {why}", file=sys.stderr)
    raise typer.Exit(code)
