"""The commands of `loti matching` by which people state something: it is published as `loti say` does."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from aiokafka.errors import KafkaError

from deploy.current import current
from deploy.statements import say
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import (
    Contact,
    ContactStated,
    Event,
    Outcome,
    OutcomeStated,
    Supporter,
    SupporterStated,
)
from loti_contracts.events.topics import CONTACTS, SUPPORTERS
from services.matching import console, figures, store
from services.matching.answers import CannotBe
from services.matching.course import ended
from services.matching.reading import BadFile
from services.matching.supporter_cells import KINDS
from services.matching.supporter_files import BadRows, Row, read_rows
from services.matching.supporter_template import template

supporters = typer.Typer(no_args_is_help=True, help="The list of supporters: import it from a spreadsheet.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


def add_to(app: typer.Typer) -> None:
    """Mount these commands beside those of the service."""
    app.command("outcome")(state_outcome)
    app.add_typer(supporters, name="supporters")


def state_outcome(
    match: Annotated[str, typer.Argument(metavar="MATCH", help="The id of the match; `requests` shows it.")],
    result: Annotated[
        str, typer.Option(help="hired, mentored, placed, enrolled, advised, ongoing or nothing (came of it).")
    ],
    note: Annotated[str | None, typer.Option(help="In a sentence or two; no names of people.")] = None,
    as_json: AsJson = False,
) -> None:
    """State what came of an introduction. It frees the supporter, unless it is ongoing, and counts in their track
    record. Stated again, the newer holds. Needs LOTI_DATABASE and LOTI_KAFKA (`loti env matching`)."""
    said = asyncio.run(_outcome(match, result, note))
    asyncio.run(_say([OutcomeStated(outcome=said)]))
    if as_json:
        print(said.model_dump_json())
    else:
        print(f"said that {result} is what came of match {match}")


@supporters.command("import")
def import_supporters(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="One supporter a row; - reads stdin.")],
    kind: Annotated[str | None, typer.Option(help=f"Of the rows that name none: {', '.join(KINDS)}.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count; say nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """State every supporter in a spreadsheet, and how to reach them. All rows are checked before the first is said.

    Names and addresses go to the contacts topic alone. Who is listed already is changed or renewed, with the next
    revision; a row that says what was said today already is not said again. `status` withdrawn takes somebody off the
    list. Needs LOTI_KAFKA, also to check. Exit codes: 0 said, 1 Kafka does not answer, 2 the file is refused."""
    if kind is not None and kind not in KINDS:
        _stop(f"--kind is {kind!r}; it may be {', '.join(KINDS)}", code=2)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        rows = read_rows(console.text_of(file), name=str(file), kind=kind, stated_at=today)
    except (BadRows, BadFile) as error:
        _stop(str(error), code=2)
    events, counts = asyncio.run(_news(rows))
    if not dry_run:
        asyncio.run(_say(events))
    told = {name: counts[name] for name in ("listed", "changed", "renewed", "withdrawn", "unchanged")}
    if as_json:
        print(json.dumps(told | {"said": 0 if dry_run else len(events)}))
        return
    print(f"{len(rows)} supporters: " + ", ".join(f"{count} {name}" for name, count in told.items()))
    print(f"{'would say' if dry_run else 'said'} {len(events)} statements")


@supporters.command("template")
def print_template() -> None:
    """Print a CSV file to begin with: every column, and an example of each kind of supporter."""
    print(template(), end="")


async def _outcome(match: str, result: str, note: str | None) -> Outcome:
    async with console.database() as connection:
        case = await store.load_case_of_match(connection, match)
        revision = await figures.outcome_revision(connection, match) + 1
    if case is None:
        _stop(f"there is no match {match}; `loti matching requests --all` shows them")
    try:
        said = Outcome.model_validate(
            {
                "id": match,
                "revision": revision,
                "result": result,
                "note": note,
                "stated_at": datetime.now(UTC),
            }
        )
        ended(case, said, now=said.stated_at)
    except CannotBe as error:
        _stop(str(error), code=2)
    except ValueError as error:
        _stop(
            f"--result is {result!r}, or the note is too long: {str(error).splitlines()[2].strip()}", code=2
        )
    return said


async def _news(rows: Sequence[Row]) -> tuple[list[Event], Counter[str]]:
    """What is to be said that was not said before, contacts first, and what it does to how many."""
    kafka = ServiceSettings().kafka
    try:
        contacts, listed = await current(kafka, CONTACTS), await current(kafka, SUPPORTERS)
    except (KafkaError, OSError) as error:
        _stop(f"Kafka at {kafka} does not answer ({type(error).__name__}); start it, or set LOTI_KAFKA to it")
    said: list[Event] = []
    counts: Counter[str] = Counter()
    for row in rows:
        before = contacts.get(row.contact.id)
        contact = _next(row.contact, before if isinstance(before, Contact) else None)
        if contact:
            said.append(ContactStated(contact=contact))
    for row in rows:
        known = listed.get(row.supporter.id)
        supporter, what = _next_supporter(row.supporter, known if isinstance(known, Supporter) else None)
        counts[what] += 1
        if supporter:
            said.append(SupporterStated(supporter=supporter))
    return said, counts


def _next(now: Contact, before: Contact | None) -> Contact | None:
    """The contact with its next revision, and the subscriptions that it has; None where it says nothing new."""
    if before is None:
        return now
    after = now.model_copy(update={"revision": before.revision, "subscriptions": before.subscriptions})
    return None if after == before else after.model_copy(update={"revision": before.revision + 1})


def _next_supporter(now: Supporter, before: Supporter | None) -> tuple[Supporter | None, str]:
    if before is None:
        return now, "withdrawn" if now.status == "withdrawn" else "listed"
    after = now.model_copy(update={"revision": before.revision})
    if after == before:
        return None, "unchanged"
    what = "changed" if after.model_copy(update={"stated_at": before.stated_at}) != before else "renewed"
    if now.status == "withdrawn" and before.status != "withdrawn":
        what = "withdrawn"
    return now.model_copy(update={"revision": before.revision + 1}), what


async def _say(events: Sequence[Event]) -> None:
    kafka = ServiceSettings().kafka
    try:
        await say(kafka, events)
    except (KafkaError, OSError) as error:
        _stop(f"Kafka at {kafka} does not answer ({type(error).__name__}); start it, or set LOTI_KAFKA to it")


def _stop(why: str, *, code: int = 1) -> NoReturn:
    for line in why.splitlines():
        print(f"loti matching: {line}", file=sys.stderr)
    raise typer.Exit(code=code)
