"""`loti notify newsletter send|status|cancel`."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from loti_contracts.delivery.database import Connection
from services.notify.newsletter import editions
from services.notify.newsletter.edition_file import FileRefused, read_file
from services.notify.newsletter.schedule import Decided, EditionRefused, TimeRefused, in_london, time_at
from services.notify.newsletter.terminal import (
    dead,
    links,
    progress_bar,
    read_edition,
    read_text,
    refuse,
    show,
    with_database,
)
from services.notify.settings import NotifySettings

_LOOK = 1.0
"""Seconds between two looks at what left."""
_STATUSES = ("sent", "sending", "due", "refused", "returned", "withheld")


def add_to(app: typer.Typer) -> None:
    """These commands, too."""
    app.command("send")(send)
    app.command("status")(status)
    app.command("cancel")(cancel)


def send(
    file: Annotated[Path, typer.Argument(help="The edition's Markdown file; - reads standard input.")],
    at: Annotated[
        str | None, typer.Option(help="When, in London's time: 2026-12-01T09:00. At once by default.")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--links/--no-links", help="Whether to ask every address first.")
    ] = True,
    follow: Annotated[bool, typer.Option("--follow", help="Watch it leave.")] = False,
) -> None:
    """Send an edition to everybody who said yes to the newsletter. The same file twice is one edition."""
    settings = NotifySettings()
    links("send", settings)
    now = datetime.now(UTC)
    try:
        send_at = time_at(at, now) if at else None
    except TimeRefused as error:
        refuse("send", f"--at {error}")
    edition, problems = read_edition("send", file, serious_too=True)
    show(file, problems)
    if ask and (wrong := dead("send", edition, settings)):
        show(file, wrong)
        refuse("send", f"{file} has links that lead nowhere; mend them, or say --no-links if you know better")

    async def schedule(tx: Connection) -> tuple[Decided, int]:
        what = await editions.schedule(tx, edition, send_at, now)
        return what, await editions.readers_to_come(tx, now)

    try:
        what, readers = with_database("send", settings, schedule)
    except EditionRefused as error:
        refuse("send", error)
    whom = f" to {readers:,} reader{'' if readers == 1 else 's'} as of now" if what.save else ""
    print(f"Edition {edition.id} {what.said}{whom}.")
    if follow:
        _follow(settings, edition.id)


def status(
    edition: Annotated[str | None, typer.Argument(help="Its id, or its file; all by default.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Watch it leave, until all of it has.")] = False,
    most: Annotated[int, typer.Option(min=1, help="How many editions at most, newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False,
) -> None:
    """Show how far editions are: their mails by what became of them, and how fast they leave."""
    settings = NotifySettings()
    if follow:
        if edition is None:
            refuse("status", "--follow needs the id of one edition, or its file")
        _follow(settings, _id("status", edition))
        return
    wanted = _id("status", edition) if edition else None

    async def load(tx: Connection) -> list[editions.Shown]:
        ids = [wanted] if wanted else [row["id"] for row in await editions.newest(tx, most)]
        return [await editions.shown(tx, id_) for id_ in ids]

    try:
        found = with_database("status", settings, load)
    except EditionRefused as error:
        refuse("status", error)
    if as_json:
        for one in found:
            facts = one.row | {"mails": one.mails, "a_minute": one.a_minute}
            sys.stdout.write(json.dumps(facts, default=str, ensure_ascii=False) + "\n")
        return
    if not found:
        print("There is no edition yet: loti notify newsletter draft")
        return
    print("\n\n".join(map(_told, found)))


def cancel(edition: Annotated[str, typer.Argument(help="Its id, or its file.")]) -> None:
    """Do not send an edition; of one that is being sent, send no more."""
    settings = NotifySettings()
    id_ = _id("cancel", edition)
    try:
        said = with_database("cancel", settings, lambda tx: editions.cancel(tx, id_))
    except EditionRefused as error:
        refuse("cancel", error)
    print(f"Edition {id_} {said}.")


def _id(command: str, edition: str) -> str:
    """Of an edition that is named by its id or by its file."""
    path = Path(edition)
    if edition != "-" and not path.suffix and not path.is_file():
        return edition
    try:
        return read_file(read_text(command, path)).id
    except FileRefused as error:
        show(path, error.problems)
        refuse(command, f"{edition} is no newsletter")


def _told(one: editions.Shown) -> str:
    """An edition in three lines."""
    row = one.row
    when = row["sent_at"] or row["began_at"] or row["send_at"]
    since = {"scheduled": "for", "sending": "since"}.get(row["status"], "on")
    at = f" {since} {in_london(when)}, London's time" if when else ""
    if row["status"] == "cancelled" and row["began_at"] is None:
        at = ""
    rate = f"; {one.a_minute:,} left in the last minute" if one.a_minute else ""
    return f"{row['id']}: {row['status']}{at}\n  {row['title']}\n  {_counts(one) or 'no mail yet'}{rate}"


def _counts(one: editions.Shown) -> str:
    return ", ".join(f"{one.mails[name]:,} {name}" for name in _STATUSES if one.mails.get(name))


def _follow(settings: NotifySettings, edition_id: str) -> None:
    """A bar that fills as mails leave, until nothing waits any more. Ctrl-C stops the watching, not the sending."""

    async def watch(tx: Connection) -> editions.Shown:
        one = await editions.shown(tx, edition_id, seconds=10)
        with progress_bar() as bar:
            task = bar.add_task(one.row["status"], total=one.all or None, rate="")
            while True:
                rate = f"{one.a_minute:,} a minute" if one.a_minute else ""
                bar.update(
                    task,
                    completed=one.all - one.left,
                    total=one.all or None,
                    description=one.row["status"],
                    rate=rate,
                )
                if one.row["status"] in ("sent", "cancelled") and not one.left:
                    return one
                await asyncio.sleep(_LOOK)
                one = await editions.shown(tx, edition_id, seconds=10)

    try:
        last = with_database("status", settings, watch, held=False)
    except EditionRefused as error:
        refuse("status", error)
    except KeyboardInterrupt:
        print("It goes on; this only stopped watching.")
        return
    print(f"Edition {edition_id} is {last.row['status']}: {_counts(last) or 'nobody got it'}.")
