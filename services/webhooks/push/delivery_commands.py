"""`loti webhooks test`, `deliveries` and `redeliver`: what was pushed, and pushing it again."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from services.webhooks import cloud_events, console
from services.webhooks.push import endpoint_changes, endpoints, signing
from services.webhooks.push.endpoints import Endpoint, queries
from services.webhooks.push.schedule import Answer
from services.webhooks.push.sealing import NotOpened
from services.webhooks.push.sending import Sender

_STATES = ("waiting", "delivered", "superseded", "failed")


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.command()(test)
    app.command()(deliveries)
    app.command()(redeliver)


def test(name: Annotated[str, typer.Argument(help="The endpoint's name.")]) -> None:
    """Push a test event to an endpoint now, once, and say what it answered; exit 1 if it did not take it."""
    answer, number = asyncio.run(_test(name))
    how = f"status {answer.status}" if answer.status is not None else "no answer"
    print(f"delivery {number}: {how} after {answer.seconds:.2f} s: {answer.said or '(no words)'}")
    if not answer.taken:
        raise typer.Exit(1)


def deliveries(
    name: Annotated[str, typer.Argument(help="The endpoint's name.")],
    state: Annotated[str | None, typer.Option(help=f"Only those: {', '.join(_STATES)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")] = False,
) -> None:
    """The log: each delivery with its attempts, when, how long, the status and the first words of the answer."""
    if state is not None and state not in _STATES:
        console.stop(f"there is no state {state!r}; there are {', '.join(_STATES)}", code=2)
    found, attempts = asyncio.run(_log(name, state, limit))
    for row in found:
        own = [one for one in attempts if one["delivery"] == row["id"]]
        if as_json:
            tried = [{key: value for key, value in dict(one).items() if key != "delivery"} for one in own]
            print(json.dumps(dict(row) | {"log": tried}, default=datetime.isoformat))
            continue
        due = f", next {console.moment(row['due_at'])}" if row["state"] == "waiting" else ""
        print(f"{row['id']}  {row['state']}{due}  {row['type']}  {row['key']}  {row['event_id']}")
        for one in own:
            status = one["status"] if one["status"] is not None else "---"
            print(f"    {console.moment(one['at'])}  {status}  {one['seconds']:.2f} s  {one['said']}")
    if not found and not as_json:
        print("No delivery.")


def redeliver(
    id: Annotated[str, typer.Argument(help="A delivery's number, or an event's id (webhook-id).")],
    to: Annotated[str | None, typer.Option(help="Only to this endpoint.")] = None,
) -> None:
    """Push it again, with the same webhook-id; nothing is changed unless all of it can be."""
    again = asyncio.run(_again(id, to))
    for row in again:
        print(f"delivery {row['id']}: {row['type']} {row['event_id']} goes to {row['endpoint']} again.")


async def _test(name: str) -> tuple[Answer, int]:
    known, seals = console.settings(), console.seals()
    async with console.database() as connection:
        endpoint = _there(await endpoints.endpoint(connection, name), name)
    now = datetime.now(UTC)
    id = f"test-{secrets.token_hex(12)}"
    body = cloud_events.test_body(id=id, endpoint=name, now=now).encode()
    try:
        signs = endpoint.secrets(now, seals)
    except NotOpened as error:
        console.stop(str(error))
    headers = signing.headers_of(id=id, body=body, secrets=signs, now=now)
    sender = Sender(timeout=known.webhook_timeout, allow_private=known.allow_private)
    async with sender:
        answer = await sender.send(endpoint.url, body=body, headers=headers)
    state = "delivered" if answer.taken else "failed"
    async with console.database() as tx:
        _there(await endpoints.endpoint(tx, name), name)
        number = await queries.add_tested(
            tx, endpoint=name, event_id=id, type=cloud_events.TEST_TYPE, state=state
        )
        await queries.record_attempt(
            tx, delivery=number, at=now, seconds=answer.seconds, status=answer.status, said=answer.said
        )
    return answer, int(number)


async def _log(name: str, state: str | None, most: int) -> tuple[list[Any], list[Any]]:
    async with console.database() as connection:
        _there(await endpoints.endpoint(connection, name), name)
        found = [row async for row in queries.deliveries(connection, endpoint=name, state=state, most=most)]
        ids = [row["id"] for row in found]
        return found, [row async for row in queries.attempts_of(connection, deliveries=ids)]


async def _again(id: str, to: str | None) -> list[Any]:
    async with console.database() as tx:
        found = await endpoint_changes.deliveries_called(tx, id, to)
        if not found:
            where = f" to {to}" if to else ""
            console.stop(
                f"there is no delivery{where} {id!r}; `loti webhooks deliveries NAME` shows their numbers"
            )
        for row in found:
            if row["type"] == cloud_events.TEST_TYPE:
                console.stop(
                    f"delivery {row['id']} was a test; `loti webhooks test {row['endpoint']}` makes a new one"
                )
            if row["disabled_because"]:
                console.stop(f"{row['endpoint']} is disabled ({row['disabled_because']}); enable it first")
            if not row["kept"]:
                console.stop(
                    f"the event {row['event_id']} is not kept any more: a newer state has superseded it"
                )
        await endpoint_changes.push_again(tx, [row["id"] for row in found])
        return found


def _there(endpoint: Endpoint | None, name: str) -> Endpoint:
    if endpoint is None:
        console.stop(f"there is no endpoint {name!r}; `loti webhooks list` names them")
    return endpoint
