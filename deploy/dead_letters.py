"""`loti dead-letters`: what a service set aside, and letting it go on after its breaker opened."""

import asyncio
import getpass
import json
from dataclasses import replace
from typing import Annotated, Any, Final

import asyncpg
import typer

from deploy.dead_letter_lines import failed, line, plain, print_counts, standing
from deploy.dead_letter_places import (
    Data,
    Newer,
    Older,
    Pattern,
    Reason,
    Service,
    Topic,
    choice_of,
    id_of,
    in_each,
    places,
    refuse,
)
from loti_contracts.delivery import breaker, choosing, parking, replaying
from loti_contracts.delivery.choosing import Choice

app = typer.Typer(
    no_args_is_help=True,
    help="What a service set aside. LOTI_DATABASE names its database (`loti env`); --data means all of a `loti up`.",
)

_Json = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]
_Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", show_default=False)]
_All = Annotated[bool, typer.Option("--all", help="All that are set aside.")]
_NAME: Final = "name a dead letter, or --all, or which by --topic, --reason, --pattern, --older or --newer"


@app.command(name="list")
def list_(
    most: Annotated[int, typer.Option(min=1, help="How many of a service, newest first.")] = 50,
    replayed: Annotated[bool, typer.Option("--replayed", help="With those that were replayed.")] = False,
    discarded: Annotated[bool, typer.Option("--discarded", help="With those that were given up.")] = False,
    count: Annotated[bool, typer.Option("--count", help="How many of each topic and reason.")] = False,
    topic: Topic = None,
    reason: Reason = None,
    pattern: Pattern = None,
    older: Older = None,
    newer: Newer = None,
    data: Data = None,
    service: Service = None,
    as_json: _Json = False,
) -> None:
    """The dead letters, newest first, each with its reason."""
    status: list[choosing.Status] = ["parked"]
    status += ["replayed"] * replayed
    status += ["discarded"] * discarded
    choice = replace(choice_of(topic, reason, pattern, older, newer), status=tuple(status))
    many = choosing.MOST if count else most
    found = in_each(places(data, service), lambda db: choosing.letters(db, choice, most=many))
    rows = [row | {"service": place.service or row["said_by"]} for place, rows in found for row in rows]
    if count:
        print_counts(rows, as_json=as_json)
        return
    for row in rows:
        if as_json:
            print(json.dumps(plain(row)))
        else:
            whose = f"{row['service']}  " if data else ""
            since = f"{row['parked_at']:%d %b %H:%M}"
            print(f"{row['id']}  {since}  {whose}{row['topic']}  {standing(row)}{line(row['reason'])}")


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID")], data: Data = None, service: Service = None
) -> None:
    """One dead letter, whole: bytes and headers in base64, the stack of its error."""
    one = id_of(id_)
    for place, row in in_each(places(data, service), lambda db: parking.letter(db, one)):
        if row is not None:
            print(json.dumps(plain(row | {"service": place.service or row["said_by"]}), indent=2))
            return
    refuse(f"there is no dead letter {id_}")


@app.command()
def resume(data: Data = None, service: Service = None) -> None:
    """Close the breaker: the consumer goes on. Mend the cause first, or it opens again."""
    found = in_each(places(data, service), breaker.close_breaker)
    for place, was in found:
        if was:
            print(f"{place.service}: the consumer goes on" if place.service else "the consumer goes on")
    if not any(was for _, was in found):
        print("the breaker was not open" if len(found) == 1 else "no breaker was open")


@app.command()
def replay(
    ids: _Ids = None,
    every: _All = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for what comes of it.")] = 15.0,
    topic: Topic = None,
    reason: Reason = None,
    pattern: Pattern = None,
    older: Older = None,
    newer: Newer = None,
    data: Data = None,
    service: Service = None,
) -> None:
    """Have dead letters handled again by the running service. Mend the cause first.

    Ends with 1 where one was set aside again.
    """
    choice = _meant(ids, every, choice_of(topic, reason, pattern, older, newer))
    found = in_each(places(data, service), lambda db: _replayed(db, choice, wait))
    rows = [row for _, rows in found for row in rows]
    _all_there(choice, rows)
    if not rows:
        print("there is no dead letter to replay")
    for row in rows:
        print(
            f"{row['id']}  {standing(row) or 'set aside again: '}{line(row['reason']) if failed(row) else ''}"
        )
    if any(map(failed, rows)):
        raise typer.Exit(1)


@app.command()
def discard(
    why: Annotated[str, typer.Option(help="Why nothing is to come of it; no names of people.")],
    ids: _Ids = None,
    every: _All = False,
    by: Annotated[str | None, typer.Option(help="Who gives it up; your login by default.")] = None,
    topic: Topic = None,
    reason: Reason = None,
    pattern: Pattern = None,
    older: Older = None,
    newer: Newer = None,
    data: Data = None,
    service: Service = None,
) -> None:
    """Give dead letters up for good: they stay to be seen, with who did it and why, and are not handled again.

    Ends with 1 where one that was named had been replayed or given up before.
    """
    if not why.strip():
        refuse("--why is empty: say why nothing is to come of it; it is kept with the letter")
    choice = _meant(ids, every, choice_of(topic, reason, pattern, older, newer))
    found = in_each(
        places(data, service), lambda db: _discarded(db, choice, by=by or getpass.getuser(), why=why.strip())
    )
    rows = [row for _, rows in found for row in rows]
    _all_there(choice, rows)
    if not rows:
        print("there is no dead letter to give up")
    for row in rows:
        print(f"{row['id']}  {'' if row['now'] else 'was '}{standing(row)}")
    if not all(row["now"] for row in rows):
        raise typer.Exit(1)


async def _replayed(db: "asyncpg.Connection[Any]", choice: Choice, wait: float) -> list[dict[str, Any]]:
    """Ask for them, and look until the service has the answer; the letters as they are then."""
    meant = [row["id"] for row in await choosing.letters(db, choice)]
    asked = await replaying.ask_all(db, meant)
    ids = [*asked, *(id_ for id_ in meant if id_ not in set(asked))]
    until = asyncio.get_running_loop().time() + wait
    while True:
        found = [row for id_ in ids if (row := await parking.letter(db, id_))]
        if asyncio.get_running_loop().time() >= until or not any(row["replay_asked_at"] for row in found):
            return found
        await asyncio.sleep(0.2)


async def _discarded(
    db: "asyncpg.Connection[Any]", choice: Choice, *, by: str, why: str
) -> list[dict[str, Any]]:
    """All that are meant, as they are then; `now`: whether it was given up by this."""
    async with db.transaction():
        meant = await choosing.letters(db, choice)
        done = {row["id"] for row in await choosing.discard(db, [row["id"] for row in meant], by=by, why=why)}
        after = await choosing.letters(db, Choice(status=None, ids=tuple(row["id"] for row in meant)))
    return [row | {"now": row["id"] in done} for row in after]


def _meant(ids: list[str] | None, every: bool, choice: Choice) -> Choice:
    chosen = choice != Choice()
    if bool(ids) == (every or chosen):
        refuse(_NAME)
    return Choice(status=None, ids=tuple(map(id_of, ids))) if ids else choice


def _all_there(choice: Choice, rows: list[dict[str, Any]]) -> None:
    for id_ in set(choice.ids or ()) - {row["id"] for row in rows}:
        refuse(f"there is no dead letter {id_}")
