"""`loti notify …`: look at the mails, and at what was sent to whom and why."""

import asyncio
import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from services.notify import ledger
from services.notify.compose import compose
from services.notify.examples import EXAMPLES
from services.notify.settings import NotifySettings

app = typer.Typer(
    name="notify", help="Email: what it looks like, and what was sent to whom and why.", no_args_is_help=True
)


class _Kind(StrEnum):
    NEW_ROLE = "new-role"
    NEW_ROLES = "new-roles"
    INTRODUCTION = "introduction"


@app.command()
def preview(
    kind: Annotated[_Kind, typer.Argument(help="Which mail to show, with made-up people in it.")],
    html: Annotated[
        bool, typer.Option("--html/--text", help="The HTML page, or the plain text with its subject.")
    ] = False,
) -> None:
    """Show an example of a mail, made by what makes the real ones."""
    letter = compose(EXAMPLES[kind.value], site_name=NotifySettings().site_name)
    sys.stdout.write(letter.html if html else f"Subject: {letter.subject}\n\n{letter.text}")


@app.command("ledger")
def show_ledger(
    event: Annotated[str | None, typer.Option(help="Only what this event (its ce_id) led to.")] = None,
    contact: Annotated[str | None, typer.Option(help="Only what this contact was told.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many rows at most, newest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False,
) -> None:
    """Show what was told to whom, why, and what the mail relay answered. By ids: it knows no addresses."""
    rows = asyncio.run(_entries(event, contact, most))
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
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


async def _entries(event: str | None, contact: str | None, most: int) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(NotifySettings().database.get_secret_value())
    try:
        return await ledger.entries(connection, event_id=event, contact_id=contact, most=most)
    finally:
        await connection.close()
