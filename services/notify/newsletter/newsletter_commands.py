"""`loti notify newsletter …`: write an edition, look at it, try it on yourself, send it, watch it leave."""

import json
import sys
import tempfile
import webbrowser
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from loti_contracts.delivery.database import Connection
from services.notify.letters.letter import Site
from services.notify.newsletter import editions
from services.notify.newsletter.drafting import draft
from services.notify.newsletter.edition_file import EditionFile, edition_id, write_file
from services.notify.newsletter.hearing import heard, told_until
from services.notify.newsletter.previews import preview
from services.notify.newsletter.publishing_commands import add_to
from services.notify.newsletter.schedule import LONDON
from services.notify.newsletter.terminal import dead, links, read_edition, refuse, show, with_database
from services.notify.settings import NotifySettings

app = typer.Typer(
    name="newsletter",
    help="Newsletters: draft, preview, check, test, send, status, cancel.",
    no_args_is_help=True,
)

_File = Annotated[Path, typer.Argument(help="The edition's Markdown file; - reads standard input.")]
_A_MONTH = timedelta(days=30)


@app.command("draft")
def draft_(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; - writes to standard output.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="The first day it tells of; the day after the last edition by default.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="The last day it tells of; today by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Draft an edition from what was heard: new roles, pay, shared demand, the library, events."""
    settings = NotifySettings()
    own_links = links("draft", settings)
    last = _day("until", until) or datetime.now(LONDON).date()
    first = _day("since", since)
    if first and first > last:
        refuse("draft", f"--since {first} is after --until {last}")

    async def made(tx: Connection) -> EditionFile:
        told = None if first else await told_until(tx)
        begins = first or (told + timedelta(days=1) if told else last - _A_MONTH)
        if begins > last:
            refuse("draft", f"the last edition told of all days up to {told}; say --since and --until")
        known = await heard(tx, since=begins, until=last)
        return draft(known, since=begins, until=last, links=own_links)

    edition = with_database("draft", settings, made)
    text = write_file(edition)
    if file is not None and str(file) == "-":
        sys.stdout.write(text)
        return
    path = file or Path(f"newsletter-{edition_id(edition.since, edition.until)}.md")
    try:
        with path.open("w" if force else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        refuse("draft", f"{path} is there already; name another file, or say --force to write over it")
    except OSError as error:
        refuse("draft", f"{path}: {error.strerror}")
    print(f"{path} tells of {edition.since} to {edition.until}.")
    print(f"Edit it, then: loti notify newsletter check {path}")


@app.command("preview")
def preview_(
    file: _File,
    html: Annotated[bool, typer.Option("--html/--text", help="The HTML, or the plain text.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Show the mail in a browser.")] = False,
) -> None:
    """Show the mail as a reader gets it; its personal links are a made-up reader's."""
    settings = NotifySettings()
    edition, problems = read_edition("preview", file)
    show(file, problems)
    letter = preview(
        edition, links=links("preview", settings), site=Site(settings.site_name), now=datetime.now(UTC)
    )
    if open_:
        with tempfile.NamedTemporaryFile(
            "w", suffix=".html", prefix=f"{edition.id}-", delete=False, encoding="utf-8"
        ) as out:
            out.write(letter.html)
        page = Path(out.name).as_uri()
        opened = webbrowser.open(page)
        print(page if opened else f"No browser was found; open {page}")
        return
    sys.stdout.write(letter.html if html else f"Subject: {letter.subject}\n\n{letter.text}")


@app.command("check")
def check(
    file: _File,
    ask: Annotated[
        bool, typer.Option("--links/--no-links", help="Whether to ask every address if it is there.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines of {line, what, do, serious}.")] = False,
) -> None:
    """Say what is wrong, line by line, and what to do about it. Ends with 1 if it cannot be sent so."""
    settings = NotifySettings()
    edition, problems = read_edition("check", file)
    if ask:
        problems = sorted([*problems, *dead("check", edition, settings)], key=lambda problem: problem.line)
    if as_json:
        for one in problems:
            facts = {"line": one.line, "what": one.what, "do": one.do, "serious": one.serious}
            sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        show(file, problems)
    if serious := sum(problem.serious for problem in problems):
        if not as_json:
            print(f"{serious} to put right.", file=sys.stderr)
        raise typer.Exit(1)
    if not as_json:
        print(f"{file} can be sent.")


@app.command("test")
def test(
    file: _File,
    to: Annotated[str, typer.Option(help="The id of a contact who reads the newsletter: yours.")],
) -> None:
    """Send one mail of it to one contact, marked as a test in its subject."""
    settings = NotifySettings()
    edition, problems = read_edition("test", file)
    show(file, problems)
    own_links = links("test", settings)
    try:
        id_ = with_database(
            "test",
            settings,
            lambda tx: editions.add_test(tx, edition, to, own_links, datetime.now(UTC)),
        )
    except editions.NotAReader as error:
        refuse("test", error)
    print(f"One mail is on its way to {to}. Its page, until you send the edition: {own_links.edition(id_)}")


def _day(name: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse("draft", f"--{name} {text!r} is no day; write it as 2026-11-30")


add_to(app)
