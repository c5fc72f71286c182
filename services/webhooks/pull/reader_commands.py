"""`loti webhooks reader`: who may pull events over HTTP."""

import asyncio
import json
import secrets
from typing import Annotated, Any

import typer

from services.webhooks import console
from services.webhooks.pull.pulling import digest_of, queries

app = typer.Typer(name="reader", no_args_is_help=True, help="Who may pull events: GET /events.")


@app.command()
def add(name: Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.")]) -> None:
    """Let a system pull, and print its token: it is shown once, and kept as a digest alone."""
    console.name_of(name)
    token = f"lr_{secrets.token_urlsafe(32)}"
    if not asyncio.run(_rows(queries.add_reader, name=name, digest=digest_of(token))):
        console.stop(f"there is a reader {name} already; choose another name, or remove it first")
    print(f"{token}\n\nBegin with:  curl -H 'Authorization: Bearer {token}' 'https://HOST/events?limit=10'")
    print("and go on from the Loti-Cursor header of each answer:  …/events?after=CURSOR&wait=30")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False) -> None:
    """Every reader, when it read last and how many events it has yet to read."""
    found = asyncio.run(_rows(queries.readers))
    for row in found:
        if as_json:
            moments = {
                name: at.isoformat() if (at := row[name]) else None for name in ("made_at", "last_read_at")
            }
            print(json.dumps({"name": row["name"], "behind": row["behind"], **moments}))
        else:
            read = (
                f"last read {console.moment(row['last_read_at'])} UTC"
                if row["last_read_at"]
                else "never read"
            )
            print(f"{row['name']}: {read}, {row['behind']} events behind")
    if not found and not as_json:
        print("No reader.")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="The reader's name.")]) -> None:
    """Its token is worth nothing from now on."""
    if not asyncio.run(_rows(queries.remove_reader, name=name)):
        console.stop(f"there is no reader {name!r}; `loti webhooks reader list` names them")
    print(f"{name} is removed.")


async def _rows(query: Any, **given: object) -> list[Any]:
    async with console.database() as tx:
        return [row async for row in query(tx, **given)]
