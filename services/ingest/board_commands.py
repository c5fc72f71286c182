"""`loti ingest discover` and `read`: look at a board by hand, and store nothing."""

import contextlib
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import yaml

from services.ingest.boards import KINDS, NotABoard, Page
from services.ingest.boards.snapshot import Snapshot
from services.ingest.by_hand import NOWHERE, NotAFile, Visit, is_file, read_body, read_file
from services.ingest.discover import discover
from services.ingest.fetch import FetchFailed
from services.ingest.proposals import proposed_yaml
from services.ingest.reading import read_role
from services.ingest.settings import IngestSettings, SettingsRefused, by_hand
from services.ingest.sources import Source, SourcesRefused, entry_of
from services.ingest.titles import classify

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
    with Visit(_settings("discover")) as visit:
        page = _page(visit, address, url, "discover")
        try:
            found = discover(page.body, url=page.url, headers=_headers(page))
        except NotABoard as error:
            _refuse("discover", f"{address}: {error}", 3)
        if not is_file(address) and (sitemap := visit.sitemap(page.url)):
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
    given = _options(options) if options is not None else None
    with Visit(_settings("read")) as visit:
        source, found = _found(visit, address, kind, given, url)
    if is_file(address) and url is None:
        print(f"loti ingest read: links are completed with {NOWHERE}; say --url", file=sys.stderr)
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


def _found(
    visit: Visit, address: str, kind: str | None, options: object, url: str | None
) -> tuple[Source, Snapshot]:
    """The board as an entry of a list of sources would name it, and what is on it."""
    entry: dict[str, object] = {"id": "by-hand", "name": address}
    if options is not None:
        entry["options"] = options
    start = _page(visit, address, url, "read") if kind is None or is_file(address) else None
    if kind is None and start is not None:
        entry |= _guessed(start, address)
    else:
        entry |= {"kind": kind, "url": start.url if start else address}
    try:
        source = entry_of(entry)
    except SourcesRefused as error:
        _refuse("read", f"{error}", 2)
    assert isinstance(source, Source)  # noqa: S101 - its kind is one that can be read
    try:
        return source, read_body(source, start) if start and is_file(address) else visit.board(source)
    except (NotABoard, FetchFailed) as error:
        _refuse("read", f"{address} as {source.kind}: {error}", 3)


def _guessed(page: Page, address: str) -> dict[str, object]:
    """The board that a page most surely is or points to; of a file only what it is itself."""
    try:
        found = discover(page.body, url=page.url, headers=_headers(page))
    except NotABoard as error:
        _refuse("read", f"{address}: {error}", 3)
    sure = [one for one in found if one.confidence != "low"]
    usable = [one for one in sure if one.kind in KINDS and one.needs is None]
    usable = [one for one in usable if one.here] or ([] if is_file(address) else usable)
    if not usable:
        hint = (
            f" ({found[0].evidence}{'; needs ' + found[0].needs if found[0].needs else ''})" if found else ""
        )
        kinds = ", ".join(sorted(KINDS))
        _refuse("read", f"{address}: its kind cannot be guessed{hint}; say --kind, one of {kinds}", 2)
    best = usable[0]
    print(
        f"reading {address if is_file(address) else best.url} as {best.kind}: {best.evidence}",
        file=sys.stderr,
    )
    return {"kind": best.kind, "url": best.url} | ({"options": dict(best.options)} if best.options else {})


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


def _page(visit: Visit, address: str, url: str | None, command: str) -> Page:
    try:
        return read_file(address, url) if is_file(address) else visit.page(address)
    except FetchFailed as error:
        _refuse(command, str(error), 3)
    except NotAFile as error:
        _refuse(command, f"{address}: cannot be read ({error}); name a file, or an http or https address", 2)


def _settings(command: str) -> IngestSettings:
    try:
        return by_hand()
    except SettingsRefused as error:
        _refuse(command, str(error), 2)


def _headers(page: Page) -> dict[str, str]:
    return {"content-type": page.content_type} if page.content_type else {}


def _refuse(command: str, why: str, code: int) -> NoReturn:
    print(f"loti ingest {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
