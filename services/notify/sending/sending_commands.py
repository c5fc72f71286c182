"""`loti notify ledger` and `loti notify send-due`: what was told to whom and why, and sending it by hand."""

import asyncio
import json
import signal
import sys
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from loti_contracts.delivery.database import PASSING, open_pool
from loti_contracts.delivery.logs import set_up_logs
from services.notify.sending import ledger
from services.notify.sending.endings import WORDS
from services.notify.sending.from_settings import STEPS, delivery
from services.notify.sending.sender import Sending
from services.notify.settings import NotifySettings

app = typer.Typer()

_NO_DATABASE: tuple[type[BaseException], ...] = (*PASSING, asyncpg.PostgresError)
_ENDINGS = tuple(WORDS.values())


@app.command("ledger")
def show_ledger(
    event: Annotated[str | None, typer.Option(help="Only what this event (its ce_id) led to.")] = None,
    contact: Annotated[str | None, typer.Option(help="Only what this contact (its id) was told.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many rows at most, newest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False,
) -> None:
    """Show what was told to whom, why or why not, and what the mail relay answered. By ids: it knows no addresses."""
    rows = _with_database(_entries(event, contact, most))
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, default=_in_json, ensure_ascii=False) + "\n")
        return
    if not rows:
        about = " and ".join(filter(None, (event and f"event {event!r}", contact and f"contact {contact!r}")))
        Console(stderr=True).print(
            f"Nothing was told{f' for {about}' if about else ' yet'}.", highlight=False
        )
        return
    table = Table("due", "kind", "about", "contact", "status", "tries", "answer", "why")
    for row in rows:
        doubts = f" ({row['doubts']} in doubt)" if row["doubts"] else ""
        table.add_row(
            f"{row['due_at']:%Y-%m-%d %H:%M:%S}",
            row["kind"],
            row["about"],
            row["contact_id"],
            row["status"],
            f"{row['attempts']}{doubts}",
            row["answer"] or "",
            row["why"],
        )
    Console().print(table)


@app.command("send-due")
def send_due(
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one line of JSON; no bar.")] = False,
) -> None:
    """Send all that is due now, and say how it ended. Safe beside a running service; Ctrl-C stops in good order.

    Exit 1 where the relay could not be reached.
    """
    settings = NotifySettings()
    try:
        how = delivery(settings)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="settings") from error
    set_up_logs("notify", form="console", level="ERROR")
    reached, counts = _with_database(_send(settings, how, shown=not as_json))
    if as_json:
        sys.stdout.write(json.dumps(counts) + "\n")
    else:
        words = [f"{counts[ending.replace(' ', '_')]} {ending}" for ending in _ENDINGS]
        waits = f"{counts['waiting']} wait for their time" + (
            f", the next in {counts['next']:.0f} seconds" if counts["next"] is not None else ""
        )
        typer.echo(f"{', '.join(words)}; {waits}.")
    if not reached:
        typer.echo(
            f"The relay at {settings.smtp_host}:{settings.smtp_port} serves nobody now: `loti notify ledger` has its "
            "answer. What was not sent stays due."
            if settings.transport == "smtp"
            else "GOV.UK Notify serves nobody now: `loti notify ledger` has its answer. What was not sent stays due.",
            err=True,
        )
        raise typer.Exit(1)


def _in_json(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _with_database(work: Any) -> Any:
    try:
        return asyncio.run(work)
    except _NO_DATABASE as error:
        typer.echo(
            f"The database could not be used ({type(error).__name__}: {str(error)[:200]}). Is LOTI_DATABASE right, "
            "and has the notify service run once, so that its tables are there?",
            err=True,
        )
        raise typer.Exit(1) from error


async def _send(settings: NotifySettings, how: Any, *, shown: bool) -> tuple[bool, dict[str, Any]]:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopping.set)
    async with await open_pool(settings.database.get_secret_value()) as pool:
        sending = Sending(settings, pool, stopping, how, STEPS)
        bar = asyncio.create_task(_bar(pool, sending)) if shown else None
        try:
            reached = await sending.send_due()
        finally:
            if bar is not None:
                bar.cancel()
                await asyncio.gather(bar, return_exceptions=True)
        left = await ledger.to_send(pool)
    counts = {ending.replace(" ", "_"): sending.counts[ending] for ending in _ENDINGS}
    return reached, counts | {"waiting": left.waiting, "next": left.next}


async def _bar(pool: "asyncpg.Pool[Any]", sending: Sending) -> None:
    """How many mails ended of those that are due, four times a second."""
    with Progress(
        TextColumn("Sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        task = progress.add_task("sending", total=None)
        while True:
            left = await ledger.to_send(pool)
            done = sending.counts.total()
            progress.update(task, completed=done, total=done + left.now + left.in_hand)
            await asyncio.sleep(0.25)


async def _entries(event: str | None, contact: str | None, most: int) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(NotifySettings().database.get_secret_value())
    try:
        return await ledger.entries(connection, event_id=event, contact_id=contact, most=most)
    finally:
        await connection.close()
