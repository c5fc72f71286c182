"""`loti matching …`: what a person does by hand, for scripts too."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import asyncpg
import typer
from pydantic import ValidationError

from services.matching import store
from services.matching.eligibility import borough_named, day, named
from services.matching.reading import BadFile, read_request, read_supporters
from services.matching.settings import MatchingSettings
from services.matching.shortlist import Shortlist, shortlist
from services.matching.store import OpenRequest

app = typer.Typer(no_args_is_help=True, help="Who can help with which request, and why.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")]


@app.command("requests")
def show_requests(as_json: AsJson = False) -> None:
    """The open requests: how far each is, how many are on its shortlist, and why it has nobody."""
    found = asyncio.run(_load(_settings()))
    for one in found:
        print(json.dumps(_as_row(one), ensure_ascii=False) if as_json else _as_text(one))
    if not found and not as_json:
        print("No request is open.")


@app.command("shortlist")
def show_shortlist(
    request_file: Annotated[Path, typer.Argument(metavar="FILE.json", help="One request; - reads stdin.")],
    supporters: Annotated[
        Path, typer.Option(metavar="FILE.jsonl", help="One supporter a line; - reads stdin.")
    ],
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to reckon from; today if not given."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, max=100, help="How many are proposed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rank the supporters in a file for the request in another, with reasons. Needs no server."""
    settings = _settings()
    try:
        request = read_request(_text_of(request_file), name=str(request_file))
        listed = read_supporters(_text_of(supporters), name=str(supporters))
    except BadFile as error:
        _stop(str(error))
    found = shortlist(
        request,
        listed,
        today=today.date() if today else _today(),
        weights=settings.weights(),
        size=size or settings.shortlist_size,
    )
    if as_json:
        print(
            json.dumps(
                {
                    "request_id": request.id,
                    "candidates": [candidate.model_dump(mode="json") for candidate in found.candidates],
                    "left_out": [one.model_dump(mode="json") for one in found.left_out],
                },
                ensure_ascii=False,
            )
        )
    else:
        _print_shortlist(found)


def _print_shortlist(found: Shortlist) -> None:
    if not found.candidates:
        print("Nobody can be proposed.")
    for place, candidate in enumerate(found.candidates, start=1):
        print(f"{place}. {candidate.supporter_id}  {candidate.score:.2f}")
        for reason in candidate.reasons:
            print(f"     {reason.part} {reason.score:.2f} × {reason.weight:.2f}  {reason.sentence}")
    if found.left_out:
        print("\nNot proposed:")
    for one in found.left_out:
        print(f"   {one.supporter_id}  {one.why}")


async def _load(settings: MatchingSettings) -> Sequence[OpenRequest]:
    try:
        connection = await asyncpg.connect(settings.database.get_secret_value(), timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        _stop(
            f"matching's database does not answer ({type(error).__name__}); start it, or set LOTI_DATABASE to it"
        )
    try:
        return await store.load_open_requests(connection)
    except asyncpg.UndefinedTableError:
        _stop(
            "that database has no matching tables; start the matching service once, or correct LOTI_DATABASE"
        )
    finally:
        await connection.close()


def _as_row(one: OpenRequest) -> dict[str, object]:
    request = one.request
    return {
        "request_id": request.id,
        "kind": request.kind,
        "borough": request.borough,
        "standard_role": request.standard_role,
        "need_by": request.need_by.isoformat() if request.need_by else None,
        "state": _state(one),
        "waiting_since": one.waiting_since.astimezone(UTC).isoformat() if one.waiting_since else None,
        "shortlist": _proposed(one),
        "why_nobody": [left.model_dump(mode="json") for left in one.left_out],
    }


def _as_text(one: OpenRequest) -> str:
    request = one.request
    about = f" for {request.standard_role}" if request.standard_role else ""
    due = f", needed by {day(request.need_by)}" if request.need_by else ""
    line = f"{request.id}  {borough_named(request.borough)}: {named(request.kind)}{about}{due}  {_state(one)}"
    if _state(one) != "waiting":
        return f"{line}, {_proposed(one)} on the shortlist"
    if not one.left_out:
        return f"{line}\n   Nobody is listed as {named(request.kind)} yet."
    return "\n".join([line, *(f"   {left.supporter_id}  {left.why}" for left in one.left_out)])


def _state(one: OpenRequest) -> str:
    if one.waiting_since is not None or one.match is None:
        return "waiting"
    return one.match.status


def _proposed(one: OpenRequest) -> int:
    return len(one.match.shortlist) if one.match and one.match.status == "proposed" else 0


def _text_of(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}, byte {error.start}: is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}; check the path") from error


def _settings() -> MatchingSettings:
    try:
        return MatchingSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        _stop(f"the settings are not usable: {names + ': ' if names else ''}{first['msg']}")


def _today() -> date:
    return datetime.now(UTC).date()


def _stop(why: str) -> NoReturn:
    print(f"loti matching: {why}", file=sys.stderr)
    raise typer.Exit(code=1)
