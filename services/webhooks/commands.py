"""`loti webhooks`: who is told of events without Kafka, by hand."""

import asyncio
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from loti_contracts.vocabulary import authorities
from services.webhooks import console
from services.webhooks.concerns import NoSuchAuthority
from services.webhooks.filters import Filter, NoSuchType, filter_of
from services.webhooks.pull import reader_commands
from services.webhooks.push import delivery_commands, endpoint_changes, endpoints, signing
from services.webhooks.push.endpoints import Endpoint
from services.webhooks.push.sending import NotAnEndpoint, checked_url

app = typer.Typer(name="webhooks", no_args_is_help=True, help="Events for those who cannot speak Kafka.")
app.add_typer(reader_commands.app)
delivery_commands.add_to(app)

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")]


@app.callback()
def _webhooks() -> None:
    """Events for those who cannot speak Kafka: pushed as Standard Webhooks, or pulled by cursor."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.")],
    url: Annotated[str, typer.Argument(help="Where events are pushed to; https.")],
    type: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these events, such as role.discovered or 'role.*'; may be given several times."
        ),
    ] = None,
    authority: Annotated[
        list[str] | None,
        typer.Option(
            help="Only what concerns this authority, by name or GSS code; may be given several times."
        ),
    ] = None,
    current: Annotated[
        bool, typer.Option("--current", help="Push the newest state of each thing first.")
    ] = False,
) -> None:
    """Push events to an address from now on, and print the secret that verifies them: it is shown once."""
    console.name_of(name)
    known = console.settings()
    try:
        checked_url(url, allow_http=known.allow_http, allow_private=known.allow_private)
        wanted = filter_of(type or (), authority or ())
    except (NotAnEndpoint, NoSuchType, NoSuchAuthority) as error:
        console.stop(str(error), code=2)
    secret = signing.secret_of(secrets.token_bytes(32))
    sealed = console.seals().seal(secret, endpoint=name)
    waiting = asyncio.run(_add(name, url, wanted, sealed, current=current))
    if waiting is None:
        console.stop(f"there is an endpoint {name} already; choose another name, or remove it first")
    print(f"{name} gets {_words(wanted)}, {waiting} of them now.\nIts secret, shown this once:\n{secret}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every endpoint: what it gets, what waits for it, and why it is disabled."""
    found, waiting = asyncio.run(_all())
    for one in found:
        behind = waiting.get(one.name)
        print(_row(one, behind) if as_json else _text(one, behind))
    if not found and not as_json:
        print("No endpoint.")


@app.command()
def rotate(
    name: Name,
    hours: Annotated[
        float | None, typer.Option(min=0, max=8760, help="How long the old secret signs as well.")
    ] = None,
) -> None:
    """Print a new secret; for a day, or as said, events are signed with the old one too."""
    both = console.settings().rotation_hours if hours is None else hours
    secret = signing.secret_of(secrets.token_bytes(32))
    until = datetime.now(UTC) + timedelta(hours=both)
    sealed = console.seals().seal(secret, endpoint=name)

    async def change() -> bool:
        async with console.database() as tx:
            return await endpoint_changes.rotate(tx, name, sealed, until=until)

    if not asyncio.run(change()):
        _unknown(name)
    print(f"Events are signed with both secrets until {console.moment(until)} UTC. The new one:\n{secret}")


@app.command()
def enable(name: Name) -> None:
    """Push to it again: first the newest state of each thing that it has missed."""

    async def change() -> int | None:
        async with console.database() as tx:
            return await endpoint_changes.enable(tx, name)

    waiting = asyncio.run(change())
    if waiting is None:
        _unknown(name)
    print(f"{name} is enabled; {waiting} events wait for it.")


@app.command()
def disable(
    name: Name, why: Annotated[str, typer.Option(help="For those who ask.")] = "disabled by hand"
) -> None:
    """Push nothing to it until it is enabled; of each thing the newest state waits."""

    async def change() -> bool:
        async with console.database() as tx:
            return await endpoint_changes.disable(tx, name, why)

    if not asyncio.run(change()):
        _unknown(name)
    print(f"{name} is disabled.")


@app.command()
def remove(name: Name) -> None:
    """Forget an endpoint, with what waits for it and the log of its deliveries."""

    async def change() -> bool:
        async with console.database() as tx:
            return await endpoint_changes.remove(tx, name)

    if not asyncio.run(change()):
        _unknown(name)
    print(f"{name} is removed.")


async def _add(name: str, url: str, wanted: Filter, sealed: str, *, current: bool) -> int | None:
    async with console.database() as tx:
        return await endpoint_changes.add(tx, name, url, wanted, sealed, current=current)


async def _all() -> tuple[list[Endpoint], dict[str, Any]]:
    async with console.database() as connection:
        waiting = {row["endpoint"]: row async for row in endpoints.queries.waiting_by_endpoint(connection)}
        return await endpoints.endpoints(connection), waiting


def _unknown(name: str) -> None:
    console.stop(f"there is no endpoint {name!r}; `loti webhooks list` names them")


def _words(wanted: Filter) -> str:
    what = f"events of {', '.join(wanted.types)}" if wanted.types else "every public event"
    return what + (
        f" that concern {', '.join(authorities()[gss].name for gss in wanted.authorities)}"
        if wanted.authorities
        else ""
    )


def _text(one: Endpoint, behind: Any) -> str:
    state = f"DISABLED: {one.disabled_because}" if one.disabled_because else "enabled"
    if one.failing_since and not one.disabled_because:
        state = f"failing since {console.moment(one.failing_since)} UTC"
    waits = (
        f"{behind['waiting']} wait since {console.moment(behind['since'])} UTC" if behind else "nothing waits"
    )
    last = f"last success {console.moment(one.last_success_at)}"
    return f"{one.name}: {state}\n  {one.url}\n  {_words(one.wanted)}; {waits}; {last}"


def _row(one: Endpoint, behind: Any) -> str:
    moments = {
        name: at.isoformat() if (at := getattr(one, name)) else None
        for name in ("failing_since", "not_before", "last_success_at")
    }
    return json.dumps(
        {"name": one.name, "url": one.url, "types": one.wanted.types, "authorities": one.wanted.authorities,
         "disabled_because": one.disabled_because, "waiting": behind["waiting"] if behind else 0, **moments}
    )  # fmt: skip
