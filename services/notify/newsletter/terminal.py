"""What the newsletter's commands have in common: files, the database, and how they refuse."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from loti_contracts.delivery.database import OLDER, PASSING, Connection
from services.notify.newsletter.checked_words import WrittenLink, links_in
from services.notify.newsletter.checking import problems_of
from services.notify.newsletter.edition_file import EditionFile, Problem
from services.notify.newsletter.editions import item
from services.notify.newsletter.links_checked import dead_links, event_of, own_page
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks

T = TypeVar("T")
CONSOLE = Console(stderr=True)
_AWAY: tuple[type[BaseException], ...] = (
    *PASSING,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
)


def refuse(command: str, why: object, status: int = 2) -> NoReturn:
    """Say why a command cannot do it, and end."""
    sys.stderr.write(f"loti notify newsletter {command}: {why}\n")
    raise typer.Exit(status)


def read_text(command: str, file: Path) -> str:
    """The text of a file, or of standard input for -."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        refuse(command, f"{file}: {error.strerror}")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        refuse(command, f"{file}, line {line}: the file is not UTF-8; save it as plain text in UTF-8")


def read_edition(command: str, file: Path, *, serious_too: bool = False) -> tuple[EditionFile, list[Problem]]:
    """The newsletter in a file and what is wrong with it. Ends where it cannot be read; with `serious_too`, also where
    something is seriously wrong."""
    edition, problems = problems_of(read_text(command, file))
    if edition is None or (serious_too and any(problem.serious for problem in problems)):
        show(file, problems)
        refuse(command, f"{file} cannot go to readers like this")
    return edition, problems


def show(file: Path, problems: list[Problem]) -> None:
    """Every problem with its line, as compilers do."""
    for problem in problems:
        kind = "" if problem.serious else "hint: "
        sys.stderr.write(f"{file}:{problem.line}: {kind}{problem.what} {problem.do}\n")


def dead(command: str, edition: EditionFile, settings: NotifySettings) -> list[Problem]:
    """The links that lead nowhere. Pages of ours are looked up in the database, all others are asked for."""
    written = links_in(edition)
    ours = [(link, path) for link in written if (path := own_page(link.url, settings.public_url))]
    theirs = [link for link in written if not own_page(link.url, settings.public_url)]
    events = [(link, id_) for link, path in ours if (id_ := event_of(path))]
    problems = with_database(command, settings, lambda tx: _unknown(tx, events)) if events else []
    columns = TextColumn("asking {task.completed} of {task.total} addresses"), BarColumn()
    with Progress(*columns, console=CONSOLE, transient=True) as bar:
        task = bar.add_task("asking", total=len({link.url for link in theirs}))
        asking = dead_links(theirs, allow_private=settings.allow_private, done=lambda: bar.advance(task))
        problems += asyncio.run(asking)
    return sorted(problems, key=lambda problem: problem.line)


async def _unknown(tx: Connection, events: list[tuple[WrittenLink, str]]) -> list[Problem]:
    found = {id_: await item(tx, id_) for id_ in {id_ for _, id_ in events}}
    return [
        Problem(
            link.line, f"{link.url} is no event of the library.", "Take the link out, or publish the event."
        )
        for link, id_ in events
        if (known := found[id_]) is None or known[0].happening is None
    ]


def links(command: str, settings: NotifySettings) -> SignedLinks:
    """The links of this service."""
    try:
        return SignedLinks(settings)
    except ValueError as error:
        refuse(command, error)


def with_database(
    command: str, settings: NotifySettings, do: Callable[[Connection], Awaitable[T]], *, held: bool = True
) -> T:
    """What `do` gives, in a transaction of its own; not `held`, each statement is one."""

    async def run() -> T:
        connection = await asyncpg.connect(settings.database.get_secret_value(), timeout=10)
        try:
            if not held:
                return await do(connection)
            async with connection.transaction():
                return await do(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except _AWAY as error:
        refuse(command, f"the database cannot be reached: {error}. LOTI_DATABASE says where it is.", 1)
    except OLDER as error:
        refuse(command, f"the database has no newsletters: {error}. Start the service once, it migrates.", 1)


def progress_bar() -> Progress:
    """Of mails that left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        console=CONSOLE,
    )
