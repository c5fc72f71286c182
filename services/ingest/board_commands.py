"""`loti ingest discover` and `read`: look at a board by hand, and store nothing."""

import asyncio
import contextlib
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urljoin

import typer
import yaml

from services.ingest.boards import KINDS, Ask, Board, Missed, NotABoard, Page, Reading
from services.ingest.boards.posting import MAX_BODY, distinct
from services.ingest.boards.snapshot import Snapshot
from services.ingest.discover import discover, proposed_yaml
from services.ingest.fetch import Fetched, Fetcher, FetchFailed
from services.ingest.reading import read_role
from services.ingest.settings import IngestSettings
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source, SourcesRefused, entry_of
from services.ingest.titles import classify

NOWHERE = "https://board.invalid/"

app = typer.Typer()


@app.command(name="discover")
def discover_(
    address: Annotated[str, typer.Argument(metavar="URL_OR_FILE", help="A council's careers page.")],
    url: Annotated[str | None, typer.Option(help="Where a file came from.")] = None,
) -> None:
    """Look at a careers page and propose entries for the list of boards, as YAML, surest first.

    Exit codes: 0 something is proposed, 1 nothing points to a board, 2 a mistake in the command, 3 the page could
    not be had or read.
    """
    page = _page(address, url, "discover")
    try:
        found = discover(page.body, url=page.url, headers=_headers(page))
    except NotABoard as error:
        _refuse("discover", f"{address}: {error}", 3)
    if not _is_file(address) and (sitemap := _sitemap(page.url)):
        with contextlib.suppress(NotABoard):
            found += discover(sitemap.body, url=sitemap.url, headers=_headers(sitemap))
    if not found:
        _refuse(
            "discover", f"{address}: nothing on it points to a board; try the page that lists the jobs", 1
        )
    print(proposed_yaml(found, page.url), end="")


@app.command()
def read(
    address: Annotated[
        str, typer.Argument(metavar="FILE_OR_URL", help="A board, or one page of it as a file.")
    ],
    kind: Annotated[str | None, typer.Option(help="The kind of board; guessed by default.")] = None,
    options: Annotated[
        Path | None, typer.Option(help="YAML: the kind's options, as in the list of boards.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where a file came from, to complete its links.")] = None,
) -> None:
    """Print the postings on a board, and the role each would be, as JSON Lines `{"posting": …, "role": …, "why": …}`.
    Stores nothing. `role` is null where the job is not digital; `why` says what decided. Refused postings and gaps
    go to standard error.

    Exit codes: 0 read whole, 1 read with gaps or refused postings, 2 a mistake in the command, 3 the board could not
    be had, or is not of that kind.
    """
    if kind is not None and kind not in KINDS:
        _refuse(
            "read", f"kind {kind}: no such kind of board can be read; there are {', '.join(sorted(KINDS))}", 2
        )
    entry: dict[str, object] = {"id": "by-hand", "name": address}
    if options is not None:
        entry["options"] = _options(options)
    start = _page(address, url, "read") if kind is None or _is_file(address) else None
    if kind is None and start is not None:
        entry |= _guessed(start, address)
    else:
        entry |= {"kind": kind, "url": start.url if start else address}
    if _is_file(address) and url is None:
        print(f"loti ingest read: links are completed with {NOWHERE}; say --url", file=sys.stderr)
    try:
        source = entry_of(entry)
    except SourcesRefused as error:
        _refuse("read", f"{error}", 2)
    assert isinstance(source, Source)  # noqa: S101 - its kind is one that can be read
    try:
        found = read_body(source, start) if start and _is_file(address) else asyncio.run(_snapshot(source))
    except (NotABoard, FetchFailed) as error:
        _refuse("read", f"{address} as {source.kind}: {error}", 3)
    now = datetime.now(UTC)
    for posting in found.postings:
        role = read_role(posting, source, now=now)
        why = role.why if role else classify(posting.title, description=posting.description).why
        row = {
            "posting": asdict(posting),
            "role": role.model_dump(mode="json", exclude_none=True) if role else None,
            "why": why,
        }
        print(json.dumps(row, ensure_ascii=False))
    for refused in found.refused:
        print(f"refused: {refused.what} at {refused.where}: {refused.why}", file=sys.stderr)
    if found.why_incomplete:
        print(f"not read whole: {found.why_incomplete}", file=sys.stderr)
    if found.refused or found.why_incomplete:
        raise typer.Exit(1)


def _guessed(page: Page, address: str) -> dict[str, object]:
    """The board that a page most surely is or points to; of a file only what it is itself."""
    try:
        found = discover(page.body, url=page.url, headers=_headers(page))
    except NotABoard as error:
        _refuse("read", f"{address}: {error}", 3)
    usable = [one for one in found if one.kind in KINDS and one.needs is None]
    usable = [one for one in usable if one.here] or ([] if _is_file(address) else usable)
    if not usable:
        hint = (
            f" ({found[0].evidence}{'; needs ' + found[0].needs if found[0].needs else ''})" if found else ""
        )
        kinds = ", ".join(sorted(KINDS))
        _refuse("read", f"{address}: its kind cannot be guessed{hint}; say --kind, one of {kinds}", 2)
    best = usable[0]
    print(
        f"reading {address if _is_file(address) else best.url} as {best.kind}: {best.evidence}",
        file=sys.stderr,
    )
    return {"kind": best.kind, "url": best.url} | ({"options": dict(best.options)} if best.options else {})


def read_body(source: Source, page: Page) -> Snapshot:
    """What a board's adapter makes of one body, the answer to its first question; all else it asks is not to be had.

    Raises NotABoard.
    """
    reading = Reading()
    steps = KINDS[source.kind](Board(str(source.url), source.options), reading)
    first, *others = next(steps)
    answers: tuple[Page | Missed, ...] = (Page(page.url, page.body, page.content_type), *map(_absent, others))
    with contextlib.suppress(StopIteration):
        while first:
            answers = tuple(map(_absent, steps.send(answers)))
    return Snapshot(
        postings=distinct(reading.postings),
        refused=tuple(reading.refused),
        why_incomplete="; ".join(reading.gaps[:5]) or None,
        etag=None,
        last_modified=None,
    )


def _absent(ask: Ask) -> Missed:
    return Missed(ask.url, f"{ask.url}: was not asked, for one file was given")


def _options(file: Path) -> object:
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        _refuse("read", f"{file}: cannot be read ({error.strerror}); --options names a YAML file", 2)
    except (yaml.YAMLError, ValueError) as error:
        _refuse("read", f"{file}: is not YAML: {error}", 2)
    if not isinstance(given, dict):
        _refuse("read", f"{file}: must hold the options of the kind, a name and a value each", 2)
    inner = given.get("options")
    return inner if isinstance(inner, dict) else given


def _is_file(address: str) -> bool:
    return not address.lower().startswith(("http://", "https://"))


def _page(address: str, url: str | None, command: str) -> Page:
    try:
        if not _is_file(address):
            return asyncio.run(_fetch(address))
        with Path(address).open("rb") as file:
            return Page(url or NOWHERE, file.read(MAX_BODY + 1), None)
    except FetchFailed as error:
        _refuse(command, str(error), 3)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        _refuse(command, f"{address}: cannot be read ({why}); name a file, or an http or https address", 2)


def _sitemap(url: str) -> Page | None:
    """The sitemap where every site keeps it, if it has one."""
    try:
        return asyncio.run(_fetch(urljoin(url, "/sitemap.xml")))
    except FetchFailed:
        return None


async def _fetch(url: str) -> Page:
    async with _fetcher() as fetcher:
        got = await fetcher.fetch(url)
    if not isinstance(got, Fetched):
        raise FetchFailed("protocol", url, "answered 304 to an unconditional request")
    return Page(got.url, got.body, got.content_type)


async def _snapshot(source: Source) -> Snapshot:
    async with _fetcher() as fetcher:
        found = await take_snapshot(fetcher, source, etag=None, last_modified=None)
    if not isinstance(found, Snapshot):
        raise FetchFailed("protocol", str(source.url), "answered 304 to an unconditional request")
    return found


def _fetcher() -> Fetcher:
    settings = IngestSettings()
    return Fetcher(
        user_agent=settings.user_agent,
        timeout=settings.fetch_seconds,
        max_bytes=settings.fetch_bytes,
        allow_private=settings.allow_private,
    )


def _headers(page: Page) -> dict[str, str]:
    return {"content-type": page.content_type} if page.content_type else {}


def _refuse(command: str, why: str, code: int) -> NoReturn:
    print(f"loti ingest {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
